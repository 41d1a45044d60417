import { expect, test } from 'vitest';
import { chosenModels, readModels } from '../../checking/model/models.ts';
import { FIRST_GRAPHS, OTHER_GRAPHS } from './suites.mjs';

test('each graph that `committer conform` compares by itself is in a tier, once', async () => {
  const all = chosenModels(await readModels(), [], 'conform').map(({ name }) => name);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect([...FIRST_GRAPHS, ...OTHER_GRAPHS].sort()).toEqual([...all].sort());
});
