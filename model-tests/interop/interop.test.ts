/** Our MLS core and ts-mls in the same groups: equal at each epoch, and each fault in ours found by name. */
import { beforeAll, expect, test } from 'vitest';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { exportsOtherwise, mergesEarly, refusesCommits, removesNobody } from '../support/faults.ts';
import { seedOfRun } from '../../src/checking/schedules/seed.ts';
import type { Comparison } from './difference.ts';
import { exportsInContext, sendsFromAnotherLeaf } from './faults.ts';
import { COMMITS, differenceWith, excusedShare, floors, runGroups } from './run.ts';

beforeAll(loadMlsInNode);

const GROUPS = 5;
/** The schedule in which the faults are found is always the same. */
const FAULT_SEED = 11;

test('groups of mls-rs and ts-mls are one group', async () => {
  const counts = await runGroups(seedOfRun(), GROUPS);
  expect(counts.below(floors(GROUPS * COMMITS))).toEqual([]);
  expect(excusedShare(counts)).toBeLessThan(0.6);
});

type Fault = (mls: MlsGroup) => MlsGroup;
const FAULTS: readonly (readonly [string, Fault, Comparison])[] = [
  ['merges early', mergesEarly, 'epoch authenticator'],
  ['exports under another label', exportsOtherwise, 'exporter'],
  ['exports in another context', exportsInContext, 'exporter'],
  ['removes nobody', removesNobody, 'removed'],
  ['refuses commits', refusesCommits, 'commit processed'],
  ['sends from another leaf', sendsFromAnotherLeaf, 'opened frame'],
];

test.each(FAULTS)('an adapter that %s is found', async (fault, broken, comparison) => {
  const found = await differenceWith(FAULT_SEED, (_, mls) => broken(mls));
  console.log(`${fault}: ${found?.message ?? 'not found'}`);
  expect(found?.comparison).toBe(comparison);
  expect(found?.whose.length).toBeGreaterThan(0);
  for (const name of found?.whose ?? []) expect(name).toContain('(mls-rs)');
});

test('a fault of one member is found as that member’s', async () => {
  const found = await differenceWith(FAULT_SEED, (number, mls) =>
    number === 4 ? exportsOtherwise(mls) : mls,
  );
  expect([found?.comparison, found?.whose]).toEqual(['exporter', ['p4 (mls-rs)']]);
});
