import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A service of our own on loopback, in a process of its own, so that it does not share a thread with the bots. */
export interface OwnService {
  readonly url: string;
  /** Processor time so far, user and system, and resident memory. */
  usage(): Promise<ServiceUsage>;
  close(): void;
}

export interface ServiceUsage {
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

/** What the process says: once where it listens, then its usage each time that it is asked. */
export type FromService = { readonly url: string } | ServiceUsage;

/** @param bots that are to fit, however limits for strangers are set. */
export async function startOwnService(bots: number): Promise<OwnService> {
  const child = fork(fileURLToPath(new URL('./serviceProcess.ts', import.meta.url)), [String(bots)]);
  const next = (): Promise<FromService> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void =>
        reject(new Error(`the service ended with ${code ?? 'a signal'}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as FromService);
      });
    });
  const first = await next();
  if (!('url' in first)) throw new Error('the service did not say where it is');
  return {
    url: first.url,
    usage: async () => {
      const answer = next();
      child.send('usage');
      const usage = await answer;
      if ('url' in usage) throw new Error('the service did not say what it has used');
      return usage;
    },
    // Without its parent it ends.
    close: () => child.disconnect(),
  };
}
