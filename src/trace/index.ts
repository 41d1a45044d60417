/** TLA+ values and traces: their canonical form, their texts (TLA+, ITF) and how they are shown to people. */
export * from './errors.ts';
export * from './value.ts';
export * from './trace.ts';
export { parseState, parseValue, VALUE_LIMITS } from './parseValue.ts';
export { printState, printValue } from './printValue.ts';
export { fromItfValue, ITF_LIMITS, readItf, toItfValue, writeItf } from './itf.ts';
export type { ItfState, ItfTrace, Json, JsonObject } from './itf.ts';
export { changesOf, printAction, printTrace } from './printTrace.ts';
export type { PrintTraceOptions } from './printTrace.ts';
export { printSteps } from './printSteps.ts';
export { shortValue } from './shortValue.ts';
