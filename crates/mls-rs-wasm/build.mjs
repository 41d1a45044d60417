// Builds the wasm package into pkg/, which is kept in the repository: nobody who only uses it needs Rust.
//   node build.mjs           builds and writes pkg/
//   node build.mjs --check   builds into a temporary folder and compares with pkg/ byte for byte; exit code 1 if they differ
// Needs rustup, which reads the version and the wasm target from rust-toolchain.toml.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const pkg = join(here, 'pkg');
const target = process.env['CARGO_TARGET_DIR'] ?? join(here, 'target');
const triple = 'wasm32-unknown-unknown';
const NAMES = ['mls_rs_wasm.d.ts', 'mls_rs_wasm.js', 'mls_rs_wasm_bg.wasm', 'mls_rs_wasm_bg.wasm.d.ts'];
const MAX_GZ = 400_000;

const run = (command, args, env = {}) =>
  execFileSync(command, args, {
    cwd: here,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
const ask = (command, args) => execFileSync(command, args, { cwd: here, encoding: 'utf8' }).trim();

/** Paths of this machine, and what stands for them in the module: so the result does not depend on where it was built. */
function remaps() {
  const sysroot = ask('rustc', ['--print', 'sysroot']);
  const cargoHome = process.env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  const sources = join(cargoHome, 'registry', 'src');
  const registries = existsSync(sources) ? readdirSync(sources) : [];
  // The last one that matches wins, so the narrower ones come later.
  return [
    [cargoHome, '/cargo'],
    ...registries.map((name) => [join(sources, name), '/registry']),
    [sysroot, '/rust'],
    [target, '/target'],
    [here.replace(/[\\/]$/, ''), '/mls-rs-wasm'],
  ];
}

/** Builds into `out`. */
function build(out) {
  run('cargo', ['fetch', '--locked', '--quiet']);
  const flags = remaps().map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const env = { CARGO_TARGET_DIR: target, CARGO_INCREMENTAL: '0' };
  run('cargo', ['build', '--release', '--locked', '--quiet', '-p', 'bindgen'], env);
  run(
    'cargo',
    ['build', '--release', '--locked', '--quiet', '-p', 'mls-rs-wasm', '--lib', '--target', triple],
    {
      ...env,
      RUSTFLAGS: undefined,
      CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
    },
  );
  const glue = join(target, 'release', process.platform === 'win32' ? 'bindgen.exe' : 'bindgen');
  run(glue, [join(target, triple, 'release', 'mls_rs_wasm.wasm'), out]);
  // A dependency brings a snippet that reads the clock. The module does not import it, and must not.
  if (readFileSync(join(out, NAMES[1]), 'utf8').includes('snippets'))
    throw new Error('the module imports a snippet');
  rmSync(join(out, 'snippets'), { recursive: true, force: true });
}

/** Fails on missing or additional files, on paths of this machine and on size. */
function inspect(folder) {
  const found = readdirSync(folder, { recursive: true }).map(String).sort();
  if (found.join() !== NAMES.join()) throw new Error(`unexpected files: ${found.join(', ')}`);
  for (const name of NAMES) {
    const text = readFileSync(join(folder, name)).toString('latin1');
    const hit = [...remaps().map(([from]) => from), homedir()].find(
      (path) => path.length > 1 && text.includes(path),
    );
    if (hit !== undefined) throw new Error(`${name} holds the path ${hit} of this machine`);
  }
  const wasm = readFileSync(join(folder, 'mls_rs_wasm_bg.wasm'));
  const gz = gzipSync(wasm, { level: 9 }).length;
  console.log(`mls_rs_wasm_bg.wasm: ${wasm.length} bytes, ${gz} gzipped (limit ${MAX_GZ})`);
  if (gz > MAX_GZ) throw new Error('the module is too large');
}

const out = mkdtempSync(join(tmpdir(), 'mls-rs-wasm-'));
try {
  const start = Date.now();
  build(out);
  inspect(out);
  console.log(`built in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  if (process.argv.includes('--check')) {
    const same = (name) =>
      existsSync(join(pkg, name)) && readFileSync(join(pkg, name)).equals(readFileSync(join(out, name)));
    const different = NAMES.filter((name) => !same(name));
    console.log(`compared ${NAMES.length} files, ${different.length} differ ${different.join(' ')}`);
    if (different.length > 0 || statSync(pkg).isDirectory() === false) process.exitCode = 1;
  } else {
    rmSync(pkg, { recursive: true, force: true });
    mkdirSync(pkg);
    for (const name of NAMES) copyFileSync(join(out, name), join(pkg, name));
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
