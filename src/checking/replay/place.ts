import type { Insider, ReplayedParticipant, Sent } from './participant.ts';

/** A place in the world. Without a participant and an insider it is outside, or has crashed. */
export interface Place<Content> {
  readonly name: string;
  /** Of the log that it reads: 1 or 2. */
  readonly side: number;
  participant: ReplayedParticipant<Content> | null;
  /** Who follows no rule is here instead, from the start. */
  readonly insider: Insider<Content> | null;
  crashed: boolean;
  outbox: readonly Sent<Content>[];
  /** What it sent last. */
  drafted: Sent<Content> | null;
}

export const inCall = ({ participant }: Place<unknown>): boolean =>
  participant !== null && participant.snapshot.status === 'active';

/** What it drafted and not read back. */
export const draftOf = <Content>({ participant, drafted }: Place<Content>): Sent<Content> | null =>
  participant === null || participant.snapshot.context.pending === null ? null : drafted;
