/** Real participants over real MLS, a log in memory, and clocks that stand still until they are told. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadMlsInNode } from '../../mls/node.ts';
import { disagreement } from '../testing.ts';
import { TimedRoom, type TimedPerson } from './testing.ts';

beforeAll(loadMlsInNode);

const T = 5_000;
/** No rotation within a test. */
const STILL = { rotationMs: 10 * 3_600_000 };

function call(names: readonly string[], periods = {}): [TimedRoom, ...TimedPerson[]] {
  const room = new TimedRoom(periods);
  return [room, ...names.map((name) => room.join(name))];
}
const agree = (...people: readonly TimedPerson[]): void =>
  expect(disagreement(people.map(({ person }) => person))).toBe(null);
const suspicions = ({ notices }: TimedPerson): boolean[] =>
  notices.flatMap((it) => (it.type === 'maybeCutOff' ? [it.suspected] : []));

describe('a designated committer that hangs', () => {
  // "one hung tab blocks every join"
  test('is deposed after T by its successor, who admits who waits', () => {
    const [room, a, b, c] = call(['a', 'b', 'c'], STILL);
    a!.hangs = true;
    const from = room.length;
    const d = room.join('d');
    room.pass(T - 100);
    expect(room.since(from)).toEqual(['d join']);
    room.pass(1_000);
    expect(room.since(from)).toEqual(['d join', 'b claim', 'b commit']);
    agree(b!, c!, d);
    expect(b!.person.participant.view.roster).toEqual([b, c, a, d].map((it) => it!.person.id));
  });

  test('and comes back reads that it was, and follows', () => {
    const [room, a, b] = call(['a', 'b'], STILL);
    a!.hangs = true;
    const c = room.join('c');
    room.pass(2 * T);
    a!.hangs = false;
    room.settle();
    expect(a!.person.state).toBe('member.follower.idle');
    agree(a!, b!, c);
  });

  test('is left alone without a duty', () => {
    const [room, a] = call(['a', 'b', 'c'], STILL);
    a!.hangs = true;
    const from = room.length;
    room.pass(20 * T);
    expect(room.since(from)).toEqual([]);
  });

  // "T since its term or duty began": the term of the next one begins with the claim.
  test('with its successor: the third claims after T doubled', () => {
    const [room, a, b, c] = call(['a', 'b', 'c', 'x'], STILL);
    a!.hangs = b!.hangs = true;
    const from = room.length;
    const d = room.join('d');
    room.pass(T + 400);
    expect(room.since(from)).toEqual(['d join', 'c claim']);
    room.pass(2 * T - 500);
    expect(room.since(from).length).toBe(2);
    room.pass(1_000);
    expect(room.since(from)).toEqual(['d join', 'c claim', 'c claim', 'c commit']);
    agree(c!, d);
  });

  // "with one live member left, a waiting participant may claim, and it counts as that member's leave"
  test('and is the only member: who waits first claims, and founds anew', () => {
    const [room, a] = call(['a'], STILL);
    a!.hangs = true;
    const from = room.length;
    const [b, c] = [room.join('b'), room.join('c')];
    room.pass(T - 100);
    expect(room.since(from)).toEqual(['b join', 'c join']);
    room.pass(1_000);
    expect(room.since(from).slice(2)).toEqual(['b claim', 'b found', 'b commit']);
    agree(b, c);
    a!.hangs = false;
    room.settle();
    expect(a!.person.state).toBe('evicted');
  });

  // "a claim moves the DC to the end": the first one makes the others needless.
  // The first who waits is to found; where it does not, the claim counts as its leave too.
  test('before there is a group: the next who waits claims, and founds', () => {
    const room = new TimedRoom(STILL);
    room.join('a', true);
    const [b, c] = [room.join('b'), room.join('c')];
    room.pass(T + 1_000);
    const said = ['a join', 'b join', 'c join', 'b claim', 'b found', 'b commit'];
    expect(room.since(0)).toEqual(said);
    agree(b, c);
  });

  test('is claimed by one of many, not by all at once', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const [room, a] = call(names, STILL);
    a!.hangs = true;
    const from = room.length;
    room.join('g');
    room.pass(4 * T);
    expect(room.since(from)).toEqual(['g join', 'b claim', 'b commit']);
  });
});

