import wasmUrl from 'mls-rs-wasm/wasm?url';
import { MlsError, type MlsGroup } from '../../../src/mls/MlsGroup.ts';
import { checkKeyPackage, createMlsGroup, loadMls } from '../../../src/mls/wasm.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import { hex } from '../../../src/protocol/wire/bytes.ts';
import type { KeyPackageFacts } from '../../../src/protocol/wire/verify.ts';

/** The MLS core as a session needs it. */
export interface MlsCore {
  createMls(participant: ParticipantId): MlsGroup;
  checkKeyPackage(keyPackage: Uint8Array): KeyPackageFacts | null;
}

/** Fetches the MLS core. `loadMls` does nothing while its instance lives, and makes a new one after a trap. */
export async function fetchMls(): Promise<MlsCore> {
  const module = await WebAssembly.compileStreaming(fetch(wasmUrl));
  return {
    createMls: (participant) => {
      loadMls(module);
      return createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) });
    },
    checkKeyPackage: (keyPackage) => {
      loadMls(module);
      try {
        const { participant, signatureKey } = checkKeyPackage(keyPackage);
        return { participant, signatureKey: hex(signatureKey) };
      } catch (error) {
        // A refusal is a fact about the bytes, the same for everybody; a trap is not.
        if (error instanceof MlsError && error.code !== 'dead_instance') return null;
        throw error;
      }
    },
  };
}
