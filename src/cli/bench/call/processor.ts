/** Processor time by the operating system: user and system, all threads, in seconds. Linux only. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticks = (): number => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Fields of /proc/PID/stat behind the name in brackets, which may hold anything; null where the process has ended. */
function fieldsOf(pid: string): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? null;
  } catch {
    return null;
  }
}

/** The kind that a process of Chromium gives itself: renderer, gpu-process, utility, or the browser. */
function kindOf(pid: string): string {
  try {
    return /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'browser';
  } catch {
    return 'ended';
  }
}

/** Seconds by kind of process, of those alive in a process group. Throws where there are none. */
export function groupTime(group: number): ReadonlyMap<string, number> {
  const perSecond = ticks();
  const times = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = fieldsOf(pid);
    if (fields === null || Number(fields[2]) !== group) continue;
    const kind = kindOf(pid);
    times.set(kind, (times.get(kind) ?? 0) + (Number(fields[11]) + Number(fields[12])) / perSecond);
  }
  if (times.size === 0) throw new Error('the browser has no processes');
  return times;
}

/** Seconds of one process. Throws where it has ended. */
export function processTime(pid: number): number {
  const fields = fieldsOf(String(pid));
  if (fields === null) throw new Error(`process ${pid} has ended`);
  return (Number(fields[11]) + Number(fields[12])) / ticks();
}
