import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { SFrameError } from '../../media/sframe/index.ts';
import { equalHistories, type History } from './epochs.ts';
import { exported, mediaKeysOf, type HeldKey, type MediaKeys } from './frame.ts';
import type { Sight } from './sight.ts';

/**
 * Whether a participant can open the frames that another one protects at a moment.
 *
 * - `opens`: with the keys of its MLS group, at the epoch where that is now; who is dishonest, at any that it was in.
 * - `kept`: not so, but it once had the keys. It erased them; one that had not would open it.
 * - `shut`: with no key that it has or ever had.
 * - `keyless`: it never had a key, so there is nothing to try.
 */
export type Opening = 'opens' | 'kept' | 'shut' | 'keyless';

/** By sender, then by receiver. A sender has an MLS group. */
export type OpeningTable = ReadonlyMap<string, ReadonlyMap<string, Opening>>;

/** What was tried so far. */
export interface OpeningCounts {
  /** Ordered pairs of participants that were looked at again because one of them had moved. */
  pairs: number;
  /** Frames opened by a member of the sender's epoch, with the production key ring. */
  opened: number;
  /** Keys of another epoch on a frame, refused by its AEAD. */
  refused: number;
  /** Keys of the frame's own epoch that a receiver had and has erased: they open it. */
  erased: number;
  /** Frames opened by a dishonest member with a key of an earlier epoch of its own, which is the sender's. */
  insider: number;
  /** Pairs in which the receiver never had a key. */
  keyless: number;
}

export const NO_OPENINGS: Readonly<OpeningCounts> = {
  pairs: 0,
  opened: 0,
  refused: 0,
  erased: 0,
  insider: 0,
  keyless: 0,
};

/** The MLS groups of a participant. */
export interface Groups {
  /** The one that it is in. */
  readonly current: MlsGroup | null;
  /** Those that it was in and has not erased, as who is dishonest erases none, and what led there. */
  readonly kept: readonly { readonly mls: MlsGroup; readonly history: History }[];
}

/** Epochs whose keys are remembered of each participant, the last ones. */
const KEPT_EPOCHS = 32;

interface Past {
  readonly held: HeldKey;
  readonly history: History;
}

interface Holder {
  readonly name: string;
  /** What its group exported when it was last looked at; null without a group. */
  id: string | null;
  keys: MediaKeys | null;
  history: History;
  readonly past: Past[];
  /** It erases nothing. */
  keeps: boolean;
}

/**
 * The media keys of all participants of a replay: real ones, out of the MLS exporter, in the key ring and AEAD of the
 * call. Says at each step who can open what, and where that is not as it must be: a member opens what another member of
 * its epoch protects, and nobody else does, with what it has or ever had.
 */
export class Openings {
  readonly counts: OpeningCounts = { ...NO_OPENINGS };
  readonly #holders: readonly Holder[];
  #table = new Map<string, ReadonlyMap<string, Opening>>();

  constructor(names: readonly string[]) {
    this.#holders = names.map((name) => ({
      name,
      id: null,
      keys: null,
      history: [],
      past: [],
      keeps: false,
    }));
  }

  get table(): OpeningTable {
    return this.#table;
  }

  /**
   * Looks at the participants again. Pairs of which neither has moved are as they were.
   *
   * @returns what is not as it must be, or null.
   */
  async look(sights: readonly Sight[], groupsOf: (name: string) => Groups): Promise<string | null> {
    const moved = new Set<Holder>();
    const learned = new Set<Holder>();
    for (const [i, holder] of this.#holders.entries()) {
      try {
        const { current, kept } = groupsOf(holder.name);
        if (await this.#renew(holder, sights[i]!, current)) moved.add(holder);
        if (await this.#keep(holder, kept)) learned.add(holder);
      } catch (error) {
        if (!(error instanceof SFrameError)) throw error;
        return `${holder.name} has no media keys: ${error.message}`;
      }
    }
    if (moved.size + learned.size === 0) return null;
    let problem: string | null = null;
    const table = new Map<string, ReadonlyMap<string, Opening>>();
    for (const sender of this.#holders) {
      if (sender.keys === null) continue;
      const row = new Map<string, Opening>();
      for (const receiver of this.#holders) {
        if (receiver === sender) continue;
        const before = this.#table.get(sender.name)?.get(receiver.name);
        const isSame = !moved.has(sender) && !moved.has(receiver);
        if (before !== undefined && isSame && (before === 'opens' || !learned.has(receiver))) {
          row.set(receiver.name, before);
          continue;
        }
        const [opening, wrong] = await this.#try(sender, sender.keys, receiver);
        row.set(receiver.name, opening);
        problem ??= wrong;
      }
      table.set(sender.name, row);
    }
    this.#table = table;
    return problem;
  }

  /** Whether the keys of a participant are others than before. */
  async #renew(holder: Holder, sight: Sight, mls: MlsGroup | null): Promise<boolean> {
    const now = mls === null ? null : exported(mls);
    if ((now?.id ?? null) === holder.id) return false;
    holder.id = now?.id ?? null;
    holder.keys = mls === null || now === null ? null : await mediaKeysOf(mls, now.baseKey);
    holder.history = sight.history;
    if (holder.keys !== null) remember(holder, { held: holder.keys.held, history: sight.history });
    return true;
  }

  /** Whether somebody has keys besides those of its epoch that it had not before. */
  async #keep(holder: Holder, kept: Groups['kept']): Promise<boolean> {
    let found = false;
    holder.keeps ||= kept.length > 0;
    for (const { mls, history } of kept) {
      if (holder.past.some((past) => equalHistories(past.history, history))) continue;
      remember(holder, { held: (await mediaKeysOf(mls, exported(mls).baseKey)).held, history });
      found = true;
    }
    return found;
  }

  async #try(
    sender: Holder,
    { frame }: MediaKeys,
    receiver: Holder,
  ): Promise<readonly [Opening, string | null]> {
    const { counts } = this;
    counts.pairs += 1;
    if (receiver.past.length === 0) {
      counts.keyless += 1;
      return ['keyless', null];
    }
    const whose = `${receiver.name} and what ${sender.name} protects`;
    let opening: Opening = 'shut';
    for (const { held, history } of receiver.past) {
      const isNow = held === receiver.keys?.held;
      const same = equalHistories(history, sender.history);
      if (same && isNow) {
        const refusal = await frame.openedBy(receiver.keys!.ring);
        if (refusal !== null) return ['shut', `${whose}: it is of its epoch, and does not open: ${refusal}`];
        counts.opened += 1;
        return ['opens', null];
      }
      const { result, first } = frame.opensWith(held);
      const opens = await result;
      if (opens !== same)
        return [
          opening,
          `${whose}: ${opens ? 'another epoch’s key opens it' : 'its own epoch’s key does not open it'}`,
        ];
      if (opens) opening = receiver.keeps ? 'opens' : 'kept';
      if (first) counts[opens ? (receiver.keeps ? 'insider' : 'erased') : 'refused'] += 1;
    }
    return [opening, null];
  }
}

function remember({ past, keeps }: Holder, key: Past): void {
  past.push(key);
  if (!keeps) past.splice(0, past.length - KEPT_EPOCHS);
}
