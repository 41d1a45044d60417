import { describe, expect, it } from 'vitest';
import type { CheckedModel } from '../../checking/model/checkModel.ts';
import { parseModels } from '../../checking/model/models.ts';
import { modelsProgress } from './progress.ts';

const row = {
  name: 'one',
  shows: 'it',
  module: 'M.tla',
  expected: 'holds',
  states: 4000,
  check: true,
  conform: false,
};
const [model] = parseModels(JSON.stringify([row]), 'safety');
const result: CheckedModel = {
  ...{ model: model!, found: 'holds', states: 4000, depth: 3, seconds: 2, surprises: [], version: undefined },
};

function written(isTTY: boolean, columns: number): readonly string[] {
  const texts: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => texts.push(text) };
  const progress = modelsProgress(2, stream as unknown as NodeJS.WriteStream);
  progress.start('one');
  progress.start('two');
  progress.update('one', { statesGenerated: 9000, statesDistinct: 3000 });
  progress.update('nobody', { statesGenerated: 1 });
  progress.done(result);
  progress.done({ ...result, surprises: ['less than expected'] });
  progress.end();
  return texts;
}

describe('progress', () => {
  it('is a line for each model that is done, where nobody watches', () => {
    expect(written(false, 80)).toEqual([
      '1 of 2: one: holds, 4,000 states, 2,000 a second, 2.0 s\n',
      '2 of 2: one: holds, 4,000 states, 2,000 a second, 2.0 s, a SURPRISE\n',
    ]);
  });

  it('is a line that changes on a terminal, within its width', () => {
    const shown = written(true, 200).join('');
    expect(shown).toMatch(/0 of 2 models done; one 3,000 states, [\d,]+ a second, [\d.]+ s; two [\d.]+ s/);
    const narrow = written(true, 30).filter((text) => text.includes('models done'));
    expect(narrow.length).toBeGreaterThan(0);
    for (const text of narrow) expect(text.length).toBeLessThan(30);
  });
});
