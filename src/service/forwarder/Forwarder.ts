import { ownAddresses } from './addresses.ts';
import { DEFAULT_LIMITS, type ForwarderLimits } from './limits.ts';
import {
  type ForwarderErrorCode,
  isParticipantId,
  type ServerMessage,
} from '../../media/connection/messages.ts';
import { Participant } from './Participant.ts';
import { createPeer, type IceOptions } from './peer.ts';
import { Room } from './Room.ts';
import { type PacketCount } from './Uplink.ts';

export interface ForwarderOptions {
  /**
   * IP addresses that pages are offered. Default: those of this machine, so that any browser on it can connect,
   * also one that does not use loopback addresses in ICE.
   */
  readonly listenAddresses?: readonly string[];
  /** First and last UDP port to listen on, and TCP port with `tcp`; any by default. */
  readonly udpPorts?: readonly [number, number];
  /** Take media by TCP as well (RFC 6544), from networks that let no UDP through. Default: no. */
  readonly tcp?: boolean;
  /** Answer ICE checks from this machine's addresses only. Default: true unless listenAddresses is given. */
  readonly onlyThisMachine?: boolean;
  readonly limits?: Partial<ForwarderLimits>;
  /** Structured log: an event and fields without names, keys or media. */
  readonly log?: (event: string, fields: Record<string, string | number>) => void;
}

/** Counters of one participant. Packets are RTP packets; bytes are of their payloads, which are encrypted. */
export interface ParticipantStats {
  readonly room: string;
  readonly participant: string;
  /** ICE and DTLS stand. */
  readonly connected: boolean;
  /** `total` counts all authentic RTP packets, those of unknown streams included. */
  readonly in: { readonly audio: PacketCount; readonly video: PacketCount; readonly total: PacketCount };
  readonly out: { readonly audio: PacketCount; readonly video: PacketCount };
  /** Requests by receivers, and those that went on to this participant. */
  readonly keyFrameRequests: { readonly received: number; readonly sent: number };
  readonly slots: number;
  /** Packets not sent on to this participant, because it does not receive their codec. */
  readonly undecodable: number;
  readonly errors: number;
}

export interface ForwarderStats {
  readonly rooms: number;
  readonly participants: readonly ParticipantStats[];
  /** How often each code was reported since the start. */
  readonly errors: Readonly<Partial<Record<ForwarderErrorCode, number>>>;
}

/** A participant's end at the server. Neither method throws. */
export interface ForwarderConnection {
  /** A message of the page, of whatever shape: what is not a PageMessage is refused and counted. */
  receive(message: unknown): void;
  /** The participant is gone. */
  close(): void;
}

export interface Forwarder {
  /**
   * Adds a participant; one of the same id in the room is closed first (code `replaced`).
   *
   * @param send delivers a message to the page; `error` messages tell what was refused
   */
  join(roomId: string, participantId: string, send: (message: ServerMessage) => void): ForwarderConnection;
  stats(): ForwarderStats;
  close(): void;
}

const copy = ({ packets, bytes }: PacketCount): PacketCount => ({ packets, bytes });

/** An SFU (RFC 7667 section 3.7): forwards RTP between the participants of a room and holds no media key. */
export function createForwarder(options: ForwarderOptions = {}): Forwarder {
  const limits: ForwarderLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const ice: IceOptions = {
    listenAddresses: options.listenAddresses ?? ownAddresses(),
    udpPorts: options.udpPorts ?? null,
    tcp: options.tcp ?? false,
    onlyThisMachine: options.onlyThisMachine ?? options.listenAddresses === undefined,
    own: new Set(ownAddresses()),
    remoteAddresses: limits.remoteAddresses,
  };
  const log = options.log ?? (() => undefined);
  const rooms = new Map<string, Room>();
  const errors: Partial<Record<ForwarderErrorCode, number>> = {};

  const count = (code: ForwarderErrorCode, fields: Record<string, string | number>): void => {
    errors[code] = (errors[code] ?? 0) + 1;
    log('rtc_refused', { code, ...fields });
  };

  const refuse = (code: ForwarderErrorCode, send: (message: ServerMessage) => void): ForwarderConnection => {
    count(code, {});
    try {
      send({ type: 'error', code, fatal: true });
    } catch {
      count('closed', {});
    }
    return { receive: () => count('closed', {}), close: () => undefined };
  };

  const join: Forwarder['join'] = (roomId, participantId, send) => {
    if (!isParticipantId(participantId)) return refuse('malformed_message', send);
    const known = rooms.get(roomId);
    known?.participants.get(participantId)?.fail('replaced');
    if (known === undefined && rooms.size >= limits.rooms) return refuse('server_full', send);
    if ((known?.participants.size ?? 0) >= limits.participants) return refuse('room_full', send);
    // The room may have gone with the one who was replaced.
    const room = rooms.get(roomId) ?? new Room();
    rooms.set(roomId, room);
    const fields = { room: roomId, participant: participantId };
    const participant = new Participant(participantId, send, {
      limits,
      createPeer: () => createPeer(ice),
      changed: () => room.assignSlots(),
      refused: (code, detail) => count(code, detail === undefined ? fields : { ...fields, detail }),
      connected: () => log('rtc_connected', fields),
      closed: () => {
        if (room.participants.get(participantId) === participant) room.participants.delete(participantId);
        if (room.participants.size === 0 && rooms.get(roomId) === room) rooms.delete(roomId);
        log('rtc_left', { ...fields, participants: room.participants.size });
        room.assignSlots();
      },
    });
    room.participants.set(participantId, participant);
    log('rtc_joined', { ...fields, participants: room.participants.size });
    room.assignSlots();
    return { receive: (message) => participant.receive(message), close: () => participant.close() };
  };

  const stats = (): ForwarderStats => ({
    rooms: rooms.size,
    participants: [...rooms].flatMap(([room, { participants }]) =>
      [...participants.values()].map((participant) => ({
        room,
        participant: participant.id,
        connected: participant.connected,
        in: {
          audio: copy(participant.audio.received),
          video: copy(participant.video.received),
          total: copy(participant.arrived),
        },
        out: { audio: copy(participant.sent.audio), video: copy(participant.sent.video) },
        keyFrameRequests: {
          received: participant.video.keyFrames.received,
          sent: participant.video.keyFrames.sent,
        },
        slots: participant.downlinks.length,
        undecodable: participant.downlinks.reduce((sum, { undecodable }) => sum + undecodable, 0),
        errors: participant.errors,
      })),
    ),
    errors: { ...errors },
  });

  const close = (): void => {
    for (const room of [...rooms.values()]) {
      for (const participant of [...room.participants.values()]) participant.close();
    }
  };

  return { join, stats, close };
}
