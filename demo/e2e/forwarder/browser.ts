/** Finds and starts a Chromium for tests. */
import { existsSync } from 'node:fs';
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

/** @throws Error that names what to set when there is no browser */
function launchOptions(): LaunchOptions {
  const executablePath = process.env['CHROMIUM'] ?? USUAL.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('No Chromium, Chrome or Edge found: set CHROMIUM to the path of one.');
  return {
    executablePath,
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
      ...(onlyLoopback() ? ['--allow-loopback-in-peer-connection'] : []),
    ],
  };
}

/** @throws Error that names what to set when there is no browser */
export const launchChromium = (): Promise<Browser> => chromium.launch(launchOptions());

/** A browser that can be killed: its processes end at once and say nothing to anybody. */
export interface KillableBrowser {
  readonly browser: Browser;
  kill(): Promise<void>;
}

/** @throws Error that names what to set when there is no browser */
export async function launchKillableChromium(): Promise<KillableBrowser> {
  const server = await chromium.launchServer({ ...launchOptions(), host: '127.0.0.1' });
  return { browser: await chromium.connect(server.wsEndpoint()), kill: () => server.kill() };
}
