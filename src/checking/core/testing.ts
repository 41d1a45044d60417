/** What the tests of the two cores share. `loadMlsInNode` comes first. */
import { MlsError, type ExpectedCommit } from '../../mls/MlsGroup.ts';
import { createMlsGroup } from '../../mls/wasm.ts';
import { digest, hex, unhex } from '../../protocol/wire/bytes.ts';
import { AbstractGroup, type GroupCore } from './AbstractGroup.ts';

export const idOf = (number: number): string => number.toString(16).padStart(32, '0');
let made = 0;
export const KINDS: readonly (readonly [string, (participant?: string) => GroupCore])[] = [
  ['wasm', (participant = idOf(++made)) => createMlsGroup({ participant, now: 1_795_305_600 })],
  ['abstract', (participant = idOf(++made)) => new AbstractGroup(participant)],
];

/** `done`, or the code of the refusal. */
export function outcome(step: () => unknown): string {
  try {
    step();
    return 'done';
  } catch (error) {
    if (error instanceof MlsError) return error.code;
    throw error;
  }
}

export const epochOf = (it: GroupCore): string => (it.hasGroup ? hex(it.epochAuthenticator) : 'none');
export const stateOf = (it: GroupCore): unknown => [it.hasGroup, it.hasPending, epochOf(it)];

export const expectedOf = (
  committer: GroupCore,
  adds: readonly GroupCore[] = [],
  removes: readonly GroupCore[] = [],
  path = false,
): ExpectedCommit => ({
  committer: committer.participant,
  adds: adds.map((it) => ({ participant: it.participant, keyPackageHash: unhex(digest(it.keyPackage)) })),
  removes: removes.map((it) => it.participant),
  path,
});
export const commits = (
  it: GroupCore,
  adds: readonly GroupCore[] = [],
  removes: readonly GroupCore[] = [],
  path = false,
) =>
  it.commit(
    adds.map((one) => one.keyPackage),
    removes.map((one) => one.participant),
    path,
  );

/** A group id. */
export const GROUP = Uint8Array.of(7);
