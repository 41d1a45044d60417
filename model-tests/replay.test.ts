/** Kept traces, replayed: what goes wrong without a rule goes wrong on real MLS, and with the rule it does not. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  asExpected,
  configText,
  constantsIn,
  printReplay,
  replay,
  scheduleOf,
  type Replay,
  type Schedule,
} from '../src/checking/replay/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { readItf, type ItfTrace } from '../src/trace/index.ts';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

async function traceOf(name: string): Promise<ItfTrace> {
  return readItf(await readFile(path(`traces/${name}.itf.json`), 'utf8'));
}

async function kept(name: string, change = (trace: ItfTrace): ItfTrace => trace): Promise<Schedule> {
  const trace = await traceOf(name);
  return scheduleOf(change(trace), constantsIn(await configText(name)));
}

const sightOf = ({ rows }: Replay, name: string): Replay['before'][number] =>
  rows.at(-1)!.sights.find((sight) => sight.name === name)!;

beforeAll(() => loadMlsInNode());

describe('a replay shows', () => {
  it('without Atomic: two members part, with two authenticators, and neither opens the other', async () => {
    const schedule = await kept('no-atomic');
    const result = await replay(schedule);
    expect(result.verdict, printReplay(result)).toBe('forked');
    expect(result.step).toBe(schedule.steps.length);
    expect(asExpected(schedule, result.verdict)).toBe(true);
    const { split, openings } = result.rows.at(-1)!;
    const [p, q] = split!.map((name) => sightOf(result, name));
    expect(p!.authenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(q!.authenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(p!.authenticator).not.toBe(q!.authenticator);
    expect(p!.epoch).toBe(q!.epoch);
    expect(openings.get(p!.name)!.get(q!.name)).toBe('shut');
    expect(openings.get(q!.name)!.get(p!.name)).toBe('shut');
    expect(printReplay(result)).toMatch(/SPLIT\nforked at step \d+: /);
  });

  it('without Current: a commit that counts and that a member cannot process', async () => {
    const result = await replay(await kept('no-current'));
    expect(result.verdict, printReplay(result)).toBe('refused');
    const { refused } = result.rows.at(-1)!;
    expect(sightOf(result, refused!).state).toBe('dead');
    expect(printReplay(result)).toMatch(new RegExp(`<== ${refused} cannot follow\nrefused at step`));
  });

  it('without Fresh: a removed member opens what a member protects', async () => {
    const result = await replay(await kept('no-fresh-removed'));
    expect(result.verdict, printReplay(result)).toBe('leaked');
    const { leak, openings, removed } = result.rows.at(-1)!;
    const [who, whom] = leak!;
    expect(removed).toEqual([who]);
    expect(openings.get(whom)!.get(who)).toBe('opens');
    expect(sightOf(result, who).roster).not.toContain(who);
    expect(sightOf(result, who).state).toMatch(/^member/);
    expect(printReplay(result)).toMatch(/<== open: p1 \(removed\) still opens p2\nleaked at step/);
  });

  it('without PublicView: nobody takes itself for the designated committer', async () => {
    const result = await replay(await kept('no-public-view'));
    expect(result.verdict, printReplay(result)).toBe('disputed');
    expect(result.rows.at(-1)!.disputed).toEqual([]);
  });

  it.each(['no-founding', 'no-takeover'])('%s: somebody waits for ever', async (name) => {
    const result = await replay(await kept(name));
    expect(result.verdict, printReplay(result)).toBe('stuck');
    expect(result.rows.at(-1)!.stuck).toHaveLength(1);
  });

  it('with all rules on: who was removed could open a sender that has not read it, had it kept its keys', async () => {
    const result = await replay(await kept('partition-and-return'));
    expect(result.verdict, printReplay(result)).toBe('agree');
    const reading = result.rows.find(({ readsOn }) => readsOn.length > 0)!;
    const [who, whom] = reading.readsOn[0]!;
    expect(reading.openings.get(whom)!.get(who)).toBe('kept');
    const after = result.rows.slice(reading.step).find(({ sights }) => {
      const [then, now] = [reading.sights, sights].map((all) => all.find(({ name }) => name === whom)!);
      return then!.authenticator !== now!.authenticator;
    })!;
    expect(after.openings.get(whom)!.get(who)).toBe('shut');
    expect(printReplay(result)).toContain(`${who} (removed) could open ${whom} until ${whom} reads it`);
  });

  it('a call that has begun: what leads there comes first', async () => {
    const schedule = await kept('no-takeover');
    expect(schedule.before.length).toBeGreaterThan(5);
    const { before } = await replay(schedule);
    expect(before.filter(({ isMember }) => isMember).length).toBeGreaterThanOrEqual(2);
    expect(new Set(before.filter(({ isMember }) => isMember).map((it) => it.authenticator)).size).toBe(1);
  });
});

describe('with the rule on, the same schedule', () => {
  it.each([
    'no-atomic',
    'no-current',
    'no-fresh-removed',
    'no-public-view',
    'no-founding',
    'no-takeover',
    'no-ordered-gone',
    'no-ordered-claim',
    'orange-welcome-first',
  ])('%s holds together', async (name) => {
    const schedule = await kept(name);
    const result = await replay(schedule, { withRules: true });
    expect(result.verdict, printReplay(result)).toBe('agree');
    expect(result.skipped).toBeLessThan(schedule.steps.length / 2);
    expect(asExpected(schedule, result.verdict, { withRules: true, wanted: 'leaked' })).toBe(true);
    const damaged = await replay(schedule);
    expect(asExpected(schedule, damaged.verdict, { withRules: true })).toBe(false);
  });
});

describe('a replay catches', () => {
  it('a trace that says something else', async () => {
    const schedule = await kept('no-atomic', (trace) => ({
      ...trace,
      states: trace.states.map((state, i) =>
        i === 12 ? { ...state, values: { ...state.values, pos: trace.states[0]!.values['pos']! } } : state,
      ),
    }));
    const result = await replay(schedule);
    expect(result).toMatchObject({ verdict: 'differs', step: 12 });
    expect(result.reason).toMatch(/pos/);
    expect(asExpected(schedule, result.verdict)).toBe(false);
  });

  it('a trace that begins where the machines do not', async () => {
    const schedule = await kept('no-takeover', ({ states: [first, ...others], ...trace }) => ({
      ...trace,
      states: [{ ...first!, values: { ...first!.values, pos: others[0]!.values['outbox']! } }, ...others],
    }));
    await expect(replay(schedule)).rejects.toMatchObject({ code: 'replay/no-start' });
  });

  it('a step that the machine does not take', async () => {
    const schedule = await kept('succession');
    const [first, ...others] = schedule.steps;
    const result = await replay({ ...schedule, steps: [first!, { ...first!, name: 'twice' }, ...others] });
    expect(result).toMatchObject({
      verdict: 'differs',
      step: 2,
      reason: 'the machine does not do this here',
    });
  });
});
