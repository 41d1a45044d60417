/** Whether recorded runs are behaviours of the spec: TLC decides. */
export { validateRecords, validateRuns } from './validate.ts';
export type { RefusedLine, Validation, ValidateOptions } from './result.ts';
export { RUN_LIMITS } from './lines.ts';
export type { RecordText } from './lines.ts';
export { mergeRun } from './merge.ts';
export type { EventAction, MergedEvent, MergedRun, Source } from './merge.ts';
export { walk } from './witness.ts';
export { ValidationError } from './errors.ts';
export type { ValidationErrorCode } from './errors.ts';
