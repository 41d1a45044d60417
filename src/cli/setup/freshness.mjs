import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { inRoot, root } from './paths.mjs';

const skippedFolders = new Set(['node_modules', 'dist', 'target', 'e2e']);
const skippedFiles = /\.test\.(ts|mjs)$/;

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory() ? skippedFolders.has(entry.name) : skippedFiles.test(entry.name)) continue;
    yield* filesUnder(join(path, entry.name));
  }
}

/**
 * SHA-256 over names and contents of files, in hex. Folders are walked; tests, builds and node_modules do not count.
 * @param {string[]} paths absolute
 * @param {string} base what the names are relative to
 */
export function hashOf(paths, base = root) {
  const names = new Map();
  for (const path of paths)
    for (const file of filesUnder(path)) names.set(relative(base, file).split(sep).join('/'), file);
  const hash = createHash('sha256');
  for (const name of [...names.keys()].sort()) {
    const content = readFileSync(names.get(name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const pageInputs = ['demo', 'src', join('crates', 'mls-rs-wasm', 'pkg'), 'package-lock.json'].map((path) =>
  inRoot(path),
);
const pageStamp = inRoot('demo', 'dist', '.inputs');

/** Whether the built page in demo/dist was made from what is there now. Call `keep` once it has been built anew. */
export function pageFreshness() {
  const now = hashOf(pageInputs);
  const fresh =
    existsSync(inRoot('demo', 'dist', 'index.html')) &&
    existsSync(pageStamp) &&
    readFileSync(pageStamp, 'utf8') === now;
  return { fresh, keep: () => writeFileSync(pageStamp, now) };
}
