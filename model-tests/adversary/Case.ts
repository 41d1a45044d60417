import type { Refusal } from '../../src/protocol/counts.ts';
import type { Rule } from '../../src/protocol/rules.ts';
import type { Stage } from './Stage.ts';

/** What may come of a misdeed, for honest people. */
export type Damage =
  /** Somebody cannot follow the log. */
  | 'somebody dead'
  /** Members who have read the same are in different epochs. */
  | 'authenticators part'
  /** A group has a member that never joined, was not invited, or had left. */
  | 'a ghost in the group'
  /** Who is not of the call opens a frame of it. */
  | 'a frame is opened'
  /** Who has not left is not in the roster or the group of the others. */
  | 'a live member is out'
  /** Somebody is in an epoch whose commit was drafted on another log. */
  | 'an epoch over two logs'
  /** The role went on without its holder. */
  | 'the role is taken'
  /** What an honest member drafted in its turn counts for nothing. */
  | 'a commit is lost';

/** What stands in the way: rules of the machine, reasons of a refusal, or a check of what the service hands over. */
export interface Guard {
  readonly rules?: readonly Rule[];
  readonly refusals?: readonly Refusal[];
  readonly check?: 'signatures' | 'parts' | 'digests';
}

/** A misdeed, as the table has it. */
export interface Row {
  /** The action of `Adversary.tla`; null where it has none. */
  readonly action: string | null;
  readonly by: 'service' | 'member';
  /** What is done. */
  readonly does: string;
  readonly guard: Guard | null;
  /** What comes of it without the guard. */
  readonly without: Damage | null;
  /** What honest readers of the misdeed find: why it counts for nothing, or what becomes of them. Empty where there is nothing to read. */
  readonly seen: string;
  /** What it leads to, where that is more; for the table. */
  readonly then?: string;
  /** After how long they know, where it is not by reading the misdeed itself; for the table. */
  readonly when?: string;
  /** Who reads it as something that counts. */
  readonly unseenBy?: readonly string[];
  /** What the adversary can still do by it. */
  readonly remains: string;
  /** The damage that is done with all rules on. */
  readonly anyway?: readonly Damage[];
  /** The property, or the model, of the spec that says the same. */
  readonly spec: string;
}

/** A misdeed on real participants. */
export interface Case extends Row {
  readonly run: (stage: Stage) => void;
}

export const guardText = (guard: Guard | null): string =>
  guard === null
    ? 'none'
    : [
        ...(guard.rules ?? []),
        ...(guard.refusals ?? []).map((it) => `“${it}”`),
        ...(guard.check ? [guard.check] : []),
      ].join(', ');
