/** Dishonest participants and a dishonest service, replayed on real MLS; and traces of a spec with a mistake. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { TRACES_FOLDER } from '../src/checking/model/models.ts';
import {
  asExpected,
  configText,
  constantsIn,
  loadInputs,
  pageOf,
  printReplay,
  replay,
  scheduleOf,
  Totals,
  type Replay,
  type Replayable,
  type ReplayOptions,
} from '../src/checking/replay/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { readItf } from '../src/trace/index.ts';

const path = (name: string): string => fileURLToPath(new URL(`../traces/${name}.itf.json`, import.meta.url));

async function kept(name: string): Promise<Replayable> {
  const [input] = await loadInputs([path(name)]);
  if (input === undefined || input.schedule === null) throw new Error(`${name} is not replayed`);
  return input;
}

const replayed = async (name: string, options?: ReplayOptions): Promise<Replay> =>
  replay((await kept(name)).schedule, options);

const sightOf = ({ rows }: Replay, name: string): Replay['before'][number] =>
  rows.at(-1)!.sights.find((sight) => sight.name === name)!;

const opening = ({ rows }: Replay, sender: string, receiver: string): string | undefined =>
  rows.at(-1)!.openings.get(sender)?.get(receiver);

beforeAll(() => loadMlsInNode());

/** The verdict, at which step, and what it says. */
const DAMAGE: readonly (readonly [string, string, number, RegExp])[] = [
  ['no-designated', 'refused', 8, /^p1 cannot follow .*, p2 commit@2: MlsError own_commit$/],
  ['no-designated-no-justified', 'expelled', 8, /^p1 had not left, and was thrown out/],
  ['no-justified', 'ghost', 6, /^p3 was let in .* opens what p1 protects$/],
  ['no-justified-evicts', 'expelled', 7, /^p1 had not left, and was thrown out/],
  ['no-invited', 'ghost', 5, /^p3 was let in .* opens what p1 protects$/],
  ['no-witnessed', 'unwitnessed', 4, /^p1 found@2 counts on a log that it was not drafted on$/],
  ['no-witnessed-merges', 'unwitnessed', 4, /^p1 found@2 counts on a log/],
  ['no-current-dishonest', 'lingers', 5, /^p1 had left, and is in the group behind p2 commit@1 \+p1$/],
  ['no-current-lingers', 'lingers', 5, /^p1 had left/],
  ['no-current-replay', 'repeated', 18, /^p1 handover@4 counts a second time$/],
];

