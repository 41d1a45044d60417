/** A draft of one participant. It never drafts twice at one position: it reads before it drafts again. */
export interface Draft {
  readonly kind: string;
  readonly at: number;
}

/** A draft as the service appended it. */
export interface Sent {
  /** In the log, from 1. */
  readonly position: number;
  readonly draft: Draft;
}

/** Where the connection of one participant was lost, as far as the log shows. */
export interface Losses {
  /** Lines by index: what was sent before is under way no more. `Lose` of the spec goes before them. */
  readonly lostBefore: ReadonlySet<number>;
  /** Positions of entries that were appended again later. `Lose` and `Resend` go behind them. */
  readonly resentAfter: ReadonlySet<number>;
  /** For each line the position that has to be appended before it. */
  readonly notBefore: readonly number[];
}

const keyOf = ({ kind, at }: Draft): string => `${kind} ${at}`;

/**
 * Finds the losses of one participant: a draft that the log does not hold although there is a later one was lost, and
 * a draft that it holds more than once was sent again. No line tells of connections, so that this is all there is; a
 * draft that was lost and sent again shows nowhere, and the spec has it under way all the time.
 *
 * @param drafts of each of its lines: what it drafts, or null.
 * @param sent all its entries in the log, in order.
 */
export function lossesOf(drafts: readonly (Draft | null)[], sent: readonly Sent[]): Losses {
  const positions = new Map<string, number[]>();
  for (const { position, draft } of sent) {
    const copies = positions.get(keyOf(draft)) ?? [];
    positions.set(keyOf(draft), copies);
    copies.push(position);
  }
  const lostBefore = new Set<number>();
  const resentAfter = new Set<number>();
  const notBefore: number[] = [];
  /** Everything up to there was sent before the line. */
  let appended = 0;
  /** The next line that reads or drafts is not before it. */
  let wait = 0;
  let lost = false;
  drafts.forEach((draft, i) => {
    const copies = draft === null ? undefined : positions.get(keyOf(draft));
    if (copies !== undefined && lost) {
      // On its connection nothing is overtaken: what was sent before the lost one arrived before it was lost.
      lostBefore.add(i);
      wait = Math.max(wait, appended);
      lost = false;
    }
    notBefore.push(wait);
    if (draft === null) return;
    if (copies === undefined) {
      lost = true;
      return;
    }
    appended = Math.max(appended, copies.at(-1) ?? 0);
    // While it sent the draft again, it had not read it back, nor anything that would have made it stale.
    for (const position of copies.slice(0, -1)) {
      resentAfter.add(position);
      wait = Math.max(wait, position);
    }
  });
  return { lostBefore, resentAfter, notBefore };
}
