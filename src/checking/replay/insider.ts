import { MlsError, type MlsCommit, type MlsGroup } from '../../mls/MlsGroup.ts';
import { ParseError } from '../../protocol/errors.ts';
import { digest, hex, unhex, utf8 } from '../../protocol/wire/bytes.ts';
import { commitIdOf, groupIdOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader, type Header } from '../../protocol/wire/header.ts';
import type { Invite } from '../../protocol/wire/invite.ts';
import {
  decodeCommitPayload,
  encodeCommitPayload,
  encodeJoinPayload,
  payloadDigest,
} from '../../protocol/wire/payload.ts';
import { signedContent, signWithSeed } from '../../protocol/wire/signature.ts';
import type { Epochs, Named } from './epochs.ts';
import type { Ids } from './ids.ts';
import type { Insider } from './participant.ts';
import type { Lie } from './told.ts';
import { spoil } from './weakened.ts';

/** What an insider is made with. */
export interface InsiderOptions {
  readonly log: string;
  /** It signs its join with the key of this one. */
  readonly invite: Invite;
  /** The room's id, which everybody knows. */
  readonly room: string;
  readonly ids: Ids;
  /** Foundings and commits as the spec names them, by their hash. */
  readonly commits: Map<string, Named>;
  /** By id: of everybody who joined, and of the dishonest before they do. */
  readonly keyPackages: Map<string, Uint8Array>;
  readonly epochs: Epochs;
}

const NOTHING = new Uint8Array();
const NO_HASH = '00'.repeat(32);
const nameText = (name: Named): string => name.join(' ');

/** A commit, the group that it leads to, and whether it is what its header says. */
interface Made {
  readonly made: MlsCommit;
  readonly group: MlsGroup;
  readonly real: boolean;
}

/**
 * A dishonest participant over the real MLS core: what it signs is what the trace says, and the MLS commit in it is a
 * real one wherever MLS makes one. It keeps a copy of its group for each epoch, as nobody makes it erase any.
 */
export class WireInsider implements Insider<WireEntry> {
  readonly join: WireEntry;
  readonly #options: InsiderOptions;
  /** In no group: it founds and joins in copies. */
  readonly #mls: MlsGroup;
  /** By founding or commit, those that count somewhere. */
  readonly #groups = new Map<string, MlsGroup>();
  /** The MLS group ids of foundings: they follow from the log. */
  readonly #groupIds = new Map<string, Uint8Array>();
  /** Its own, until they count. */
  readonly #made = new Map<string, Pick<Made, 'group' | 'real'>>();

  constructor(mls: MlsGroup, options: InsiderOptions) {
    this.#mls = mls;
    this.#options = options;
    const { log, invite, keyPackages } = options;
    keyPackages.set(mls.participant, mls.keyPackage);
    const payload = encodeJoinPayload({ keyPackage: mls.keyPackage, sealed: utf8('dishonest') });
    const header = encodeHeader({
      kind: 'join',
      log,
      author: mls.participant,
      signatureKey: hex(mls.signatureKey),
      keyPackage: digest(mls.keyPackage),
      payload: payloadDigest(payload),
    });
    this.join = { header, signature: signWithSeed(invite.seed, header), payload };
  }

  groupAt(id: string | undefined): MlsGroup | null {
    return this.#groups.get(id ?? '') ?? null;
  }

