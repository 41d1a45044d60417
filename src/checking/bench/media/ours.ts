/** Ours: SFrame as production has it, from one member's key ring to another's. */
import {
  AES_128_GCM_SHA256_128 as SUITE,
  KeyRing,
  type Bytes,
  type EpochInput,
  type Opened,
  type Protected,
} from '../../../media/sframe/index.ts';
import type { Contender } from './contender.ts';

export const OURS = 'SFrame';

/** A call of four, in an epoch whose KIDs have the length that most have. */
const MEMBERS = ['anna', 'ben', 'cleo', 'dave'].map((participant, leafIndex) => ({ leafIndex, participant }));
const EPOCH = 70n;
const SENDER = 1;
const RECEIVER = 2;
/** Milliseconds: a ring has no clock. */
const NOW = 0;

async function ringOf(ownLeafIndex: number, baseKey: Uint8Array): Promise<KeyRing> {
  const ring = new KeyRing(SUITE);
  const input: EpochInput = {
    groupId: Uint8Array.of(1),
    epoch: EPOCH,
    baseKey,
    ownLeafIndex,
    members: MEMBERS,
  };
  await ring.setEpoch(input, NOW);
  return ring;
}

export async function createOurs(): Promise<Contender<Protected, Opened>> {
  const baseKey = crypto.getRandomValues(new Uint8Array(SUITE.keyBytes));
  const [sender, receiver] = [await ringOf(SENDER, baseKey), await ringOf(RECEIVER, baseKey)];
  const bytesOf = (it: Protected | Opened): Bytes => {
    if (!it.ok) throw new Error(`refused: ${it.refusal}`);
    return it.bytes;
  };
  return {
    name: OURS,
    protect: ({ context, plaintext, metadata }) => sender.protect(context, plaintext, metadata),
    open: (it, { metadata }) => receiver.open(bytesOf(it), metadata, NOW),
    added: (it, { plaintext }) => bytesOf(it).length - plaintext.length,
    plain: bytesOf,
  };
}
