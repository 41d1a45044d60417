import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULES } from '../../protocol/rules.ts';
import { ACTIONS, type Action } from '../explorer/actions.ts';
import { SPEC_FOLDER } from '../model/models.ts';
import { parseSimulation, runTlc, simulationFiles, verdict } from '../tlc/index.ts';
import { ReplayError } from './errors.ts';
import { constantsIn } from './input/config.ts';
import { asItf } from './input/load.ts';
import { scheduleOf, type Schedule } from './schedule.ts';

export interface SimulationOptions {
  /** How many traces. */
  readonly traces: number;
  /** 2 to 8. */
  readonly participants: number;
  /** Steps of each trace, at least. A trace that ends before does not count, and another one takes its place. */
  readonly steps: number;
  readonly seed: number;
  /** Kills TLC. */
  readonly signal?: AbortSignal;
}

/** Traces of one run of TLC: enough that its start does not matter, few enough for the disk. */
const BATCH = 100;
/** A trace goes on beyond what it needs, so that there is more than beginnings. */
const LONGER = 1.25;
/** Runs of TLC in which too few traces were long enough, before it is given up. */
const TRIES = 10;

/**
 * All rules on and every fault, in behaviours that TLC chooses by chance. By pure chance everybody would suspect, lose
 * and leave before there is a group: while anything is due, faults are rare.
 */
const MODULE = `---- MODULE Simulated ----
EXTENDS MC, TLC
Chance(n) == RandomElement(1..n) = 1
Ends      == {"Leave", "Crash", "DeclareGone"}
Faults    == {"Claim", "Lose"}
Due(p) ==
  \\/ outbox[p] # <<>>
  \\/ status[p] = "outside" /\\ ~InLog(1, "join", p)
  \\/ InCall(p) /\\ pos[p] < Len(log[1])
  \\/ /\\ InCall(p) /\\ pending[p] = <<>>
     /\\ IF status[p] = "member" THEN DesignatedCommitter(View(p)) = p /\\ Duty(View(p))
        ELSE MayFound(View(p), p)
SimulatedNext ==
  LET due == \\E p \\in Participants : Due(p) IN
  /\\ TracedNext
  /\\ CASE act'.name \\in Ends   -> ~due \\/ Chance(40)
       [] act'.name \\in Faults -> ~due \\/ Chance(25)
       [] act'.name = "Join"   -> Chance(2)
       [] OTHER -> TRUE
====
`;

const configOf = (participants: number): string => `INIT TracedInit
NEXT SimulatedNext
CONSTANTS
  ViewAt <- KeptViewAt
  Participants = {${Array.from({ length: participants }, (_, i) => `p${i + 1}`).join(', ')}}
  Uninvited = {}
  OtherSide = {}
  BatchLimit = 2
${RULES.map((rule) => `  ${rule} = TRUE`).join('\n')}
  MaxCrashes = 1
  MaxLeaves = 1
  MaxGone = 1
  MaxClaims = 3
  MaxHandovers = 8
  MaxLost = 3
CHECK_DEADLOCK FALSE
`;

/** A trace that TLC simulated. */
export interface SimulatedTrace {
  /** From 1. */
  readonly number: number;
  readonly schedule: Schedule;
}

/**
 * Traces that TLC simulates, as many as asked for and each as long; TLC makes the next ones while the caller works. The
 * same options give the same traces.
 *
 * @throws ReplayError `replay/simulation` where TLC finds no more, TlcError where it could not be run.
 */
export async function* simulatedTraces(options: SimulationOptions): AsyncGenerator<SimulatedTrace> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  let number = 0;
  let idle = 0;
  let run = 0;
  const nextBatch = (): Promise<readonly Schedule[]> =>
    settled(simulate(options, options.seed + run++ * 1_000_003, abort.signal));
  let next = nextBatch();
  try {
    while (number < options.traces) {
      const batch = await next;
      idle = batch.length === 0 ? idle + 1 : 0;
      if (idle >= TRIES) {
        throw new ReplayError('replay/simulation', `no trace of TLC has ${options.steps} steps`);
      }
      if (number + batch.length < options.traces) next = nextBatch();
      for (const schedule of batch.slice(0, options.traces - number)) yield { number: ++number, schedule };
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    abort.abort();
    await next.catch(() => undefined);
  }
}

/** A promise that may fail while nobody waits for it yet. */
function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** One run of TLC: the traces of it that are long enough. Its files are gone afterwards. */
async function simulate(
  { traces, participants, steps }: SimulationOptions,
  seed: number,
  signal: AbortSignal,
): Promise<readonly Schedule[]> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-simulation-'));
  try {
    const files = join(folder, 'trace');
    const config = configOf(participants);
    const { outcome } = await runTlc({
      spec: 'Simulated.tla',
      config: 'Simulated.cfg',
      modulesFrom: [SPEC_FOLDER],
      extraFiles: { 'Simulated.tla': MODULE, 'Simulated.cfg': config },
      deadlock: false,
      simulate: { traces: Math.min(BATCH, traces), files },
      depth: Math.ceil(steps * LONGER) + 1,
      seed,
      signal,
    });
    if (verdict(outcome) !== 'holds') {
      throw new ReplayError('replay/simulation', `TLC could not simulate: ${verdict(outcome)}`);
    }
    const constants = constantsIn(config);
    const schedules: Schedule[] = [];
    for (const file of await simulationFiles(files)) {
      const trace = parseSimulation(withoutViews(await readFile(file, 'utf8')));
      if (trace.steps.length > steps) schedules.push(scheduleOf(asItf(trace, 'holds'), constants));
    }
    return schedules;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The views follow from the log, and are most of the text. */
const withoutViews = (text: string): string => text.replace(/^\/\\ views = .*\n(?:[ \t].*\n)*/gm, '');

/** How often each action of the spec occurred. */
export class ActionCounts {
  readonly #counts = new Map<Action, number>(ACTIONS.map((action) => [action, 0]));

  add({ steps }: Schedule): void {
    for (const { action } of steps) {
      const known = ACTIONS.find((name) => name === action);
      if (known !== undefined) this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
    }
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Actions that occurred less often than that. */
  below(floor: number): readonly Action[] {
    return ACTIONS.filter((action) => (this.#counts.get(action) ?? 0) < floor);
  }
}
