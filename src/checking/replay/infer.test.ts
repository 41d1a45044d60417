import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { actionOf, readItf } from '../../trace/index.ts';
import { ACTIONS } from '../explorer/actions.ts';
import { inferAction } from './infer.ts';
import { nameOf } from './told.ts';

const FOLDER = fileURLToPath(new URL('../../../traces/', import.meta.url));

describe('the action between two states', () => {
  it('is the one that the kept traces name, with its participant', () => {
    const seen = new Map<string, number>();
    let silent = 0;
    for (const name of readdirSync(FOLDER).filter((it) => it.endsWith('.itf.json'))) {
      const { meta, states } = readItf(readFileSync(`${FOLDER}${name}`, 'utf8'));
      // Dishonest participants leave other marks, and mutants wrong ones; Spacing.tla has no participants.
      if (/Adversary|BegunCall|Mutants|Spacing/.test(JSON.stringify(meta['source']))) continue;
      for (const [i, { values }] of states.entries()) {
        const act = actionOf(values['act']);
        if (i === 0 || act === undefined) continue;
        const inferred = inferAction(states[i - 1]!.values, values);
        if (!ACTIONS.some((known) => known === act.name)) {
          expect(inferred, `${name}, step ${i}: ${act.name}`).toBeNull();
          silent += 1;
          continue;
        }
        expect(inferred?.action, `${name}, step ${i}`).toBe(act.name);
        expect(nameOf(inferred!.participant), `${name}, step ${i}`).toBe(nameOf(act.parameters[0]?.value));
        seen.set(act.name, (seen.get(act.name) ?? 0) + 1);
      }
    }
    expect([...seen.keys()].sort()).toEqual([...ACTIONS].sort());
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(500);
    expect(silent).toBeGreaterThanOrEqual(10);
  });
});
