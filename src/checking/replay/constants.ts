import type { ModelConstants } from '../model/constants.ts';

/** The constants of a model that is replayed: those of the protocol, and of `Adversary.tla` where it has them. */
export interface ReplayConstants extends ModelConstants {
  /** To whom the service shows another log. */
  readonly otherSide: readonly string[];
  /** Who follows no rule. */
  readonly dishonest: readonly string[];
}

/** The log that a participant reads: 1 or 2. */
export const sideOf = ({ otherSide }: Pick<ReplayConstants, 'otherSide'>, name: string): number =>
  otherSide.includes(name) ? 2 : 1;

/** Whether entries of a replay may not be what their headers say: then each is verified. */
export const isHostile = ({ dishonest, uninvited }: ReplayConstants): boolean =>
  dishonest.length > 0 || uninvited.length > 0;
