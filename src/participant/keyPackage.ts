import { MlsError } from '../mls/MlsGroup.ts';
import { checkKeyPackage } from '../mls/wasm.ts';
import { hex } from '../protocol/wire/bytes.ts';
import type { KeyPackageFacts } from '../protocol/wire/verify.ts';

/**
 * The fixed check of a key package, as the border of the protocol asks it: null where it is refused, which is a fact
 * about the bytes and the same for everybody.
 *
 * @throws MlsError `dead_instance` where the MLS core has trapped: that says nothing about the bytes.
 */
export function judgeKeyPackage(keyPackage: Uint8Array): KeyPackageFacts | null {
  try {
    const facts = checkKeyPackage(keyPackage);
    return {
      participant: facts.participant,
      signatureKey: hex(facts.signatureKey),
      hpkeKeys: [hex(facts.hpkeInitKey), hex(facts.hpkeLeafKey)],
    };
  } catch (error) {
    if (error instanceof MlsError && error.code !== 'dead_instance') return null;
    throw error;
  }
}
