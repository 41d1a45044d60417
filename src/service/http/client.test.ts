import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKey, plainAddress, Proxies, sameOrigin } from './client.ts';

function requestFrom(
  remoteAddress: string,
  headers: Record<string, string> = {},
  encrypted = false,
): IncomingMessage {
  const socket = { remoteAddress, ...(encrypted && { encrypted }) };
  return { headers, socket } as unknown as IncomingMessage;
}
const forwarded = (chain: string, proto = 'https') => ({
  'x-forwarded-for': chain,
  'x-forwarded-proto': proto,
});

describe('who asks', () => {
  const proxies = new Proxies(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);

  test('without a trusted proxy the connection counts, whatever headers say', () => {
    expect(proxies.clientOf(requestFrom('203.0.113.9', forwarded('1.2.3.4')))).toEqual({
      address: '203.0.113.9',
      secure: false,
    });
    expect(new Proxies([]).clientOf(requestFrom('127.0.0.1', forwarded('1.2.3.4'), true))).toEqual({
      address: '127.0.0.1',
      secure: true,
    });
  });

  test('behind proxies, what the nearest ones wrote counts, and what the client wrote does not', () => {
    const of = (peer: string, chain: string): string =>
      proxies.clientOf(requestFrom(peer, forwarded(chain))).address;
    expect(of('127.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
    expect(of('127.0.0.1', '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9');
    expect(of('127.0.0.1', '6.6.6.6, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    expect(of('::ffff:127.0.0.1', '2001:db8::7')).toBe('2001:db8::7');
    expect(of('fd00::3', 'rubbish')).toBe('fd00::3');
    expect(of('127.0.0.1', '203.0.113.9, rubbish')).toBe('127.0.0.1');
    expect(of('127.0.0.1', '')).toBe('127.0.0.1');
    expect(of('127.0.0.1', '10.1.0.1, 10.1.0.2')).toBe('10.1.0.1');
  });

  test('https at the nearest proxy is https', () => {
    const secure = (proto: string): boolean =>
      proxies.clientOf(requestFrom('127.0.0.1', forwarded('203.0.113.9', proto))).secure;
    expect(['https', 'HTTPS', 'http, https', 'http', 'https, http', ''].map(secure)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });

  test('an address is written in one way, and an IPv6 host is its /64', () => {
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    const same = [
      '2001:db8:0:7::1',
      '2001:db8:0:7:ffff::',
      '2001:0DB8:0000:0007:1:2:3:4',
      '2001:db8::7:0:0:0:9',
    ];
    expect(new Set(same.map(addressKey))).toEqual(new Set(['2001:db8:0:7::/64']));
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
    expect(addressKey('2001:db8:0:8::1')).not.toBe(addressKey('2001:db8:0:7::1'));
    expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
  });

  test('IPv6 addresses in any spelling have the key of their first half', () => {
    const seed = Date.now() & 0xffff;
    console.log(`seed ${seed}`);
    let compressed = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), fc.nat(2), (groups, zeroed) => {
        const address = groups.map((group, index) =>
          zeroed > 0 && index >= 2 && index < 4 + zeroed ? 0 : group,
        );
        const text = address.map((group) => group.toString(16)).join(':');
        const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
        if (short.includes('::')) compressed++;
        expect(addressKey(short)).toBe(addressKey(text));
        expect(addressKey(text)).toBe(`${text.split(':').slice(0, 4).join(':')}::/64`);
      }),
      { seed, numRuns: 500 },
    );
    expect(compressed).toBeGreaterThan(100);
  });
});

describe('which page may connect', () => {
  const may = (origin: string | undefined, host: string | undefined, secure: boolean): boolean =>
    sameOrigin(
      { headers: { ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) } },
      { address: '192.0.2.1', secure },
    );

  test('the one of this service, by its scheme, host and port', () => {
    expect(may('https://calls.example', 'calls.example', true)).toBe(true);
    expect(may('https://calls.example', 'calls.example:443', true)).toBe(true);
    expect(may('http://127.0.0.1:3000', '127.0.0.1:3000', false)).toBe(true);
    expect(may(undefined, undefined, false)).toBe(true);
  });

  test.each([
    ['http://calls.example', 'calls.example', true],
    ['https://calls.example', 'calls.example', false],
    ['https://calls.example:8443', 'calls.example', true],
    ['https://evil.example', 'calls.example', true],
    ['https://calls.example.evil.example', 'calls.example', true],
    ['https://calls.example@evil.example', 'calls.example', true],
    ['null', 'calls.example', true],
    ['', 'calls.example', true],
    ['https://calls.example', undefined, true],
    ['file://', 'calls.example', true],
  ])('not %s where the host is %s, over TLS: %s', (origin, host, secure) => {
    expect(may(origin, host, secure)).toBe(false);
  });
});
