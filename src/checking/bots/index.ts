/** Many participants of production in one process, for load: no browser, no media. */
export { runBots } from './runBots.ts';
export type { BotsOptions, Progress } from './runBots.ts';
export type { BotsReport, Distribution, Missing, Usage } from './report.ts';
export { ProbeError, probeRoom } from './probe.ts';
export type { ProbeErrorCode } from './probe.ts';
