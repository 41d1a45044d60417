/** The kept traces on a mutant over real MLS: each must come to what it comes to without the mutation. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMlsInNode } from '../../../mls/node.ts';
import { TRACES_FOLDER } from '../../model/models.ts';
import { asExpected, loadInputs, replay, type Replayable } from '../../replay/index.ts';

const files = readdirSync(TRACES_FOLDER)
  .filter((name) => name.endsWith('.itf.json'))
  .map((name) => join(TRACES_FOLDER, name));

describe('the kept traces come to what they are kept for', async () => {
  beforeAll(() => loadMlsInNode());
  const inputs = (await loadInputs(files)).filter((input): input is Replayable => input.schedule !== null);
  it.each(inputs)('$file', async ({ schedule, wanted }) => {
    const { verdict } = await replay(schedule);
    expect(asExpected(schedule, verdict, { wanted }), verdict).toBe(true);
  });
});
