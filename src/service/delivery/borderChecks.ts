import { borderChecks } from '../../mls/borderChecks.ts';
import { MlsError } from '../../mls/MlsGroup.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import type { BorderChecks } from '../../protocol/wire/verify.ts';

/** Instances that one question may cost. The first may have been dead or dying for another reason. */
const INSTANCES = 2;

/** A wasm instance that traps is replaced, and the question asked again; where each one traps, the answer is `lost`. */
function ask<T>(question: () => T, lost: T): T {
  for (let instance = 0; instance < INSTANCES; instance++) {
    loadMlsInNode();
    try {
      return question();
    } catch (error) {
      if (!(error instanceof MlsError)) throw error;
    }
  }
  return lost;
}

/** The checks of participants, at the service: total. Bytes at which the core traps each time are refused. */
export const serviceChecks: BorderChecks = {
  checkKeyPackage: (keyPackage) => ask(() => borderChecks.checkKeyPackage(keyPackage), 'core_lost'),
  verifies: (key, content, signature) => ask(() => borderChecks.verifies(key, content, signature), false),
};
