import type { CommitEntry } from '../../protocol/entry.ts';
import { ParseError } from '../../protocol/errors.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader } from '../../protocol/wire/header.ts';
import { neededPart, withholdParts, type CommitPart } from '../../protocol/wire/payload.ts';
import type { LogView } from './LogView.ts';

/** Payloads up to this are handed on whole, bytes: two hashes and what stands around them. */
const SHORT = 128;

const NEITHER = 'neither';
type Need = CommitPart | typeof NEITHER;

/** The entry with that part of its commit. What is no commit, or is not in parts, stays as it is. */
function trimmed(wire: WireEntry, need: Need): WireEntry {
  try {
    if (decodeHeader(wire.header).kind !== 'commit') return wire;
    return { ...wire, payload: withholdParts(wire.payload, need === NEITHER ? [] : [need]) };
  } catch (error) {
    if (error instanceof ParseError) return wire;
    throw error;
  }
}

/**
 * What each reader needs of the payloads in a room's log ("headers first, payloads only where they need them"): a Welcome goes to whom it
 * admits, an MLS commit to who is a member, and neither of a commit that does not count. Withholding is safe: readers check each
 * part by the header, and ask again where one that they need is not there.
 */
export class Needs {
  readonly #view: LogView;
  readonly #admittedAt = new Map<ParticipantId, number>();
  /** The commits that counted, by position. */
  readonly #commits = new Map<number, CommitEntry>();
  /** The entry that was handed on last: to many readers, in three forms at most. */
  #last: { readonly wire: WireEntry; readonly forms: Map<Need, WireEntry> } | null = null;

  constructor(view: LogView) {
    this.#view = view;
    view.follow((before, after, entry) => {
      if (after.history === before.history) return;
      for (const participant of after.roster)
        if (!before.roster.includes(participant)) this.#admittedAt.set(participant, after.position);
      if (entry.kind === 'commit') this.#commits.set(after.position, entry);
    });
  }

  /** The entry at `position`, as `reader` is to get it. Whole, where the view has not come so far. */
  of(reader: ParticipantId, wire: WireEntry, position: number): WireEntry {
    if (wire.payload.length <= SHORT || position > this.#view.view.position) return wire;
    const commit = this.#commits.get(position);
    const isMember = (this.#admittedAt.get(reader) ?? Infinity) < position;
    const need: Need = (commit && neededPart(commit, reader, isMember)) ?? NEITHER;
    if (this.#last?.wire !== wire) this.#last = { wire, forms: new Map() };
    const { forms } = this.#last;
    const form = forms.get(need) ?? trimmed(wire, need);
    forms.set(need, form);
    return form;
  }
}
