/** Traces of the spec, and recorded runs, on the production machine over the real MLS core. */
export { replay, asExpected } from './replay.ts';
export type { ReplayOptions } from './replay.ts';
export { digitsOf, Totals, totalOf, VERDICTS } from './result.ts';
export type { Replay, ReplayRow, ReplayVerdict } from './result.ts';
export { scheduleOf } from './schedule.ts';
export type { Schedule, ScheduledStep } from './schedule.ts';
export { loadInputs } from './input/load.ts';
export type { InputKind, NotReplayable, Replayable } from './input/load.ts';
export { configText, constantsIn } from './input/config.ts';
export { scheduleOfRecords } from './input/recorded.ts';
export { pageOf } from './html/page.ts';
export { printCounts, printReplay, printVerdict } from './table.ts';
export type { Opening, OpeningCounts, OpeningTable } from './openings.ts';
export type { Sight } from './sight.ts';
export { ReplayError } from './errors.ts';
export type { ReplayErrorCode } from './errors.ts';
export { ActionCounts, simulatedTraces } from './simulate.ts';
export type { SimulatedTrace, SimulationOptions } from './simulate.ts';
