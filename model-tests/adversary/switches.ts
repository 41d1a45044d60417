import type { Refusal } from '../../src/protocol/counts.ts';

/**
 * What a run leaves out that is no rule of the machine: why an entry would count for nothing, and what the service's word is held
 * against. Only the mocks of these tests look at it.
 */
export const switches = {
  ignored: new Set<Refusal>(),
  signatures: true,
  parts: true,
  digests: true,
};

/** Everything is held against everything again. */
export function reset(): void {
  switches.ignored.clear();
  Object.assign(switches, { signatures: true, parts: true, digests: true });
}
