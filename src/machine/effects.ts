import type { CommitId, ParticipantId } from '../protocol/ids.ts';

/**
 * What the machine asks for, named as the spec's actions are. The MLS core carries `found`, `commit`, `merge`,
 * `discard`, `welcome` and `process` out; the delivery log the entries of `found`, `commit`, `claim`, `handOver` and
 * `leave`.
 */
export type Effect =
  /** Draft a founding on the log of `at` entries and send it. */
  | { readonly type: 'found'; readonly params: { readonly at: number } }
  /** Draft a commit and send it. */
  | { readonly type: 'commit'; readonly params: CommitDraft }
  | {
      readonly type: 'claim';
      readonly params: { readonly at: number; readonly accused: ParticipantId };
    }
  | { readonly type: 'handOver'; readonly params: { readonly at: number } }
  /** Tell the service that this participant leaves. */
  | { readonly type: 'leave'; readonly params: Record<string, never> }
  /** Make the drafted founding or commit the current epoch: it was read back. */
  | { readonly type: 'merge'; readonly params: { readonly id: CommitId | null } }
  /** Forget what was drafted: it counted for nothing, or the epoch or the role changed before it was read back. */
  | { readonly type: 'discard'; readonly params: Record<string, never> }
  /** Open the Welcome of the entry that is being read. */
  | { readonly type: 'welcome'; readonly params: { readonly position: number; readonly id: CommitId } }
  /** Process the commit of the entry that is being read. */
  | { readonly type: 'process'; readonly params: { readonly position: number; readonly id: CommitId } };

/** What a commit is to hold: fixed by the view at `at` (rule Justified). */
export interface CommitDraft {
  readonly at: number;
  /** In order of arrival. */
  readonly adds: readonly ParticipantId[];
  /** In order of departure. */
  readonly removes: readonly ParticipantId[];
  /** Whether it needs a path: it removes, or a refresh is due. */
  readonly path: boolean;
}

export type EffectType = Effect['type'];
