import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startService } from '../service/server.ts';

/** `committer serve`, which `npm start` runs: serves calls until it is told to stop. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '3000' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

const page = fileURLToPath(new URL('../../demo/dist', import.meta.url));
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port ${values.port}: a port is a number from 0 to 65535.`);
  process.exit(2);
}
if (!existsSync(page)) {
  console.error('The page is not built yet. Run `npm start`, which builds it, or `npm run build`.');
  process.exit(2);
}

const service = await startService({ host: values.host, port, page }).catch((error: unknown) => {
  console.error(
    `Cannot serve on ${values.host}:${String(port)}: ${error instanceof Error ? error.message : String(error)}`,
  );
  console.error('Choose another with --port or --host.');
  process.exit(1);
});

const stop = (): void => void service.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
console.log(`Calls are served at ${service.url}`);
console.log(
  'Open it, create a call, and open its link in a second tab or browser on this machine. Ctrl+C stops it.',
);
