import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { unseal } from '../../media/sframe/cipher.ts';
import { deriveFrameKey, importBaseKey, type BaseKey } from '../../media/sframe/derive.ts';
import { decodeHeader } from '../../media/sframe/header.ts';
import {
  AES_128_GCM_SHA256_128,
  BASE_KEY_LABEL,
  KeyRing,
  SFrameError,
  type Bytes,
} from '../../media/sframe/index.ts';
import { hex, utf8 } from '../../protocol/wire/bytes.ts';

const SUITE = AES_128_GCM_SHA256_128;
const NO_METADATA = new Uint8Array();

/** A base key, and what tells it from others. */
export interface HeldKey {
  readonly id: string;
  readonly key: BaseKey;
}

/** The media keys that a participant has from its MLS group, and a frame that it protects with them. */
export interface MediaKeys {
  readonly held: HeldKey;
  /** The production key ring, with this epoch alone: what a retention time would keep is not in it. */
  readonly ring: KeyRing;
  readonly frame: Frame;
}

/** Bytes of the exporter that say whether a group has moved: nothing else of it is looked at in between. */
export function exported(mls: MlsGroup): { readonly id: string; readonly baseKey: Uint8Array } {
  const baseKey = mls.exportSecret(BASE_KEY_LABEL, NO_METADATA, SUITE.keyBytes);
  return { id: `${hex(baseKey)} ${hex(mls.epochAuthenticator)} ${mls.ownLeafIndex}`, baseKey };
}

/** @throws SFrameError where a group's epoch, members or leaf are none. */
export async function mediaKeysOf(mls: MlsGroup, baseKey: Uint8Array): Promise<MediaKeys> {
  const { groupId, epoch, ownLeafIndex, roster, participant } = mls;
  const ring = new KeyRing(SUITE);
  await ring.setEpoch({ groupId, epoch, baseKey, ownLeafIndex, members: roster }, 0);
  const plaintext = new Uint8Array(utf8(`said by ${participant} in epoch ${epoch}`));
  const protectedFrame = await ring.protect(0, plaintext, NO_METADATA);
  if (!protectedFrame.ok) throw new SFrameError('kid-out-of-range', protectedFrame.refusal);
  const held = { id: hex(baseKey), key: await importBaseKey(SUITE, baseKey) };
  return { held, ring, frame: new Frame(participant, protectedFrame.bytes, plaintext) };
}

/** A frame of media, as it goes over the wire. */
export class Frame {
  readonly #author: string;
  readonly #bytes: Bytes;
  readonly #plaintext: Uint8Array;
  /** By the id of a key: the same key on the same frame has the same result. */
  readonly #tried = new Map<string, Promise<boolean>>();

  constructor(author: string, bytes: Bytes, plaintext: Uint8Array) {
    this.#author = author;
    this.#bytes = bytes;
    this.#plaintext = plaintext;
  }

  /** As an honest receiver opens it: null, or why it cannot. */
  async openedBy(ring: KeyRing): Promise<string | null> {
    const opened = await ring.open(this.#bytes, NO_METADATA, 0);
    if (!opened.ok) return opened.refusal;
    if (opened.sender.participant !== this.#author) return 'it opens as somebody else’s';
    return this.#isMine(opened.bytes) ? null : 'it opens as something else';
  }

  /** As somebody tries who keeps to no rule: the key on the frame, whatever epoch the frame says it is of. */
  opensWith({ id, key }: HeldKey): { readonly result: Promise<boolean>; readonly first: boolean } {
    const known = this.#tried.get(id);
    if (known !== undefined) return { result: known, first: false };
    const result = this.#try(key);
    this.#tried.set(id, result);
    return { result, first: true };
  }

  async #try(key: BaseKey): Promise<boolean> {
    const header = decodeHeader(this.#bytes);
    if (header === undefined) return false;
    const frameKey = await deriveFrameKey(key, header.kid, 'decrypt');
    const [head, body] = [this.#bytes.subarray(0, header.length), this.#bytes.subarray(header.length)];
    const bytes = await unseal(frameKey, header.ctr, head, NO_METADATA, body);
    return bytes !== undefined && this.#isMine(bytes);
  }

  #isMine(bytes: Uint8Array): boolean {
    return hex(bytes) === hex(this.#plaintext);
  }
}
