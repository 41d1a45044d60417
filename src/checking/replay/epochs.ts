import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { digest } from '../../protocol/wire/bytes.ts';
import { modelValue, sequence, type TlaValue } from '../../trace/value.ts';

/** A founding or a commit as the spec names it: author and position, and of a dishonest author the log and its lie. */
export type Named = readonly [author: string, at: number, on?: number, lie?: number];

/** The founding and the commits that led to an epoch. */
export type History = readonly Named[];

/** An epoch that nothing announced: MLS went somewhere by itself. */
const UNKNOWN: History = [['unknown', 0]];

/**
 * Which history led to which epoch of the real MLS groups. Filled when a founding or commit is drafted and its header
 * announces an authenticator; asked by the authenticator that a group really has.
 */
export class Epochs {
  readonly #histories = new Map<string, History>();

  /** @param authenticator SHA-256 of the epoch authenticator, as headers hold it. */
  announce(authenticator: string, history: History): void {
    this.#histories.set(authenticator, history);
  }

  /** Where a group stands; empty where there is none. */
  historyOf(mls: MlsGroup): History {
    if (!mls.hasGroup) return [];
    return this.#histories.get(digest(mls.epochAuthenticator)) ?? UNKNOWN;
  }
}

export const historyValue = (history: History): TlaValue =>
  sequence(history.map(([author, ...numbers]) => sequence([modelValue(author), ...numbers.map(Number)])));

const same = (a: History, b: History, length: number): boolean => {
  for (let i = 0; i < length; i += 1) {
    const [p, q] = [a[i], b[i]];
    if (p?.[0] !== q?.[0] || p?.[1] !== q?.[1] || p?.[2] !== q?.[2] || p?.[3] !== q?.[3]) return false;
  }
  return true;
};

export const equalHistories = (a: History, b: History): boolean =>
  a === b || (a.length === b.length && same(a, b, a.length));

/** Whether `b` continues `a`. */
export const continues = (a: History, b: History): boolean => a.length < b.length && same(a, b, a.length);

/** Members of one founding of whom neither continues the other. */
export const parted = (a: History, b: History): boolean =>
  a.length > 0 && b.length > 0 && same(a, b, 1) && !same(a, b, Math.min(a.length, b.length));
