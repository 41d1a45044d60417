/** Finds and starts a Chromium, for tests and benchmarks. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Where nothing but loopback is up, Chromium gathers no ICE candidate without a flag. */
export function onlyLoopback(): boolean {
  const all = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
  return all.every(({ internal }) => internal);
}

/** The path of a browser. @throws Error that names what to set when there is no browser */
export function chromiumPath(): string {
  const path = process.env['CHROMIUM'] ?? USUAL.find((it) => existsSync(it));
  if (path === undefined)
    throw new Error('No Chromium, Chrome or Edge found: set CHROMIUM to the path of one.');
  return path;
}

/** Another way to start a browser than on this machine. */
export interface Place {
  /** The program that starts it there, with the arguments of a browser. */
  readonly executablePath: string;
  /** Nothing but loopback is up there. */
  readonly onlyLoopback: boolean;
}

/** This machine. @throws Error that names what to set when there is no browser */
const here = (): Place => ({ executablePath: chromiumPath(), onlyLoopback: onlyLoopback() });

function launchOptions(place: Place): LaunchOptions {
  return {
    executablePath: place.executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      ...(place.onlyLoopback ? ['--allow-loopback-in-peer-connection'] : []),
    ],
  };
}

/** @throws Error that names what to set when there is no browser */
export const launchChromium = async (place?: Place): Promise<Browser> =>
  chromium.launch(launchOptions(place ?? here()));

/** A browser whose processes a test can stop, let go on, or kill. */
export interface KillableBrowser {
  readonly browser: Browser;
  /** The process group of all its processes. */
  readonly group: number;
  /** All its processes stop where they are (SIGSTOP): connections stay open, and nothing answers. Gives how many. */
  freeze(): Promise<number>;
  /** They go on (SIGCONT). */
  thaw(): void;
  /** They end at once and say nothing to anybody, also frozen ones. */
  kill(): Promise<void>;
}

/** Process group and state of each process: from /proc, elsewhere from ps. */
function processes(): { readonly group: number; readonly state: string }[] {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map(([group, state]) => ({ group: Number(group), state: state?.[0] ?? '' }));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // Behind the name in brackets: state, parent, process group.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return [{ group: Number(fields[2]), state: fields[0] ?? '' }];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

/** @throws Error that names what to set when there is no browser */
export async function launchKillableChromium(place?: Place): Promise<KillableBrowser> {
  const server = await chromium.launchServer({ ...launchOptions(place ?? here()), host: '127.0.0.1' });
  // The browser leads a process group of its own, in which all its processes are.
  const group = server.process().pid;
  if (group === undefined) throw new Error('the browser has no process');
  return {
    browser: await chromium.connect(server.wsEndpoint()),
    group,
    freeze: async () => {
      process.kill(-group, 'SIGSTOP');
      for (let tries = 0; tries < 100; tries += 1) {
        const states = processes().flatMap((it) =>
          it.group === group && it.state !== 'Z' ? [it.state] : [],
        );
        // The browser, what starts others, the network, and at least one page.
        if (states.length >= 4 && states.every((state) => state === 'T')) return states.length;
        await new Promise((later) => setTimeout(later, 50));
      }
      throw new Error('processes of the browser do not stop');
    },
    thaw: () => void process.kill(-group, 'SIGCONT'),
    kill: () => server.kill(),
  };
}