describe('a late timer', () => {
  /** `d` waits and `b` has read so; then a long time in which `a` says nothing and `b` sleeps. */
  function slept(): [TimedRoom, ...TimedPerson[]] {
    const [room, a, b, c] = call(['a', 'b', 'c'], STILL);
    a!.hangs = c!.hangs = true;
    const d = room.join('d');
    b!.hangs = true;
    room.pass(6 * T);
    return [room, a!, b!, c!, d];
  }

  test('of a machine that slept does nothing before what happened meanwhile was read', () => {
    const [room, a, b, c, d] = slept();
    a!.hangs = false;
    room.settle();
    const from = room.length;
    const { clock, timers, person } = b!;
    expect(clock.next(clock.now())).toBe(true);
    timers.heard();
    clock.next(clock.now() + 500);
    timers.heard();
    expect([person.outbox.length, person.state]).toEqual([0, 'member.follower.idle']);
    b!.hangs = c!.hangs = false;
    room.pass(2 * T);
    expect(room.length).toBe(from);
    agree(a!, b!, c!, d!);
  });

  test('is late as well where an entry comes in before it fires', () => {
    const [room, , b] = slept();
    const from = room.length;
    room.scene.leaves(room.people[2]!.person);
    b!.hangs = false;
    room.settle();
    expect([room.since(from), b!.person.state]).toEqual([['c leave'], 'member.follower.idle']);
  });

  test('is followed by a claim once the service has pinged', () => {
    const [room, , b] = slept();
    const from = room.length;
    b!.hangs = false;
    room.pass(1_000);
    b!.timers.heard();
    room.settle();
    expect(room.since(from)).toEqual(['b claim', 'b commit']);
  });

  test('and some time later where it does not ping', () => {
    const [room, , b] = slept();
    const from = room.length;
    b!.hangs = false;
    b!.timers.heard = () => undefined;
    room.pass(4_000 - 100);
    expect(room.length).toBe(from);
    room.pass(300);
    expect(room.since(from)).toEqual(['b claim', 'b commit']);
  });

  test('while the log is not caught up with waits for `run`', () => {
    const [room, a, b] = call(['a', 'b'], STILL);
    a!.hangs = true;
    room.join('c');
    b!.caughtUp = false;
    const from = room.length;
    room.pass(4 * T);
    expect(room.length).toBe(from);
    b!.caughtUp = true;
    room.settle();
    expect(room.since(from)).toEqual(['b claim', 'b commit']);
  });
});

describe('rotation', () => {
  // "a `handover` moves the DC to the end; the new DC's first act is a commit with a path of its own"
  test('goes round in turn, and each one’s first act is a commit with a path', () => {
    const [room, a, b, c] = call(['a', 'b', 'c']);
    const from = room.length;
    const before = a!.person.authenticator;
    room.pass(3 * 60_000 + 1_000);
    expect(room.since(from)).toEqual([
      ...['a handover', 'b commit'],
      ...['b handover', 'c commit'],
      ...['c handover', 'a commit'],
    ]);
    for (const { person } of [a!, b!, c!]) {
      const own = person.steps.filter(({ event }) => event === 'commit');
      const last = own.at(-1)!.effects[0]!;
      expect(last).toMatchObject({ type: 'commit', params: { adds: [], removes: [], path: true } });
    }
    expect(a!.person.authenticator).not.toBe(before);
    agree(a!, b!, c!);
  });

  test('does not begin before there is somebody to hand over to', () => {
    const [room] = call(['a']);
    room.pass(10 * 60_000);
    const from = room.length;
    room.join('b');
    expect(room.since(from)).toEqual(['b join', 'a commit']);
    room.pass(60_000 - 100);
    expect(room.length).toBe(from + 2);
    room.pass(200);
    expect(room.since(from).slice(2)).toEqual(['a handover', 'b commit']);
  });

  // "waits while somebody compares codes, 2 minutes at most"
  test('waits while its user compares codes, until it has done so', () => {
    const [room, a] = call(['a', 'b']);
    const from = room.length;
    room.pass(50_000);
    a!.timers.comparing(true);
    room.pass(60_000);
    expect(room.length).toBe(from);
    a!.timers.comparing(false);
    room.settle();
    expect(room.since(from)).toEqual(['a handover', 'b commit']);
    expect(a!.notices.filter(({ type }) => type === 'comparing')).toEqual([
      { type: 'comparing', on: true },
      { type: 'comparing', on: false },
    ]);
  });

  test('waits two minutes at most, however often its user says so', () => {
    const [room, a] = call(['a', 'b']);
    const from = room.length;
    room.pass(59_000);
    for (let i = 0; i < 119; i++) {
      a!.timers.comparing(true);
      room.pass(1_000);
    }
    expect(room.length).toBe(from);
    expect(a!.notices).toEqual([{ type: 'comparing', on: true }]);
    room.pass(1_000);
    expect(a!.notices.at(-1)).toEqual({ type: 'comparing', on: false });
    expect(room.since(from)).toEqual(['a handover', 'b commit']);
  });

  test('waits for nobody else: only who holds the role can hold it back', () => {
    const [room, , b] = call(['a', 'b']);
    b!.timers.comparing(true);
    const from = room.length;
    room.pass(60_100);
    expect(room.since(from)).toEqual(['a handover', 'b commit']);
  });

  test('overtakes no duty for ever: it is done between two commits', () => {
    const [room, a] = call(['a', 'b'], { rotationMs: 10_000 });
    let from = room.length;
    for (let i = 0; i < 10; i++) {
      room.join(`guest ${i}`);
      room.pass(1_000);
    }
    expect(room.since(from)).toContain('a handover');
    expect(a!.person.state).toBe('member.follower.idle');
    from = room.length;
    room.pass(15_000);
    expect(room.since(from)).toContain('b handover');
  });
});

