/** Sessions over real WebSockets to the real service, whose connections are cut at random. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { validateRecords } from '../src/checking/validation/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { createMlsGroup } from '../src/mls/wasm.ts';
import { recordParticipant } from '../src/participant/recording.ts';
import { Session, type SessionEvent, type Socket } from '../src/participant/Session.ts';
import { waiting } from '../src/protocol/view.ts';
import { hex } from '../src/protocol/wire/bytes.ts';
import { inviteOf } from '../src/protocol/wire/invite.ts';
import { startService } from '../src/service/server.ts';
import { printRecord, type RecordLine } from '../src/trace/record.ts';
import { seedOfRun } from '../src/checking/schedules/seed.ts';

beforeAll(loadMlsInNode);

const STEPS = 150;
const AT_ONCE = 5;

/** Somebody in the call, and the connection that it has just now. */
class Guest {
  socket: WebSocket | null = null;
  readonly codes: string[] = [];
  readonly lines: RecordLine[] = [];
  readonly session: Session;
  participants = 0;
  /** Participants whose record does not tell of an end. One that leaves before it has read anything has no record at all. */
  get letGo(): number {
    const last = new Map(this.lines.map((line) => [line.participant, line.state]));
    const ended = [...last.values()].filter((state) => ['left', 'evicted', 'dead'].includes(state));
    return this.participants - ended.length;
  }
  deaths = 0;
  steps = 0;

  constructor(url: string, secret: Uint8Array) {
    const invite = inviteOf(secret);
    this.session = new Session({
      invite,
      name: 'guest',
      connect: () => {
        this.socket = new WebSocket(`${url.replace('http', 'ws')}/rooms/${invite.room}`);
        return this.socket as unknown as Socket;
      },
      createMls: (participant) => createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) }),
      onEvent: (event) => this.#follow(event),
    });
  }

  #follow(event: SessionEvent): void {
    if (event.type === 'error') this.codes.push(event.code);
    if (event.type === 'participant') {
      this.participants++;
      recordParticipant(event.participant, (line) => void this.lines.push(line));
    }
    if (event.type !== 'step') return;
    this.steps++;
    if (event.step.cause !== null) this.deaths++;
  }

  get epoch(): string | null {
    const { participant } = this.session;
    return participant?.hasKeys === true ? hex(participant.mls.epochAuthenticator) : null;
  }
}

test('whatever is cut: sessions come back, nobody dies, and all meet in one epoch', async () => {
  const seed = seedOfRun();
  console.log(`FAST_CHECK_SEED=${seed}`);
  const service = await startService({ limits: { graceMs: 1_000, pingMs: 500 } });
  const secret = randomBytes(32);
  const guests: Guest[] = [];
  const gone: Guest[] = [];
  const counts: Record<string, number> = {};
  const actions: Record<string, (guest: Guest) => void> = {
    cut: ({ socket }) => socket?.terminate(),
    'cut with a close': ({ socket }) => socket?.close(4_000),
    'close as a leave': ({ socket }) => socket?.close(1_000),
    'hand over': ({ session }) => void session.participant?.handOver(),
    claim: ({ session }) => void session.participant?.claim(),
    leave: (guest) => {
      guest.session.leave();
      gone.push(...guests.splice(guests.indexOf(guest), 1));
    },
  };
  const names = [
    'cut',
    'cut',
    'cut with a close',
    'close as a leave',
    'hand over',
    'hand over',
    'claim',
    'leave',
  ];
  const plan = fc.sample(fc.tuple(fc.constantFrom(...names, 'come', 'come', 'come'), fc.nat({ max: 59 })), {
    seed,
    numRuns: STEPS,
  });
  try {
    for (const [name, pick] of plan) {
      const guest = guests[pick % Math.max(1, guests.length)];
      const come = guest === undefined || (name === 'come' && guests.length < AT_ONCE);
      const done = come ? 'come' : name === 'come' ? 'hand over' : name;
      counts[done] = (counts[done] ?? 0) + 1;
      if (come) guests.push(new Guest(service.url, secret));
      else actions[done]?.(guest);
      // Some turns of the event loop, so that what happens overlaps with what was going on.
      for (let turn = 0; turn < pick; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    if (guests.length < 2) guests.push(new Guest(service.url, secret), new Guest(service.url, secret));
    await vi.waitFor(
      () => {
        const epochs = new Set(guests.map((it) => it.epoch));
        expect(epochs.size).toBe(1);
        expect([...epochs][0]).not.toBe(null);
        const { view } = guests[0]!.session.participant!;
        expect([view.roster.length, waiting(view)]).toEqual([guests.length, []]);
      },
      { timeout: 60_000, interval: 100 },
    );
    const all = [...guests, ...gone];
    const sum = (of: (guest: Guest) => number): number => all.reduce((total, it) => total + of(it), 0);
    const codes = all.flatMap((it) => it.codes);
    console.log(
      JSON.stringify({
        ...{ counts, sessions: all.length, participants: sum((it) => it.participants) },
        ...{ steps: sum((it) => it.steps), codes, refused: service.stats().refused },
      }),
    );
    expect(sum((it) => it.deaths)).toBe(0);
    expect(codes).not.toContain('bad_service');
    expect(codes).not.toContain('gave_up');
    expect(sum((it) => it.steps)).toBeGreaterThan(50);
    expect(Object.keys(counts).length).toBeGreaterThanOrEqual(5);
  } finally {
    for (const it of [...guests, ...gone]) it.session.leave();
    await service.close();
  }
  // Nobody's tab died. A session whose participant the service no longer knows lets it go without a word, as in a crash.
  const records = [...guests, ...gone].map(({ lines }, i) => ({
    name: `guest ${i + 1}`,
    text: printRecord(lines),
  }));
  const judged = await validateRecords(records);
  const { lines, entries, events, losses, resends } = judged;
  const crashes = judged.crashes.length;
  console.log(
    JSON.stringify({ lines, entries, events, crashes, losses: losses.length, resends: resends.length }),
  );
  expect(judged.refused).toBeNull();
  expect(crashes).toBeLessThanOrEqual([...guests, ...gone].reduce((sum, it) => sum + it.letGo, 0));
  expect(lines).toBeGreaterThan(50);
});
