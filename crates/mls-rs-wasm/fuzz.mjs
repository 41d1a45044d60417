// Builds and runs the harness of hostile input (fuzz/).
//   node fuzz.mjs [--inputs N] [--seed S] [--jobs N] [--coverage] [--trace FILE] [--write-corpus]
// `--inputs` are shared out over the jobs, whose seeds follow one another. `--coverage` has LLVM count edges: what reaches a new one is
// mutated further. `--write-corpus` makes corpus/ anew. The last line of each job says what was found; exit code 1 if anything was.
import { spawn, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const args = process.argv.slice(2);

/** The value after `name`, taken out of `args`. */
function take(name, fallback) {
  const at = args.indexOf(name);
  if (at < 0) return fallback;
  const [, value] = args.splice(at, 2);
  if (!/^\d{1,15}$/.test(value ?? '')) throw new Error(`${name} takes a number`);
  return Number(value);
}

const inputs = take('--inputs', 100_000);
const seed = take('--seed', 1);
const jobs = Math.max(1, take('--jobs', 1));
const coverage = args.includes('--coverage');
const rest = args.filter((it) => it !== '--coverage');

const flags = ['--cfg', 'getrandom_backend="custom"'];
if (coverage) {
  flags.push('-Cpasses=sancov-module');
  for (const option of ['-level=3', '-inline-8bit-counters'])
    flags.push(`-Cllvm-args=-sanitizer-coverage${option}`);
}
const base = process.env['CARGO_TARGET_DIR'] ?? join(here, 'target');
const target = join(base, coverage ? 'harness-coverage' : 'harness');
const host = /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { cwd: here, encoding: 'utf8' }))?.[1];
// With a target named, the flags are not for build scripts and macros.
const build = ['build', '--locked', '--quiet', '--profile', 'fuzz', '-p', 'fuzz', '--target', host];
const env = { ...process.env, CARGO_TARGET_DIR: target, CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') };
execFileSync('cargo', build, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'], env });

const program = join(target, host, 'fuzz', process.platform === 'win32' ? 'fuzz.exe' : 'fuzz');
const run = (job) =>
  new Promise((resolve) => {
    const share = Math.ceil(inputs / jobs);
    const own = ['--inputs', String(share), '--seed', String(seed + job), ...rest];
    const child = spawn(program, own, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('exit', (code, signal) => {
      if (signal !== null)
        console.log(`FOUND job with seed ${seed + job} ended by ${signal}: repeat with --trace FILE`);
      resolve(code ?? 1);
    });
  });
const codes = await Promise.all(Array.from({ length: jobs }, (_, job) => run(job)));
process.exitCode = Math.max(...codes);
if (rest.includes('--write-corpus')) {
  const prettier = join(here, '..', '..', 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  execFileSync('node', [prettier, '--write', join(here, 'corpus', 'manifest.json')], { stdio: 'inherit' });
}
