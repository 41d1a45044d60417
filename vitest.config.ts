import { defineConfig } from 'vitest/config';

const minutes = (count: number): number => count * 60_000;

/**
 * Projects, one for each kind of test:
 * - `unit`: next to the sources, in Node;
 * - `models`: the spec against the machine against MLS, in Node; `models-more`: what of it takes long, `nightly`: longer than CI has;
 * - `e2e`: real browsers, one test file at a time; `e2e-more`: what of it takes long.
 */
export default defineConfig({
  test: {
    passWithNoTests: false,
    allowOnly: false,
    // CI has two cores, of which the default takes one.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.{ts,mjs}', 'demo/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.e2e.test.ts'],
          testTimeout: minutes(0.5),
          hookTimeout: minutes(0.5),
        },
      },
      {
        test: {
          name: 'models',
          environment: 'node',
          include: ['model-tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{long,nightly}.test.ts'],
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
      {
        test: {
          name: 'models-more',
          environment: 'node',
          include: ['model-tests/**/*.long.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
      {
        test: {
          name: 'nightly',
          environment: 'node',
          include: ['model-tests/**/*.nightly.test.ts'],
          exclude: ['**/node_modules/**'],
          // They measure how fast many participants get on, and kill processes at moments of their choice.
          fileParallelism: false,
          testTimeout: minutes(30),
          hookTimeout: minutes(5),
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['demo/e2e/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: minutes(3),
          hookTimeout: minutes(3),
        },
      },
      {
        test: {
          name: 'e2e-more',
          environment: 'node',
          include: ['demo/e2e/**/*.long.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: minutes(3),
          hookTimeout: minutes(3),
        },
      },
    ],
  },
});
