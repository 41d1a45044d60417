import { join } from 'node:path';
import { writeItf, type ItfTrace } from '../../../trace/itf.ts';
import type { Trace } from '../../../trace/trace.ts';
import { traceToItf, type TraceDescription } from '../../tlc/index.ts';
import { withoutDerived } from '../derived.ts';
import { TRACES_FOLDER, type Model } from '../models.ts';

/** How the files of kept traces end. */
export const TRACE_SUFFIX = '.itf.json';

/** The file that a model's trace is kept in. */
export function traceFile({ name }: Model, folder = TRACES_FOLDER): string {
  return join(folder, `${name}${TRACE_SUFFIX}`);
}

/** What a model's trace says about itself: all of it follows from the model's row. */
export function descriptionOf(model: Model): TraceDescription {
  const isWitness = model.family === 'witnesses';
  return {
    source: `spec/${model.module}`,
    config: `spec/${model.config}`,
    rule: model.rules.join(', '),
    description: model.shows,
    property: isWitness ? 'holds' : model.expected,
    ...(isWitness && { witness: model.expected }),
    ...(model.replay !== undefined && { replay: model.replay }),
  };
}

/** The text of a model's trace file. */
export function traceText(model: Model, trace: Trace): string {
  return writeItf(traceToItf(withoutDerived(trace), descriptionOf(model)));
}

/** Where a file's description is not the one that the model's row asks for: the first such field, in words. */
export function staleDescription(model: Model, { meta }: ItfTrace): string | undefined {
  const wanted: Readonly<Record<string, unknown>> = { ...descriptionOf(model) };
  const fields = [...Object.keys(wanted), 'witness', 'replay'];
  const stale = fields.find((field) => meta[field] !== wanted[field]);
  return stale === undefined
    ? undefined
    : `its ${stale} is ${JSON.stringify(meta[stale])}, and the model's ${JSON.stringify(wanted[stale])}`;
}
