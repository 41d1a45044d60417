import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { digest } from '../../protocol/wire/bytes.ts';
import { modelValue, sequence, type TlaValue } from '../../trace/value.ts';

/** The founding and the commits that led to an epoch, each by author and position, as in the spec. */
export type History = readonly (readonly [author: string, at: number])[];

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
  sequence(history.map(([author, at]) => sequence([modelValue(author), at])));

const same = (a: History, b: History, length: number): boolean => {
  for (let i = 0; i < length; i += 1) {
    if (a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1]) return false;
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