describe('without a rule', () => {
  it.each(DAMAGE)('%s: %s at step %i; with it, the same lies come to nothing', async (name, ...expected) => {
    const { schedule, wanted } = await kept(name);
    const [said, step, reason] = expected;
    const result = await replay(schedule);
    expect(result, printReplay(result)).toMatchObject({ verdict: said, step });
    expect(result.reason).toMatch(reason);
    expect(wanted).toBe(said);
    const right = await replay(schedule, { withRules: true });
    expect(right.verdict, printReplay(right)).toBe('agree');
    expect(right.skipped).toBeLessThan(schedule.steps.length / 2);
    expect(asExpected(schedule, 'agree', { withRules: true, wanted })).toBe(true);
    expect(asExpected(schedule, result.verdict, { withRules: true, wanted })).toBe(false);
  });

  it('Invited: the ghost has the keys of the epoch; with it, its join does not verify, and it has none', async () => {
    const ghost = await replayed('no-invited');
    expect(opening(ghost, 'p1', 'p3')).toBe('opens');
    expect(sightOf(ghost, 'p1').group).toContain('p3');
    const none = await replayed('no-invited', { withRules: true });
    expect(sightOf(none, 'p1')).toMatchObject({ state: 'waiting.idle', roster: [], authenticator: null });
    expect(sightOf(none, 'p3').authenticator).toBeNull();
  });

  it('Justified: behind it a Welcome is held against the joins, and who finds a ghost in it is dead', async () => {
    const ghost = await replayed('no-justified');
    expect(ghost.driver).toMatch(/Welcomes not held against joins$/);
    expect(sightOf(ghost, 'p1')).toMatchObject({ state: 'member.follower.idle', strangers: ['p3'] });
    const checked = await replayed('no-justified', { checksWelcome: true });
    expect(checked).toMatchObject({ verdict: 'differs', step: 6 });
    expect(checked.reason).toMatch(/status\[p1\]: "member" -> "dead"/);
    expect(sightOf(checked, 'p1')).toMatchObject({
      state: 'dead',
      cause: expect.stringMatching(/^Mismatch /) as unknown,
    });
  });

  it('Justified: who is thrown out shares no key with the next epoch', async () => {
    const result = await replayed('no-justified-evicts');
    const [p1, p2] = ['p1', 'p2'].map((name) => sightOf(result, name));
    expect([p1!.epoch, p2!.epoch]).toEqual([1n, 2n]);
    expect(opening(result, 'p2', 'p1')).toBe('shut');
    expect(result.openings.insider).toBeGreaterThanOrEqual(1);
  });

  it('Witnessed: two members are in one epoch, and have read different logs', async () => {
    const result = await replayed('no-witnessed');
    const [p1, p2] = ['p1', 'p2'].map((name) => sightOf(result, name));
    expect(p1!.authenticator).toBe(p2!.authenticator);
    expect(result.rows.at(-1)!.mixed).toEqual(['p1', 'p2']);
    expect([result.log[0], result.otherLog?.[0]]).toEqual(['join p3', 'join p1']);
  });

  it('Current: who has left is in the MLS group again', async () => {
    expect(sightOf(await replayed('no-current-dishonest'), 'p2').group).toEqual(['p2', 'p1']);
  });
});

describe('with all rules on', () => {
  it('a dishonest committer ends the call of whom it admits, and the next one founds anew', async () => {
    const { schedule, wanted } = await kept('dishonest-ends-call');
    for (const withRules of [false, true]) {
      const result = await replay(schedule, { withRules });
      expect(result, printReplay(result)).toMatchObject({ verdict: 'refused', step: 5 });
      expect(result.reason).toBe('p1 cannot follow a commit that counts, p2 commit@3 +p1: MlsError crypto');
      expect(asExpected(schedule, result.verdict, { withRules, wanted })).toBe(true);
      expect(sightOf(result, 'p3').state).toBe('member.designated.idle');
    }
  });

  it('a member that is shown an entry of the other log sees it, and is not ended', async () => {
    const result = await replayed('split-is-seen');
    expect(result.verdict, printReplay(result)).toBe('agree');
    expect(result.rows.at(-1)).toMatchObject({ seesSplit: 'p2', length: 6, otherLength: 5 });
    expect(sightOf(result, 'p2').state).toBe('member.follower.idle');
    expect(printReplay(result)).toMatch(/6\|5 .* p2 sees that the log is split\nagree/);
    const page = pageOf({ title: 'split', description: '', withRules: false }, result);
    expect(page).toContain('<td class="grown">6|5</td>');
    const data = /id="data">(.*)<\/script>/.exec(page)?.[1] ?? '';
    const { logs, steps } = JSON.parse(data) as { logs: string[][]; steps: { lengths: number[] }[] };
    expect(logs).toEqual([result.log, result.otherLog]);
    expect(steps.at(-1)!.lengths).toEqual([6, 5]);
  });

  it('a call that has begun among the dishonest: what leads there comes first', async () => {
    const trace = readItf(await readFile(path('call-begins'), 'utf8'));
    const constants = constantsIn(await configText('call-begins'));
    const schedule = scheduleOf({ ...trace, states: trace.states.slice(-1) }, constants);
    expect(schedule.before.map(({ name }) => name)).toEqual([
      'Enter',
      'Pretend',
      'Join',
      'Pretend',
      'Read',
      'Join',
      'Read',
    ]);
    const { before, verdict: said } = await replay(schedule);
    expect(said).toBe('agree');
    const [p1, p2, p3] = before;
    expect([p1!.state, p2!.state, p3!.state]).toEqual(['member.follower.idle', 'waiting.idle', 'dishonest']);
    expect(p1!.authenticator).toBe(p3!.authenticator);
  });
});

