import { basename } from 'node:path';
import type { ItfTrace } from '../../../trace/itf.ts';
import { namesUnder, runTlc, verdict, type TlcResult } from '../../tlc/index.ts';
import { configOf } from '../checkModel.ts';
import { SPEC_FOLDER, type Model } from '../models.ts';
import { staleDescription } from './keptTrace.ts';
import { AT_THE_END, BEFORE_THE_END, TRACE_MODULE, traceModule, type TraceModule } from './traceModule.ts';

export interface VerifyOptions {
  /** Folder of module and configuration; default: the spec's. */
  readonly specFolder?: string;
  readonly signal?: AbortSignal;
}

/**
 * Has TLC decide whether a kept trace is a behaviour of its model's config, every step of it, and violates at its end, or
 * as a lasso, what the model says. Undefined where it is and does, else what is wrong, in words. Throws TlcError where
 * TLC cannot be run, ModelError `model/unreadable`.
 */
export async function verifyTrace(
  model: Model,
  itf: ItfTrace,
  options: VerifyOptions = {},
): Promise<string | undefined> {
  const { specFolder = SPEC_FOLDER, signal } = options;
  const stale = staleDescription(model, itf);
  if (stale !== undefined) return stale;
  const length = itf.states.length;
  if (model.depth !== undefined && model.depth !== length)
    return `it has ${length} states, and its model's depth is ${model.depth}`;
  const config = await configOf(model, specFolder);
  const isProperty = namesUnder(config, 'PROPERTY', 'PROPERTIES').includes(model.expected);
  const made = traceModule(
    basename(model.module, '.tla'),
    config,
    itf,
    isProperty ? undefined : model.expected,
  );
  const run = (checked: Parameters<TraceModule['config']>[0]): Promise<TlcResult> =>
    runTlc({
      ...{ spec: `${TRACE_MODULE}.tla`, config: `${TRACE_MODULE}.cfg`, deadlock: false, short: true },
      modulesFrom: [specFolder],
      extraFiles: { [`${TRACE_MODULE}.tla`]: made.module, [`${TRACE_MODULE}.cfg`]: made.config(checked) },
      ...(signal && { signal }),
    });
  const properties = [made.behaviour];
  if (itf.loop !== undefined) {
    const behaves = await run({ properties });
    if (behaves.outcome.kind !== 'holds') return notABehaviour(behaves);
    const found = verdict((await run({ properties: [model.expected] })).outcome);
    return found === model.expected ? undefined : doesNotViolate(model, found);
  }
  if (isProperty) {
    const result = await run({ properties: [...properties, model.expected] });
    return ended(model, model.expected, length, length, result);
  }
  const result = await run({ invariants: [BEFORE_THE_END, AT_THE_END], properties });
  return ended(model, AT_THE_END, length, length + 1, result);
}

/** A trace that ends: TLC must find `violated` in state `at`, and nothing wrong before. */
function ended(
  model: Model,
  violated: string,
  length: number,
  at: number,
  result: TlcResult,
): string | undefined {
  const found = verdict(result.outcome);
  const state = result.trace?.steps.length;
  if (found === 'holds') return doesNotViolate(model, found);
  const early = found === BEFORE_THE_END || (found === violated && state !== at);
  if (early) return `it violates ${model.expected} in state ${state ?? 0} already, of ${length}`;
  return found === violated ? undefined : notABehaviour(result);
}

function doesNotViolate({ expected }: Model, found: string): string {
  return `it does not violate ${expected}${found === 'holds' ? '' : `: TLC says ${found}`}`;
}

function notABehaviour({ outcome, trace }: TlcResult): string {
  if (outcome.kind === 'error')
    return `TLC could not judge it: ${outcome.code}, ${outcome.message.slice(0, 500)}`;
  const state = trace?.steps.length;
  const where = state === undefined ? '' : ` from state ${Math.max(1, state - 1)} on`;
  return `it is no behaviour of its config${where} (${verdict(outcome)})`;
}
