/** The benchmark in a worker of a browser, as the frames of a call are. */
import { benchMedia } from '../../../checking/bench/media/index.ts';
import { FRAMED } from '../../../checking/bench/media/references.ts';
import type { Group } from '../../../checking/bench/media/rows.ts';
import { startWasm, type BenchWasm, type WasmGlue } from '../../../checking/bench/media/wasm.ts';

/** What the worker tells the page: steps, then the groups of rows or why there are none. */
export type FromWorker =
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'done'; readonly groups: readonly Group[] }
  | { readonly type: 'failed'; readonly message: string };

const post = (message: FromWorker): void => postMessage(message);

/** Served beside the worker, where it could be built. */
async function fetchWasm(): Promise<BenchWasm | null> {
  const glueUrl = '/wasm/mls_rs_wasm.js';
  const [glue, module] = await Promise.all([fetch(glueUrl), fetch('/wasm/mls_rs_wasm_bg.wasm')]);
  if (!glue.ok || !module.ok) return null;
  return startWasm((await import(/* @vite-ignore */ glueUrl)) as WasmGlue, await module.arrayBuffer());
}

async function run(): Promise<void> {
  const groups = await benchMedia({
    wasm: await fetchWasm(),
    otherMls: null,
    judgedBy: 'µs',
    aloneIsJudged: true,
    aesGcm: FRAMED,
    clocks: { µs: () => performance.now() },
    onStep: (text) => post({ type: 'step', text }),
  });
  post({ type: 'done', groups });
}

run().catch((error: unknown) => post({ type: 'failed', message: String(error) }));
