import type { MlsCommit, MlsGroup } from '../../src/mls/MlsGroup.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { NOW } from '../../src/participant/testing.ts';
import type { ClaimEntry, CommitEntry, FoundEntry, HandoverEntry } from '../../src/protocol/entry.ts';
import { hashOf } from '../../src/protocol/testing.ts';
import { digest, unhex, utf8 } from '../../src/protocol/wire/bytes.ts';
import { groupIdOf, type WireEntry } from '../../src/protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader, type Header } from '../../src/protocol/wire/header.ts';
import { decodeCommitPayload, encodeCommitPayload, payloadDigest } from '../../src/protocol/wire/payload.ts';
import { signedContent } from '../../src/protocol/wire/signature.ts';

/** What a participant drafts and signs. */
export type DraftedEntry = FoundEntry | CommitEntry | HandoverEntry | ClaimEntry;

/** What a forged entry needs of the room: the model's names on the left. */
export interface Forge {
  readonly log: string;
  readonly room: string;
  readonly idOf: (name: string) => string;
  readonly keyPackageOf: (name: string) => Uint8Array;
  /** Of a hash of the log, a founding or a commit. */
  readonly real: (name: string) => string;
}

/** The parent of a commit that builds on nothing that anybody knows. */
export const NO_PARENT = 'another commit';

/**
 * An entry made by hand: the author's keys sign whatever they are told to, its machine is not asked. MLS content is real:
 * of the author's group, or of one of its own where it is in none.
 *
 * @param keys a copy of the author's MLS core, the caller's to close.
 */
export function forged(entry: DraftedEntry, keys: MlsGroup, forge: Forge): WireEntry {
  keys.discard();
  const drafted = {
    log: forge.log,
    author: keys.participant,
    at: entry.at,
    on: entry.on === hashOf(entry.at) ? forge.real(entry.on) : digest(utf8('another log')),
  };
  const signs = (header: Header, payload: Uint8Array = new Uint8Array()): WireEntry => {
    const bytes = encodeHeader(header);
    return { header: bytes, signature: keys.sign(signedContent(bytes)), payload };
  };
  switch (entry.kind) {
    case 'handover':
      return signs({ kind: 'handover', ...drafted });
    case 'claim':
      return signs({ kind: 'claim', ...drafted, accused: forge.idOf(entry.accused) });
    case 'found': {
      const founder = createMlsGroup({ participant: keys.participant, now: NOW });
      const authenticator = digest(founder.found(groupIdOf(forge.room, drafted)));
      founder.close();
      return signs({ kind: 'found', ...drafted, authenticator });
    }
    case 'commit': {
      const made = commitOf(entry, keys, forge, unhex(drafted.on));
      const payload = encodeCommitPayload(made);
      const header: Header = {
        kind: 'commit',
        ...drafted,
        parent: entry.parent === NO_PARENT ? digest(utf8(NO_PARENT)) : forge.real(entry.parent),
        adds: entry.adds.map(forge.idOf),
        removes: entry.removes.map(forge.idOf),
        authenticator: digest(made.authenticator),
        payload: payloadDigest(payload),
      };
      return signs(header, payload);
    }
  }
}

/** A real MLS commit with the adds and removes of `entry` that are possible in the group. */
function commitOf(
  { adds, removes }: CommitEntry,
  keys: MlsGroup,
  { idOf, keyPackageOf }: Forge,
  on: Uint8Array,
): MlsCommit {
  if (!keys.hasGroup) {
    keys.found(utf8('a group of its own'));
    keys.merge();
  }
  const members = keys.roster.map((it) => it.participant);
  const added = adds.filter((p) => !members.includes(idOf(p))).map(keyPackageOf);
  const removed = removes.map(idOf).filter((id) => members.includes(id));
  return keys.commit(added, removed, true, on);
}

/** What a dishonest committer does to its commit. The header counts all the same. */
export type Damage = 'a byte of the commit' | 'a byte of the Welcome' | 'another authenticator';

const flipped = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (byte, i) => (i === Math.floor(bytes.length / 2) ? byte ^ 1 : byte));

/**
 * A commit whose header counts and that MLS cannot follow.
 *
 * @param signs with its author's keys.
 */
export function damaged(
  wire: WireEntry,
  damage: Damage,
  signs: (header: Header, payload: Uint8Array) => WireEntry,
): WireEntry {
  const header = decodeHeader(wire.header);
  if (header.kind !== 'commit') throw new RangeError(`a ${header.kind} has no MLS commit`);
  const { commit, welcome } = decodeCommitPayload(wire.payload);
  const payload = encodeCommitPayload({
    commit: damage === 'a byte of the commit' ? flipped(commit) : commit,
    welcome: damage === 'a byte of the Welcome' ? flipped(welcome) : welcome,
  });
  const authenticator =
    damage === 'another authenticator' ? digest(utf8('another epoch')) : header.authenticator;
  return signs({ ...header, authenticator, payload: payloadDigest(payload) }, payload);
}
