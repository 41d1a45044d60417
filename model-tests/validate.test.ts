import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateRecords, ValidationError, type RecordText } from '../src/checking/validation/index.ts';
import { printRecord } from '../src/trace/record.ts';
import { CORRUPTIONS, corrupt, type Corrupted, type Corruption } from './validate-corruptions.ts';
import { localRun } from './validate-local.ts';
import { Run, until } from './validate-run.ts';

/** Of each kind. */
const CORRUPTED = 6;
/** TLC runs at once. */
const AT_ONCE = 2;

let texts: readonly RecordText[] = [];
let kills = 0;

// Three people, a handover, a fourth; the designated committer's tab dies and somebody claims its role; one leaves.
beforeAll(async () => {
  const run = await Run.start(500);
  const alice = run.join('alice');
  await until([alice], (p) => p.members === 1);
  const [bob, carol] = [run.join('bob'), run.join('carol')];
  await until([alice, bob, carol], (p) => p.members === 3 && p.settled);
  const dc = [alice, bob, carol].find((p) => p.session.participant?.handOver());
  expect(dc).toBe(alice);
  const next = alice.session.participant!.view.roster[1];
  await until([alice, bob, carol], (p) => p.settled && p.session.participant?.view.roster[0] === next);
  await until([alice, bob, carol], (p) => p.settled && p.session.participant?.view.refresh === false);
  const dave = run.join('dave');
  await until([alice, bob, carol, dave], (p) => p.members === 4);
  const killed = [bob, carol].find((p) => p.session.participant?.id === next)!;
  const others = [bob, carol].filter((p) => p !== killed);
  killed.kill();
  const erin = run.join('erin');
  await until(others, (p) => p.session.participant?.claim() === true);
  await until([alice, ...others, dave, erin], (p) => p.members === 4 || p.members === 5);
  await until([alice, ...others, dave, erin], (p) => p.members === 4);
  dave.session.leave();
  await until([alice, ...others, erin], (p) => p.members === 3);
  for (const person of [alice, ...others, erin]) person.session.leave();
  await run.service.close();
  texts = run.records();
  kills = 1;
});

describe('a run of real sessions', () => {
  it('is a behaviour of the spec', async () => {
    const result = await validateRecords(texts);
    const { lines, participants, entries, events, seconds } = result;
    console.log(
      `${lines} lines of ${participants} participants, ${entries} entries, ${events} events: ${seconds.toFixed(1)} s`,
    );
    expect(result.refused).toBeNull();
    expect(result).toMatchObject({ accepted: true, taken: events, participants: 5 });
    expect(result.crashes).toHaveLength(kills);
    expect(lines).toBeGreaterThanOrEqual(60);
    const actions = new Set(
      texts.flatMap(({ text }) => [...text.matchAll(/"action":"(\w+)"/g)].map(([, name]) => name)),
    );
    expect([...actions].sort()).toEqual(['Claim', 'Commit', 'Found', 'HandOver', 'Join', 'Leave', 'Read']);
  });

  it('is one in whatever order its files are named', async () => {
    expect((await validateRecords(texts.toReversed())).accepted).toBe(true);
  });

  it('is none without one of its records', async () => {
    const without = texts.filter(({ name }) => name !== 'alice.ndjson');
    expect(await validateRecords(without)).toMatchObject({ accepted: false });
  });
});

describe('a run of real sessions of which one is cut off', () => {
  // Alice's handover is lost and goes stale before she is back; a later one is lost, and sent again once she is.
  it('is a behaviour of the spec, with the connection that it lost', async () => {
    const run = await Run.start(120_000);
    const alice = run.join('alice');
    await until([alice], (p) => p.members === 1);
    const [bob, carol] = [run.join('bob'), run.join('carol')];
    await until([alice, bob, carol], (p) => p.members === 3 && p.settled);
    const { id } = alice.session.participant!;
    alice.cut();
    await until([alice], (p) => !p.online);
    expect(alice.session.participant?.handOver()).toBe(true);
    const dave = run.join('dave');
    const second = [bob, carol].find(
      (p) => p.session.participant?.id === bob.session.participant?.view.roster[1],
    );
    await until([second!], (p) => p.session.participant?.claim() === true);
    await until([bob, carol, dave], (p) => p.members === 4 && p.settled);
    expect(alice.settled).toBe(false);
    alice.mend();
    await until([alice], (p) => p.online && p.members === 4 && p.settled);
    for (const person of [bob, carol]) person.session.leave();
    await until([alice, dave], (p) => p.members === 2 && p.settled);
    alice.cut();
    await until([alice], (p) => !p.online);
    expect(alice.session.participant?.handOver()).toBe(true);
    alice.mend();
    await until([alice, dave], (p) => p.settled && p.session.participant?.view.roster[1] === id);
    await until([alice, dave], (p) => p.settled && p.session.participant?.view.refresh === false);
    expect(alice.session.participant?.id).toBe(id);
    for (const person of [alice, dave]) person.session.leave();
    await run.service.close();
    const result = await validateRecords(run.records());
    console.log(
      `${result.lines} lines, ${result.entries} entries, ${result.losses.length} losses in the log`,
    );
    expect(result.refused).toBeNull();
    expect(result).toMatchObject({ accepted: true, crashes: [], losses: [id], resends: [] });
    expect(result.lines).toBeGreaterThanOrEqual(40);
  });
});