describe('a spec with a mistake', () => {
  it.each([
    ['mutant-sent-by-all', 2, /outbox\[p2\]/],
    ['mutant-adversary-sent-by-all', 2, /outbox\[p2\]/],
    ['mutant-merged-at-the-end', 14, /mls\[p1\]/],
    ['mutant-adversary-merged-at-the-end', 13, /mls\[p1\]/],
    ['mutant-welcomed-too-early', 9, /mls\[p2\]/],
    ['mutant-draft-forgotten', 4, /pending\[p1\]/],
    ['mutant-adversary-draft-forgotten', 4, /pending\[p1\]/],
  ])('%s: the machines do not follow it, from step %i on', async (name, step, reason) => {
    const { schedule, wanted } = await kept(name);
    const result = await replay(schedule);
    expect(result).toMatchObject({ verdict: 'differs', step });
    expect(result.reason).toMatch(reason);
    expect(wanted).toBe('differs');
    expect((await replay(schedule, { withRules: true })).verdict).toBe('agree');
  });

  // What is wrong is a view, and no state of the trace holds one: what the machines have in its place is right.
  it('where only views are wrong, the machines agree with the states, and have the right views', async () => {
    const moved = await replayed('mutant-out-of-the-roster');
    expect(moved.verdict).toBe('agree');
    expect(sightOf(moved, 'p1')).toMatchObject({ isMember: true, roster: ['p2', 'p1'] });
    const departed = await replayed('mutant-most-senior');
    expect(departed.verdict).toBe('agree');
    expect(sightOf(departed, 'p2')).toMatchObject({ roster: ['p1', 'p2'], designated: 'p2', believes: true });
    const junior = await replayed('mutant-most-junior-removed');
    expect(junior.verdict).toBe('agree');
    // The commit that removes p1 counts for nothing: its author's group is where it was.
    expect(sightOf(junior, 'p2')).toMatchObject({ epoch: 1n, group: ['p2', 'p1'] });
  });
});

describe('all kept traces', () => {
  const counts = async (withRules: boolean): Promise<Record<string, number>> => {
    const files = (await readdir(TRACES_FOLDER)).filter((name) => name.endsWith('.itf.json'));
    const inputs = await loadInputs(files.sort().map((name) => join(TRACES_FOLDER, name)));
    const totals = new Totals();
    const found: Record<string, number> = {};
    const add = (what: string): void => void (found[what] = (found[what] ?? 0) + 1);
    for (const { file, ...input } of inputs) {
      if (input.schedule === null) {
        expect(input.reason, file).toMatch(/^of Spacing\.tla, without a log/);
        add('not replayed');
        continue;
      }
      const { schedule, wanted } = input;
      const result = await replay(schedule, { withRules });
      expect(asExpected(schedule, result.verdict, { withRules, wanted }), `${file}: ${result.reason}`).toBe(
        true,
      );
      totals.add(result);
      add(result.verdict);
    }
    expect(totals.steps).toBeGreaterThanOrEqual(900);
    expect(totals.pairs).toBeGreaterThanOrEqual(250);
    expect(totals.openings.opened).toBeGreaterThanOrEqual(120);
    expect(totals.openings.refused).toBeGreaterThanOrEqual(120);
    return found;
  };

  it('come to what is said with them', async () => {
    expect(await counts(false)).toEqual({
      ...{ agree: 69, differs: 7, forked: 4, refused: 3, stuck: 3, disputed: 1, leaked: 1 },
      ...{ ghost: 2, expelled: 2, unwitnessed: 2, lingers: 2, repeated: 1, 'not replayed': 6 },
    });
  });

  it('agree with all rules on, but for what dishonest committers and hung members can do', async () => {
    expect(await counts(true)).toEqual({ agree: 95, refused: 1, stuck: 1, 'not replayed': 6 });
  });
});
