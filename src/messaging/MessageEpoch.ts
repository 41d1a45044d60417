import type { ParticipantId } from '../protocol/ids.ts';
import { concat, hex } from '../protocol/wire/bytes.ts';
import { MESSAGE_LIMITS } from './limits.ts';
import {
  associatedData,
  decodePlaintext,
  encodeHeader,
  encodePlaintext,
  newNonce,
  signedContent,
  type SealedMessage,
} from './sealed.ts';

/** What the MLS core hands over when it has merged a commit or joined by a Welcome. */
export interface MessageEpochInput {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** `MLS-Exporter(MESSAGE_KEY_LABEL, "", 32)`. Copied. */
  readonly key: Uint8Array;
  /** The own participant. */
  readonly self: ParticipantId;
  /** Everybody in the epoch, oneself included. Keys are Ed25519, 32 bytes. */
  readonly members: readonly { readonly participant: ParticipantId; readonly signatureKey: Uint8Array }[];
}

/** Signs with the key of the own leaf; 64 bytes. */
export type Sign = (content: Uint8Array) => Uint8Array;
/** Ed25519: key, content, signature. */
export type Verify = (key: Uint8Array, content: Uint8Array, signature: Uint8Array) => boolean;

/** WebCrypto keeps the key, where no script can read it; the copy that it was made from is wiped. */
async function importKey(key: Uint8Array): Promise<CryptoKey> {
  const copy = new Uint8Array(key);
  try {
    return await crypto.subtle.importKey('raw', copy, 'AES-GCM', false, ['encrypt', 'decrypt']);
  } finally {
    copy.fill(0);
  }
}

/** The key of one epoch, and what was sent and heard under it. */
export class MessageEpoch {
  readonly epoch: bigint;
  readonly groupId: Uint8Array;
  readonly self: ParticipantId;
  /** When the group left it; null while it is the current one. */
  retiredAt: number | null = null;
  readonly #members: ReadonlyMap<ParticipantId, Uint8Array>;
  readonly #key: Promise<CryptoKey>;
  readonly #heard = new Map<ParticipantId, number>();
  #sent = 0;

  constructor({ groupId, epoch, key, self, members }: MessageEpochInput) {
    this.groupId = groupId;
    this.epoch = epoch;
    this.self = self;
    this.#members = new Map(members.map(({ participant, signatureKey }) => [participant, signatureKey]));
    this.#key = importKey(key);
    // Whoever uses it hears of it.
    this.#key.catch(() => undefined);
  }

  has(participant: ParticipantId): boolean {
    return this.#members.has(participant);
  }

  isThatOf({ groupId, epoch, self }: MessageEpochInput): boolean {
    return this.epoch === epoch && this.self === self && hex(this.groupId) === hex(groupId);
  }

  /** Null once the counters are used up. Rejects as `sign` throws. */
  async seal(content: Uint8Array, sign: Sign): Promise<Uint8Array | null> {
    if (this.#sent > MESSAGE_LIMITS.counter) return null;
    const of = { epoch: this.epoch, sender: this.self, counter: this.#sent++ };
    const nonce = newNonce();
    const header = encodeHeader(of, nonce);
    const signature = sign(signedContent(this.groupId, of, content));
    const additionalData = associatedData(header, this.groupId);
    const plaintext = encodePlaintext(signature, content);
    const ciphertext = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce, additionalData },
      await this.#key,
      plaintext,
    );
    return concat(header, new Uint8Array(ciphertext));
  }

  /** Its content, or why it is none that counts. Only what its sender signed moves the counter on. */
  async open(
    message: SealedMessage,
    verify: Verify,
  ): Promise<Uint8Array | 'not_member' | 'not_opened' | 'bad_signature' | 'replayed'> {
    const signatureKey = this.#members.get(message.sender);
    if (signatureKey === undefined) return 'not_member';
    const plaintext = await this.#decrypt(message);
    if (plaintext === null) return 'not_opened';
    const inner = decodePlaintext(plaintext);
    if (inner === null) return 'not_opened';
    const { signature, content } = inner;
    if (!verify(signatureKey, signedContent(this.groupId, message, content), signature))
      return 'bad_signature';
    if (message.counter <= (this.#heard.get(message.sender) ?? -1)) return 'replayed';
    this.#heard.set(message.sender, message.counter);
    return content;
  }

  async #decrypt({ header, nonce, ciphertext }: SealedMessage): Promise<Uint8Array | null> {
    const key = await this.#key;
    try {
      const additionalData = associatedData(header, this.groupId);
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData }, key, ciphertext),
      );
    } catch {
      return null;
    }
  }
}
