import { createServer } from 'node:net';
import { wrongUse } from './options.mjs';

/** @returns {Promise<string | undefined>} why nobody can listen there now, as an error code */
function whyNot(host, port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done(error.code ?? 'unknown'));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => done(undefined)));
  });
}

/**
 * A port to listen on: the one that was asked for, or else the first free one from 3000 on.
 * @param {string | undefined} asked
 * @throws {Error} with `exitCode` 2 when that is no port, or is taken
 */
export async function choosePort(asked, host) {
  const first = asked === undefined ? 3000 : Number(asked);
  if (!/^\d{1,5}$/.test(asked ?? '3000') || first > 65535)
    throw wrongUse(`${asked} is not a port: 0 to 65535, 0 for any free one.`);
  const last = asked === undefined ? first + 99 : first;
  for (let port = first; port <= last; port += 1) {
    const why = await whyNot(host, port);
    if (why === undefined) {
      if (port !== first) console.log(`Port ${first} is taken; using ${port}.`);
      return port;
    }
    if (why !== 'EADDRINUSE' && why !== 'EACCES') throw wrongUse(`Cannot listen on ${host}: ${why}.`);
    if (asked !== undefined)
      throw wrongUse(
        `Port ${first} is ${why === 'EACCES' ? 'not allowed here' : 'taken'}: choose another with --port.`,
      );
  }
  throw wrongUse(`Ports ${first} to ${last} are all taken: choose one with --port.`);
}
