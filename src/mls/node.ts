/** Loads the MLS core in Node. A browser hands the module of `mls-rs-wasm/wasm?url` to `loadMls` itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadMls } from './wasm.ts';

/** Compiled once: a fresh instance after a trap needs no more than that. */
let module: WebAssembly.Module | undefined;

/** Idempotent while the instance lives; makes a fresh one after it died. */
export function loadMlsInNode(): void {
  module ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm')));
  loadMls(module);
}
