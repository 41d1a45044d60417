// Builds what the media benchmark compares frames with (bench/) into a folder: `node bench.mjs FOLDER`. Nothing of it goes into pkg/.
// Has a target folder of its own, since its flags are not those of the package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench.mjs FOLDER');
const out = resolve(folder);
const target = process.env['CARGO_TARGET_DIR'] ?? join(here, 'target');
const own = join(target, 'bench');
const triple = 'wasm32-unknown-unknown';

const run = (command, args, env) =>
  execFileSync(command, args, {
    cwd: here,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CARGO_INCREMENTAL: '0', ...env },
  });

const release = ['build', '--release', '--locked', '--quiet'];
run('cargo', [...release, '-p', 'bindgen'], { CARGO_TARGET_DIR: target });
run('cargo', [...release, '-p', 'bench', '--lib', '--target', triple], { CARGO_TARGET_DIR: own });
mkdirSync(out, { recursive: true });
const glue = join(target, 'release', process.platform === 'win32' ? 'bindgen.exe' : 'bindgen');
run(glue, [join(own, triple, 'release', 'bench.wasm'), out], {});
// A dependency brings a snippet that reads the clock; nothing imports it.
rmSync(join(out, 'snippets'), { recursive: true, force: true });
