/** `committer serve`, which `npm start` runs: serves calls until it is told to stop. */
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { LogError, type LogStore } from '../log/DeliveryLog.ts';
import { ConfigError } from '../service/config/errors.ts';
import { loadConfig } from '../service/config/load.ts';
import { setUp } from '../service/config/serviceOptions.ts';
import { OPTIONS } from '../service/config/sources.ts';
import { pinoLog } from '../service/logging/pinoLog.ts';
import { faultOf } from '../service/logging/ServiceLog.ts';
import { serveMetrics } from '../service/metrics.ts';
import { startService } from '../service/server.ts';
import { welcome } from './serve/welcome.ts';
import { choosePort } from './setup/port.mjs';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Milliseconds that the end may take once connections have had their time. */
const HARD_STOP_MS = 10_000;

/** Wrong use: a message for people, and exit code 2. */
function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function commandLine() {
  try {
    return parseArgs({
      options: { ...OPTIONS, config: { type: 'string' }, 'print-config': { type: 'boolean' } },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Where logs are kept between starts; null where they are not: then nothing of SQLite is loaded, which not every system has. */
async function openStore(folder: string | null): Promise<(LogStore & { close(): Promise<void> }) | null> {
  if (folder === null) return null;
  const { LibsqlLogStore } = await import('../log/libsql/LibsqlLogStore.ts');
  const { lockFolder } = await import('../log/libsql/lockFolder.ts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Held until this process ends.
  lockFolder(folder);
  return LibsqlLogStore.open({ folder });
}

async function serve(): Promise<void> {
  const { config: file, 'print-config': print, ...options } = commandLine();
  const read = loadConfig({ file: typeof file === 'string' ? file : undefined, env: process.env, options });
  const config = { ...read, page: read.page ?? inRepository('demo/dist') };
  if (print === true) {
    console.log(JSON.stringify(config, null, 2));
    return;
  }
  if (!existsSync(config.page))
    refuse('The page is not built yet. Run `npm start`, which builds it, or `npm run build`.');
  const setup = await setUp(config, inRepository('.cache/lan'));
  const host = setup.options.host ?? '127.0.0.1';
  const port = await choosePort(config.port === null ? undefined : String(config.port), host);
  const log = pinoLog(config.log.level, pino.destination({ fd: 2, sync: true }));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log('error', 'crashed', faultOf(error));
      // Where, and not what: a message may quote anything.
      if (error instanceof Error) console.error(error.stack?.match(/^ +at .*$/gm)?.join('\n'));
      process.exit(1);
    });
  const store = await openStore(config.data);
  const service = await startService({ ...setup.options, port, log, ...(store && { store }) }).catch(
    (error: unknown) =>
      refuse(
        `Cannot serve on ${host}:${String(port)}: ${error instanceof Error ? error.message : String(error)}`,
      ),
  );
  const { metrics } = config;
  const figures =
    metrics.port === null ? null : await serveMetrics(service, { host: metrics.host, port: metrics.port });

  const state = { told: false };
  const stop = (): void => {
    // Told twice, it does not wait for anybody.
    if (state.told) process.exit(1);
    state.told = true;
    // Whatever hangs, it ends.
    setTimeout(() => process.exit(1), config.stopMs + HARD_STOP_MS).unref();
    void service
      .stop(config.stopMs)
      .then(() => figures?.close())
      .then(() => store?.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const listening = Number(new URL(service.url).port || port);
  for (const line of welcome(setup, listening, figures?.url ?? null)) console.log(line);
}

await serve().catch((error: unknown) => {
  if (error instanceof LogError) refuse(error.message);
  if (error instanceof ConfigError) refuse(`${error.code}: ${error.message}`);
  if (error instanceof Error && 'exitCode' in error) refuse(error.message);
  throw error;
});