describe('a member that may be cut off', () => {
  // "after two rotation periods without a commit is told that it may be cut off"
  test('is told after two rotation periods, and told otherwise when a commit comes', () => {
    const [room, a, b, c] = call(['a', 'b', 'c']);
    for (const it of [a!, c!]) it.hangs = true;
    room.pass(2 * 60_000 - 100);
    expect(suspicions(b!)).toEqual([]);
    room.pass(200);
    expect(suspicions(b!)).toEqual([true]);
    room.pass(10 * 60_000);
    expect(suspicions(b!)).toEqual([true]);
    a!.hangs = c!.hangs = false;
    room.pass(10_000);
    expect(suspicions(b!)).toEqual([true, false]);
  });

  test('is told otherwise also while older entries are still being read', () => {
    const [room, a, b] = call(['a', 'b']);
    a!.hangs = true;
    room.pass(2 * 60_000);
    b!.hangs = true;
    a!.hangs = false;
    room.join('c');
    room.scene.deliver(b!.person);
    expect(suspicions(b!)).toEqual([true, false]);
  });

  test('is told also while the log is not caught up with, and where it waits to be let in', () => {
    const [room, a, b] = call(['a', 'b']);
    a!.hangs = b!.hangs = true;
    const c = room.join('c');
    c.caughtUp = false;
    room.pass(2 * 60_000 + 200);
    expect(suspicions(c)).toEqual([true]);
  });

  test('is not told while commits come, alone, or while its own user holds the role back', () => {
    const [room, a, b] = call(['a', 'b']);
    room.pass(20 * 60_000);
    const [alone, only] = call(['x']);
    alone.pass(20 * 60_000);
    const holder = [a!, b!].find(({ person }) => person.state === 'member.designated.idle')!;
    holder.timers.comparing(true);
    room.pass(3 * 60_000);
    expect([a!, b!, only!].map((it) => it.notices.filter(({ type }) => type === 'maybeCutOff'))).toEqual(
      [a!, b!, only!].map((it) => (it === holder || it === only ? [] : it.notices)),
    );
  });
});

describe('timers end', () => {
  test('with their participant: nothing fires any more', () => {
    const [room, a, b] = call(['a', 'b']);
    room.pass(2 * 60_000);
    b!.person.participant.leave();
    expect(b!.clock.timers).toBe(0);
    a!.timers.comparing(true);
    a!.timers.stop();
    a!.timers.stop();
    expect([a!.clock.timers, a!.notices.at(-1)]).toEqual([0, { type: 'comparing', on: false }]);
    const from = room.length;
    a!.timers.comparing(true);
    room.pass(10 * 60_000);
    expect(room.length).toBe(from);
  });
});
