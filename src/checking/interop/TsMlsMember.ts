/**
 * A member of an MLS group by another implementation, ts-mls, in the profile of `MlsGroup`: cipher suite 1, basic credentials that
 * hold the participant id, commits as PublicMessage, the ratchet tree in the Welcome. For comparisons only: it checks what RFC 9420
 * asks for and nothing of what a log calls for. Throws whatever ts-mls throws.
 */
import {
  acceptAll,
  createCommit,
  createGroup,
  decodeMlsMessage,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  mlsExporter,
  processMessage,
  type Capabilities,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientState,
  type KeyPackage,
  type PrivateKeyPackage,
  type Proposal,
} from 'ts-mls';
import type { MlsCommit, MlsMember, ParticipantId } from '../../mls/MlsGroup.ts';
import { hex, unhex } from '../../protocol/wire/bytes.ts';

export const SUITE: CiphersuiteName = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

/** What a leaf of the profile says that it is able to do. */
export const PROFILE: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

/** Seconds: a key package lasts from a day ago to 30 days from now. */
const BACKDATED = 86_400n;
const LIFETIME = 31n * 86_400n;
const NOTHING = new Uint8Array();

let suite: Promise<CiphersuiteImpl> | undefined;

/** Cipher suite 1 over the platform's WebCrypto, as ts-mls has it by default. */
export const suiteOne = (): Promise<CiphersuiteImpl> =>
  (suite ??= getCiphersuiteImpl(getCiphersuiteFromName(SUITE)));

export class TsMlsMember {
  readonly participant: ParticipantId;
  /** MLSMessage(KeyPackage), RFC 9420 section 10. */
  readonly keyPackage: Uint8Array;
  readonly cipherSuite: CiphersuiteImpl;
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
  #current: ClientState | undefined;
  #pending: ClientState | undefined;

