/** Runs of bots against the real service, in one process, with records. */
import { runBots, type BotsOptions, type BotsReport } from '../../src/checking/bots/index.ts';
import type { RecordText } from '../../src/checking/validation/index.ts';
import type { ServiceLimits } from '../../src/service/delivery/limits.ts';
import { startService } from '../../src/service/server.ts';
import { printRecord } from '../../src/trace/record.ts';

export interface BotsRun {
  readonly report: BotsReport;
  /** One a bot. */
  readonly records: readonly RecordText[];
  readonly lines: number;
}

/** Has bots join a fresh room of a service with these limits. */
export async function botsRun(
  options: Omit<BotsOptions, 'service' | 'secret' | 'record'>,
  limits: Partial<ServiceLimits> = {},
): Promise<BotsRun> {
  const service = await startService({ limits });
  // As text at once: the lines of 200 bots are a few hundred megabytes, and several times that as objects.
  const texts: string[][] = Array.from({ length: options.count }, () => []);
  try {
    const report = await runBots({
      ...options,
      service: service.url,
      secret: crypto.getRandomValues(new Uint8Array(32)),
      record: (bot, line) => void texts[bot]!.push(printRecord([line])),
    });
    const lines = texts.reduce((sum, own) => sum + own.length, 0);
    const records = texts.map((own, i) => ({ name: `bot-${i + 1}.ndjson`, text: own.join('') }));
    return { report, records, lines };
  } finally {
    await service.close();
  }
}

/** What a run came to, in a line. */
export function inWords({ report, lines }: BotsRun): string {
  const { bots, left, crashed, admitted, admittedSeconds, commits, handovers, claims, epochs } = report;
  const { cpuSeconds, memoryMiB } = report.usage;
  return [
    `${bots} bots, ${left} left, ${crashed} crashed, ${admitted} of ${report.staying} admitted`,
    `in ${admittedSeconds?.toFixed(1) ?? '?'} s, ${commits} commits, ${handovers} handovers, ${claims} claims`,
    `${epochs} epochs, ${report.comparisons} comparisons, ${report.authenticators} authenticators`,
    `${report.rejoins} joined anew, ${lines} lines, ${cpuSeconds.toFixed(1)} s of processor, ${memoryMiB.toFixed(0)} MiB`,
  ].join(', ');
}
