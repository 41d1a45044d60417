import { ProbeError, runBots, type BotsReport } from '../../checking/bots/index.ts';
import { adviceOnProbe } from '../bots/advice.ts';
import { readLink } from '../bots/link.ts';
import { startOwnService, type OwnService } from '../bots/ownService.ts';
import { printMissing, printReport, progressText } from '../bots/print.ts';
import { openRecords } from '../bots/records.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { progressLine, thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

const MOST_BOTS = 1_000;
const DEFAULT_BOTS = 20;
const DEFAULT_WITHIN = 300;
/** Seconds of silence before a claim: those of a page, and what a bot more adds that shares the machine. */
const SILENCE = { page: 5, bot: 0.3 };

export const USAGE = `committer bots [LINK] [--count N] [--leave N] [--crash N] [--stay SECONDS] [--record FILE.ndjson or FOLDER] [--json]

Participants with the real MLS core and machine, and no browser, camera or sound. They join the call of an invite link, the
one that its page shows, at the same moment; without a link, a room of a service of their own on loopback.
  --count N          bots, 1 to ${MOST_BOTS}; default ${DEFAULT_BOTS}
  --leave N          so many leave while the others join, as members and while they wait, by turns; default 0
  --crash N          so many are gone without a word; default 0
  --stay SECONDS     how long they stay once they are together; then all leave; default 0
  --within SECONDS   after so long without being together it has failed; default ${DEFAULT_WITHIN}
  --silence SECONDS  after so long a bot takes the designated committer for silent; default ${SILENCE.page}, that of a page, or
                     ${SILENCE.bot} a bot where that is more: bots share a machine, and keep one another waiting
  --record FILE      what each did, a line a step, for \`committer validate\`: all in one FILE.ndjson, or a file each in a FOLDER
  --json             the result as one JSON object, on the last line
Ctrl+C has all leave at once, and tells how far they came.

Exit code 0: all were admitted, and stand at one authenticator of one epoch; 1: who was not, and why; 2: wrong use, or
there is no service.`;

/** Exit code 0: all together, 1: not. */
export async function run(args: readonly string[]): Promise<number> {
  const number = { type: 'string' } as const;
  const line = readArguments(args, USAGE, {
    ...{ count: number, leave: number, crash: number, stay: number, within: number, silence: number },
    record: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  if (positionals.length > 1) throw new WrongUse(`one link, and not ${positionals.length}\n\n${USAGE}`);
  const count = wholeNumber('count', values.count, 1, MOST_BOTS) ?? DEFAULT_BOTS;
  const leave = wholeNumber('leave', values.leave, 0, MOST_BOTS) ?? 0;
  const crash = wholeNumber('crash', values.crash, 0, MOST_BOTS) ?? 0;
  if (leave + crash >= count)
    throw new WrongUse(
      `--leave ${leave} and --crash ${crash} of --count ${count}: at least one bot has to stay`,
    );
  const staySeconds = wholeNumber('stay', values.stay, 0, 86_400) ?? 0;
  const withinSeconds = wholeNumber('within', values.within, 1, 86_400) ?? DEFAULT_WITHIN;
  const silence =
    wholeNumber('silence', values.silence, 1, 3_600) ??
    Math.max(SILENCE.page, Math.ceil(count * SILENCE.bot));
  const link = positionals[0] === undefined ? null : readLink(positionals[0]);
  const records = values.record === undefined ? null : await openRecords(values.record, count);
  const own = link === null ? await startOwnService(count) : null;
  const progress = progressLine();
  progress.say(
    `${count} bots join ${link?.service ?? `a service of their own at ${own?.url ?? ''}`}; silence ${silence} s`,
  );
  try {
    const report = await runBots({
      ...{ count, leave, crash, staySeconds, withinSeconds },
      service: link?.service ?? own?.url ?? '',
      secret: link?.secret ?? crypto.getRandomValues(new Uint8Array(32)),
      periods: { silenceMs: silence * 1_000 },
      onProgress: (it) => progress.show(progressText(it)),
      ...(records && { record: records.write }),
      signal: untilInterrupted(),
    });
    progress.end();
    await tell(report, own, values.json);
    return report.ok ? 0 : 1;
  } catch (error) {
    progress.end();
    if (!(error instanceof ProbeError)) throw error;
    const where = link?.service ?? own?.url ?? '';
    throw new WrongUse(`${where}: ${error.message}\nWhat to do: ${adviceOnProbe(error.code)}`, {
      cause: error,
    });
  } finally {
    await records?.close();
    own?.close();
    if (records !== null && records.lines() > 0) {
      const what = records.files.length === 1 ? 'in' : `in ${records.files.length} files:`;
      progress.say(`${thousands(records.lines())} lines ${what} ${values.record ?? ''}`);
    }
  }
}

/** Aborts at the first Ctrl+C, in place of ending the process; a second one ends it. */
function untilInterrupted(): AbortSignal {
  const abort = new AbortController();
  process.removeAllListeners('SIGINT');
  process.once('SIGINT', () => abort.abort());
  return abort.signal;
}

async function tell(report: BotsReport, own: OwnService | null, json: boolean): Promise<void> {
  const service = (await own?.usage()) ?? null;
  console.log(printReport(report, service));
  for (const text of printMissing(report)) console.log(text);
  printJson(json, { ...report, ...(service && { service }) });
}
