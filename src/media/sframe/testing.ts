import { type Bytes } from './bytes.ts';
import { type EpochInput } from './epoch-input.ts';
import { KeyRing } from './key-ring.ts';
import { AES_128_GCM_SHA256_128, type Suite } from './suites.ts';

/** Bytes of a hexadecimal text. */
export function unhex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** fast-check parameters: FC_SEED repeats a run. The seed is printed. */
export function seeded(name: string, numRuns: number): { seed: number; numRuns: number } {
  const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${name}: ${numRuns} runs, FC_SEED=${seed}`);
  return { seed, numRuns };
}

/** Participants by leaf index. */
export const PEOPLE = ['alice', 'bob', 'carol', 'dave'] as const;

/** An epoch as the MLS core of the member at `own` would hand it over. Equal `secret` stands for equal exporters. */
export function epochInput(
  own: number,
  epoch: number,
  options: { secret?: number; group?: number; leaves?: readonly number[]; suite?: Suite } = {},
): EpochInput {
  const { secret = epoch, group = 1, leaves = [0, 1, 2, 3], suite = AES_128_GCM_SHA256_128 } = options;
  const baseKey = new Uint8Array(suite.keyBytes).fill(secret & 0xff);
  baseKey[0] = group;
  baseKey[1] = secret >> 8;
  return {
    groupId: Uint8Array.of(group),
    epoch: BigInt(epoch),
    baseKey,
    ownLeafIndex: own,
    members: leaves.map((leafIndex) => ({ leafIndex, participant: PEOPLE[leafIndex] ?? `p${leafIndex}` })),
  };
}

/** A ring for each of `owners`, all in `epoch`. */
export async function ringsAt(epoch: number, ...owners: readonly number[]): Promise<KeyRing[]> {
  return Promise.all(
    owners.map(async (own) => {
      const ring = new KeyRing(AES_128_GCM_SHA256_128);
      await ring.setEpoch(epochInput(own, epoch), 0);
      return ring;
    }),
  );
}

/** Protects, and fails the test when that is refused. */
export async function sealed(ring: KeyRing, text: string, context = 0): Promise<Bytes> {
  const result = await ring.protect(context, new TextEncoder().encode(text), new Uint8Array(0));
  if (!result.ok) throw new Error(`not protected: ${result.refusal}`);
  return result.bytes;
}

/** Opens: `sender: text`, or the refusal. */
export async function opened(ring: KeyRing, bytes: Bytes, now = 0): Promise<string> {
  const result = await ring.open(bytes, new Uint8Array(0), now);
  return result.ok
    ? `${result.sender.participant}: ${new TextDecoder().decode(result.bytes)}`
    : result.refusal;
}
