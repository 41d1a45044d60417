import { judgeKeyPackage } from '../../mls/keyPackage.ts';
import { MlsError } from '../../mls/MlsGroup.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import type { KeyPackageFacts, KeyPackageFlaw } from '../../protocol/wire/keyPackage.ts';

/** Instances that one key package may cost. The first may have been dead or dying for another reason. */
const INSTANCES = 2;

/**
 * The fixed check of a key package (rule Invited) at the service: the same as that of participants. Total: a wasm instance
 * that traps is replaced, and the check tried again; bytes at which it traps each time are refused as `core_lost`.
 */
export function checkKeyPackage(keyPackage: Uint8Array): KeyPackageFacts | KeyPackageFlaw {
  for (let instance = 0; instance < INSTANCES; instance++) {
    loadMlsInNode();
    try {
      return judgeKeyPackage(keyPackage);
    } catch (error) {
      if (!(error instanceof MlsError)) throw error;
    }
  }
  return 'core_lost';
}
