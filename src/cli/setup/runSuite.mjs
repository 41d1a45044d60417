import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { count, inWords, sum } from './count.mjs';
import { cacheFolder, root } from './paths.mjs';
import { end, secondsSince, start } from './processes.mjs';

const keptOutput = 16_000_000;

/**
 * Runs the steps of a suite one after the other and prints `name: N passed, N failed (seconds)`.
 * @param {import('./suites.mjs').Suite} suite
 * @param {Record<string, string>} env
 */
export async function runSuite(suite, env) {
  const begun = performance.now();
  console.log(`\n== ${suite.name}: ${suite.what}`);
  const deadline = begun + suite.minutes * 60_000;
  const results = [];
  for (const step of suite.steps) results.push(await runStepOf(suite, step, env, deadline));
  const counts = sum(results);
  const seconds = secondsSince(begun);
  for (const note of counts.notes) console.log(`  ${note}`);
  console.log(`${suite.name}: ${inWords(counts)} (${seconds} s)`);
  return { name: suite.name, seconds, ...counts };
}

async function runStepOf(suite, step, env, deadline) {
  const reportFolder = join(cacheFolder, 'reports');
  const report = join(reportFolder, `${suite.name}.json`);
  const args = [...step.args];
  if (step.count === 'vitest') {
    mkdirSync(reportFolder, { recursive: true });
    rmSync(report, { force: true });
    args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  }
  const command = step.command === 'node' ? process.execPath : step.command;
  const result = await runToEnd(
    command,
    args,
    { cwd: step.cwd ?? root, env },
    deadline,
    step.count === 'json',
  );
  return count(step.count, { ...result, report: step.count === 'vitest' ? readIfThere(report) : undefined });
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Where the last line begins, if it is, or begins like, a JSON object; else the end. */
function beforeLastObject(output) {
  const begin = output.trimEnd().lastIndexOf('\n') + 1;
  return output[begin] === '{' ? begin : output.length;
}

/** Shows a child's output as it comes, all but a last line for machines, and keeps it for counting. */
function runToEnd(command, args, options, deadline, lastLineIsForMachines) {
  return new Promise((done) => {
    const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', (chunk) => process.stderr.write(chunk));
    let output = '';
    let shown = 0;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const end = lastLineIsForMachines ? beforeLastObject(output) : output.length;
      if (end > shown) process.stdout.write(output.slice(shown, end));
      shown = Math.max(shown, end);
      if (shown > keptOutput) {
        output = output.slice(keptOutput / 2);
        shown -= keptOutput / 2;
      }
    });
    let why;
    let kill;
    const timer = setTimeout(
      () => {
        why = 'it took too long and was ended';
        end(child);
        kill = setTimeout(() => end(child, 'SIGKILL'), 5000);
      },
      Math.max(0, deadline - performance.now()),
    );
    child.once('error', (error) => (why = error.message));
    child.once('exit', () => {
      clearTimeout(timer);
      clearTimeout(kill);
      // What a step leaves running would disturb the next one, or keep its output open.
      end(child, 'SIGKILL');
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 5000).unref();
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      done({ ok: code === 0 && why === undefined, why: why ?? `it ended with ${signal ?? code}`, output });
    });
  });
}
