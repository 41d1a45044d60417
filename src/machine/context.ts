import { ALL_RULES, type Rules } from '../protocol/rules.ts';
import type { Protocol } from '../protocol/counts.ts';
import type { LogHash, ParticipantId } from '../protocol/ids.ts';
import { LIMITS } from '../protocol/limits.ts';
import { emptyView, type View } from '../protocol/view.ts';

/** What a participant has drafted and not read back: `pending` of the spec. At most one thing. */
export interface Pending {
  readonly kind: 'found' | 'commit' | 'handover' | 'claim';
  /** How many entries had been read when it was drafted. With the author, this identifies it. */
  readonly at: number;
}

/** The extended state of a participant. JSON all through: it persists as it is. */
export interface Context {
  readonly self: ParticipantId;
  readonly protocol: Protocol;
  /** The hash of the empty log, which a participant that ends returns to. */
  readonly origin: LogHash;
  readonly view: View;
  readonly pending: Pending | null;
}

/** What a participant machine is started with. */
export interface Input {
  readonly self: ParticipantId;
  /** The hash of the empty log (`protocol/logHash.ts`): it covers the log id. */
  readonly origin: LogHash;
  /** Checks and sandbox rooms only. Default: all rules on. */
  readonly rules?: Rules;
  /** Checks only. Default: `LIMITS.batch`. */
  readonly batchLimit?: number;
}

export const initialContext = (input: Input): Context => ({
  self: input.self,
  protocol: { rules: input.rules ?? ALL_RULES, batchLimit: input.batchLimit ?? LIMITS.batch },
  origin: input.origin,
  view: emptyView(input.origin),
  pending: null,
});

/** A participant that ends keeps nothing: no view, no draft. */
export const erased = (context: Context): Context => ({
  ...context,
  view: emptyView(context.origin),
  pending: null,
});
