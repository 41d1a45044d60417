import { spawn } from 'node:child_process';
import { sep } from 'node:path';
import { javaArguments } from './arguments.ts';
import { TlcCollector } from './collector.ts';
import { namesUnder } from './configFile.ts';
import { TlcError } from './errors.ts';
import { TlcMessageReader } from './messages.ts';
import { findJava, findTlcJar } from './program.ts';
import type { TlcProgress, TlcResult } from './result.ts';
import { createWorkspace } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** Distinct states up to which a run is a short one: beyond, Java's second compiler gains more than it costs. */
export const SHORT_STATES = 20_000;

export interface TlcRequest {
  /** The module: a path (all modules beside it can be extended), or the name of one of `extraFiles`. */
  readonly spec: string;
  /** The configuration: a path, or the name of one of `extraFiles`. */
  readonly config: string;
  /** Whether a deadlock is a violation. False wins over the configuration; true still obeys its CHECK_DEADLOCK FALSE. */
  readonly deadlock: boolean;
  /** Threads, default 1. With more, depth and the length of a counterexample vary from run to run. */
  readonly workers?: number | 'auto';
  /** Simulate that many traces instead of searching; `files` is the prefix of the files with their states. */
  readonly simulate?: { readonly traces: number; readonly files?: string };
  /** Longest trace of a simulation, in states; TLC's default is 100. */
  readonly depth?: number;
  readonly seed?: number;
  /** TLC's choice of fingerprint polynomial, default 0, so that dumps repeat. */
  readonly fingerprint?: number;
  /** Write the state graph there (see `readDot`); `.dot` is added where it is missing. */
  readonly dump?: string;
  /** Count states by action: slows TLC down. */
  readonly coverage?: boolean;
  /** A run of a few seconds: Java starts faster, and would run slower in the long run. */
  readonly short?: boolean;
  /** Megabytes, default 1024. */
  readonly heapMb?: number;
  /** Megabytes for each thread, default 16: deep recursion in a module needs more. */
  readonly stackMb?: number;
  /** Modules and configurations that are not on disk, by file name. */
  readonly extraFiles?: Readonly<Record<string, string>>;
  /** Folders with more modules to extend. */
  readonly modulesFrom?: readonly string[];
  /** At most once a second. TLC itself tells it every minute, and at the end. */
  readonly onProgress?: (progress: TlcProgress) => void;
  /** Kills TLC; the run then throws `tlc/aborted`. */
  readonly signal?: AbortSignal;
}

const PROGRESS_MILLISECONDS = 1_000;
const STDERR_LIMIT = 64 * 1024;

/**
 * Runs TLC on a model and reads its verdict. What TLC finds, also a module that does not parse, is in the result; throws
 * TlcError where TLC could not be run or its output could not be read. Its temporary files are gone afterwards.
 */
export async function runTlc(request: TlcRequest): Promise<TlcResult> {
  const { signal } = request;
  if (signal?.aborted === true) throw new TlcError('tlc/aborted', 'aborted before TLC started');
  const jar = findTlcJar();
  const workspace = await createWorkspace(request);
  try {
    return await runIn(workspace, javaArguments(request, jar, workspace), request);
  } finally {
    await workspace.remove();
  }
}

async function runIn(workspace: Workspace, args: readonly string[], request: TlcRequest): Promise<TlcResult> {
  const onProgress = throttled(request.onProgress);
  const collector = new TlcCollector({
    simulate: request.simulate !== undefined,
    temporalProperties: namesUnder(workspace.configText, 'PROPERTY', 'PROPERTIES'),
    ...(onProgress && { onProgress }),
  });
  const reader = new TlcMessageReader(
    (message) => collector.message(message),
    (line) =>
      collector.line(line.replaceAll(workspace.modules + sep, '').replaceAll(workspace.temporary + sep, '')),
  );
  const started = performance.now();
  const exitCode = await runJava(args, workspace.root, request.signal, reader, (line) =>
    collector.line(line),
  );
  return collector.result(exitCode, (performance.now() - started) / 1000);
}

/** The exit code, or undefined where the process was killed by somebody else. */
function runJava(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
  reader: TlcMessageReader,
  onErrorLine: (line: string) => void,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(findJava(), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let failure: Error | undefined;
    let errors = '';
    const kill = (): void => void child.kill('SIGKILL');
    const abort = (): void => {
      failure ??= new TlcError('tlc/aborted', 'TLC was aborted');
      kill();
    };
    const read = (work: () => void): void => {
      if (failure !== undefined) return;
      try {
        work();
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        kill();
      }
    };
    signal?.addEventListener('abort', abort, { once: true });
    process.once('exit', kill);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => read(() => reader.push(chunk)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (errors.length < STDERR_LIMIT) errors += chunk.slice(0, STDERR_LIMIT);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      failure ??=
        error.code === 'ENOENT'
          ? new TlcError('tlc/java-missing', 'Java is not installed: put it on the PATH or set JAVA_HOME', {
              cause: error,
            })
          : error;
    });
    child.on('close', (code) => {
      signal?.removeEventListener('abort', abort);
      process.removeListener('exit', kill);
      read(() => reader.end());
      for (const line of errors.split('\n')) if (line.trim() !== '') onErrorLine(line);
      if (failure !== undefined) reject(failure);
      else resolve(code ?? undefined);
    });
  });
}

function throttled(onProgress: TlcRequest['onProgress']): TlcRequest['onProgress'] {
  if (onProgress === undefined) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_MILLISECONDS) return;
    last = now;
    onProgress(progress);
  };
}
