/** `npm run bench -- media --browser`: the same measurements in a worker of a real browser, served on loopback. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { launchChromium } from '../../../checking/browser/chromium.ts';
import type { Group } from '../../../checking/bench/media/rows.ts';
import type { FromWorker } from './worker.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The page starts the worker and keeps what it says. Text, since what a loader has made of a function may not run elsewhere. */
const PAGE = `<!doctype html><title>Benchmark</title><script>
  globalThis.said = [];
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => said.push(data);
  worker.onerror = (event) => said.push({ type: 'failed', message: event.message || 'the worker does not start' });
</script>`;

async function bundleWorker(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    root: file('.'),
    build: {
      write: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: file('worker.ts'), output: { entryFileNames: 'worker.js' } },
    },
  })) as Rolldown.RolldownOutput;
  const code = output.flatMap((it) => (it.type === 'chunk' && it.isEntry ? [it.code] : []))[0];
  if (code === undefined) throw new Error('the worker was not built');
  return code;
}

/** Isolated from other origins: a browser then gives workers its finest clock. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
};

async function serve(wasm: string | null): Promise<Server> {
  const worker = await bundleWorker();
  const contentOf = async (path: string): Promise<readonly [type: string, body: string | Buffer] | null> => {
    if (path === '/') return ['text/html', PAGE];
    if (path === '/worker.js') return ['text/javascript', worker];
    const name = /^\/wasm\/(mls_rs_wasm(?:\.js|_bg\.wasm))$/.exec(path)?.[1];
    if (name === undefined || wasm === null) return null;
    return [name.endsWith('.js') ? 'text/javascript' : 'application/wasm', await readFile(join(wasm, name))];
  };
  const server = createServer((request, response) => {
    void contentOf(request.url ?? '').then((found) => {
      response.writeHead(found === null ? 404 : 200, {
        ...HEADERS,
        'Content-Type': found?.[0] ?? 'text/plain',
      });
      response.end(found?.[1]);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

export interface BrowserBench {
  readonly groups: readonly Group[];
  /** Name and version of the browser. */
  readonly browser: string;
}

/** Minutes after which a browser that says nothing is given up. */
const PATIENCE = 10;

/** `wasm` is the folder with the built module. Rejects where there is no browser, or the worker fails. */
export async function benchInBrowser(
  wasm: string | null,
  onStep: (text: string) => void,
): Promise<BrowserBench> {
  const server = await serve(wasm);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    for (let read = 0; ;) {
      await page.waitForFunction(`said.length > ${read}`, undefined, { timeout: PATIENCE * 60_000 });
      const said: FromWorker[] = await page.evaluate(`said.slice(${read})`);
      read += said.length;
      for (const it of said) {
        if (it.type === 'failed') throw new Error(`in the browser: ${it.message}`);
        if (it.type === 'done') return { groups: it.groups, browser: `Chromium ${browser.version()}` };
        onStep(`${it.text}, in the browser`);
      }
    }
  } finally {
    await browser.close();
    await new Promise((closed) => server.close(closed));
  }
}
