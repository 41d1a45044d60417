// Mutants of the protocol, the machine and the MLS adapter. None is left out: no ignored mutator, no ignored static mutant.
import { availableParallelism } from 'node:os';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'src/checking/mutation/code/vitest.config.ts', related: false },
  mutate: ['src/{protocol,machine,mls}/**/*.ts', '!**/*.test.ts', '!**/testing.ts', '!**/testKeyPackage.ts'],
  // What the checks read is copied; the rest is not.
  ignorePatterns: ['.git', 'demo', 'test-results', 'target', 'dist'],
  coverageAnalysis: 'perTest',
  concurrency: availableParallelism(),
  // Of a loop without end, and not of a busy machine.
  timeoutMS: 60_000,
  reporters: [process.stderr.isTTY ? 'progress' : 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'test-results/mutants.json' },
  tempDirName: '.cache/mutants',
  checkers: [],
  allowEmpty: false,
};
