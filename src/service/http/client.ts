import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Who is at the other end of a request, as far as the service can know. */
export interface HttpClient {
  /** An IPv4 or IPv6 address; empty where the connection has gone. */
  readonly address: string;
  /** The page was asked for by https, here or at a proxy that is trusted. */
  readonly secure: boolean;
}

/** An IPv4 address that arrived by an IPv6 socket is an IPv4 address (RFC 4291 section 2.5.5.2). */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');

/** What limits for an address go by: an IPv6 host has a /64 to choose addresses from. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::')
    ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
    : [];
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

/** Addresses and networks like 10.0.0.0/8, as a list that an address is looked up in. */
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  return list;
}

/** Headers that say a thing once for each proxy, the nearest last. */
const words = (header: string | string[] | undefined): string[] =>
  (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((word) => word.trim());

/** Tells who asks, behind reverse proxies of the given addresses and networks. */
export class Proxies {
  readonly #trusted: BlockList;

  constructor(trusted: readonly string[]) {
    this.#trusted = listOf(trusted);
  }

  trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * The client of a request. X-Forwarded-For counts from its end, as far as trusted proxies wrote it: what a client wrote
   * itself stands further to the front.
   */
  clientOf(request: IncomingMessage): HttpClient {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const encrypted = 'encrypted' in request.socket;
    if (!this.trusts(peer)) return { address: peer, secure: encrypted };
    let address = peer;
    for (const word of words(request.headers['x-forwarded-for']).reverse()) {
      const next = plainAddress(word);
      if (isIP(next) === 0) break;
      address = next;
      if (!this.trusts(next)) break;
    }
    const scheme = words(request.headers['x-forwarded-proto']).at(-1)?.toLowerCase();
    return { address, secure: encrypted || scheme === 'https' };
  }
}

/**
 * A browser names the page that connects (RFC 6455 section 10.2): only the page of this very service may, with its
 * scheme. Other clients name none.
 */
export function sameOrigin(
  { headers: { origin, host } }: Pick<IncomingMessage, 'headers'>,
  { secure }: HttpClient,
): boolean {
  if (origin === undefined) return true;
  if (host === undefined) return false;
  try {
    const own = new URL(`${secure ? 'https' : 'http'}://${host}`);
    return new URL(origin).origin === own.origin;
  } catch {
    return false;
  }
}
