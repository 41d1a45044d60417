import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SERVICE_LIMITS } from '../delivery/limits.ts';
import { ConfigError } from './errors.ts';
import { loadConfig, type Sources } from './load.ts';
import { LEAVES } from './schema.ts';
import { OPTIONS, optionOf, variableOf } from './sources.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(content: unknown): string {
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** Code and message of the refusal. */
function refusal(sources: Sources): string {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('what counts', () => {
  test('an option before the environment, that before the file, and that before the default', () => {
    const file = fileOf({ port: 1, host: 'a', lan: false, log: { level: 'info' }, limits: { rooms: 7 } });
    const env = { COMMITTER_PORT: '2', COMMITTER_HOST: 'b', COMMITTER_LOG_LEVEL: 'debug', PORT: '9' };
    const options = { port: '3' };
    const loaded = loadConfig({ file, env, options });
    expect([loaded.port, loaded.host, loaded.log.level]).toEqual([3, 'b', 'debug']);
    expect(loaded.limits).toEqual({ ...SERVICE_LIMITS, rooms: 7 });
    expect(loadConfig({ file, env }).port).toBe(2);
    expect(loadConfig({ file, env: { PORT: '9' } }).port).toBe(9);
    expect(loadConfig({ file }).port).toBe(1);
    expect(loadConfig({}).port).toBe(null);
  });

  test('a folder of settings is joined, a list is replaced', () => {
    const file = fileOf({ metrics: { port: 1 }, announce: ['10.0.0.1', '10.0.0.2'] });
    const { metrics, announce } = loadConfig({
      file,
      env: { COMMITTER_METRICS_HOST: '::1', COMMITTER_ANNOUNCE: 'fd00::1' },
    });
    expect(metrics).toEqual({ host: '::1', port: 1 });
    expect(announce).toEqual(['fd00::1']);
  });

  test('paths in a file are relative to it', () => {
    const file = fileOf({ data: 'kept', tls: { cert: 'c.pem', key: '/k.pem' } });
    const { data, tls } = loadConfig({ file });
    expect(data).toBe(join(folder, 'kept'));
    expect(tls.cert).toBe(join(folder, 'c.pem'));
  });

  test('every setting can be said in the environment, and every one but limits by an option', () => {
    const examples: Record<string, readonly [string, unknown]> = {
      host: ['h', 'h'],
      announce: ['10.0.0.1, fd00::1', ['10.0.0.1', 'fd00::1']],
      'udp-ports': ['4000-4100', [4000, 4100]],
      lan: ['true', true],
      tcp: ['1', true],
      'trusted-proxies': ['10.0.0.0/8', ['10.0.0.0/8']],
      'log-level': ['trace', 'trace'],
    };
    const at = (config: object, path: readonly string[]): unknown =>
      path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], config);
    let seen = 0;
    for (const leaf of LEAVES) {
      const option = optionOf(leaf);
      if (leaf.path[0] !== 'limits') expect(leaf.description, leaf.path.join('.')).toMatch(/\w+/);
      if (option === 'cert' || option === 'key') continue;
      const [text, value] = examples[option ?? ''] ?? (leaf.kind === 'text' ? ['x', 'x'] : ['8', 8]);
      expect(at(loadConfig({ env: { [variableOf(leaf)]: text } }), leaf.path), variableOf(leaf)).toEqual(
        value,
      );
      seen++;
      if (option === null) continue;
      expect(at(loadConfig({ options: { [option]: text } }), leaf.path), option).toEqual(value);
      seen++;
    }
    console.log(`${seen} settings said`);
    expect(seen).toBeGreaterThan(40);
    expect(Object.keys(OPTIONS)).toHaveLength(LEAVES.filter(({ path }) => path[0] !== 'limits').length);
  });
});

describe('what is refused', () => {
  test.each([
    [{ hots: 'a' }, 'config/unknown_field', 'hots'],
    [{ limits: { room: 1 } }, 'config/unknown_field', 'limits.room'],
    [{ tls: { certificate: 'a' } }, 'config/unknown_field', 'tls.certificate'],
    ['{"__proto__":{"lan":true}}', 'config/unknown_field', '__proto__'],
    [{ port: '3000' }, 'config/bad_value', 'port'],
    [{ port: 65_536 }, 'config/bad_value', 'port'],
    [{ limits: { rooms: -1 } }, 'config/bad_value', 'limits.rooms'],
    [{ limits: { rooms: 1.5 } }, 'config/bad_value', 'limits.rooms'],
    [{ announce: ['here'] }, 'config/bad_value', 'announce.0'],
    [{ udpPorts: [5000, 4000] }, 'config/bad_value', 'udpPorts'],
    [{ udpPorts: [4000, 4000] }, 'config/bad_value', 'udpPorts'],
    [{ udpPorts: [80, 90] }, 'config/bad_value', 'udpPorts'],
    [{ trustedProxies: ['10.0.0.0/33'] }, 'config/bad_value', 'trustedProxies.0'],
    [{ log: { level: 'loud' } }, 'config/bad_value', 'log.level'],
    [{ tls: { cert: 'c.pem' } }, 'config/contradiction', 'tls.cert'],
    [{ lan: true, tls: { cert: 'c.pem', key: 'k.pem' } }, 'config/contradiction', 'lan'],
    [[], 'config/bad_value', 'object'],
    ['{"port":', 'config/bad_json', 'config.json'],
  ])('%j: %s, and %s is named', (content, code, named) => {
    const said = refusal({ file: fileOf(content) });
    expect(said.split(' ')[0]).toBe(code);
    expect(said).toContain(named);
  });

  test('a file that is not there, a variable that is none, a value of the wrong kind', () => {
    expect(refusal({ file: join(folder, 'gone.json') })).toMatch(/^config\/unreadable .*ENOENT$/);
    expect(refusal({ env: { COMMITTER_PROT: '1' } })).toMatch(/^config\/unknown_field COMMITTER_PROT/);
    expect(refusal({ env: { COMMITTER_PORT: 'x' } })).toMatch(/^config\/bad_value environment: port/);
    expect(refusal({ env: { COMMITTER_LAN: 'maybe' } })).toMatch(/^config\/bad_value environment: lan/);
    expect(refusal({ options: { 'udp-ports': '1-' } })).toMatch(/^config\/bad_value command line: udpPorts/);
    // Also where something else is said further up.
    expect(refusal({ file: fileOf({ port: 'x' }), options: { port: '1' } })).toContain('config.json');
  });

  test('nothing else is thrown, whatever a file holds', () => {
    const seed = Date.now() & 0xffff;
    console.log(`seed ${seed}`);
    const names = fc.constantFrom('port', 'host', 'limits', 'tls', 'announce', 'udpPorts', 'toString', 'lan');
    const content = fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.jsonValue());
    let refused = 0;
    fc.assert(
      fc.property(content, (value) => {
        if (refusal({ file: fileOf(value) }) !== 'taken') refused++;
      }),
      { seed, numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

test('the example is a configuration', () => {
  const file = fileURLToPath(new URL('../deploy/config.example.json', import.meta.url));
  const { udpPorts, trustedProxies } = loadConfig({ file });
  expect(udpPorts).toEqual([40_000, 40_999]);
  expect(trustedProxies).toHaveLength(2);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object).length).toBeGreaterThan(7);
});
