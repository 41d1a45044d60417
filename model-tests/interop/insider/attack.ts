import type { ExpectedCommit, MlsErrorCode } from '../../../src/mls/MlsGroup.ts';
import type { Scene } from './scene.ts';

/** A message of the insider, and the code with which our core refuses it. */
export interface Attack {
  readonly name: string;
  readonly code: MlsErrorCode;
  readonly make: (scene: Scene) => Promise<Uint8Array>;
  /** What the log calls for, where it is not the commit that adds the joiner. */
  readonly expected?: (scene: Scene) => Partial<ExpectedCommit>;
  /** Who must refuse it: all, where nothing is said. A path can be garbage for some and right for others. */
  readonly readers?: readonly Reader[];
}

export const READERS = ['own', 'other', 'last'] as const;
export type Reader = (typeof READERS)[number];

/** For a table of attacks: name, code, how the message is made. */
export const attack = (
  name: string,
  code: MlsErrorCode,
  make: Attack['make'],
  expected?: Attack['expected'],
  readers?: Attack['readers'],
): Attack => ({ name, code, make, ...(expected && { expected }), ...(readers && { readers }) });
