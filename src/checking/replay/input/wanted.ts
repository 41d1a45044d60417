import type { ItfTrace } from '../../../trace/itf.ts';
import type { ReplayVerdict } from '../result.ts';

/**
 * What the replays of kept traces come to whose `#meta` says `none`, by the name of the model: those with somebody
 * dishonest, and those of a spec with a mistake.
 */
const WANTED: Readonly<Record<string, ReplayVerdict>> = {
  // With all rules on: a dishonest committer can end a call, and cannot do more.
  'dishonest-ends-call': 'refused',
  'split-is-seen': 'agree',
  'call-begins': 'agree',

  // With a rule off: the damage on real MLS.
  'no-designated': 'refused',
  'no-justified': 'ghost',
  'no-justified-evicts': 'expelled',
  'no-designated-no-justified': 'expelled',
  'no-invited': 'ghost',
  'no-witnessed': 'unwitnessed',
  'no-witnessed-merges': 'unwitnessed',
  'no-current-dishonest': 'lingers',
  'no-current-lingers': 'lingers',
  'no-current-replay': 'repeated',

  // A spec with a mistake: the machines do something else. In three the mistake is in what follows from the log (the
  // roster, who is designated, what a commit must remove); the trace ends before anybody does anything by it, and its
  // states do not hold the views.
  'mutant-sent-by-all': 'differs',
  'mutant-merged-at-the-end': 'differs',
  'mutant-welcomed-too-early': 'differs',
  'mutant-draft-forgotten': 'differs',
  'mutant-out-of-the-roster': 'agree',
  'mutant-most-senior': 'agree',
  'mutant-adversary-sent-by-all': 'differs',
  'mutant-adversary-merged-at-the-end': 'differs',
  'mutant-adversary-draft-forgotten': 'differs',
  'mutant-most-junior-removed': 'agree',
};

/** What a trace must come to, if somebody said so: in its `#meta`, or in the list above. */
export function wantedOf({ replay, config }: ItfTrace['meta']): string | undefined {
  if (typeof replay !== 'string') return undefined;
  if (replay !== 'none') return replay;
  const [, model = ''] = /([a-z0-9-]+)\.cfg$/.exec(typeof config === 'string' ? config : '') ?? [];
  return Object.hasOwn(WANTED, model) ? WANTED[model] : undefined;
}
