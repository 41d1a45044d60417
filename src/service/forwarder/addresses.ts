import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The IPv4 addresses of this machine, loopback first. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
  const addresses = all.filter(({ address }) => isIPv4(address)).map(({ address }) => address);
  const own = addresses.filter((address) => !address.startsWith('127.') && !address.startsWith('169.254.'));
  return ['127.0.0.1', ...own];
}

/**
 * Whether a UDP packet from this address was sent on this machine. All of 127.0.0.0/8 is loopback
 * (RFC 1122 section 3.2.1.3).
 */
export function isOwnAddress(address: string, own: ReadonlySet<string>): boolean {
  return address.startsWith('127.') || address === '::1' || own.has(address);
}
