/** What the media benchmark has in wasm and production has not: built with Rust into a temporary folder, where there is Rust. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startWasm, type BenchWasm, type WasmGlue } from '../../checking/bench/media/wasm.ts';
import type { ProgressLine } from '../output.ts';
import { find } from '../setup/programs.mjs';

const BUILD = fileURLToPath(new URL('../../../crates/mls-rs-wasm/bench.mjs', import.meta.url));

function build(cargo: string, folder: string): Promise<void> {
  const env = { ...process.env, PATH: `${dirname(cargo)}${delimiter}${process.env['PATH'] ?? ''}` };
  const child = spawn(process.execPath, [BUILD, folder], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error('the reference could not be built: see above')),
    );
  });
}

/** Runs `use` with the folder of the built module, or null where there is no Rust. The folder is gone afterwards. */
export async function withWasm<T>(
  progress: ProgressLine,
  use: (folder: string | null) => Promise<T>,
): Promise<T> {
  const cargo = find.cargo(process.env);
  if (cargo === undefined) return use(null);
  const folder = await mkdtemp(join(tmpdir(), 'bench-media-'));
  try {
    progress.show('building mls-rs with application messages, for comparison; minutes, the first time');
    await build(cargo, folder);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads the built module into this process. */
export async function loadWasm(folder: string): Promise<BenchWasm> {
  const glue = (await import(pathToFileURL(join(folder, 'mls_rs_wasm.js')).href)) as WasmGlue;
  return startWasm(glue, await readFile(join(folder, 'mls_rs_wasm_bg.wasm')));
}
