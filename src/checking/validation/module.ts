import { LIMITS } from '../../protocol/limits.ts';
import { RULES } from '../../protocol/rules.ts';
import type { RecordLine } from '../../trace/record.ts';
import type { MergedEvent, MergedRun } from './merge.ts';
import { integer, namesOf, text, tuple, Words } from './words.ts';

/** The module that TraceValidation extends. */
export const RECORD_MODULE = 'TraceRecord';

/** Runs as TLC gets them: the module `TraceRecord`, and the configuration of TraceValidation. */
export interface RecordModule {
  readonly spec: string;
  readonly config: string;
  /** How many steps it has. */
  readonly steps: number;
  /** Of each run the numbers of its steps, in order. Runs that begin alike share them. */
  readonly paths: readonly (readonly number[])[];
  /** Of each run its words. */
  readonly words: readonly Words[];
}

/** How often a fault may happen in a run: as often as it did. */
const UNLIMITED = 1_000_000;
const LIMITED = ['MaxCrashes', 'MaxLeaves', 'MaxGone', 'MaxClaims', 'MaxHandovers', 'MaxLost'];

/** Texts that come again and again are written once; what names them holds their numbers, from 1. */
class Table {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(of: string): number {
    const known = this.#numbers.get(of);
    if (known !== undefined) return known;
    const number = this.texts.push(of);
    this.#numbers.set(of, number);
    return number;
  }
}

/** Steps of runs, of which the ones that begin alike share them. Steps have numbers, from 1. */
class StepTree {
  /** The event of each. */
  readonly events: number[] = [];
  /** Step and the one that it follows, where that is not the one before it. */
  readonly branches: (readonly [step: number, after: number])[] = [];
  readonly #known = new Map<string, number>();

  /** The step at which this event follows step `after`, 0: comes first. */
  follow(after: number, event: number): number {
    const key = `${after} ${event}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.events.push(event);
    this.#known.set(key, number);
    if (after === 0 || after !== number - 1) this.branches.push([number, after]);
    return number;
  }
}

/** Writes runs as one module. @param explains whether TLC is to tell what it would have allowed where it refuses. */
export function writeModule(runs: readonly MergedRun[], explains: boolean): RecordModule {
  const names = namesOf(runs);
  const words = runs.map((run) => new Words(run, names));
  const [events, entries, observations] = [new Table(), new Table(), new Table()];
  const [views, labels] = [new Table(), new Table()];
  const tree = new StepTree();

  const observation = ({ state, pending, view }: RecordLine, w: Words): number =>
    observations.number(tuple([text(state), w.pending(pending), integer(views.number(w.view(view)))]));
  const eventText = ({ action, participant, at, entry, seen }: MergedEvent, w: Words): string => {
    // A line that names no entry is not about one; 0 where there is no line.
    const none = seen === null ? 0 : entries.number('[kind |-> "none"]');
    const label = seen?.authenticator ?? null;
    return tuple([
      text(action),
      text(w.name(participant)),
      integer(at),
      integer(entry === null ? none : entries.number(w.entry(entry))),
      integer(seen === null ? 0 : observation(seen, w)),
      integer(label === null ? 0 : labels.number(label)),
    ]);
  };
  const paths = runs.map((run, i) => {
    let last = 0;
    return run.events.map((event) => (last = tree.follow(last, events.number(eventText(event, words[i]!)))));
  });

  const lines = (name: string, items: readonly string[]): string => `${name} == <<\n${items.join(',\n')} >>`;
  const branches = tree.branches.map(([step, after]) => tuple([integer(step), integer(after)]));
  const spec = [
    `---- MODULE ${RECORD_MODULE} ----`,
    lines('Events', events.texts),
    `Steps == <<${tree.events.join(', ')}>>`,
    `Branches == {${branches.join(', ')}}`,
    lines('Entries', entries.texts),
    lines('Observations', observations.texts),
    lines('Views', views.texts),
    `Labels == ${labels.texts.length}`,
    `Explains == ${explains ? 'TRUE' : 'FALSE'}`,
    '====',
    '',
  ];
  const config = configOf([...names.values()]);
  return { spec: spec.join('\n'), config, steps: tree.events.length, paths, words };
}

function configOf(participants: readonly string[]): string {
  return [
    'CONSTANTS',
    `  Participants = {${participants.map(text).join(', ')}}`,
    `  BatchLimit = ${LIMITS.batch}`,
    '  Uninvited = {}',
    '  OtherSide = {}',
    ...RULES.map((rule) => `  ${rule} = TRUE`),
    ...LIMITED.map((name) => `  ${name} = ${UNLIMITED}`),
    '  View <- KeptView',
    'INIT TraceInit',
    'NEXT TraceNext',
    'VIEW Progress',
    '',
  ].join('\n');
}
