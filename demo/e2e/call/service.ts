import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startService, type Service, type ServiceOptions } from '../../../src/service/server.ts';

const demo = fileURLToPath(new URL('../../', import.meta.url));

/** Makes the page that users get: the production build in demo/dist. */
export const buildPage = (): Promise<unknown> =>
  build({ configFile: `${demo}vite.config.ts`, logLevel: 'warn' });

/** Serves it on loopback, with limits of one's own. */
export const serve = (limits: ServiceOptions['limits'] = {}): Promise<Service> =>
  startService({ page: `${demo}dist`, limits });
