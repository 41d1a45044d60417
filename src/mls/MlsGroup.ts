/**
 * The MLS group as a participant drives it: RFC 9420 with cipher suite 1 (X25519, AES-128-GCM, SHA-256, Ed25519), basic credentials
 * that hold exactly the participant id, and commits of inline adds and removes only. Synchronous. A call that throws an
 * `MlsError` has changed nothing.
 */

/** 16 random bytes as 32 lowercase hexadecimal digits. Used once. */
export type ParticipantId = string;

/** What can go wrong. Stable; an error's message is for people and may change. */
export const MLS_ERROR_CODES = [
  'malformed', // not of the right form: an argument, or bytes that are no MLS message
  'too_large', // over a size limit
  'bad_clock', // the time that was handed in is none of the years 1970 to 9999
  'no_group', // not a member of a group yet
  'group_exists', // founding or joining twice
  'no_pending', // merge without a founding or commit
  'pending_exists', // something is pending already: merge or discard it first
  'not_member', // a participant id or a sender that is not in the group
  'not_invited', // a Welcome that is for other key packages
  'wrong_group',
  'wrong_epoch',
  'wrong_suite',
  'wrong_committer', // not the designated committer
  'wrong_adds', // not the adds that are justified, in their order, with these key packages
  'wrong_removes', // not the removes that are justified, in their order
  'missing_path', // a commit must have an update path and has none
  'unexpected_content', // anything outside the profile: by-reference, external, PSK, extensions, other proposals, other authenticated data
  'own_commit', // an own commit is merged when it is read back, and not processed
  'removed', // this commit removes this participant: there is no next epoch for it
  'bad_signature',
  'bad_tag', // membership or confirmation tag
  'bad_credential',
  'bad_key', // a public key that is no point, or of small order
  'bad_lifetime',
  'crypto', // a ciphertext does not open
  'invalid', // any other rule of RFC 9420
  'closed', // used after `close`
  'not_loaded', // `loadMls` comes first
  'dead_instance', // the wasm instance trapped: it and all groups in it are gone
] as const;

export type MlsErrorCode = (typeof MLS_ERROR_CODES)[number];

export class MlsError extends Error {
  override readonly name = 'MlsError';
  readonly code: MlsErrorCode;
  /** The message without the code. */
  readonly reason: string;

  constructor(code: MlsErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.code = code;
    this.reason = reason;
  }
}

/** A commit, made but not current. */
export interface MlsCommit {
  /** MLSMessage(PublicMessage(Commit)), RFC 9420 sections 6.2 and 12.4. */
  readonly commit: Uint8Array;
  /** MLSMessage(Welcome) with the ratchet tree in it, sections 12.4.3.1 and 12.4.3.3; empty if nobody is added. */
  readonly welcome: Uint8Array;
  /** Epoch authenticator (section 8.7) of the epoch that the commit leads to; 32 bytes. */
  readonly authenticator: Uint8Array;
}

/** An add that the log calls for. */
export interface ExpectedAdd {
  readonly participant: ParticipantId;
  /** SHA-256 of the key package as it was published (all bytes of the MLSMessage); 32 bytes. */
  readonly keyPackageHash: Uint8Array;
}

/** The commit that the log calls for next: the rules Designated and Justified. */
export interface ExpectedCommit {
  readonly committer: ParticipantId;
  /** In order of arrival. */
  readonly adds: readonly ExpectedAdd[];
  /** In order. */
  readonly removes: readonly ParticipantId[];
  /** True if a refresh is due: then it must have an update path. One that removes always must (section 12.4). */
  readonly path: boolean;
  /** Its authenticated data (section 6), exactly. Default: none. */
  readonly authenticatedData?: Uint8Array;
}

export interface MlsMember {
  readonly leafIndex: number;
  readonly participant: ParticipantId;
  /** Ed25519, 32 bytes. */
  readonly signatureKey: Uint8Array;
}

/** What a key package that passed the fixed check says. */
export interface KeyPackageFacts {
  readonly participant: ParticipantId;
  /** Ed25519, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly hpkeInitKey: Uint8Array;
  /** X25519, 32 bytes: the HPKE key of the leaf. */
  readonly hpkeLeafKey: Uint8Array;
  /** SHA-256 of the key package, 32 bytes. */
  readonly hash: Uint8Array;
}

export interface MlsGroup {
  readonly participant: ParticipantId;
  /** Ed25519 public key of the own leaf, 32 bytes. It never changes. */
  readonly signatureKey: Uint8Array;
  /** The own key package, an MLSMessage (RFC 9420 section 10). Its private keys go when a group is entered. */
  readonly keyPackage: Uint8Array;

  /** Ed25519 with the leaf's key (64 bytes). `content` carries a label of its own; what MLS itself would sign is refused. */
  sign(content: Uint8Array): Uint8Array;

  /** Makes a group (section 11) of 1 to 255 bytes of id; current after `merge`. Gives the epoch authenticator of its epoch 0. */
  found(groupId: Uint8Array): Uint8Array;
  /**
   * Makes a commit (section 12.4.1); current after `merge`. `path` asks for an update path where the removes do not already.
   * A commit without adds and removes always has one. At most 1,000 adds and 1,000 removes. `authenticatedData` (section 6, at
   * most 255 bytes) goes into the transcript, and so into all secrets of the epoch that it leads to.
   */
  commit(
    addKeyPackages: readonly Uint8Array[],
    removeParticipants: readonly ParticipantId[],
    path: boolean,
    authenticatedData?: Uint8Array,
  ): MlsCommit;
  /** The own founding or commit was read back from the log: its epoch is the current one from here on. */
  merge(): void;
  /** Forgets the founding or commit that is pending, if there is one. */
  discard(): void;
  /** Goes to the next epoch by somebody else's commit (section 12.4.2), if it is the expected one. An own pending commit is lost. */
  process(commit: Uint8Array, expected: ExpectedCommit): void;
  /** Joins (section 12.4.3.1). Roster, group id and authenticator are then the caller's to compare with its view. */
  welcome(welcome: Uint8Array): void;

  readonly hasGroup: boolean;
  readonly hasPending: boolean;
  /** These need a group. */
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** Section 8.7; 32 bytes. */
  readonly epochAuthenticator: Uint8Array;
  readonly ownLeafIndex: number;
  /** By leaf index. */
  readonly roster: readonly MlsMember[];
  /** MLS-Exporter (section 8.5) of the current epoch; `label` at most 255 bytes of UTF-8, `length` 1 to 255 bytes. */
  exportSecret(label: string, context: Uint8Array, length: number): Uint8Array;

  /** A deep copy with the same keys: for tests and replays, never for two lives of one participant. */
  copy(): MlsGroup;
  /** Wipes and frees. Every later call throws `closed`. */
  close(): void;
}
