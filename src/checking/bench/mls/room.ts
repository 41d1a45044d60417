/** Groups of a given size, as a call makes them: one member admits all others in commits without a path, then refreshes itself. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { ExpectedAdd, MlsGroup } from '../../../mls/MlsGroup.ts';
import { idHex } from '../../../mls/border.ts';
import { createMlsGroup } from '../../../mls/wasm.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { TsMlsMember } from '../../interop/TsMlsMember.ts';

const now = Date.now() / 1000;
export const newId = (): string => idHex(crypto.getRandomValues(new Uint8Array(16)));
export const newMember = (): MlsGroup => createMlsGroup({ participant: newId(), now });
export const newReference = (): Promise<TsMlsMember> => TsMlsMember.create({ participant: newId(), now });

interface Joiner {
  readonly participant: string;
  readonly keyPackage: Uint8Array;
}

/** A stock of key packages whose owners are gone: what a committer adds needs nobody behind it. */
export class Crowd {
  readonly #packages: Joiner[] = [];

  take(from: number, to: number): readonly Joiner[] {
    while (this.#packages.length < to) {
      const it = newMember();
      this.#packages.push({ participant: it.participant, keyPackage: it.keyPackage });
      it.close();
    }
    return this.#packages.slice(from, to);
  }
}

export const expectedAdds = (joiners: readonly Joiner[]): readonly ExpectedAdd[] =>
  joiners.map((it) => ({ participant: it.participant, keyPackageHash: sha256(it.keyPackage) }));

export interface Room {
  readonly members: number;
  /** The designated committer, at leaf 0. */
  readonly committer: MlsGroup;
  /** At leaf 1: one of ours, and in a group of the same shape one by ts-mls. */
  readonly bystander: MlsGroup;
  readonly reference: TsMlsMember;
  /** The committer of the group that the reference is in. */
  readonly committerOfReference: MlsGroup;
  /** Somebody of both groups who is none of these; null where a group has two members only. */
  readonly leaver: string | null;
  close(): void;
}

type Message =
  | { readonly kind: 'welcome'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'commit';
      readonly bytes: Uint8Array;
      readonly adds: readonly ExpectedAdd[];
      readonly path: boolean;
    };

/** Fills a group up to `members`, the second of which is `second`: its committer, and what `second` reads of it. */
function filled(
  second: Joiner,
  members: number,
  crowd: Crowd,
): { readonly committer: MlsGroup; readonly messages: readonly Message[] } {
  const committer = newMember();
  const messages: Message[] = [];
  committer.found(Uint8Array.of(1));
  committer.merge();
  const joiners = [second, ...crowd.take(0, members - 2)];
  for (let at = 0; at < joiners.length; at += LIMITS.batch) {
    const batch = joiners.slice(at, at + LIMITS.batch);
    const packages = batch.map((it) => it.keyPackage);
    const made = committer.commit(packages, [], false);
    committer.merge();
    messages.push(
      at === 0
        ? { kind: 'welcome', bytes: made.welcome }
        : { kind: 'commit', bytes: made.commit, adds: expectedAdds(batch), path: false },
    );
  }
  const refreshed = committer.commit([], [], true);
  committer.merge();
  messages.push({ kind: 'commit', bytes: refreshed.commit, adds: [], path: true });
  return { committer, messages };
}

export async function makeRoom(members: number, crowd: Crowd): Promise<Room> {
  const [bystander, reference] = [newMember(), await newReference()];
  const ours = filled(bystander, members, crowd);
  for (const it of ours.messages) {
    if (it.kind === 'welcome') bystander.welcome(it.bytes);
    else {
      const { adds, path } = it;
      bystander.process(it.bytes, { committer: ours.committer.participant, adds, removes: [], path });
    }
  }
  const theirs = filled(reference, members, crowd);
  for (const it of theirs.messages) {
    if (it.kind === 'welcome') await reference.welcome(it.bytes);
    else await reference.process(it.bytes);
  }
  const last = ours.committer.roster.at(-1)?.participant ?? '';
  return {
    members,
    committer: ours.committer,
    bystander,
    reference,
    committerOfReference: theirs.committer,
    leaver: members === 2 ? null : last,
    close: () => {
      for (const it of [ours.committer, bystander, theirs.committer]) it.close();
    },
  };
}
