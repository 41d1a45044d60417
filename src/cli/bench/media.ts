import { loadavg } from 'node:os';
import { benchMedia, STREAMS } from '../../checking/bench/media/index.ts';
import { layoutTable } from '../../checking/bench/media/layout.ts';
import { RAW } from '../../checking/bench/media/references.ts';
import { boundsBesideMls, type Bound, type Group } from '../../checking/bench/media/rows.ts';
import { createTsMlsMessages } from '../../checking/bench/media/tsMls.ts';
import { processorTime } from '../../checking/bench/measure.ts';
import { overLimits } from '../../checking/bench/row.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { progressLine, seconds, table, thousands, type ProgressLine } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';
import { printRows, rowAsJson } from './print.ts';
import { loadWasm, withWasm } from './wasm.ts';

const USAGE = `committer bench media [--browser | --call [--seconds N] [--rounds N]] [--json]

Measures what protecting and opening a frame of 160, 1,200 and 20,000 bytes costs, one after the other and ${STREAMS} at once: SFrame as
production has it, beside AES-GCM by WebCrypto alone and with a header put before its result, one MLS application message a frame (mls-rs in wasm, built for this with Rust; ts-mls
where there is none), and a copy of the frame. Contenders take turns: times are medians of all, ratios those of turns that followed each
other. Prints the bytes that are added to an audio frame.
  --browser    in a worker of Chromium, where the frames of a call are
  --call       processor time of a call of four in Chromium, with SFrame, with frames passed through, and without transforms; Linux
  --seconds N  of each such call, default: 20
  --rounds N   calls of each kind, which take turns, default: 2
  --json       the rows as one JSON object, on the last line`;

/** Exit code 0: measured, and within the limits; 1: over one, or nothing was measured. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {
    browser: { type: 'boolean', default: false },
    call: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  if (positionals.length > 1) throw new WrongUse(`one benchmark at a time\n\n${USAGE}`);
  if (values.browser && values.call) throw new WrongUse('--browser or --call, not both');
  if (values.call && process.platform !== 'linux')
    throw new WrongUse(
      '--call reads the processor time of all processes of the browser from /proc: on Linux only',
    );
  const calls = {
    seconds: wholeNumber('seconds', values.seconds, 1, 3_600) ?? 20,
    rounds: wholeNumber('rounds', values.rounds, 1, 100) ?? 2,
  };
  const started = performance.now();
  const load = loadavg()[0] ?? 0;
  const progress = progressLine();
  const measured = await (
    values.call ? benchCalls(calls, progress) : values.browser ? inBrowser(progress) : inNode(progress)
  ).finally(() => progress.end());
  const { groups, where, withReference } = measured;
  console.log(
    `In ${where}; load of the machine ${load.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`,
  );
  for (const { heading, rows } of groups) printRows(heading, rows);
  const bounds = boundsBesideMls(groups);
  if (!values.call) printLayout();
  if (bounds.length > 0) printBounds(bounds);
  if (!withReference)
    console.log(
      '\nNot built, and so not compared: MLS messages by mls-rs, and AES-GCM, in wasm. Install rustup (rustup.rs).',
    );
  const rows = groups.flatMap((it) => it.rows);
  const over = overLimits(rows);
  const limited = rows.filter(({ limit }) => limit !== undefined).length;
  if (!values.call)
    console.log(
      `\n${over.length === 0 ? `all ${limited} that are judged are within their limits` : `over: ${over.join('; ')}`}`,
    );
  console.log(`${thousands(rows.length)} rows (${seconds((performance.now() - started) / 1000)})`);
  printJson(values.json, { where, load, rows: rows.map(rowAsJson), bounds, over });
  const measuredAll = rows.length > 0 && (values.call || limited > 0);
  return over.length === 0 && measuredAll ? 0 : 1;
}

interface Measurement {
  readonly groups: readonly Group[];
  readonly where: string;
  /** Whether there was the reference that the limits name; calls need none. */
  readonly withReference: boolean;
}

const inNode = (progress: ProgressLine): Promise<Measurement> =>
  withWasm(progress, async (folder) => {
    loadMlsInNode();
    const groups = await benchMedia({
      wasm: folder === null ? null : await loadWasm(folder),
      otherMls: folder === null ? await createTsMlsMessages() : null,
      clocks: { µs: () => performance.now(), 'µs of processor': processorTime },
      judgedBy: 'µs of processor',
      aloneIsJudged: false,
      aesGcm: RAW,
      onStep: (text) => progress.show(text),
    });
    return { groups, where: `Node ${process.versions.node}`, withReference: folder !== null };
  });

const inBrowser = (progress: ProgressLine): Promise<Measurement> =>
  withWasm(progress, async (folder) => {
    const { benchInBrowser } = await import('./browser/index.ts');
    const { groups, browser } = await benchInBrowser(folder, (text) => progress.show(text));
    return { groups, where: `a worker of ${browser}`, withReference: folder !== null };
  });

async function benchCalls(
  calls: { readonly seconds: number; readonly rounds: number },
  progress: ProgressLine,
): Promise<Measurement> {
  const { benchCall } = await import('./call/index.ts');
  const { callGroup } = await import('./call/rows.ts');
  const runs = await benchCall({ ...calls, onStep: (text) => progress.show(text) });
  const where = `Chromium, ${calls.rounds} calls of each kind, ${calls.seconds} s each`;
  return { groups: [callGroup(runs)], where, withReference: true };
}

/** The layout of what is added to an audio frame: config byte, KID and CTR before it, the tag behind it. */
function printLayout(): void {
  const cells = layoutTable().map(({ who, when, config, kid, ctr, tag, total }) =>
    [who, when, config, kid, ctr, tag, total].map(String),
  );
  const headings = ['audio frame', 'in an epoch', 'config', 'KID', 'CTR', 'tag', 'bytes added'];
  console.log(`\nWhat is added to an audio frame, in bytes\n${table(headings, cells)}`);
}

function printBounds(bounds: readonly Bound[]): void {
  const part = (ratio: number | null): string => (ratio === null ? '-' : `1/${(1 / ratio).toFixed(1)}`);
  const cells = bounds.map(({ frame, byWebCrypto, byWasm }) => [frame, part(byWebCrypto), part(byWasm)]);
  const headings = ['frame', 'by WebCrypto, as production is', 'by AES-GCM in wasm'];
  console.log(`\nSFrame beside an MLS message: the bound of this run\n${table(headings, cells)}`);
}
