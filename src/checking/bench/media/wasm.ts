/**
 * What the benchmark has in wasm and production has not (crates/mls-rs-wasm/bench): application messages of mls-rs, and SFrame by an
 * AES-GCM in wasm, to see what each costs.
 */
import { nonceOf } from '../../../media/sframe/cipher.ts';
import { decodeHeader, encodeHeader } from '../../../media/sframe/header.ts';
import { AES_128_GCM_SHA256_128 as SUITE, type Bytes } from '../../../media/sframe/index.ts';
import { sameBytes, type Contender } from './contender.ts';

export const MLS = 'an MLS application message, mls-rs in wasm';
export const WASM = 'SFrame, AES-GCM in wasm';

interface WasmMember {
  keyPackage(): Uint8Array;
  /** Gives the Welcome. */
  found(keyPackages: readonly Uint8Array[]): Uint8Array;
  join(welcome: Uint8Array): void;
  protect(plaintext: Uint8Array, metadata: Uint8Array): Uint8Array;
  open(message: Uint8Array): Uint8Array;
}

interface WasmAead {
  /** Where in the memory its buffer is: nonce, authenticated data, text, tag. */
  buffer(): number;
  seal(metadata: number, plaintext: number): void;
  open(metadata: number, plaintext: number): boolean;
}

/** The JavaScript of the module, as wasm-bindgen makes it. */
export interface WasmGlue {
  initSync(of: { readonly module: BufferSource }): { readonly memory: WebAssembly.Memory };
  readonly Member: new (id: Uint8Array) => WasmMember;
  readonly Aead: new (key: Uint8Array, room: number) => WasmAead;
}

export interface BenchWasm extends Omit<WasmGlue, 'initSync'> {
  readonly memory: WebAssembly.Memory;
}

export function startWasm(glue: WasmGlue, module: BufferSource): BenchWasm {
  const { memory } = glue.initSync({ module });
  return { memory, Member: glue.Member, Aead: glue.Aead };
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** One MLS application message a frame, in a group of four. */
export function createMlsMessages({ Member }: BenchWasm): Contender<Uint8Array, Uint8Array> {
  const newMember = (): WasmMember => new Member(random(16));
  const [sender, receiver, ...others] = [newMember(), newMember(), newMember(), newMember()];
  receiver.join(sender.found([receiver, ...others].map((it) => it.keyPackage())));
  return {
    name: MLS,
    protect: ({ plaintext, metadata }) => sender.protect(plaintext, metadata),
    open: (message) => receiver.open(message),
    // The authenticated data is in the message; in an SFrame call it is beside it.
    added: (message, { plaintext, metadata }) => message.length - plaintext.length - metadata.length,
    plain: (bytes) => bytes,
  };
}

const MOST_BYTES = 64 * 1024;
const ROOM = SUITE.nonceBytes + MOST_BYTES + SUITE.tagBytes;
/** The KID of the camera of leaf 1, in 3 bytes: no shorter than those of a call. */
const KID = 65_606n;

/**
 * SFrame whose AES-GCM is computed in wasm, at once, in constant time. Throws where it gives other bytes than WebCrypto does.
 */
export async function createWasmSFrame({ memory, Aead }: BenchWasm): Promise<Contender<Bytes, Bytes>> {
  const key = random(SUITE.keyBytes);
  const salt = random(SUITE.nonceBytes);
  const aead = new Aead(key, MOST_BYTES);
  const at = aead.buffer();
  let held = new Uint8Array(memory.buffer, at, ROOM);
  /** Memory that has grown is another buffer. */
  const buffer = (): Uint8Array =>
    held.length === 0 ? (held = new Uint8Array(memory.buffer, at, ROOM)) : held;
  let count = 0n;

  const contender: Contender<Bytes, Bytes> = {
    name: WASM,
    protect: ({ plaintext, metadata }) => {
      const ctr = (count += 1n);
      const header = encodeHeader({ kid: KID, ctr });
      const frame = new Uint8Array(header.length + plaintext.length + SUITE.tagBytes);
      const authenticated = header.length + metadata.length;
      const text = SUITE.nonceBytes + authenticated;
      const to = buffer();
      to.set(nonceOf(salt, ctr));
      to.set(header, SUITE.nonceBytes);
      to.set(metadata, SUITE.nonceBytes + header.length);
      to.set(plaintext, text);
      aead.seal(authenticated, plaintext.length);
      frame.set(header);
      frame.set(buffer().subarray(text, text + plaintext.length + SUITE.tagBytes), header.length);
      return frame;
    },
    open: (frame, { metadata }) => {
      const header = decodeHeader(frame);
      if (header === undefined) throw new Error('no header');
      const length = frame.length - header.length - SUITE.tagBytes;
      const authenticated = header.length + metadata.length;
      const text = SUITE.nonceBytes + authenticated;
      const to = buffer();
      to.set(nonceOf(salt, header.ctr));
      to.set(frame.subarray(0, header.length), SUITE.nonceBytes);
      to.set(metadata, SUITE.nonceBytes + header.length);
      to.set(frame.subarray(header.length), text);
      if (!aead.open(authenticated, length)) throw new Error('not opened');
      return new Uint8Array(buffer().subarray(text, text + length));
    },
    added: (frame, { plaintext }) => frame.length - plaintext.length,
    plain: (bytes) => bytes,
  };

  const [plaintext, metadata] = [random(100), random(10)];
  const frame = await contender.protect({ context: 1, plaintext, metadata });
  const header = frame.slice(0, decodeHeader(frame)?.length);
  const webCrypto = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonceOf(salt, count), additionalData: new Uint8Array([...header, ...metadata]) },
    await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']),
    plaintext,
  );
  if (!sameBytes(frame.subarray(header.length), new Uint8Array(webCrypto)))
    throw new Error('AES-GCM in wasm gives other bytes than WebCrypto');
  return contender;
}
