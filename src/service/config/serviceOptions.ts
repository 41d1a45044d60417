import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { lanCertificate, type LanCertificate } from '../http/lanCertificate.ts';
import type { Tls } from '../http/webServer.ts';
import type { ServiceOptions } from '../server.ts';
import { ConfigError } from './errors.ts';
import { isLoopback, reachOf, urlHost } from './network.ts';
import type { Config } from './schema.ts';

/** A configuration, as it comes to bear on this machine. */
export interface Setup {
  readonly options: ServiceOptions;
  /** Of `lan`. */
  readonly certificate: LanCertificate | null;
  /** Base URLs at which pages reach the service once it listens on a port: the first from other machines where that can be. */
  readonly urls: (port: number) => readonly string[];
}

/** RFC 1123 section 2.1. Systems allow names that no certificate can hold. */
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigError('config/unreadable', `${what}: ${file} cannot be read: ${why}`);
  }
}

/** The certificate in force, if any. `lan` keeps its own in a folder. */
async function certificateOf(
  { tls: { cert, key }, lan }: Config,
  folder: string,
  names: readonly string[],
): Promise<{ readonly tls: Tls | null; readonly made: LanCertificate | null }> {
  if (lan) {
    const made = await lanCertificate(folder, names);
    return { tls: made, made };
  }
  if (cert === null || key === null) return { tls: null, made: null };
  return { tls: { cert: read(cert, 'tls.cert'), key: read(key, 'tls.key') }, made: null };
}

/**
 * Turns a configuration into what `startService` takes. `lanFolder` is where `lan` keeps its certificate unless there is a
 * folder for data.
 *
 * @throws ConfigError; what the file system does where the certificate of `lan` cannot be kept
 */
export async function setUp(config: Config, lanFolder: string): Promise<Setup> {
  const { host, announce } = reachOf(config, networkInterfaces());
  if (config.lan && announce.length === 0 && isLoopback(host))
    throw new ConfigError(
      'config/contradiction',
      '`lan` cannot serve other machines from a loopback address',
    );
  const own = hostname().toLowerCase();
  const names = [...new Set([...announce, '127.0.0.1', 'localhost', ...(HOST_NAME.test(own) ? [own] : [])])];
  const { tls, made } = await certificateOf(config, config.data ?? lanFolder, names);
  const scheme = tls === null ? 'http' : 'https';
  const hosts = host === '0.0.0.0' || host === '::' ? [...announce, 'localhost'] : [host];
  return {
    options: {
      host,
      ...(tls !== null && { tls: { cert: tls.cert, key: tls.key } }),
      makeshift: made !== null,
      trustedProxies: config.trustedProxies,
      limits: config.limits,
      ...(config.page !== null && { page: config.page }),
      forwarder: {
        ...(announce.length > 0 && { listenAddresses: announce }),
        ...(config.udpPorts !== null && { udpPorts: config.udpPorts }),
        tcp: config.tcp,
      },
    },
    certificate: made,
    urls: (port) => hosts.map((it) => `${scheme}://${urlHost(it)}:${String(port)}`),
  };
}
