import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long, last and longest last: most mutants are caught before. */
const SLOW = ['step.test', 'totality', 'corpus', 'hostile', 'graph.test', 'traces.suite', 'graphs.suite'];

class FastFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      SLOW.findLastIndex((part) => moduleId.includes(part));
    return Promise.resolve(files.sort((a, b) => rank(a) - rank(b)));
  }
}

/** The checks that a mutant of the code must not pass: those beside it, the spec's graphs, and traces on real MLS. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/{protocol,machine,mls}/**/*.test.ts', 'src/checking/mutation/code/*.suite.ts'],
    sequence: { sequencer: FastFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
