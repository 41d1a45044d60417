/** Groups whose members run different implementations, driven by chance: the same seed, the same schedule. Keys are fresh. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { ExpectedCommit, MlsCommit, MlsGroup } from '../../src/mls/MlsGroup.ts';
import { id } from '../../src/mls/testing.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { hex } from '../../src/protocol/wire/bytes.ts';
import { chance } from '../validation/validate-local.ts';
import { Media, compareAuthenticators, compareEpoch } from './compare.ts';
import type { Counts } from './counts.ts';
import { Difference, type Comparison } from './difference.ts';
import { LIMITS_OF_TS_MLS, leftHalfIsBlank } from './limits.ts';
import {
  IMPLEMENTATIONS,
  ourMember,
  theirMember,
  type Implementation,
  type InteropMember,
} from './members.ts';

const LEAST = 2;
const MOST = 12;
/** ts-mls takes some 10 ms for what takes us one: most members are ours, and every second commit is theirs. */
const MOST_OF_THEM = 3;
/** Adds, and removes, of one commit. */
const BATCH = 3;

/** One in so many of the commits that only add have a path all the same; of all commits, a rival that loses. */
const WITH_PATH = 3;
const RIVALS = 5;

export type Kind = 'add' | 'remove' | 'add and remove' | 'rotation';
const KINDS: readonly Kind[] = [
  'add',
  'add',
  'add',
  'remove',
  'remove',
  'add and remove',
  'rotation',
  'rotation',
];

const UNMERGED = `limits of ts-mls: ${LIMITS_OF_TS_MLS.unmergedLeaves}`;
const FILTERED = `limits of ts-mls: ${LIMITS_OF_TS_MLS.rootFiltered}, avoided by an add`;
const TAKEN = `limits of ts-mls: ${LIMITS_OF_TS_MLS.leafTaken}`;

export interface GroupOptions {
  readonly seed: number;
  readonly commits: number;
  readonly counts: Counts;
  /** Puts something in the place of our MLS groups, by the number of the member. */
  readonly core?: (number: number, mls: MlsGroup) => MlsGroup;
}

interface Draft {
  readonly committer: InteropMember;
  readonly kind: Kind;
  readonly joiners: readonly InteropMember[];
  readonly removed: readonly InteropMember[];
  readonly expected: ExpectedCommit;
  readonly made: MlsCommit;
}

