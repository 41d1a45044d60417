/** Absolute path of a Chromium, Chrome or Edge; the environment variable CHROMIUM, if set, decides alone. */
export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
/** Absolute path of a Firefox; the environment variable FIREFOX, if set, decides alone. */
export function findFirefox(env?: NodeJS.ProcessEnv): string | undefined;
/** Absolute paths of the programs that commands and tests need, or undefined. Java is of version 11 or newer. */
export const find: Record<
  'java' | 'maven' | 'chromium' | 'firefox' | 'cargo' | 'rustc' | 'rustup',
  (env: NodeJS.ProcessEnv) => string | undefined
>;
/** Absolute path of the first of some names that is a program on PATH or in one of further folders. */
export function onPath(names: string[], env?: NodeJS.ProcessEnv, further?: string[]): string | undefined;
/** Major version in what `java -version` prints. */
export function javaMajor(output: string): number | undefined;
