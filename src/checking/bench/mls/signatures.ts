/** Ed25519 over a header's worth of bytes: what production uses, against WebCrypto and what else there is. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { verifies } from '../../../mls/wasm.ts';
import { signedContent } from '../../../protocol/wire/signature.ts';
import { measure, type Effort } from '../measure.ts';
import { row, type Row } from '../row.ts';
import { newMember } from './room.ts';

/** Bytes of a header with some adds. */
const HEADER = 300;

export async function signatureRows(effort: Effort): Promise<readonly Row[]> {
  const header = crypto.getRandomValues(new Uint8Array(HEADER));
  const content = Uint8Array.from(signedContent(header));
  const seed = ed25519.utils.randomSecretKey();
  const publicKey = Uint8Array.from(ed25519.getPublicKey(seed));
  const signature = Uint8Array.from(ed25519.sign(content, seed));
  const { subtle } = crypto;
  const imported = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  const member = newMember();

  const timed = async (run: () => unknown) => measure(effort, { prepare: () => null, run });
  const ours = await timed(() => verifies(publicKey, content, signature));
  const noble = await timed(() => ed25519.verify(signature, content, publicKey, { zip215: false }));
  const held = await timed(() => subtle.verify('Ed25519', imported, signature, content));
  const fresh = await timed(async () =>
    subtle.verify(
      'Ed25519',
      await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']),
      signature,
      content,
    ),
  );
  const wasmSign = await timed(() => member.sign(content));
  const nobleSign = await timed(() => ed25519.sign(content, seed));
  const webSign = await timed(() => subtle.sign('Ed25519', pair.privateKey, content));
  member.close();

  type Time = typeof ours;
  const compare = (name: string, ours: Time, reference: Time): Row =>
    row({
      case: name,
      unit: 'µs',
      ours: ours.median * 1000,
      reference: reference.median * 1000,
      repetitions: [ours.repetitions, reference.repetitions],
    });
  return [
    compare('verify a header: the wasm, to WebCrypto with a key that is held', ours, held),
    compare('verify a header: the wasm, to WebCrypto with a key imported each time', ours, fresh),
    compare('verify a header: the wasm, to @noble/curves', ours, noble),
    compare('sign a header: the wasm, to WebCrypto', wasmSign, webSign),
    compare('sign a join with the seed of the link: @noble/curves, to WebCrypto', nobleSign, webSign),
  ];
}