  get groups(): readonly MlsGroup[] {
    return [...this.#groups.values()];
  }

  sign(lie: Lie, hash: string, bad: boolean): WireEntry {
    const { log, room, ids } = this.#options;
    const drafted = { log, author: this.#mls.participant, at: lie.at, on: hash };
    switch (lie.kind) {
      case 'found': {
        const group = this.#mls.copy();
        const authenticator = digest(group.found(groupIdOf(room, drafted)));
        group.merge();
        return this.#name({ kind: 'found', ...drafted, authenticator }, NOTHING, lie, { group, real: true });
      }
      case 'commit': {
        const parent = this.#idOf(lie.parent.at(-1));
        const { made, group, real } = this.#commit(parent, lie, unhex(hash));
        const sent = bad ? { ...made, commit: spoil(made.commit), welcome: spoil(made.welcome) } : made;
        const payload = encodeCommitPayload(sent);
        const [adds, removes] = [lie.adds, lie.removes].map((names) => names.map((name) => ids.id(name)));
        const header = {
          kind: 'commit',
          ...drafted,
          parent: parent ?? NO_HASH,
          adds: adds!,
          removes: removes!,
          authenticator: digest(made.authenticator),
          payload: payloadDigest(payload),
        } as const;
        return this.#name(header, payload, lie, { group, real });
      }
      case 'claim':
        return this.#sign({ kind: 'claim', ...drafted, accused: ids.id(lie.accused) });
      default:
        return this.#sign({ kind: 'handover', ...drafted });
    }
  }

  follow(wire: WireEntry): void {
    const header = decodeHeader(wire.header);
    const id = commitIdOf(wire.header);
    if (this.#groups.has(id)) return;
    if (header.kind === 'found') this.#groupIds.set(id, groupIdOf(this.#options.room, header));
    const own = this.#made.get(id);
    if (own?.real === false) return;
    const group = own?.group ?? (header.kind === 'commit' ? this.#follow(header, wire) : null);
    if (group !== null) this.#groups.set(id, group);
  }

  close(): void {
    const made = [...this.#made.values()].map(({ group }) => group);
    for (const group of new Set([this.#mls, ...this.#groups.values(), ...made])) group.close();
  }

  /** The group behind somebody else's commit; null where it is not in it, or MLS refuses. */
  #follow(header: Extract<Header, { kind: 'commit' }>, wire: WireEntry): MlsGroup | null {
    const { keyPackages } = this.#options;
    const isAdded = header.adds.includes(this.#mls.participant);
    const group = isAdded ? this.#mls.copy() : this.#groups.get(header.parent)?.copy();
    if (group === undefined) return null;
    const hashOf = (participant: string): Uint8Array =>
      unhex(digest(keyPackages.get(participant) ?? NOTHING));
    try {
      const { commit, welcome } = decodeCommitPayload(wire.payload);
      if (isAdded) group.welcome(welcome);
      else {
        const adds = header.adds.map((it) => ({ participant: it, keyPackageHash: hashOf(it) }));
        group.process(commit, {
          committer: header.author,
          adds,
          removes: header.removes,
          path: false,
          authenticatedData: unhex(header.on),
        });
      }
      if (digest(group.epochAuthenticator) === header.authenticator) return group;
    } catch (error) {
      if (!(error instanceof MlsError) && !(error instanceof ParseError)) throw error;
    }
    group.close();
    return null;
  }

  /**
   * The MLS commit that the header speaks of. Where MLS makes none, because somebody to be added has no key package or
   * is there already, one that changes nobody; and by who is not in the group, one in a group of its own that goes by
   * the same id. Always with a path: two commits on one log that only add the same lead to one epoch, and in the spec
   * each leads to its own.
   */
  #commit(parent: string | undefined, { parent: history, adds, removes }: Lie, on: Uint8Array): Made {
    const { ids, keyPackages } = this.#options;
    const member = this.#groups.get(parent ?? '')?.copy();
    if (member !== undefined) {
      const packages = adds.map((name) => keyPackages.get(ids.id(name)) ?? NOTHING);
      try {
        const made = member.commit(
          packages,
          removes.map((name) => ids.id(name)),
          true,
          on,
        );
        member.merge();
        return { made, group: member, real: true };
      } catch (error) {
        if (!(error instanceof MlsError)) throw error;
      }
    }
    const group = member ?? this.#mls.copy();
    if (member === undefined) {
      group.found(this.#groupIds.get(this.#idOf(history[0]) ?? '') ?? utf8('no group'));
      group.merge();
    }
    const made = group.commit([], [], true, on);
    group.merge();
    return { made, group, real: false };
  }

  #idOf(name: Named | undefined): string | undefined {
    if (name === undefined) return undefined;
    return [...this.#options.commits].find(([, other]) => nameText(other) === nameText(name))?.[0];
  }

  /** Signs a founding or commit, and remembers where it leads. */
  #name(header: Header, payload: Uint8Array, lie: Lie, made: Pick<Made, 'group' | 'real'>): WireEntry {
    const { commits, epochs } = this.#options;
    const wire = this.#sign(header, payload);
    const name: Named = [lie.author, lie.at, lie.on, lie.lie];
    const id = commitIdOf(wire.header);
    commits.set(id, name);
    epochs.announce(digest(made.group.epochAuthenticator), [...lie.parent, name]);
    this.#made.set(id, made);
    return wire;
  }

  #sign(header: Header, payload: Uint8Array = NOTHING): WireEntry {
    const bytes = encodeHeader(header);
    return { header: bytes, signature: this.#mls.sign(signedContent(bytes)), payload };
  }
}
