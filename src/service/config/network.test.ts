import { describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { isLoopback, outerAddresses, reachOf, type Interfaces } from './network.ts';

const at = (address: string, internal = false) => ({ address, internal });
const HOME: Interfaces = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  eth0: [at('fd00::2'), at('192.168.1.5'), at('fe80::1')],
  wlan0: [at('192.168.1.5'), at('169.254.3.3')],
};
const OLD: Interfaces = { lo: [at('127.0.0.1', true)], eth0: [at('10.0.0.9')] };
const reach = (options: Record<string, string | boolean>, interfaces = HOME) =>
  reachOf(loadConfig({ options }), interfaces);

describe('where the service is reached', () => {
  test('by default on this machine, by this machine', () => {
    expect(reach({})).toEqual({ host: '127.0.0.1', announce: [] });
    expect(reach({ host: 'localhost' })).toEqual({ host: 'localhost', announce: [] });
    expect(reach({ host: '::1' })).toEqual({ host: '::1', announce: [] });
  });

  test('with `lan` or an open host on all that others can name, IPv4 first', () => {
    expect(reach({ lan: true })).toEqual({ host: '::', announce: ['192.168.1.5', 'fd00::2'] });
    expect(reach({ lan: true }, OLD)).toEqual({ host: '0.0.0.0', announce: ['10.0.0.9'] });
    expect(reach({ host: '0.0.0.0' }, OLD)).toEqual({ host: '0.0.0.0', announce: ['10.0.0.9'] });
    expect(reach({ host: '192.168.1.5' })).toEqual({ host: '192.168.1.5', announce: ['192.168.1.5'] });
  });

  test('at what is announced, also behind a proxy or a router', () => {
    expect(reach({ announce: '203.0.113.7' })).toEqual({ host: '127.0.0.1', announce: ['203.0.113.7'] });
    expect(reach({ lan: true, announce: '10.0.0.9' }, OLD).announce).toEqual(['10.0.0.9']);
  });

  test('loopback has many addresses, and only those', () => {
    for (const it of ['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'a.localhost'])
      expect(isLoopback(it)).toBe(true);
    for (const it of ['128.0.0.1', '10.0.0.1', '::', '0.0.0.0', 'localhost.example', 'fd00::1'])
      expect(isLoopback(it), it).toBe(false);
    expect(outerAddresses(HOME)).toEqual(['192.168.1.5', 'fd00::2']);
    expect(outerAddresses({})).toEqual([]);
  });
});
