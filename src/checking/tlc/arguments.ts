import { resolve } from 'node:path';
import { TlcError } from './errors.ts';
import type { TlcRequest } from './run.ts';
import type { Workspace } from './workspace.ts';

/** Java's arguments for a run. Throws `tlc/bad-request` for numbers that are none. */
export function javaArguments(request: TlcRequest, jar: string, workspace: Workspace): readonly string[] {
  const simulate = request.simulate;
  return [
    '-XX:+UseParallelGC',
    ...(request.short === true ? ['-XX:TieredStopAtLevel=1'] : []),
    `-Xmx${count('heapMb', request.heapMb ?? 1024, 64)}m`,
    `-Xss${count('stackMb', request.stackMb ?? 16, 1)}m`,
    // TLC prints numbers in the user's language otherwise, and strings in the system's encoding.
    ...['-Duser.language=en', '-Duser.country=US', '-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'],
    `-Djava.io.tmpdir=${workspace.temporary}`,
    ...['-cp', jar, 'tlc2.TLC', '-tool'],
    ...['-metadir', workspace.meta],
    ...['-config', workspace.config],
    ...['-workers', request.workers === 'auto' ? 'auto' : String(count('workers', request.workers ?? 1, 1))],
    // The polynomial of fingerprints is random otherwise, and with it the names of nodes in a dump.
    ...['-fp', String(count('fingerprint', request.fingerprint ?? 0, 0))],
    // Otherwise it looks for lassos now and then as well, by the clock: which one it finds would be a matter of load.
    ...(simulate === undefined ? ['-lncheck', 'final'] : []),
    ...(request.deadlock ? [] : ['-deadlock']),
    ...(request.coverage === true ? ['-coverage', '1'] : []),
    ...(simulate === undefined ? [] : simulation(simulate)),
    ...(request.depth === undefined ? [] : ['-depth', String(count('depth', request.depth, 1))]),
    ...(request.seed === undefined ? [] : ['-seed', String(count('seed', request.seed, 0))]),
    ...(request.dump === undefined ? [] : ['-dump', 'dot,actionlabels', dumpPath(request.dump)]),
    workspace.spec,
  ];
}

/** Where the dump is: TLC adds `.dot` to a name without it. */
export function dumpPath(dump: string): string {
  const path = resolve(dump);
  return path.endsWith('.dot') ? path : `${path}.dot`;
}

function simulation({ traces, files }: NonNullable<TlcRequest['simulate']>): readonly string[] {
  if (files?.includes(',') === true)
    throw new TlcError('tlc/bad-request', 'a comma in the path of simulation files');
  const file = files === undefined ? '' : `file=${resolve(files)},`;
  return ['-simulate', `${file}num=${count('traces', traces, 1)}`];
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new TlcError('tlc/bad-request', `${name} is ${value}, not an integer of at least ${least}`);
}
