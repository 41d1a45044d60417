import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../../../checking/browser/chromium.ts';
import { overLimits, row } from '../../../checking/bench/row.ts';
import { startService } from '../../../service/server.ts';
import { buildArm } from '../call/arms.ts';
import { printJson, readArguments, wholeNumber } from '../../options.ts';
import { progressLine, table, thousands } from '../../output.ts';
import { printRows, rowAsJson } from '../print.ts';
import { paintRows, writeReference } from './paint.ts';
import { MOST_GZIP_BYTES, weigh } from './weight.ts';

const RUNS = 9;
const USAGE = `committer bench page [--runs N] [--json]

Builds the page and weighs its files; the sum without the MLS core (wasm) has a limit. Then visits it in Chromium with an empty
cache, in turns with a page of one word that the same server serves: first contentful paint, and when the lobby can be used.
Medians, milliseconds.
  --runs N  visits of each, default: ${RUNS}
  --json    the rows as one JSON object, on the last line`;

/** Exit code 0: measured, and below the limit; 1: above it. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, { runs: { type: 'string' } });
  if (line === undefined) return 0;
  const runs = wholeNumber('runs', line.values.runs, 1, 1000) ?? RUNS;
  const folder = await mkdtemp(join(tmpdir(), 'bench-page-'));
  const progress = progressLine();
  try {
    progress.show('building the page');
    await buildArm({ name: 'the page', replaced: null }, folder);
    const { files, withoutWasm } = await weigh(folder);
    await writeReference(folder);
    const service = await startService({ page: folder });
    const browser = await launchChromium();
    const paint = await paintRows(browser, service.url, runs, (at) =>
      progress.show(`visit ${at} of ${runs}`),
    ).finally(() => Promise.all([browser.close(), service.close()]));
    progress.end();
    const weight = row({
      case: 'page without wasm',
      unit: 'bytes of gzip',
      ours: withoutWasm.gzip,
      reference: null,
      repetitions: [1, 0],
      limit: { of: 'ours', most: MOST_GZIP_BYTES },
    });
    const cells = [...files, { name: 'without wasm', ...withoutWasm }].map(
      ({ name, bytes, gzip, brotli }) => [name, ...[bytes, gzip, brotli].map(thousands)],
    );
    console.log(`\nBytes\n${table(['file', 'as it is', 'gzip', 'Brotli'], cells)}`);
    printRows('Weight', [weight]);
    printRows(`Chromium ${browser.version()}, beside a page of one word; milliseconds`, paint);
    const over = overLimits([weight]);
    console.log(over.length === 0 ? 'below the limit' : `over: ${over.join('; ')}`);
    printJson(line.values.json, { files, rows: [weight, ...paint].map(rowAsJson) });
    return over.length === 0 ? 0 : 1;
  } finally {
    progress.end();
    await rm(folder, { recursive: true, force: true });
  }
}
