import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { participantMachine } from '../../machine/machine.ts';
import { cellKey, type Cell } from '../explorer/cell.ts';
import { Environment, type World } from '../explorer/environment.ts';
import { projectVariable, projectView, VARIABLES } from '../explorer/project.ts';
import { readConstants } from '../model/constants.ts';
import { SPEC_FOLDER } from '../model/models.ts';
import { printValue } from '../../trace/printValue.ts';
import { explore } from './machineGraph.ts';
import { FIELDS, printFields } from './fields.ts';
import { LabelIndex } from './labels.ts';
import { StateIndex } from './stateIndex.ts';
import { worldKey } from './worldKey.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a small call with a claim and a handover is made of. */
let environment: Environment;
let cells: readonly Cell[];
/** The names of all fields that occur, by part of a world. */
const occurring = new Map<string, Set<string>>();

function see(part: string, fields: object | null): void {
  const names = occurring.get(part) ?? new Set();
  for (const name of Object.keys(fields ?? {})) names.add(name);
  occurring.set(part, names);
}

beforeAll(async () => {
  const config = await readFile(join(SPEC_FOLDER, 'models/safety/crash2.cfg'), 'utf8');
  const { limits, ...constants } = readConstants(config);
  environment = new Environment({
    ...constants,
    limits: { ...limits, crashes: 0, claims: 1, handovers: 1 },
  });
  await explore(environment, new StateIndex(), new LabelIndex());
  see('world', environment.initial());
  cells = Array.from({ length: environment.cells.size }, (_, number) => environment.cells.cell(number));
  for (const cell of cells) {
    see('participant', cell);
    see('MLS core', cell.core);
    if (cell.machine === null) continue;
    see('snapshot', participantMachine.getPersistedSnapshot(cell.machine));
    const { context } = cell.machine;
    see('context', context);
    see('view', context.view);
    for (const joined of Object.values(context.view.joined)) see('joined', joined);
    see('pending', context.pending);
  }
  for (let number = 0; number < environment.logs.entries.size; number += 1) {
    const entry = environment.logs.entries.get(number);
    see('log entry', entry);
    see('entry', entry.entry);
  }
});

describe('every field of a world', () => {
  it('is in a variable or left out for a reason, and no field is listed that there is not', () => {
    for (const [part, names] of occurring) {
      const listed = Object.keys(FIELDS[part] ?? {});
      // An entry that does not parse or verify, or a flawed key package, is none that the explorer sends.
      const met = part === 'entry' ? [...names, 'reason', 'flaw'] : [...names];
      expect({ part, fields: met.toSorted() }).toEqual({ part, fields: listed.toSorted() });
    }
    expect([...occurring.keys()].toSorted()).toEqual(Object.keys(FIELDS).toSorted());
    expect(cells.length).toBeGreaterThan(500);
    expect(printFields().length).toBeGreaterThan(50);
  });

  it('that is a part is listed with its own fields, and reasons are reasons', () => {
    for (const fate of Object.values(FIELDS).flatMap((fields) => Object.values(fields))) {
      if ('has' in fate) for (const part of fate.has) expect(Object.keys(FIELDS)).toContain(part);
      if ('leftOut' in fate) expect(fate.leftOut.length).toBeGreaterThan(20);
      if ('in' in fate) expect([...VARIABLES, 'View']).toContain(fate.in);
    }
  });

  it('of the world itself tells worlds apart', () => {
    const base = environment.initial();
    const other: World = {
      ...{ log: 1, cells: [0, 2], outboxes: [1, 0] },
      ...{ gone: 1, claims: 1, handovers: 1, lost: 1, resent: 1 },
    };
    const keys = Object.entries(other).map(([name, value]) => worldKey({ ...base, [name]: value as never }));
    expect(new Set([worldKey(base), ...keys]).size).toBe(1 + Object.keys(base).length);
  });

  it('of a snapshot, wherever it is, tells participants apart', () => {
    const cell = cells.findLast(({ machine, drafted }) => machine?.status === 'active' && drafted !== null)!;
    const machine = cell.machine!;
    const { context } = machine;
    const withContext = (changed: Fields): Cell => ({
      ...cell,
      machine: { ...machine, context: { ...context, ...changed } },
    });
    const changed = [
      ...Object.keys(context).map((name) => withContext({ [name]: 'other' })),
      ...Object.keys(context.view).map((name) => withContext({ view: { ...context.view, [name]: 'other' } })),
      ...Object.keys(cell.core).map((name) => ({ ...cell, core: { ...cell.core, [name]: ['other'] } })),
      { ...cell, drafted: null },
      { ...cell, read: 0 },
      { ...cell, self: 'other' },
      { ...cell, machine: { ...machine, value: 'outside' } as typeof machine },
    ];
    expect(new Set([cell, ...changed].map((one) => cellKey(one))).size).toBe(1 + changed.length);
  });
});

describe('what is in the View or a variable', () => {
  const names = Object.entries(FIELDS['view'] ?? {}).flatMap(([name, fate]) =>
    'in' in fate && fate.in === 'View' ? [name] : [],
  );

  it.each(names)('shows there: view.%s', (name) => {
    const { view } = cells.findLast(({ machine }) => machine?.context.view.roster.length === 2)!.machine!
      .context;
    const value: unknown = view[name as keyof typeof view];
    const changed =
      typeof value === 'number'
        ? value + 1
        : typeof value === 'boolean'
          ? !value
          : Array.isArray(value)
            ? [...(value as string[]), name === 'history' ? 'p1@9' : 'p1']
            : { ...(value as object), p1: 9 };
    const print = (one: typeof view): string =>
      printValue(projectView(one, environment.constants.participants));
    expect(print({ ...view, [name]: changed })).not.toBe(print(view));
  });

  it('and the faults', () => {
    const base = environment.initial();
    for (const [name, fate] of Object.entries(FIELDS['world'] ?? {})) {
      if (!('in' in fate)) continue;
      const print = (world: World): string =>
        printValue(projectVariable(environment, world, fate.in as never));
      expect(print({ ...base, [name]: 9 })).not.toBe(print(base));
    }
  });
});
