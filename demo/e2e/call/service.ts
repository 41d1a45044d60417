import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type LogStore } from '../../../src/log/DeliveryLog.ts';
import { startService, type Service, type ServiceOptions } from '../../../src/service/server.ts';
import { fragmentOf, newSecret } from '../../src/link.ts';

const demo = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the page that users get, once it is built. */
export const demoDist = `${demo}dist`;

/** Milliseconds: longer than any test. */
export const NEVER = 3_600_000;

/** Makes the page that users get: the production build in demo/dist. */
export const buildPage = (): Promise<unknown> =>
  build({ configFile: `${demo}vite.config.ts`, logLevel: 'warn' });

/**
 * Serves it on loopback, with limits, and where a test wants that, logs of one's own. Nobody is deposed unless a test
 * says after how long a silence.
 */
export const serve = (limits: ServiceOptions['limits'] = {}, store?: LogStore): Promise<Service> =>
  startService({ page: demoDist, limits: { silenceMs: NEVER, ...limits }, ...(store && { store }) });

/** What a page is told of time by its link, in seconds. Without a word of a test, nothing happens by time. */
export interface LinkPeriods {
  readonly rotation?: number;
  readonly silence?: number;
}

/** Where a new room begins. */
export const newRoom = (
  { url }: Pick<Service, 'url'>,
  { rotation = NEVER / 1_000, silence = NEVER / 1_000 }: LinkPeriods = {},
): string => `${url}/?rotation=${rotation}&silence=${silence}`;

/** A link to a new room that nobody is in yet. */
export const newLink = (service: Service, periods?: LinkPeriods): string =>
  `${newRoom(service, periods)}${fragmentOf(newSecret())}`;
