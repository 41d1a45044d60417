/** Loads the MLS core in Node. A browser hands the module of `mls-rs-wasm/wasm?url` to `loadMls` itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadMls } from './wasm.ts';

export function loadMlsInNode(): void {
  loadMls(readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm')));
}
