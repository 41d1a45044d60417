/** At which addresses the service is found, from what the configuration says and what this machine has. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { Config } from './schema.ts';

/** What `networkInterfaces()` of node:os gives. */
export type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'internal'>[] | undefined>
>;

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3), ::1, and the name for them (RFC 6761 section 6.3). */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost');
  return LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** As many as `announce` takes: each is a socket for each participant. */
const MOST_ADDRESSES = 16;

const isUnspecified = (host: string): boolean => host === '0.0.0.0' || host === '::';

/**
 * The addresses at which other machines reach this one, IPv4 first. Link-local ones (RFC 3927, RFC 4291 section 2.5.6) are
 * left out: a page cannot name the interface.
 */
export function outerAddresses(interfaces: Interfaces): string[] {
  const all = Object.values(interfaces).flatMap((infos) => infos ?? []);
  const outer = all
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .filter((address) => !/^(169\.254\.|fe[89ab])/i.test(address));
  return [...new Set(outer)].sort((a, b) => Number(isIPv4(b)) - Number(isIPv4(a))).slice(0, MOST_ADDRESSES);
}

/** Where the service listens, and what pages are told. */
export interface Reach {
  readonly host: string;
  /** For ICE. Empty: this machine's addresses, and this machine only. */
  readonly announce: readonly string[];
}

/** What `host` and `announce` come to on a machine with these interfaces. */
export function reachOf({ host, announce, lan }: Config, interfaces: Interfaces): Reach {
  const outer = outerAddresses(interfaces);
  const anywhere = outer.some((address) => !isIPv4(address)) ? '::' : '0.0.0.0';
  const at = host ?? (lan ? anywhere : '127.0.0.1');
  if (announce.length > 0) return { host: at, announce };
  if (isUnspecified(at)) return { host: at, announce: outer };
  return { host: at, announce: isLoopback(at) || isIP(at) === 0 ? [] : [at] };
}

/** The host part of a URL. */
export const urlHost = (address: string): string => (address.includes(':') ? `[${address}]` : address);
