/** The machines of a mutant against the spec's graphs, which TLC wrote before (`graphs.ts`). */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SPEC_FOLDER } from '../../model/models.ts';
import { ComparedModel } from '../../conformance/ComparedModel.ts';
import { keptGraphs } from './graphs.ts';

describe('the graph of the spec is the graph of the machines', async () => {
  it.each(await keptGraphs())('$name', async ({ module, config, dump, states }) => {
    const sides = await ComparedModel.of({
      spec: join(SPEC_FOLDER, module),
      config: join(SPEC_FOLDER, config),
      // A mutant may go on for ever.
      worldsLimit: 2 * states,
    });
    const { equal } = await sides.compare(dump, states, await sides.explore({ worldsLimit: 2 * states }));
    expect(equal).toBe(true);
  });
});
