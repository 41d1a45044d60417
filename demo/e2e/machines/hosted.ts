/** `npm start` without its preparations, on another machine. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Machine } from './network.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Hosted {
  readonly pid: number;
  /** From its first line. */
  readonly url: string;
  /** What it said to people, and its log. */
  readonly lines: readonly string[];
  readonly log: readonly string[];
  /** Tells it to stop; gives its exit code and how long it took, in milliseconds. */
  stop(): Promise<{ code: number | null; milliseconds: number }>;
}

/** Starts the service there; rejects with what it wrote where it ends before it serves. */
export async function host(
  machine: Machine,
  options: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Hosted> {
  const env = { ...process.env, ...settings };
  delete env['PORT'];
  const child = machine.start(
    process.execPath,
    ['--import', 'tsx', `${root}src/cli/serve.ts`, ...options],
    env,
  );
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null || pid === undefined) throw new Error('the service has no process');
  const [lines, log]: [string[], string[]] = [[], []];
  createInterface(stderr).on('line', (line) => log.push(line));
  const ended = once(child, 'close');
  const ready = new Promise<string>((resolve) => {
    createInterface(stdout).on('line', (line) => {
      lines.push(line);
      const [, url] = /^Calls are served at (\S+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`the service ended: ${[...lines, ...log].join('\n')}`))),
  ]);
  return {
    pid,
    url,
    lines,
    log,
    stop: async () => {
      const begun = performance.now();
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, milliseconds: performance.now() - begun };
    },
  };
}
