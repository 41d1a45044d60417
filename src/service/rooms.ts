import type { LogStore } from '../log/DeliveryLog.ts';
import type { RoomId } from '../protocol/ids.ts';
import { Refused } from './delivery/admission.ts';
import type { ServiceLimits } from './delivery/limits.ts';
import { Room } from './delivery/Room.ts';

/** The rooms that are open. A room begins with its first connection and ends some time after its last. */
export class Rooms {
  readonly #store: LogStore;
  readonly #limits: ServiceLimits;
  readonly #rooms = new Map<
    RoomId,
    { room: Promise<Room>; connections: number; end: NodeJS.Timeout | null }
  >();

  constructor(store: LogStore, limits: ServiceLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Opens a room for one connection more. @throws Refused */
  async enter(id: RoomId): Promise<Room> {
    let open = this.#rooms.get(id);
    if (open === undefined) {
      if (this.#rooms.size >= this.#limits.rooms) throw new Refused('server_full', 'too many rooms');
      open = {
        room: this.#store.open(id).then((log) => new Room(id, log, this.#limits)),
        connections: 0,
        end: null,
      };
      this.#rooms.set(id, open);
    }
    open.connections++;
    if (open.end !== null) clearTimeout(open.end);
    open.end = null;
    try {
      return await open.room;
    } catch (error) {
      // A log that did not open is tried again by whoever comes next.
      if (this.#rooms.get(id) === open) this.#rooms.delete(id);
      throw error;
    }
  }

  /** A connection to the room has gone. */
  left(id: RoomId): void {
    const open = this.#rooms.get(id);
    if (open === undefined || --open.connections > 0) return;
    open.end = setTimeout(() => void this.#end(id), this.#limits.emptyRoomMs);
  }

  async #end(id: RoomId): Promise<void> {
    const open = this.#rooms.get(id);
    if (open === undefined || open.connections > 0) return;
    this.#rooms.delete(id);
    (await open.room).close();
    await this.#store.drop(id);
  }

  async close(): Promise<void> {
    for (const { room, end } of this.#rooms.values()) {
      if (end !== null) clearTimeout(end);
      (await room).close();
    }
    this.#rooms.clear();
  }
}
