/** Records of runs of real sessions over the real service, as `npm run validate` judges them. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  mergeRun,
  validateRecords,
  validateRuns,
  ValidationError,
  walk,
  type RecordText,
} from '../../src/checking/validation/index.ts';
import { readLines } from '../../src/checking/validation/lines.ts';
import {
  RECORD_VERSION,
  RecordEntrySchema,
  RecordLineSchema,
  RecordNameSchema,
} from '../../src/trace/record.ts';
import { chance } from './validate-local.ts';
import { Run, until } from './validate-run.ts';

const merged = (texts: readonly RecordText[]): ReturnType<typeof mergeRun> =>
  mergeRun(readLines(texts).sources);

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

  it('is one sequence in whatever order its files are named', () => {
    const random = chance(4);
    const { events } = merged(texts);
    const orders = new Set<string>();
    for (let i = 0; i < 24; i += 1) {
      const rest = [...texts];
      const shuffled = texts.map(() => rest.splice(random(rest.length), 1)[0]!);
      orders.add(shuffled.map(({ name }) => name).join());
      expect(merged(shuffled).events).toEqual(events);
    }
    expect(orders.size).toBeGreaterThanOrEqual(10);
  });

  it('is one that production machines take as well', () => {
    const run = merged(texts);
    expect(walk([run])).toEqual([run.events.length]);
  });

  it('is none without one of its records', async () => {
    const without = texts.filter(({ name }) => name !== 'alice.ndjson');
    expect(await validateRecords(without)).toMatchObject({ accepted: false });
  });
});

describe('the guide to records', () => {
  const guide = readFileSync(new URL('../../spec/guide/records.md', import.meta.url), 'utf8');

  it('has an example that is a behaviour of the spec, and none with Bob admitted by himself', async () => {
    const text = /```ndjson\n([^`]+)```/.exec(guide)?.[1] ?? '';
    const spoilt = text.replaceAll('"kind":"commit","author":"alice"', '"kind":"commit","author":"bob"');
    const runs = [text, spoilt].map((it) => [{ name: 'records.md', text: it }]);
    const [asItIs, altered] = await validateRuns(runs);
    expect(asItIs).toMatchObject({ accepted: true, lines: 10, participants: 2, entries: 4, crashes: [] });
    expect(altered?.refused).toMatchObject({ file: 'records.md', fileLine: 9, line: 6 });
    expect(altered?.refused?.reason).toMatch(/^AppendEntry\(p2\) is not possible there/);
  });

  it('names every field and every kind of entry', () => {
    const { view, pending } = RecordLineSchema.entries;
    const fields = [
      ...Object.keys(RecordLineSchema.entries),
      ...Object.keys(RecordNameSchema.entries),
      ...Object.keys(view.entries),
      ...Object.keys(pending.wrapped.entries),
      ...RecordEntrySchema.options.flatMap(({ entries }) => [...Object.keys(entries), entries.kind.literal]),
      ...RecordLineSchema.entries.action.options,
    ];
    expect(fields.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
    expect(new Set(fields).size).toBeGreaterThanOrEqual(35);
    expect(guide).toContain(`the version of this format: ${RECORD_VERSION}.`);
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

describe('a record that is not whole', () => {
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
});
