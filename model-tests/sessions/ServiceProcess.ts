import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServiceLimits } from '../../src/service/delivery/limits.ts';

const script = fileURLToPath(new URL('./runService.ts', import.meta.url));

/** The service as a process that can be killed and started again: at the same port, with the same logs. */
export class ServiceProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'committer-service-'));
  readonly #limits: Partial<ServiceLimits>;
  #child: ChildProcess | null = null;
  /** Known once it was started. */
  url = '';

  constructor(limits: Partial<ServiceLimits> = {}) {
    this.#limits = limits;
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const args = ['--import', 'tsx', script, this.#folder, port, JSON.stringify(this.#limits)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.url = line;
      return;
    }
    throw new Error(`the service did not start: ${child.exitCode ?? 'still running'}`);
  }

  /** From one moment to the next (SIGKILL). */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
