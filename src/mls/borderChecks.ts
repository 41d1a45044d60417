import { hex } from '../protocol/wire/bytes.ts';
import { KEY_PACKAGE_FLAWS, type KeyPackageFacts, type KeyPackageFlaw } from '../protocol/wire/keyPackage.ts';
import type { BorderChecks } from '../protocol/wire/verify.ts';
import { MlsError } from './MlsGroup.ts';
import { checkKeyPackage, verifies } from './wasm.ts';

const isFlaw = (code: string): code is KeyPackageFlaw => Object.hasOwn(KEY_PACKAGE_FLAWS, code);

function judgeKeyPackage(keyPackage: Uint8Array): KeyPackageFacts | KeyPackageFlaw {
  try {
    const facts = checkKeyPackage(keyPackage);
    return {
      participant: facts.participant,
      signatureKey: hex(facts.signatureKey),
      hpkeKeys: [hex(facts.hpkeInitKey), hex(facts.hpkeLeafKey)],
    };
  } catch (error) {
    if (!(error instanceof MlsError) || error.code === 'dead_instance' || error.code === 'not_loaded')
      throw error;
    return isFlaw(error.code) ? error.code : 'invalid';
  }
}

/**
 * The checks of the protocol's border, by the wasm: at the service and at each participant the same code, so that odd bytes
 * are the same to all.
 *
 * They throw MlsError `dead_instance` or `not_loaded` where there is no core to ask: that says nothing about the bytes.
 */
export const borderChecks: BorderChecks = { checkKeyPackage: judgeKeyPackage, verifies };
