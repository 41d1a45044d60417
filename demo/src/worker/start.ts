/** The worker's script, the only one that the page may start, and what it begins with. */
import wasm from 'mls-rs-wasm/wasm?url';
import script from './worker.ts?worker&url';

/** What of Trusted Types (W3C) is used. Browsers without them start the script by its URL as it is. */
interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => { createScriptURL: (url: string) => string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
/** Its name is in the content security policy of the service, which lets no other policy be made. */
const policy = trustedTypes?.createPolicy('call-worker', { createScriptURL: () => script });

/** Starts the worker of a call. */
export const startWorker = (): Worker =>
  new Worker(policy === undefined ? script : policy.createScriptURL(script), { type: 'module' });

/** Has the browser fetch both into its cache, as what it has time for: a call that begins then finds them there. */
export function fetchAhead(): void {
  for (const url of [script, wasm])
    fetch(url, { priority: 'low' })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
}
