import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addsAt, removesAt } from './counts.ts';
import type { Entry } from './entry.ts';
import { RULES, rulesWithout } from './rules.ts';
import { step } from './step.ts';
import { claim, commit, found, handover, join, leave, next, ORIGIN } from './testing.ts';
import { departed, designatedCommitter, emptyView, live, waiting, type View } from './view.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** One word of a made-up log: what is appended, by whom, drafted how long ago, and whether its contents are honest. */
const word = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('join', 'commit', 'found') },
    { weight: 4, arbitrary: fc.constantFrom('handover', 'claim') },
    { weight: 1, arbitrary: fc.constantFrom('leave', 'void', 'welcome') },
  ),
  author: fc.option(fc.constantFrom(...NAMES), { freq: 2 }),
  ago: fc.constantFrom(0, 0, 0, 0, 1, 2, -1),
  witnessed: fc.constantFrom(true, true, true, true, false),
  honest: fc.constantFrom(true, true, true, false),
  other: fc.constantFrom(...NAMES),
  list: fc.subarray(NAMES),
});

function entryOf(view: View, { kind, author: a, ago, witnessed, honest, other, list }: Word): Entry {
  const at = view.position - ago;
  const author = a ?? designatedCommitter(view) ?? waiting(view)[0] ?? other;
  const wide = { rules: rulesWithout(), batchLimit: 2 };
  const adds = honest ? addsAt(wide, view, at) : list;
  const removes = honest ? removesAt(wide, view, at) : list;
  const parent = honest ? (view.history.at(-1) ?? '') : other;
  const accused = honest ? (designatedCommitter(view) ?? other) : other;
  const entry = {
    join: () => join(a ?? other),
    leave: () => leave(author),
    found: () => found(author, at),
    commit: () => commit(author, at, parent, adds, removes),
    handover: () => handover(author, at),
    claim: () => claim(author, at, accused),
    void: (): Entry => ({ kind: 'void', author, reason: 'any' }),
    welcome: (): Entry => ({ ...commit(author, at, parent, adds), kind: 'welcome' }),
  }[kind]();
  return 'on' in entry && !witnessed ? { ...entry, on: 'another log' } : entry;
}
type Word = typeof word extends fc.Arbitrary<infer T> ? T : never;

const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length;

test('step is total, moves by one, and a refused entry changes nothing else, under any rules', () => {
  const counted: Partial<Record<Entry['kind'], number>> = {};
  const refused: Record<string, number> = {};
  let steps = 0;
  fc.assert(
    fc.property(
      fc.oneof(fc.constant([]), fc.subarray([...RULES], { maxLength: 3 })),
      fc.array(word, { maxLength: 60, size: 'max' }),
      (off, words) => {
        const protocol = { rules: rulesWithout(...off), batchLimit: 2 };
        let view = emptyView(ORIGIN);
        for (const w of words) {
          const placed = next(view, entryOf(view, w));
          const frozen = JSON.stringify(view);
          const result = step(protocol, view, placed);
          expect(step(protocol, view, placed)).toEqual(result);
          expect(JSON.stringify(view)).toBe(frozen);
          const after = result.view;
          steps++;
          expect(after.position).toBe(view.position + 1);
          expect(after.hashes).toHaveLength(after.position - after.changedAt + 1);
          expect(result.moves).toBe(after.history !== view.history);
          if (result.refusal !== null) {
            refused[result.refusal] = (refused[result.refusal] ?? 0) + 1;
            expect({ ...after, position: 0, hashes: [] }).toEqual({ ...view, position: 0, hashes: [] });
          } else counted[placed.entry.kind] = (counted[placed.entry.kind] ?? 0) + 1;
          if (off.length === 0) {
            expect(distinct([...after.roster, ...after.arrivals])).toBe(true);
            const here = [...live(after), ...waiting(after), ...Object.keys(after.leftAt)];
            expect([...new Set(here)].sort()).toEqual(Object.keys(after.joined).sort());
            expect(after.history.length === 0).toBe(after.roster.length === 0);
            expect(departed(after).every((p) => after.leftAt[p] !== undefined)).toBe(true);
          }
          view = after;
        }
      },
    ),
    { numRuns: 250 },
  );
  console.log(
    `${String(steps)} steps; counted ${JSON.stringify(counted)}; refused ${JSON.stringify(refused)}`,
  );
  expect(steps).toBeGreaterThan(3_000);
  for (const kind of ['join', 'leave', 'found', 'commit', 'handover', 'claim'] as const) {
    expect(counted[kind] ?? 0, kind).toBeGreaterThan(10);
  }
  const rules = ['Current', 'Witnessed', 'Designated', 'Justified', 'Founding', 'Takeover', 'Rotation'];
  for (const rule of [...rules, 'parent', 'repeated', 'unknown', 'void', 'welcome']) {
    expect(refused[rule] ?? 0, rule).toBeGreaterThan(2);
  }
});
