/**
 * Runs of real participants over one log in this process, by chance: everybody reads when chance has it, drafts get
 * stale, people vanish and are declared gone, rightly or not, and lose their connection where the run is a lossy one.
 * Long records in little time.
 */
import { loadMlsInNode } from '../../src/mls/node.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { Participant } from '../../src/participant/Participant.ts';
import { recordParticipant } from '../../src/participant/recording.ts';
import type { WireEntry } from '../../src/protocol/wire/hashes.ts';
import { encodeHeader } from '../../src/protocol/wire/header.ts';
import { inviteOf } from '../../src/protocol/wire/invite.ts';
import type { RecordText } from '../../src/checking/validation/index.ts';
import { printRecord, type RecordLine } from '../../src/trace/record.ts';
import { Line } from './validate-line.ts';

const INVITE = inviteOf(new Uint8Array(32).fill(7));
/** The link of another room. */
const STRANGER = inviteOf(new Uint8Array(32).fill(8));
const LOG = 'ab'.repeat(16);
const NOW = 1_795_305_600;

/** A small generator of chance (mulberry32): the same seed, the same run. */
export function chance(seed: number): (below: number) => number {
  let a = seed >>> 0;
  return (below) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Seat {
  readonly participant: Participant;
  readonly line: Line;
  killed: boolean;
  gone: boolean;
}

/** What a run came to. */
export interface LocalRun {
  readonly lines: readonly RecordLine[];
  readonly entries: number;
  readonly kills: number;
  readonly partitions: number;
  readonly cuts: number;
  /** Drafts that were sent again after a cut. */
  readonly resent: number;
  /** By the service. */
  readonly forgedJoins: number;
  readonly forgedEntries: number;
}

/** What happens in a run, and how often. */
export interface Chances {
  /** Of 200 steps of one participant so many are a cut. Default 0. */
  readonly losses?: number;
  /** With so many of 200 steps of one participant the service lies: it forges a join, or an entry of somebody else. Default 0. */
  readonly lies?: number;
  /** Participants leave, are killed or declared gone so many times less often. Default 1. */
  readonly calm?: number;
  /** Puts another core in the place of each. */
  readonly core?: (mls: MlsGroup) => MlsGroup;
}

/** At most `people` at once, until there are `lines` lines. Whoever was killed is declared gone in the end. */
export function localRun(seed: number, people: number, lines: number, chances: Chances = {}): LocalRun {
  const { losses = 0, lies = 0, calm = 1, core = (mls: MlsGroup) => mls } = chances;
  loadMlsInNode();
  const random = chance(seed);
  const log: WireEntry[] = [];
  const seats: Seat[] = [];
  const recorded: RecordLine[] = [];
  let kills = 0;
  let partitions = 0;
  let cuts = 0;
  let resent = 0;
  let forgedJoins = 0;
  let forgedEntries = 0;

  const seat = (): void => {
    const line = new Line();
    const nth = seats.length + 1;
    const own = createMlsGroup({ participant: nth.toString(16).padStart(32, '0'), now: NOW });
    const participant = new Participant({
      invite: INVITE,
      log: LOG,
      mls: core(own),
      sealedName: new Uint8Array(1),
      send: (entry) => line.send(entry),
      sendLeave: () => undefined,
    });
    const place: Seat = { participant, line, killed: false, gone: false };
    recordParticipant(participant, (step) => {
      if (!place.killed) recorded.push(step);
    });
    seats.push(place);
    log.push(participant.join);
    for (const entry of log) participant.read(entry);
  };

  const declareGone = (place: Seat): void => {
    if (place.gone) return;
    if (!place.killed && !place.participant.ended) partitions += 1;
    place.gone = true;
    place.line.outbox.length = 0;
    const header = encodeHeader({ kind: 'leave', log: LOG, author: place.participant.id });
    log.push({ header, signature: new Uint8Array(), payload: new Uint8Array() });
  };

  let strangers = 0;
  const forgeJoin = (): void => {
    const participant = (0xffff - strangers++).toString(16).padStart(32, '0');
    const mls = createMlsGroup({ participant, now: NOW });
    const sends = { send: () => undefined, sendLeave: () => undefined };
    log.push(
      new Participant({ invite: STRANGER, log: LOG, mls, sealedName: new Uint8Array(1), ...sends }).join,
    );
    mls.close();
    forgedJoins += 1;
  };
  const forgeEntry = (): void => {
    const { header, payload } = log[random(log.length)]!;
    log.push({ header, payload, signature: new Uint8Array(64).fill(1) });
    forgedEntries += 1;
  };

  const append = ({ line }: Seat): void => {
    const first = line.outbox.shift();
    if (first !== undefined) log.push(first);
  };

  const read = ({ participant, line, killed }: Seat, upTo: number): void => {
    for (let i = 0; i < upTo && !killed && !participant.ended; i += 1) {
      const next = log[participant.view.position];
      if (next === undefined) return;
      participant.read(next);
      if (line.afterReading(participant)) resent += 1;
    }
  };

  const step = (place: Seat): void => {
    const { participant, line, killed } = place;
    const dice = random(200);
    if (killed || participant.ended) {
      // What it had sent may still arrive, as long as the service has not noticed.
      if (dice < 60) append(place);
      else if (line.outbox.length === 0 || dice > 150) declareGone(place);
    } else if (losses > 0 && !line.isUp && dice < 60) {
      if (line.mend(log.length) && line.afterReading(participant)) resent += 1;
    } else if (losses > 0 && line.isUp && random(200) < losses) {
      line.cut(random(line.outbox.length + 1));
      cuts += 1;
    } else if (dice < 70) read(place, 1 + random(4));
    else if (dice < 120) append(place);
    else if (dice < 185) participant.act();
    else if (dice < 190) participant.handOver();
    else if (dice < 194) participant.claim();
    else if (calm > 1 && random(calm) > 0) participant.act();
    else if (dice < 196) participant.leave();
    else if (dice === 196 && !place.gone) {
      place.killed = true;
      kills += 1;
      participant.mls.close();
    } else if (dice === 197) declareGone(place);
    if (place.gone) line.outbox.length = 0;
    if (lies > 0 && random(200) < lies) (random(2) === 0 ? forgeJoin : forgeEntry)();
  };

  while (recorded.length < lines) {
    const active = seats.filter((it) => !it.gone || !(it.killed || it.participant.ended));
    if (active.length < people && (active.length === 0 || random(40) === 0)) seat();
    else step(active[random(active.length)]!);
  }
  // Everybody who is left reads on to the end, so that a record stops short of the log only where somebody was killed.
  for (const place of seats) if (place.killed) declareGone(place);
  for (const place of seats) read(place, Infinity);
  for (const { participant, killed } of seats) if (!killed && !participant.ended) participant.mls.close();
  return {
    ...{ lines: recorded, entries: log.length, kills, partitions },
    ...{ cuts, resent, forgedJoins, forgedEntries },
  };
}

/** One record a participant, as pages give them. */
export function recordsOf({ lines }: LocalRun): RecordText[] {
  const records = new Map<string, RecordLine[]>();
  for (const line of lines) {
    const own = records.get(line.participant) ?? [];
    records.set(line.participant, own);
    own.push(line);
  }
  return [...records].map(([id, own]) => ({ name: `${id.slice(-4)}.ndjson`, text: printRecord(own) }));
}
