import { defineConfig } from 'vitest/config';
import {
  BaseSequencer,
  type Reporter,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node';

/** What takes long, last and longest last: most mutants are caught before. */
const SLOW = ['step.test', 'totality', 'corpus', 'hostile', 'graph.test', 'traces.suite', 'graphs.suite'];

class FastFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      SLOW.findLastIndex((part) => moduleId.includes(part));
    return Promise.resolve(files.sort((a, b) => rank(a) - rank(b)));
  }
}

/**
 * A mutant with which a file of tests does not even load: vitest fails then, and StrykerJS, which looks at tests only, would take it for
 * a survivor.
 */
class LoadErrors implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(): void {
    this.#vitest?.state.clearErrors();
  }

  onTestModuleEnd(module: TestModule): void {
    const [error] = module.errors();
    if (error === undefined) return;
    this.#vitest?.state.catchError(error, 'Load Error');
    // Not awaited: the run that it ends waits for us.
    void this.#vitest?.cancelCurrentRun('test-failure');
  }
}

/** The checks that a mutant of the code must not pass: those beside it, the spec's graphs, and traces on real MLS. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/{protocol,machine,mls}/**/*.test.ts', 'src/checking/mutation/code/*.suite.ts'],
    reporters: [new LoadErrors()],
    sequence: { sequencer: FastFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
