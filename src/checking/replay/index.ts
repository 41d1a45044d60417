/** Traces of the spec, run on the production machine over the real MLS core. */
export { replay, asExpected, digitsOf } from './replay.ts';
export type { Replay, ReplayOptions, ReplayRow, ReplayVerdict } from './replay.ts';
export { scheduleOf } from './schedule.ts';
export type { Schedule, ScheduledStep } from './schedule.ts';
export { printReplay } from './table.ts';
export type { Sight } from './world.ts';
export { ReplayError } from './errors.ts';
export type { ReplayErrorCode } from './errors.ts';
