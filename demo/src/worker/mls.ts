import wasmUrl from 'mls-rs-wasm/wasm?url';
import type { MlsGroup } from '../../../src/mls/MlsGroup.ts';
import { createMlsGroup, loadMls } from '../../../src/mls/wasm.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';

/**
 * Fetches the MLS core, and gives what makes the group of a new participant. `loadMls` does nothing while its instance
 * lives, and makes a new one after a trap.
 */
export async function fetchMls(): Promise<(participant: ParticipantId) => MlsGroup> {
  const module = await WebAssembly.compileStreaming(fetch(wasmUrl));
  return (participant) => {
    loadMls(module);
    return createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) });
  };
}
