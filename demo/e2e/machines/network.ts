/** Machines for tests: network namespaces of Linux, each joined to the first one by a veth pair and to nothing else. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath, type Place } from '../../../src/checking/browser/chromium.ts';

const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Why there can be no namespaces here; null where there can be. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    run('ip', 'netns', 'list');
    return null;
  } catch {
    return 'there is no `ip` (package iproute2)';
  }
}

/** One machine. */
export interface Machine {
  readonly address: string;
  /** The namespace, as /proc tells it of a process. */
  readonly net: string;
  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess;
  /** Runs a command there; gives its exit code. */
  run(command: string, ...args: readonly string[]): number | null;
  /** From now on it may send no UDP, not even to itself. */
  dropUdp(): void;
  /** Where browsers are started on it. Something besides loopback is up. */
  readonly place: Place;
}

export interface Network {
  readonly machines: readonly Machine[];
  /** Bytes that came to the first machine from each of the others. */
  received(): readonly number[];
  /** Takes the machines away, once nothing runs on them. */
  remove(): void;
}

/** Whether the one machine may send a UDP packet to the other; whether it arrives is another matter. */
export function canSendUdp(from: Machine, to: Machine): boolean {
  const script = `require('dgram').createSocket('udp4').send('x', 9, '${to.address}', (error) => process.exit(error ? 1 : 0))`;
  return from.run(process.execPath, '-e', script) === 0;
}

/** The namespace that a process is in. */
export const netOf = (pid: number | 'self'): string => readlinkSync(`/proc/${pid}/ns/net`);

/** The command lines of what runs on a machine. */
export const commandsOn = ({ net }: Machine): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (netOf(Number(pid)) !== net) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // It has ended meanwhile.
      }
    });

/**
 * Makes machines 10.77.0.1 and on. The first reaches each of the others, and they reach it, and nobody else: what one of
 * them hears of another came through the first.
 */
export function makeNetwork(count: number): Network {
  const folder = mkdtempSync(join(tmpdir(), 'machines-'));
  const names = Array.from({ length: count }, (_, index) => `dc-${process.pid}-${index + 1}`);
  const address = (index: number): string => `10.77.0.${index + 1}`;
  const remove = (): void => {
    process.off('exit', remove);
    for (const name of names) {
      try {
        run('ip', 'netns', 'del', name);
      } catch {
        // It was not made, or has gone.
      }
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);

  const make = (name: string, index: number): Machine => {
    run('ip', 'netns', 'add', name);
    const at = (...args: readonly string[]): string => run('ip', '-n', name, ...args);
    at('link', 'set', 'lo', 'up');
    const [first = ''] = names;
    if (index > 0) {
      const [ours, theirs] = ['veth0', `to-${index + 1}`];
      run('ip', 'link', 'add', ours, 'netns', name, 'type', 'veth', 'peer', 'name', theirs, 'netns', first);
      at('addr', 'add', `${address(index)}/32`, 'peer', `${address(0)}/32`, 'dev', ours);
      at('link', 'set', ours, 'up');
      run(
        'ip',
        '-n',
        first,
        'addr',
        'add',
        `${address(0)}/32`,
        'peer',
        `${address(index)}/32`,
        'dev',
        theirs,
      );
      run('ip', '-n', first, 'link', 'set', theirs, 'up');
    }
    const script = join(folder, name);
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${name} '${chromiumPath()}' "$@"\n`);
    chmodSync(script, 0o755);
    return {
      address: address(index),
      net: run('ip', 'netns', 'exec', name, 'readlink', '/proc/self/ns/net').trim(),
      start: (command, args, env) =>
        spawn('ip', ['netns', 'exec', name, command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
      run: (command, ...args) => spawnSync('ip', ['netns', 'exec', name, command, ...args]).status,
      dropUdp: () => {
        // The kernel asks the table `local` before any rule: it has to come behind ours.
        at('rule', 'add', 'from', 'all', 'lookup', 'local', 'priority', '2');
        at('rule', 'del', 'priority', '0');
        at('rule', 'add', 'ipproto', 'udp', 'prohibit', 'priority', '1');
      },
      place: { executablePath: script, onlyLoopback: false },
    };
  };

  try {
    const machines = names.map(make);
    const received = (): number[] =>
      names.slice(1).map((_, index) => {
        const text = run('ip', '-n', names[0] ?? '', '-s', '-j', 'link', 'show', `to-${index + 2}`);
        const [link] = JSON.parse(text) as { stats64: { rx: { bytes: number } } }[];
        return link?.stats64.rx.bytes ?? 0;
      });
    return { machines, received, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