export class MixedGroup {
  readonly #options: GroupOptions;
  readonly #below: (below: number) => number;
  readonly #media = new Media();
  readonly #everybody: InteropMember[] = [];
  #members: InteropMember[] = [];
  /** In the roster, but did not join: the next commit removes them. */
  #absent: readonly InteropMember[] = [];

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#below = chance(options.seed);
  }

  /** Founds, and carries out the commits one after the other. Throws `Difference`. */
  async run(): Promise<void> {
    const { counts, commits } = this.#options;
    try {
      const founder = await this.#newMember();
      await founder.found(Uint8Array.of(...sha256(Uint8Array.of(this.#below(256)))));
      this.#members = [founder];
      counts.add(`foundings: ${founder.implementation}`);
      for (let i = 0; i < commits; i++) await this.#step();
      counts.add('groups');
    } finally {
      for (const it of this.#everybody) it.close();
    }
  }

  /** One epoch: a commit, everybody's way over it, and the comparison. */
  async #step(): Promise<void> {
    const { counts } = this.#options;
    const draft = await this.#draft();
    if (this.#below(RIVALS) === 0 && this.#members.length > 1) await this.#rival(draft.committer);
    await compareAuthenticators(this.#members, counts);
    await this.#carryOut(draft);
    await compareEpoch(this.#members, counts);
    await this.#media.enter(this.#members);
    const sender = this.#pick(this.#members);
    await this.#media.frame(sender, this.#members, this.#below(2), counts);
    counts.add('epochs');
    counts.most('most members', this.#members.length);
    if (new Set(this.#members.map((it) => it.implementation)).size === 2) counts.add('mixed epochs');
  }

  async #draft(): Promise<Draft> {
    const committer = this.#committer();
    const evicts = this.#absent.length > 0;
    const wanted = evicts ? 'remove' : this.#kind();
    const others = this.#members.filter((it) => it !== committer);
    const chosen =
      wanted.endsWith('remove') && !evicts ? this.#some(others, this.#members.length - LEAST) : [];
    const removed = [...this.#absent, ...chosen];
    const kind = this.#around(wanted, committer, removed);
    const adds = kind.startsWith('add');
    const room = MOST - this.#members.length + removed.length;
    const joiners: InteropMember[] = [];
    for (let n = adds ? 1 + this.#below(Math.min(BATCH, room)) : 0; n > 0; n--)
      joiners.push(await this.#newMember());
    const wished = kind === 'add' && committer.implementation === 'mls-rs' && this.#below(WITH_PATH) === 0;
    return this.#make(committer, kind, joiners, removed, wished);
  }

  /** Around a limit of ts-mls: with adds the left half is not blank, since they take the leftmost blank leaves. */
  #around(wanted: Kind, committer: InteropMember, removed: readonly InteropMember[]): Kind {
    const leavers = removed.map((it) => it.participant);
    const staying = committer.roster.filter((it) => !leavers.includes(it.participant));
    if (wanted.startsWith('add') || !leftHalfIsBlank(staying.map((it) => it.leafIndex))) return wanted;
    this.#options.counts.add(FILTERED);
    return wanted === 'remove' ? 'add and remove' : 'add';
  }

  async #make(
    committer: InteropMember,
    kind: Kind,
    joiners: readonly InteropMember[],
    removed: readonly InteropMember[],
    wished: boolean,
  ): Promise<Draft> {
    const path = kind !== 'add' || wished;
    const packages = joiners.map((it) => it.keyPackage);
    const leavers = removed.map((it) => it.participant);
    const made = await this.#doing('commit made', committer, () => committer.commit(packages, leavers, path));
    const expected = {
      committer: committer.participant,
      adds: joiners.map((it) => ({ participant: it.participant, keyPackageHash: sha256(it.keyPackage) })),
      removes: leavers,
      path,
    };
    return { committer, kind, joiners, removed, expected, made };
  }

  /** Somebody else makes a commit as well, and it comes too late: it is dropped when the other one is processed. */
  async #rival(committer: InteropMember): Promise<void> {
    const rival = this.#pick(this.#members.filter((it) => it !== committer));
    await this.#make(rival, 'rotation', [], [], true);
    this.#options.counts.add(`rivals: ${rival.implementation}`);
  }

  async #carryOut({ committer, kind, joiners, removed, expected, made }: Draft): Promise<void> {
    const { counts } = this.#options;
    const staying = this.#members.filter((it) => !removed.includes(it));
    for (const it of staying) {
      if (it === committer) continue;
      await this.#doing('commit processed', it, () => it.process(made.commit, expected));
      counts.add(`processed: by ${it.implementation} from ${committer.implementation}`);
    }
    committer.merge();
    if (hex(committer.epochAuthenticator) !== hex(made.authenticator))
      throw new Difference('announced authenticator', [committer.name], 'another one after the merge');
    for (const it of removed)
      if (!this.#absent.includes(it)) await this.#leaves(it, committer, expected, made);
    const joined: InteropMember[] = [];
    for (const it of joiners) {
      const taken = await this.#doing('Welcome taken', it, () => it.welcome(made.welcome));
      if (taken) joined.push(it);
      counts.add(taken ? `joined: ${it.implementation} by ${committer.implementation}` : UNMERGED);
    }
    this.#members = [...staying, ...joined];
    this.#absent = joiners.filter((it) => !joined.includes(it));
    counts.add('commits');
    counts.add(`commits: ${kind} by ${committer.implementation}`);
    if (kind === 'add' && expected.path) counts.add('commits: add with a path by mls-rs');
  }

  async #leaves(
    it: InteropMember,
    committer: InteropMember,
    expected: ExpectedCommit,
    made: MlsCommit,
  ): Promise<void> {
    const told = await this.#doing('removed', it, () => it.isRemovedBy(made.commit, expected));
    if (told === 'limit') this.#options.counts.add(TAKEN);
    if (!told) throw new Difference('removed', [it.name], 'does not see that it is removed');
    if (hex(it.epochAuthenticator) === hex(made.authenticator))
      throw new Difference('removed', [it.name], 'has the keys of the epoch that it is not in');
    this.#options.counts.add(`removed: ${it.implementation} by ${committer.implementation}`);
    it.close();
  }

  /** Of either implementation alike, where there are both. */
  #committer(): InteropMember {
    const wished = this.#pick(IMPLEMENTATIONS);
    const those = this.#members.filter((it) => it.implementation === wished);
    return this.#pick(those.length > 0 ? those : this.#members);
  }

  #kind(): Kind {
    const size = this.#members.length;
    if (size < LEAST) return 'add';
    const fits = KINDS.filter(
      (it) => (it !== 'add' || size < MOST) && (!it.endsWith('remove') || size > LEAST),
    );
    return this.#pick(fits);
  }

  async #newMember(): Promise<InteropMember> {
    const number = this.#everybody.length + 1;
    const theirs = this.#members.filter((it) => it.implementation === 'ts-mls').length;
    const implementation: Implementation =
      theirs < MOST_OF_THEM && this.#below(2) === 0 ? 'ts-mls' : 'mls-rs';
    const now = Date.now() / 1000;
    const member =
      implementation === 'ts-mls'
        ? await theirMember(number, id(), now)
        : ourMember(number, this.#core(number, createMlsGroup({ participant: id(), now })));
    this.#everybody.push(member);
    return member;
  }

  #core(number: number, mls: MlsGroup): MlsGroup {
    return this.#options.core?.(number, mls) ?? mls;
  }

  async #doing<T>(comparison: Comparison, who: InteropMember, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new Difference(comparison, [who.name], detail, { cause });
    }
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[this.#below(list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  /** One to `BATCH` of a list, at most `most`, in any order. */
  #some<T>(list: readonly T[], most: number): readonly T[] {
    const rest = [...list];
    const count = 1 + this.#below(Math.min(BATCH, most));
    return Array.from({ length: count }, () => rest.splice(this.#below(rest.length), 1)[0]!);
  }
}
