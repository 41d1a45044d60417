import type { CommitDraft, Effect } from '../../machine/effects.ts';
import type { CommitId, LogHash } from '../../protocol/ids.ts';
import * as mls from '../core/abstractCore.ts';
import type { LogEntry } from './logTree.ts';

export interface CarriedOut {
  readonly core: mls.AbstractCore;
  readonly sent: readonly LogEntry[];
}

export interface Circumstances {
  readonly self: string;
  /** The rule Atomic. */
  readonly atomic: boolean;
  /** The hash of the log that was read when the machine drafted. */
  readonly on: LogHash;
  /** The entry whose reading brought the effects; null for a command. */
  readonly reading: LogEntry | null;
}

/** Carries the machine's effects out, in order: on the MLS core, and as entries to be sent. `refused`: MLS refused one. */
export function carryOut(
  before: mls.AbstractCore,
  effects: readonly Effect[],
  circumstances: Circumstances,
): CarriedOut | 'refused' {
  const { self, on, reading } = circumstances;
  let core = before;
  const sent: LogEntry[] = [];
  try {
    for (const effect of effects) {
      switch (effect.type) {
        case 'found':
          core = mls.found(core, idOf(self, effect.params.at));
          sent.push(foundEntry(self, effect.params.at, on, core));
          break;
        case 'commit': {
          const parent = core.history.at(-1) ?? '';
          core = mls.commit(core, idOf(self, effect.params.at));
          sent.push(...commitEntries(circumstances, effect.params, parent, core.pending));
          break;
        }
        case 'handOver':
          sent.push({ entry: { kind: 'handover', author: self, at: effect.params.at, on }, led: null });
          break;
        case 'claim':
          sent.push({ entry: { kind: 'claim', author: self, on, ...effect.params }, led: null });
          break;
        case 'merge':
          core = mls.merge(core, effect.params.id);
          break;
        case 'discard':
          core = mls.discard(core);
          break;
        case 'welcome':
          // As the keeper of a real group does: a Welcome that came ahead of its commit was opened then.
          if (!mls.equal(core.history, ledBy(reading))) core = mls.welcome(core, ledBy(reading));
          break;
        case 'process':
          core = mls.process(core, ledBy(reading));
          break;
        case 'leave':
          // The service hears of it, or notices: its `leave` is the action DeclareGone.
          break;
      }
    }
  } catch (error) {
    if (error instanceof mls.CoreRefusal) return 'refused';
    throw error;
  }
  return { core, sent };
}

/** Author and position identify a founding or a commit, as in the spec. */
const idOf = (author: string, at: number): string => `${author}@${at}`;

function foundEntry(author: string, at: number, on: LogHash, core: mls.AbstractCore): LogEntry {
  return { entry: { kind: 'found', author, at, on, id: idOf(author, at) }, led: core.pending };
}

/** A commit, after its Welcome where that travels by itself (rule Atomic off). */
function commitEntries(
  { self, atomic, on }: Circumstances,
  { at, adds, removes }: CommitDraft,
  parent: CommitId,
  led: mls.History | null,
): readonly LogEntry[] {
  const fields = { author: self, at, on, id: idOf(self, at), parent, adds, removes };
  const commit: LogEntry = { entry: { kind: 'commit', ...fields }, led };
  return atomic || adds.length === 0 ? [commit] : [{ entry: { kind: 'welcome', ...fields }, led }, commit];
}

function ledBy(reading: LogEntry | null): mls.History {
  if (reading === null || reading.led === null) throw new RangeError('no entry with a payload is being read');
  return reading.led;
}