describe('runs by chance over one log', () => {
  it.each([
    [11, 4, 400],
    [12, 6, 2_000],
  ])('seed %i: at most %i people, %i lines', async (seed, people, length) => {
    const { lines, kills: killed, partitions } = localRun(seed, people, length);
    const result = await validateRecords([{ name: `seed ${seed}`, text: printRecord(lines) }]);
    console.log(
      `seed ${seed}: ${result.lines} lines, ${result.entries} entries, ${result.crashes.length} kills, ${partitions} partitions: ${result.seconds.toFixed(1)} s`,
    );
    expect(result.refused).toBeNull();
    expect(result.lines).toBeGreaterThanOrEqual(length);
    expect(result.crashes).toHaveLength(killed);
  });
});

describe('runs by chance in which the service forges entries', () => {
  it.each([31, 32])('seed %i: they count for nothing, and the run is a behaviour', async (seed) => {
    const { lines, entries, forgedJoins, forgedEntries } = localRun(seed, 4, 500, 0, 10);
    const result = await validateRecords([{ name: `seed ${seed}`, text: printRecord(lines) }]);
    console.log(
      `seed ${seed}: ${result.lines} lines, ${entries} entries, ${forgedJoins} joins and ${forgedEntries} entries forged: ${result.seconds.toFixed(1)} s`,
    );
    expect(result.refused).toBeNull();
    expect(forgedJoins).toBeGreaterThanOrEqual(5);
    expect(forgedEntries).toBeGreaterThanOrEqual(5);
  });
});

describe('runs by chance in which connections are lost', () => {
  let losses = 0;
  let twice = 0;

  it.each([21, 22, 23, 24, 25, 26, 27, 28])('seed %i', async (seed) => {
    const { lines, kills: killed, cuts, resent } = localRun(seed, 4, 500, 20);
    const result = await validateRecords([{ name: `seed ${seed}`, text: printRecord(lines) }]);
    console.log(
      `seed ${seed}: ${result.lines} lines, ${result.entries} entries, ${cuts} cuts, ${resent} sent again, ${result.losses.length} losses and ${result.resends.length} twice in the log: ${result.seconds.toFixed(1)} s`,
    );
    expect(result.refused).toBeNull();
    expect(result.crashes).toHaveLength(killed);
    expect(cuts).toBeGreaterThanOrEqual(10);
    expect(resent).toBeGreaterThanOrEqual(2);
    expect(result.losses.length).toBeLessThanOrEqual(cuts);
    losses += result.losses.length;
    twice += result.resends.length;
  });

  it('show drafts that were never appended, and drafts that were appended twice', () => {
    expect(losses - twice).toBeGreaterThanOrEqual(4);
    expect(twice).toBeGreaterThanOrEqual(4);
  });
});

describe('a spoilt record', () => {
  const seen = new Map<Corruption, { at: number; later: number; behaviours: number }>();
  const count = (kind: Corruption): { at: number; later: number; behaviours: number } => {
    const counts = seen.get(kind) ?? { at: 0, later: 0, behaviours: 0 };
    seen.set(kind, counts);
    return counts;
  };

  async function judge(corrupted: Corrupted, explain: boolean): Promise<void> {
    const { kind, file, fileLine, free } = corrupted;
    const { accepted, refused } = await validateRecords(corrupted.texts, { explain });
    const what = `${kind} at ${file}:${fileLine}`;
    if (accepted) {
      expect(free, `${what} is accepted`).toBe(true);
      count(kind).behaviours += 1;
      return;
    }
    if (explain) expect(refused?.reason).toMatch(/ is not possible there; | and not | does not go with /);
    if (refused?.file === file && refused.fileLine === fileLine) {
      count(kind).at += 1;
      return;
    }
    // Nobody misses a draft before its entry is in the log, nor doubts a label before there is another.
    expect(
      ['dropped', 'swapped', 'doubled', 'label'],
      `${what}: refused at ${refused?.file}:${refused?.fileLine}`,
    ).toContain(kind);
    expect(refused?.reason).toMatch(kind === 'label' ? /Read\(/ : /(AppendEntry|Join)\(/);
    count(kind).later += 1;
  }

  it.each(CORRUPTIONS)('%s: is refused at that line, or the first that depends on it', async (kind) => {
    const all = Array.from({ length: CORRUPTED }, (_, k) => corrupt(kind, texts, 2 + 17 * k));
    const queue = all.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const corrupted of queue) await judge(corrupted, corrupted === all[0]);
      }),
    );
    const { at, later, behaviours } = count(kind);
    expect(at + later + behaviours).toBe(CORRUPTED);
    expect(at + later).toBeGreaterThanOrEqual(CORRUPTED - 2);
  });

  it('a record that stops early is still a behaviour', async () => {
    const stopped = texts.map(({ name, text }) => ({
      name,
      text: name === 'dave.ndjson' ? text.replace(/[^\n]*\n$/, '') : text,
    }));
    expect(await validateRecords(stopped)).toMatchObject({ accepted: true, crashes: { length: kills + 1 } });
  });

  it('a line that is missing by its number, or is no line, is refused without TLC', async () => {
    const [first, ...others] = texts;
    const gap = { name: first!.name, text: first!.text.split('\n').toSpliced(3, 1).join('\n') };
    const refusedGap = (await validateRecords([gap, ...others])).refused;
    expect(refusedGap).toMatchObject({ file: first!.name, fileLine: 4 });
    const torn = { name: first!.name, text: first!.text.slice(0, -20) };
    expect((await validateRecords([torn, ...others])).refused?.file).toBe(first!.name);
  });

  it('nothing at all is no record', async () => {
    await expect(validateRecords([{ name: 'empty', text: '' }])).rejects.toBeInstanceOf(ValidationError);
    await expect(validateRecords([])).rejects.toBeInstanceOf(ValidationError);
  });

  afterAll(() => {
    for (const [kind, { at, later, behaviours }] of seen) {
      console.log(
        `${kind}: ${at} refused at that line, ${later} at the first that depends on it, ${behaviours} still behaviours`,
      );
    }
  });
});
