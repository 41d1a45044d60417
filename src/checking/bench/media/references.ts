/** The references that need nothing but the platform: AES-GCM by WebCrypto alone, and no encryption. */
import { AES_128_GCM_SHA256_128 as SUITE, prefixed, type Bytes } from '../../../media/sframe/index.ts';
import type { Contender, Frame } from './contender.ts';

export const RAW = 'raw AES-GCM by WebCrypto';
export const FRAMED = 'AES-GCM by WebCrypto behind a header';
export const COPY = 'a copy';

/** An SFrame header in the middle of a call: config byte, KID, counter. */
const HEADER_BYTES = 5;

/**
 * What AES-GCM by WebCrypto takes for the same frame: one held key, a counter as the nonce, as many bytes authenticated besides. No
 * header is made or read, and the result stays as it is.
 */
export async function createRawAesGcm(frame: Frame): Promise<Contender<Bytes | ArrayBuffer, ArrayBuffer>> {
  const { subtle } = crypto;
  const usages: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await subtle.generateKey({ name: 'AES-GCM', length: SUITE.keyBytes * 8 }, false, usages);
  const additionalData = new Uint8Array(HEADER_BYTES + frame.metadata.length);
  const parametersInOrder = (): (() => AesGcmParams) => {
    let count = 0;
    return () => {
      count += 1;
      const iv = new Uint8Array(SUITE.nonceBytes);
      for (let at = iv.length - 1, rest = count; rest > 0; at -= 1, rest >>>= 8) iv[at] = rest;
      return { name: 'AES-GCM', iv, additionalData };
    };
  };
  const [sending, receiving] = [parametersInOrder(), parametersInOrder()];
  return {
    name: RAW,
    protect: ({ plaintext }) => subtle.encrypt(sending(), key, plaintext),
    open: (ciphertext) => subtle.decrypt(receiving(), key, ciphertext),
    added: (ciphertext, { plaintext }) => ciphertext.byteLength - plaintext.length,
    plain: (buffer) => new Uint8Array(buffer),
  };
}

/** Raw AES-GCM whose result is put behind a header, as a frame is sent: the least that SFrame by WebCrypto has to do. */
export async function createFramedAesGcm(frame: Frame): Promise<Contender<Bytes, ArrayBuffer>> {
  const raw = await createRawAesGcm(frame);
  const header = new Uint8Array(HEADER_BYTES);
  return {
    name: FRAMED,
    protect: async (it) => prefixed(header, new Uint8Array(await raw.protect(it))),
    open: (bytes, it) => raw.open(bytes.subarray(HEADER_BYTES), it),
    added: (bytes, { plaintext }) => bytes.length - plaintext.length,
    plain: (buffer) => new Uint8Array(buffer),
  };
}

/** No encryption: each frame is copied, as a transform that hands on new contents does. */
export const copying: Contender<Bytes, Bytes> = {
  name: COPY,
  protect: ({ plaintext }) => plaintext.slice(),
  open: (bytes) => bytes.slice(),
  added: (bytes, { plaintext }) => bytes.length - plaintext.length,
  plain: (bytes) => bytes,
};
