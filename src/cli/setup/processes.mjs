import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

const windows = process.platform === 'win32';
const running = new Set();

/** @param {number} since milliseconds, of performance.now() */
export const secondsSince = (since) => ((performance.now() - since) / 1000).toFixed(1);

/**
 * Command and arguments as spawn wants them. On Windows a `.cmd` or `.bat` file (npm, mvn) needs the shell, and
 * then one quoted line.
 */
export function commandLine(command, args) {
  if (!windows || !/\.(cmd|bat)$/i.test(command)) return { file: command, args, shell: false };
  const quote = (word) => (/^[\w@:./\\=+-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`);
  return { file: [command, ...args].map(quote).join(' '), args: [], shell: true };
}

/**
 * Starts a child in a process group of its own, so that all that it started can be ended with it.
 * The children are ended when this process is told to end.
 */
export function start(command, args, options = {}) {
  const line = commandLine(command, args);
  const child = spawn(line.file, line.args, {
    ...options,
    shell: line.shell,
    detached: !windows,
    windowsHide: true,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Ends a child started by `start` and everything that it started. */
export function end(child, signal = 'SIGTERM') {
  if (child.pid === undefined) return;
  if (windows) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * Calls back when this process is told to end: by a signal, or because the npm that started it has ended (npm
 * passes a signal on to its shell only).
 * @param {(signal: NodeJS.Signals) => void} callback
 * @returns {() => void} stops listening
 */
export function whenToldToEnd(callback) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => callback(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    callback('SIGTERM');
  }, 500).unref();
  return () => {
    clearInterval(watch);
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}

/**
 * From here on Ctrl-C and its like end all children first, then this process with the usual code.
 * @returns {() => void} goes back to how it was before
 */
export function endChildrenWithUs() {
  return whenToldToEnd((signal) => {
    for (const child of running) end(child);
    process.exit(128 + constants.signals[signal]);
  });
}

/**
 * Runs a command to its end and keeps its output.
 * @returns {{ ok: boolean, output: string }} output: standard output and standard error together
 */
export function ask(command, args, options = {}) {
  const line = commandLine(command, args);
  const result = spawnSync(line.file, line.args, {
    encoding: 'utf8',
    timeout: 60_000,
    windowsHide: true,
    ...options,
    shell: line.shell,
  });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/**
 * Runs a command that people wait for: says at once what it does, that it is still at it every 5 seconds, and how
 * long it took. Its own output is shown only if it fails.
 * @throws {Error} with `exitCode` 1, when the command fails
 */
export async function runStep(what, command, args, options = {}) {
  const begun = performance.now();
  console.log(`${what} ...`);
  const ticker = setInterval(() => console.log(`  ... ${secondsSince(begun)} s`), 5000);
  const output = [];
  let kept = 0;
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output.push(chunk);
      kept += chunk.length;
      while (kept > 1_000_000 && output.length > 1) kept -= output.shift().length;
    });
  }
  const reason = await new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', (code, signal) => done(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  });
  clearInterval(ticker);
  if (reason !== undefined) {
    process.stderr.write(Buffer.concat(output));
    throw Object.assign(new Error(`${what}: failed, ${reason}.`), { exitCode: 1 });
  }
  console.log(`  done in ${secondsSince(begun)} s`);
}