  private constructor(
    participant: ParticipantId,
    cipherSuite: CiphersuiteImpl,
    packages: { readonly publicPackage: KeyPackage; readonly privatePackage: PrivateKeyPackage },
  ) {
    this.participant = participant;
    this.cipherSuite = cipherSuite;
    this.publicPackage = packages.publicPackage;
    this.privatePackage = packages.privatePackage;
    this.keyPackage = encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_key_package',
      keyPackage: this.publicPackage,
    });
  }

  /** `now` in seconds since 1970; ts-mls compares the lifetime of whom it adds with the platform's clock. */
  static async create(options: {
    readonly participant: ParticipantId;
    readonly now: number;
    readonly capabilities?: Capabilities;
    /** Whose cryptography; by default that of ts-mls. */
    readonly cipherSuite?: CiphersuiteImpl;
  }): Promise<TsMlsMember> {
    const cipherSuite = options.cipherSuite ?? (await suiteOne());
    const notBefore = BigInt(Math.floor(options.now)) - BACKDATED;
    const packages = await generateKeyPackage(
      { credentialType: 'basic', identity: unhex(options.participant) },
      options.capabilities ?? PROFILE,
      { notBefore, notAfter: notBefore + LIFETIME },
      [],
      cipherSuite,
    );
    return new TsMlsMember(options.participant, cipherSuite, packages);
  }

  /** The same member once more: its state is never changed in place. */
  copy(): TsMlsMember {
    const { publicPackage, privatePackage } = this;
    const copy = new TsMlsMember(this.participant, this.cipherSuite, { publicPackage, privatePackage });
    copy.#current = this.#current;
    return copy;
  }

  /** The state of ts-mls: immutable, but for what its secret tree uses up. */
  get state(): ClientState {
    if (this.#current === undefined) throw new Error('not a member of a group');
    return this.#current;
  }

  get hasGroup(): boolean {
    return this.#current !== undefined;
  }

  async found(groupId: Uint8Array): Promise<void> {
    const { publicPackage, privatePackage, cipherSuite } = this;
    this.#current = await createGroup(groupId, publicPackage, privatePackage, [], cipherSuite);
  }

  /**
   * A commit of inline proposals, current after `merge`. It has a path where the removes ask for one, and where it is empty: ts-mls
   * has no way to ask for one besides.
   */
  async commit(adds: readonly Uint8Array[], removes: readonly ParticipantId[]): Promise<MlsCommit> {
    const { state, cipherSuite } = this;
    const made = await createCommit(
      { state, cipherSuite },
      {
        wireAsPublicMessage: true,
        ratchetTreeExtension: true,
        extraProposals: [...adds.map(addOf), ...removes.map((it) => this.#removeOf(it))],
      },
    );
    this.#pending = made.newState;
    return {
      commit: encodeMlsMessage(made.commit),
      welcome:
        made.welcome === undefined
          ? NOTHING
          : encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome }),
      authenticator: made.newState.keySchedule.epochAuthenticator,
    };
  }

  #removeOf(participant: ParticipantId): Proposal {
    const leaf = this.roster.find((it) => it.participant === participant);
    if (leaf === undefined) throw new Error(`${participant} is no member`);
    return { proposalType: 'remove', remove: { removed: leaf.leafIndex } };
  }

  merge(): void {
    if (this.#pending === undefined) throw new Error('nothing is pending');
    this.#current = this.#pending;
    this.#pending = undefined;
  }

  discard(): void {
    this.#pending = undefined;
  }

  /** Goes to the next epoch by somebody else's commit, an MLSMessage(PublicMessage). */
  async process(commit: Uint8Array): Promise<void> {
    const message = decodeMlsMessage(commit, 0)?.[0];
    if (message?.wireformat !== 'mls_public_message') throw new Error('ts-mls: not a PublicMessage');
    const done = await processMessage(message, this.state, emptyPskIndex, acceptAll, this.cipherSuite);
    this.#pending = undefined;
    this.#current = done.newState;
  }

  /** Joins by an MLSMessage(Welcome). */
  async welcome(welcome: Uint8Array): Promise<void> {
    const message = decodeMlsMessage(welcome, 0)?.[0];
    if (message?.wireformat !== 'mls_welcome') throw new Error('ts-mls: not a Welcome');
    const { publicPackage, privatePackage, cipherSuite } = this;
    this.#current = await joinGroup(
      message.welcome,
      publicPackage,
      privatePackage,
      emptyPskIndex,
      cipherSuite,
    );
  }

  /** Whether a commit that it processed removed it. */
  get removed(): boolean {
    return this.state.groupActiveState.kind === 'removedFromGroup';
  }

  get groupId(): Uint8Array {
    return this.state.groupContext.groupId;
  }

  get epoch(): bigint {
    return this.state.groupContext.epoch;
  }

  get epochAuthenticator(): Uint8Array {
    return this.state.keySchedule.epochAuthenticator;
  }

  get ownLeafIndex(): number {
    return this.state.privatePath.leafIndex;
  }

  /** By leaf index. */
  get roster(): readonly MlsMember[] {
    return this.state.ratchetTree.flatMap((node, index) => {
      if (node?.nodeType !== 'leaf' || node.leaf.credential.credentialType !== 'basic') return [];
      const { credential, signaturePublicKey } = node.leaf;
      return [
        { leafIndex: index / 2, participant: hex(credential.identity), signatureKey: signaturePublicKey },
      ];
    });
  }

  /** MLS-Exporter, RFC 9420 section 8.5. */
  exportSecret(label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
    return mlsExporter(this.state.keySchedule.exporterSecret, label, context, length, this.cipherSuite);
  }
}

function addOf(bytes: Uint8Array): Proposal {
  const message = decodeMlsMessage(bytes, 0)?.[0];
  if (message?.wireformat !== 'mls_key_package') throw new Error('ts-mls: not a key package');
  return { proposalType: 'add', add: { keyPackage: message.keyPackage } };
}
