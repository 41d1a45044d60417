import { expect, test } from 'vitest';
import { chosenModels, readModels } from '../../checking/model/models.ts';
import { allSuites, FIRST_GRAPHS, NIGHTLY_MODELS, OTHER_GRAPHS, OTHER_MODELS } from './suites.mjs';

test('each graph that `committer conform` compares by itself is in a tier, once', async () => {
  const all = chosenModels(await readModels(), [], 'conform').map(({ name }) => name);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect([...FIRST_GRAPHS, ...OTHER_GRAPHS].sort()).toEqual([...all].sort());
});

test('each model of the adversary is in a tier, once', async () => {
  const all = (await readModels()).filter(({ family }) => family === 'adversary').map(({ name }) => name);
  expect(all.length).toBeGreaterThanOrEqual(14);
  const named = [...OTHER_MODELS, ...NIGHTLY_MODELS].filter((name) => all.includes(name));
  expect(named.sort()).toEqual([...all].sort());
});

test('only what goes beyond the first tier needs a Firefox', () => {
  const needing = allSuites().filter(({ needs }) => needs.includes('firefox'));
  expect(needing.map(({ name, tier }) => `${tier} ${name}`)).toEqual(['rest e2e-more']);
});
