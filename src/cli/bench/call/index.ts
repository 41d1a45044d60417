/**
 * `npm run bench -- media --call`: processor time of a call of four in a real browser, with production's transforms, with such that pass
 * frames through, and with none. One browser and one service for each run; the runs of the arms take turns.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchKillableChromium } from '../../../checking/browser/chromium.ts';
import { ARMS, buildArm, type Arm } from './arms.ts';
import type { Flow } from './in-page.ts';
import { flowsOf, startCall } from './people.ts';
import { groupTime, processTime } from './processor.ts';
import type { CallRun } from './rows.ts';

/** Milliseconds from when everybody sees all others until the measurement: bit rates have settled then. */
const SETTLE = 8_000;

const wait = (milliseconds: number): Promise<void> => new Promise((later) => setTimeout(later, milliseconds));

interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  end(): void;
}

function startServiceProcess(page: string): Promise<ServiceProcess> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [page], {
    execArgv: ['--import', 'tsx'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the service ended with code ${String(code)}`)));
    child.once('message', (url) => {
      if (typeof url === 'string') resolve({ url, pid: child.pid ?? 0, end: () => child.kill() });
    });
  });
}

const sum = (flows: readonly Flow[], pick: (flow: Flow) => number): number =>
  flows.reduce((total, flow) => total + pick(flow), 0);

/** One call, measured for so many seconds. */
async function measureCall(arm: Arm, page: string, seconds: number): Promise<CallRun> {
  const service = await startServiceProcess(page);
  const browser = await launchKillableChromium();
  try {
    const pages = await startCall(browser.browser, service.url);
    await wait(SETTLE);
    const before = {
      flows: await flowsOf(pages),
      group: groupTime(browser.group),
      service: processTime(service.pid),
    };
    const started = performance.now();
    await wait(seconds * 1_000);
    const elapsed = (performance.now() - started) / 1_000;
    const [group, served] = [groupTime(browser.group), processTime(service.pid)];
    const flows = await flowsOf(pages);
    const gained = (pick: (flow: Flow) => number): number => sum(flows, pick) - sum(before.flows, pick);
    return {
      arm: arm.name,
      processes: new Map(
        [...group].map(([kind, time]) => [kind, (time - (before.group.get(kind) ?? 0)) / elapsed]),
      ),
      service: (served - before.service) / elapsed,
      sent: gained((it) => it.sent) / elapsed,
      decoded: gained((it) => it.decoded) / elapsed,
      audioPacket: gained((it) => it.audioBytes) / gained((it) => it.audioPackets),
    };
  } finally {
    await browser.kill();
    service.end();
  }
}

export interface CallBenchOptions {
  /** Of each run. */
  readonly seconds: number;
  /** Runs of each arm. */
  readonly rounds: number;
  readonly onStep: (text: string) => void;
}

/** Rejects where there is no browser, or a call does not come about. */
export async function benchCall({ seconds, rounds, onStep }: CallBenchOptions): Promise<readonly CallRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-call-'));
  const pageOf = (arm: Arm): string => join(folder, arm.name.replaceAll(' ', '-'));
  try {
    for (const arm of ARMS) {
      onStep(`building the page: ${arm.name}`);
      await buildArm(arm, pageOf(arm));
    }
    const runs: CallRun[] = [];
    for (let round = 1; round <= rounds; round += 1)
      for (const arm of ARMS) {
        onStep(`call ${round} of ${rounds}: ${arm.name}, ${seconds} s`);
        runs.push(await measureCall(arm, pageOf(arm), seconds));
      }
    return runs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
