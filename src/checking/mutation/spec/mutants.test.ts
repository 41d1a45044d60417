import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { specMutants } from './run.ts';
import { mutantsOf } from './mutants.ts';
import { expressionsOf } from './sany.ts';

const MODULE = `---- MODULE Small ----
EXTENDS Naturals
CONSTANT Limit
VARIABLES x, on
Up   == /\\ x < 3 /\\ ~on
        /\\ x' = x + 1
        /\\ UNCHANGED on
Turn(y) == LET z == y = 2 IN IF z THEN on' = FALSE /\\ x' = y ELSE UNCHANGED <<x, on>>
Small(y) == Limit => (y =< 1 \\/ y \\in {7})
Next == \\/ Up
        \\/ Turn(x)
====
`;

it('is wrong in one place at a time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  try {
    const path = join(folder, 'Small.tla');
    await writeFile(path, MODULE);
    const lines = MODULE.split('\n');
    const definitionAt = (line: number): string =>
      lines.slice(0, line).findLast((text) => /^\w.*==/.test(text))?.split(/\W/)[0] ?? '';
    const mutants = mutantsOf(MODULE, await expressionsOf(path, MODULE), definitionAt);
    expect(mutants.map(({ definition, mutator, before, after }) => [definition, mutator, before, after])).toEqual([
      ['Up', 'conjunct dropped', 'x < 3', 'TRUE'],
      ['Up', 'conjunct dropped', 'x < 3 /\\ ~on', 'TRUE'],
      ['Up', 'bound moved', '<', '=<'],
      ['Up', 'number changed', '3', '4'],
      ['Up', 'conjunct dropped', '~on', 'TRUE'],
      ['Up', 'negation dropped', '~on', 'on'],
      ['Up', 'number changed', '1', '2'],
      ['Turn', 'comparison turned round', '=', '#'],
      ['Turn', 'number changed', '2', '3'],
      ['Turn', 'condition taken for granted', 'z', 'TRUE'],
      ['Turn', 'condition never met', 'z', 'FALSE'],
      ['Turn', 'truth turned round', 'FALSE', 'TRUE'],
      ['Small', 'condition taken for granted', 'Limit', 'TRUE'],
      ['Small', 'condition never met', 'Limit => (y =< 1 \\/ y \\in {7})', 'TRUE'],
      ['Small', 'disjunct dropped', 'y =< 1', 'FALSE'],
      ['Small', 'bound moved', '=<', '<'],
      ['Small', 'number changed', '1', '2'],
      ['Small', 'disjunct dropped', 'y \\in {7}', 'FALSE'],
      ['Small', 'comparison turned round', '\\in', '\\notin'],
      ['Small', 'number changed', '7', '8'],
      ['Next', 'action dropped', 'Up', 'FALSE'],
      ['Next', 'action dropped', 'Turn(x)', 'FALSE'],
    ]);
    const [first] = mutants;
    expect(first?.line).toBe(5);
    expect(first?.source).toBe('Up   == /\\ x < 3 /\\ ~on');
    expect(first?.text).toBe(MODULE.replace('x < 3', 'TRUE'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('of the spec: every action can be dropped, and no definition is left as it is', async () => {
  const mutants = await specMutants([]);
  const dropped = mutants.filter(({ mutator }) => mutator === 'action dropped');
  expect(dropped.map(({ before }) => before.replace(/.*: /, ''))).toEqual([
    ...['Join(p)', 'AppendEntry(p)', 'DeclareGone(p)', 'Lose(p)', 'Found(p)', 'Commit(p)', 'HandOver(p)'],
    ...['Claim(p)', 'Resend(p)', 'Read(p)', 'Leave(p)', 'Crash(p)'],
  ]);
  expect(new Set(mutants.map(({ definition }) => definition)).size).toBeGreaterThan(40);
  await expect(specMutants(['NoSuchDefinition'])).rejects.toThrow('nothing to change in NoSuchDefinition');
});
