import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Usage } from './report.ts';

const MEBIBYTE = 1 << 20;
const NANOSECONDS = 1e9;

/** Measures this process from now on. Call what it gives for what was used since; `stop` ends it. */
export function startMeter(): { readonly used: () => Usage; readonly stop: () => void } {
  const cpu = process.cpuUsage();
  const { rss } = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  return {
    used: () => {
      const { user, system } = process.cpuUsage(cpu);
      return {
        cpuSeconds: (user + system) / 1e6,
        memoryMiB: Math.max(0, process.memoryUsage().rss - rss) / MEBIBYTE,
        stallSeconds: delay.max / NANOSECONDS,
      };
    },
    stop: () => void delay.disable(),
  };
}
