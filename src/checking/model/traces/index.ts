/** Kept traces: their files, their index, and whether each is still what it is kept for. */
export { descriptionOf, TRACE_SUFFIX, traceFile, traceText } from './keptTrace.ts';
export { traceIndex, type KeptTrace } from './traceIndex.ts';
export { INDEX_FILE, readTraceFolder, writeTraceIndex, type TraceFolder } from './traceFolder.ts';
export { verifyTrace, type VerifyOptions } from './verifyTrace.ts';
