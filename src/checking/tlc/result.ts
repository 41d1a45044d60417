import type { Trace } from '../../trace/trace.ts';
import type { TlcFailure, ViolatedKind } from './codes.ts';

/** TLC's verdict. `property` is the invariant's or property's name; `Deadlock`, `Assert` or `Temporal` where it has none. */
export type TlcOutcome =
  | { readonly kind: 'holds' }
  | { readonly kind: 'violated'; readonly property: string; readonly what: ViolatedKind }
  | { readonly kind: 'error'; readonly code: TlcFailure; readonly message: string };

/** How often an action led to a state that was new, and how often it was taken at all. */
export interface ActionCoverage {
  readonly distinct: number;
  readonly generated: number;
}

/** Where TLC stands. In a simulation there are no distinct states and no queue. */
export interface TlcProgress {
  readonly statesGenerated: number;
  readonly statesDistinct?: number;
  readonly statesLeft?: number;
}

export interface TlcResult {
  /** Undefined where TLC was killed by a signal. */
  readonly exitCode: number | undefined;
  readonly outcome: TlcOutcome;
  /** As in `TLC2 Version 2.18 of 20 March 2023`. */
  readonly version: string | undefined;
  readonly initialStates: number | undefined;
  readonly statesGenerated: number;
  /** Zero in a simulation, which does not count them. */
  readonly statesDistinct: number;
  /** Length of the longest shortest path from an initial state, in states; undefined where TLC did not say. */
  readonly depth: number | undefined;
  /** Wall clock, Java's start included. */
  readonly seconds: number;
  /** The behaviour that violates the property, or that led to an error of evaluation. */
  readonly trace?: Trace;
  /** By action name; only with `coverage`. */
  readonly coverage?: Readonly<Record<string, ActionCoverage>>;
  /** What `Print` printed and the parser said: the last lines, at most OUTPUT_LINES. */
  readonly output: readonly string[];
  readonly warnings: readonly string[];
}

/** How many lines outside of messages a result keeps. */
export const OUTPUT_LINES = 200;

/** A verdict in one word, as the commands print it: `holds`, the violated property, or `error: …`. */
export function verdict(outcome: TlcOutcome): string {
  if (outcome.kind === 'holds') return 'holds';
  return outcome.kind === 'violated' ? outcome.property : `error: ${outcome.code}`;
}
