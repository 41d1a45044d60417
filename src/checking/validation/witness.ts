/**
 * A witness besides TLC: walks the world of the explorer, one production machine a participant, along recorded runs. It
 * knows nothing of the spec. What happens is looked up among the steps that the machines and the network can take,
 * and what was observed is held against what the machine there says of itself.
 */
import { isDeepStrictEqual } from 'node:util';
import { entryOf, observationOf } from '../../participant/recording.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ALL_RULES } from '../../protocol/rules.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import type { Cell } from '../explorer/cell.ts';
import { Environment, type World } from '../explorer/environment.ts';
import { ExplorerError } from '../explorer/errors.ts';
import type { MergedEvent, MergedRun } from './merge.ts';

/** The explorer keeps who has joined in the bits of a number. */
const MAX_PARTICIPANTS = 31;
const UNLIMITED = 1_000_000;

/** Where a run stands. */
interface Standing {
  readonly world: World;
  /** The history that each authenticator's label stands for. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * How many events of each run are steps that production machines take, from the first on.
 *
 * @throws ExplorerError `explorer/too-large` for more than 31 participants in all.
 */
export function walk(runs: readonly MergedRun[]): number[] {
  const participants = [...new Set(runs.flatMap((run) => run.participants))];
  if (participants.length > MAX_PARTICIPANTS)
    throw new ExplorerError('explorer/too-large', `more than ${MAX_PARTICIPANTS} participants`);
  const [crashes, leaves, gone] = [UNLIMITED, UNLIMITED, UNLIMITED];
  const [claims, handovers, lost] = [UNLIMITED, UNLIMITED, UNLIMITED];
  const environment = new Environment({
    participants,
    uninvited: [],
    batchLimit: LIMITS.batch,
    rules: ALL_RULES,
    limits: { crashes, leaves, gone, claims, handovers, lost },
  });
  // Runs that begin alike walk the same way, once.
  const first: Place = { standing: { world: environment.initial(), labels: new Map() }, ways: new Map() };
  return runs.map((run) => {
    const words = new MachineWords(run);
    let place = first;
    for (const [taken, event] of run.events.entries()) {
      const said = words.event(event);
      const key = JSON.stringify(said);
      let way = place.ways.get(key);
      if (way === undefined) {
        const standing = follow(environment, place.standing, said);
        way = standing && { standing, ways: new Map() };
        place.ways.set(key, way);
      }
      if (way === null) return taken;
      place = way;
    }
    return run.events.length;
  });
}

interface Place {
  readonly standing: Standing;
  /** Null: no step. */
  readonly ways: Map<string, Place | null>;
}

/** An event in the words of the machines. */
type Said = Omit<MergedEvent, 'seen' | 'source'> & {
  readonly seen: Pick<RecordLine, 'state' | 'view' | 'pending' | 'authenticator'> | null;
};

/** Where the event leads; null where it is no step, or not as the line has it. */
function follow(environment: Environment, { world, labels }: Standing, event: Said): Standing | null {
  const { cells, logs, constants } = environment;
  const i = constants.participants.indexOf(event.participant);
  if (i === -1) return null;
  const after = worldAfter(environment, world, event, i);
  if (after === null) return null;
  const { action, at, entry, seen } = event;
  const about = ABOUT_ENTRIES.has(action) && at >= 1 && at <= logs.position(after.log);
  const there = about ? entryOf(logs.last(logs.prefix(after.log, at)).placed.entry) : null;
  if ((entry !== null || seen !== null) && !sameEntry(there, entry)) return null;
  if (seen === null) return { world: after, labels };

  const cell = cells.cell(action === 'Look' ? readerAt(environment, after, i) : after.cells[i]!);
  if (cell.machine === null) return null;
  const { authenticator, ...observation } = seen;
  if (!isDeepStrictEqual(observationOf(cell.machine), observation)) return null;
  const named = label(labels, authenticator, cell);
  return named && { world: after, labels: named };
}

const ABOUT_ENTRIES: ReadonlySet<string> = new Set([
  ...['Join', 'AppendEntry', 'DeclareGone', 'Void', 'Look', 'Joined', 'Read'],
]);

function worldAfter(environment: Environment, world: World, event: Said, i: number): World | null {
  const { cells, logs } = environment;
  switch (event.action) {
    case 'Void': {
      const entry = { kind: 'void', author: event.participant, reason: '' } as const;
      return { ...world, log: logs.append(world.log, logs.entry({ entry, led: null })) };
    }
    case 'Look':
      return cells.standing(world.cells[i]!) === 'outside' && event.at === logs.position(world.log)
        ? world
        : null;
    case 'Joined':
      return cells.position(world.cells[i]!) === event.at ? world : null;
    default: {
      const steps = environment.steps(world);
      return (
        steps.find(({ action, participant }) => action === event.action && participant === i)?.world ?? null
      );
    }
  }
}

/** Somebody outside who has read all of the log. */
function readerAt({ cells, logs }: Environment, world: World, i: number): number {
  let cell = world.cells[i]!;
  while (cells.position(cell) < logs.position(world.log)) {
    const step = cells.read(cell, world.log);
    if (step === null) return cell;
    cell = step.cell;
  }
  return cell;
}

/** One label, one history, all through the run; no label, no group. Null where that is not so. */
function label(
  labels: ReadonlyMap<string, string>,
  authenticator: string | null,
  { core }: Cell,
): ReadonlyMap<string, string> | null {
  if (authenticator === null) return core.history.length === 0 ? labels : null;
  if (core.history.length === 0) return null;
  const history = core.history.join(' ');
  const known = labels.get(authenticator);
  if (known !== undefined) return known === history ? labels : null;
  if ([...labels.values()].includes(history)) return null;
  return new Map([...labels, [authenticator, history]]);
}

/** Whose bytes do not verify nobody knows, nor why another one thinks so. */
function sameEntry(a: RecordEntry | null, b: RecordEntry | null): boolean {
  return (a?.kind === 'void' && b?.kind === 'void') || isDeepStrictEqual(a, b);
}

/** Says what one run holds as the explorer's machines do: author and position identify a founding or a commit. */
class MachineWords {
  readonly #ids: ReadonlyMap<string, string>;

  constructor({ log }: MergedRun) {
    this.#ids = new Map(
      log.flatMap((e) =>
        e.kind === 'found' || e.kind === 'commit' ? [[e.id, `${e.author}@${e.at}`] as const] : [],
      ),
    );
  }

  event({ action, participant, at, entry, seen }: MergedEvent): Said {
    return { action, participant, at, entry: entry && this.#entry(entry), seen: seen && this.#seen(seen) };
  }

  #entry(entry: RecordEntry): RecordEntry {
    if (entry.kind === 'found') return { ...entry, id: this.#id(entry.id) };
    if (entry.kind !== 'commit') return entry;
    return { ...entry, id: this.#id(entry.id), parent: this.#id(entry.parent) };
  }

  #seen({ state, view, pending, authenticator }: RecordLine): NonNullable<Said['seen']> {
    const head = view.head && this.#id(view.head);
    return { state, view: { ...view, head }, pending, authenticator };
  }

  #id(hash: string): string {
    return this.#ids.get(hash) ?? `unknown ${hash}`;
  }
}
