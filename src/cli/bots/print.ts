import type { BotsReport, Distribution, Progress } from '../../checking/bots/index.ts';
import { seconds, table, thousands } from '../output.ts';
import { adviceOn } from './advice.ts';
import type { ServiceUsage } from './ownService.ts';

export const progressText = ({ seconds: at, admitted, staying, entries, epochs, apart }: Progress): string =>
  `${at.toFixed(0)} s  ${admitted} of ${staying} admitted, ${entries} entries, ${epochs} epochs  ${apart ?? 'together'}`;

const inWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${thousands(count)}`)
    .join(', ') || 'none';

const distribution = (of: Distribution | null): string =>
  of === null ? 'nobody' : `p50 ${seconds(of.p50)}, p99 ${seconds(of.p99)}, max ${seconds(of.max)}`;

const KIBIBYTE = 1_024;

/** The summary as a table. @param service what a service of our own has used. */
export function printReport(report: BotsReport, service: ServiceUsage | null): string {
  const { log, usage, bytesReceived, bots } = report;
  const known = (value: number | null): string => (value === null ? 'never' : seconds(value));
  const rows: (readonly [string, string])[] = [
    ['bots', `${bots}: ${report.left} left, ${report.crashed} crashed, ${report.staying} stayed`],
    ['admitted of those who stayed', `${report.admitted}`],
    ['all admitted after', known(report.admittedSeconds)],
    ['all together after', known(report.togetherSeconds)],
    ['a bot, from connecting to member', distribution(report.joining)],
    ['commits, handovers, claims', `${report.commits}, ${report.handovers}, ${report.claims}`],
    ['entries of the log', `${thousands(log.entries)}: ${inWords(log.counted)}`],
    ['entries that counted for nothing', inWords(log.refused)],
    ['epochs', `${report.epochs}, ${thousands(report.comparisons)} authenticators compared`],
    ['authenticators at the end', `${report.authenticators}`],
    ['joined anew', `${report.rejoins}`],
    ['troubles', inWords(report.troubles)],
    ['received, a bot', `${kib(bytesReceived.mean)}, at most ${kib(bytesReceived.max)}`],
    ['processor time, a bot', `${((usage.cpuSeconds * 1_000) / bots).toFixed(0)} ms`],
    ['memory, a bot', `${(usage.memoryMiB / bots).toFixed(2)} MiB`],
    ['longest stall of the process', seconds(usage.stallSeconds)],
  ];
  if (service !== null)
    rows.push([
      'service',
      `${seconds(service.cpuSeconds)} processor time, ${service.memoryMiB.toFixed(0)} MiB`,
    ]);
  return table(['what', 'figure'], rows);
}

const kib = (bytes: number): string => `${(bytes / KIBIBYTE).toFixed(0)} KiB`;

/** Bots that are named one by one. */
const NAMED = 10;

/** Who was not admitted, or is elsewhere, and what to do. Empty where all is well. */
export function printMissing({ ok, apart, surprises, missing }: BotsReport): readonly string[] {
  if (ok) return [];
  const named = missing.slice(0, NAMED).map(({ bot, state, code, message }) => {
    return `${bot} (${state}): ${code === null ? '' : `${code}: `}${message}`;
  });
  const more = missing.length > NAMED ? [`… and ${missing.length - NAMED} more`] : [];
  const advice = [...new Set(missing.map(({ code }) => adviceOn(code)))];
  return [
    ...surprises.map((it) => `SURPRISE: ${it}`),
    ...(apart === null ? [] : [`not together: ${apart}`]),
    ...named,
    ...more,
    ...(advice.length > 0 ? advice : [adviceOn(null)]).map((it) => `What to do: ${it}`),
  ];
}
