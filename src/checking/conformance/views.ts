import { printValue } from '../../trace/printValue.ts';
import { sequence } from '../../trace/value.ts';
import type { Environment } from '../explorer/environment.ts';
import { entryValue, projectView } from '../explorer/project.ts';
import { AT, type StateIndex } from './stateIndex.ts';

/** The views that the machines came to, beside those of the spec. */
export interface ViewComparison {
  /** Logs that both have a view of. */
  readonly logs: number;
  /** Participants, each with all that it holds, whose view is another than the spec's of the same log. */
  readonly different: number;
  readonly first?: ViewDifference;
}

export interface ViewDifference {
  /** The number of the participant in `Cells`. */
  readonly cell: number;
  readonly log: string;
  readonly spec: string;
  readonly machine: string;
}

/**
 * Compares the view in each machine's snapshot with what TLC computed of the log that it has read: `View` of the spec
 * with all its fields, of every participant that there is in any world.
 */
export function compareViews(environment: Environment, index: StateIndex): ViewComparison {
  const { cells, logs, constants } = environment;
  const numbers = new Map<number, number>();
  const numberOf = (read: number): number => {
    const known = numbers.get(read);
    if (known !== undefined) return known;
    const value = sequence([sequence(logs.contents(read).map(entryValue))]);
    const number = index.valueNumber(AT.log, value);
    numbers.set(read, number);
    return number;
  };
  const compared = new Set<number>();
  let different = 0;
  let first: ViewDifference | undefined;
  for (let cell = 0; cell < cells.size; cell += 1) {
    const { machine, read } = cells.cell(cell);
    if (machine?.status !== 'active') continue;
    const log = numberOf(read);
    const spec = index.viewOfLog(log);
    if (spec === undefined) continue;
    compared.add(log);
    const own = printValue(projectView(machine.context.view, constants.participants));
    if (own === spec) continue;
    different += 1;
    first ??= { cell, log: printValue(index.value(AT.log, log)), spec, machine: own };
  }
  return { logs: compared.size, different, ...(first && { first }) };
}
