import { LogError, type DeliveryLog, type LogStore } from '../log/DeliveryLog.ts';
import type { RoomId } from '../protocol/ids.ts';
import { Refused } from './delivery/admission.ts';
import type { ServiceLimits } from './delivery/limits.ts';
import { Room } from './delivery/Room.ts';

/** The rooms that are open. A room begins with its first connection and ends some time after its last. */
export class Rooms {
  readonly #store: LogStore;
  readonly #limits: ServiceLimits;
  readonly #opened: (log: DeliveryLog) => void;
  readonly #rooms = new Map<
    RoomId,
    { room: Promise<Room>; connections: number; end: NodeJS.Timeout | null }
  >();
  #kept: NodeJS.Timeout | null = null;

  /** @param opened hears of each log that was opened */
  constructor(store: LogStore, limits: ServiceLimits, opened: (log: DeliveryLog) => void = () => undefined) {
    this.#store = store;
    this.#opened = opened;
    this.#limits = limits;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Whether the room is open. */
  has(id: RoomId): boolean {
    return this.#rooms.has(id);
  }

  /**
   * Finds the rooms that an earlier run of the service has kept. Each opens when somebody comes back to it; nobody comes,
   * and its log is dropped.
   *
   * @throws LogError
   */
  async restore(): Promise<void> {
    const kept = await this.#store.rooms();
    if (kept.length === 0) return;
    this.#kept = setTimeout(() => {
      for (const id of kept) if (!this.#rooms.has(id)) void this.#drop(id);
    }, this.#limits.keptRoomMs);
  }

  /** Opens a room for one connection more. @throws Refused, LogError */
  async enter(id: RoomId): Promise<Room> {
    let open = this.#rooms.get(id);
    if (open === undefined) {
      if (this.#rooms.size >= this.#limits.rooms) throw new Refused('server_full', 'too many rooms');
      open = {
        room: this.#open(id),
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

  async #open(id: RoomId): Promise<Room> {
    const log = await this.#store.open(id);
    this.#opened(log);
    const room = new Room(id, log, this.#limits, this.#store.secret);
    try {
      await room.restore();
    } catch (error) {
      room.close();
      throw error;
    }
    return room;
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
    (await open.room.catch(() => null))?.close();
    await this.#drop(id);
  }

  /** Where the log cannot be dropped now, it is when the service starts again. */
  async #drop(id: RoomId): Promise<void> {
    try {
      await this.#store.drop(id);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#kept !== null) clearTimeout(this.#kept);
    for (const { room, end } of this.#rooms.values()) {
      if (end !== null) clearTimeout(end);
      (await room.catch(() => null))?.close();
    }
    this.#rooms.clear();
  }
}
