/** TLC as a function: runs it, and reads what it prints, dumps and simulates. */
export { TlcError } from './errors.ts';
export type { TlcErrorCode } from './errors.ts';
export type { TlcFailure, ViolatedKind } from './codes.ts';
export { runTlc, SHORT_STATES } from './run.ts';
export type { TlcRequest } from './run.ts';
export { verdict } from './result.ts';
export type { ActionCoverage, TlcOutcome, TlcProgress, TlcResult } from './result.ts';
export { findJava, findTlcJar } from './program.ts';
export { dumpPath } from './arguments.ts';
export { DotNode, DOT_LINE_LIMIT, readDot } from './dot.ts';
export type { DotEdge } from './dot.ts';
export { parseSimulation, readSimulationFile, simulationFiles } from './simulation.ts';
export { traceToItf } from './traceToItf.ts';
export type { TraceDescription } from './traceToItf.ts';
export { checkedNames, namesUnder, withConstants } from './configFile.ts';
