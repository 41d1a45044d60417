import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Absolute path of something in the repository. */
export const inRoot = (...parts) => join(root, ...parts);

/** The ignored folder for what is fetched or computed: the TLC jar, reports of test runs. */
export const cacheFolder = inRoot('.cache');

/** Script of an installed development tool, to be run with this Node itself: works without a shell everywhere. */
export const tools = {
  eslint: inRoot('node_modules', 'eslint', 'bin', 'eslint.js'),
  prettier: inRoot('node_modules', 'prettier', 'bin', 'prettier.cjs'),
  tsc: inRoot('node_modules', 'typescript', 'bin', 'tsc'),
  vite: inRoot('node_modules', 'vite', 'bin', 'vite.js'),
  vitest: inRoot('node_modules', 'vitest', 'vitest.mjs'),
};
