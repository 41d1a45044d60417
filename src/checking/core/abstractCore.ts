import type { CommitId } from '../../protocol/ids.ts';

/** The founding and the commits that led to an epoch, oldest first. Stands for the secrets of that epoch. */
export type History = readonly CommitId[];

/**
 * An MLS group without cryptography: histories instead of secrets. Two members can talk to one another exactly where
 * their histories are equal. Does with them what RFC 9420 does with epochs, and refuses where it would refuse.
 */
export interface AbstractCore {
  /** The epoch that it is in; empty: in no group. */
  readonly history: History;
  /** The epoch that its own founding or commit would lead to, drafted and not merged. */
  readonly pending: History | null;
}

export type CoreRefusalCode =
  'core/in-a-group' | 'core/no-group' | 'core/pending' | 'core/nothing-pending' | 'core/other-parent';

/** MLS would refuse. The core is as it was. */
export class CoreRefusal extends Error {
  readonly code: CoreRefusalCode;

  constructor(code: CoreRefusalCode) {
    super(code);
    this.name = 'CoreRefusal';
    this.code = code;
  }
}

export const EMPTY_CORE: AbstractCore = { history: [], pending: null };

/** Drafts a group of its own. Throws `core/in-a-group`, `core/pending`. */
export function found(core: AbstractCore, id: CommitId): AbstractCore {
  if (core.history.length > 0) throw new CoreRefusal('core/in-a-group');
  if (core.pending !== null) throw new CoreRefusal('core/pending');
  return { ...core, pending: [id] };
}

/** Drafts a commit on the epoch it is in (RFC 9420, section 12.4.1). Throws `core/no-group`, `core/pending`. */
export function commit(core: AbstractCore, id: CommitId): AbstractCore {
  if (core.pending !== null) throw new CoreRefusal('core/pending');
  if (core.history.length === 0) throw new CoreRefusal('core/no-group');
  return { ...core, pending: [...core.history, id] };
}

/**
 * Moves to the epoch of what it drafted.
 *
 * @param id of what is to be merged; null: whatever is pending.
 * @throws CoreRefusal `core/nothing-pending` where that is not what is pending.
 */
export function merge(core: AbstractCore, id: CommitId | null): AbstractCore {
  const { pending } = core;
  if (pending === null || (id !== null && pending.at(-1) !== id))
    throw new CoreRefusal('core/nothing-pending');
  return { history: pending, pending: null };
}

/** Forgets what it drafted, if anything. */
export function discard(core: AbstractCore): AbstractCore {
  return core.pending === null ? core : { ...core, pending: null };
}

/**
 * Joins the epoch that a commit led to (section 12.4.3.1).
 *
 * @param led the history of its author with the commit. Throws `core/in-a-group`, `core/pending`.
 */
export function welcome(core: AbstractCore, led: History): AbstractCore {
  if (core.history.length > 0) throw new CoreRefusal('core/in-a-group');
  if (core.pending !== null) throw new CoreRefusal('core/pending');
  return { history: led, pending: null };
}

/**
 * Follows somebody else's commit (section 12.4.2); what it had drafted on the old epoch is void.
 *
 * @param led the history of its author with the commit. Throws `core/other-parent` where that does not continue its own.
 */
export function process(core: AbstractCore, led: History): AbstractCore {
  if (core.history.length === 0 || !equal(core.history, led.slice(0, -1))) {
    throw new CoreRefusal('core/other-parent');
  }
  return { history: led, pending: null };
}

/** Whether two are one epoch. */
export function equal(a: History, b: History): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
