import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from './freshness.mjs';
import { firstDifference } from './install.mjs';
import { readOptions } from './options.mjs';
import { choosePort } from './port.mjs';
import { findChromium, findFirefox, javaMajor, onPath } from './programs.mjs';
import { describeMissing, findMissing, nodeIsNewEnough } from './requirements.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'setup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name) {
  const path = join(folder, process.platform === 'win32' ? `${name}.cmd` : name);
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

describe('what is needed', () => {
  it('reads versions', () => {
    expect(javaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17);
    expect(javaMajor('java version "1.8.0_392"')).toBe(8);
    expect(javaMajor('openjdk version "24" 2025-03-18')).toBe(24);
    expect(javaMajor('Unable to locate a Java Runtime.')).toBeUndefined();
    expect(['20.18.9', '18.20.0'].map(nodeIsNewEnough)).toEqual([false, false]);
    expect(['20.19.0', '22.0.0'].map(nodeIsNewEnough)).toEqual([true, true]);
  });

  it('finds programs on PATH and takes no folder for one', () => {
    mkdirSync(join(folder, 'mvn'));
    expect(onPath(['mvn'], { PATH: folder })).toBeUndefined();
    const found = program('google-chrome');
    expect(onPath(['chromium', 'google-chrome'], { Path: folder })).toBe(found);
    expect(findChromium({ PATH: folder })).toBe(found);
    expect(findChromium({ PATH: folder, CHROMIUM: join(folder, 'gone') })).toBeUndefined();
    const firefox = program('firefox-esr');
    expect(findFirefox({ PATH: folder })).toBe(firefox);
    expect(findFirefox({ PATH: folder, FIREFOX: found })).toBe(found);
    expect(findFirefox({ PATH: folder, FIREFOX: join(folder, 'gone') })).toBeUndefined();
  });

  it('names everything that is missing at once, with the command for each system', () => {
    const needs = ['java', 'maven', 'chromium', 'firefox', 'rust'];
    const nothing = {
      PATH: folder,
      HOME: folder,
      CHROMIUM: join(folder, 'gone'),
      FIREFOX: join(folder, 'gone'),
      TLA2TOOLS_JAR: join(folder, 'gone'),
    };
    const on = (manager, more = {}) =>
      findMissing(needs, nothing, { manager, ubuntu: false, root: false, ...more }).map(({ howTo }) => howTo);
    expect(on('apt')).toContain('sudo apt-get install -y chromium');
    expect(on('apt', { ubuntu: true, root: true })).toContain('apt-get install -y chromium-browser');
    expect(on('apt')).toContain('sudo apt-get install -y firefox-esr');
    expect(on('apt', { ubuntu: true, root: true })).toContain('apt-get install -y firefox');
    expect(on('winget')).toContain('winget install --id Mozilla.Firefox');
    const ofApt = findMissing(needs, nothing, { manager: 'apt', ubuntu: false, root: true });
    expect(ofApt.map(({ aptPackage }) => aptPackage)).toEqual(
      expect.arrayContaining(['chromium', 'firefox-esr']),
    );
    expect(on('dnf')).toContain('sudo dnf install -y maven');
    expect(on('winget')).toContain('winget install --id Google.Chrome');
    expect(on(undefined).every((howTo) => !howTo.includes('undefined'))).toBe(true);
    const text = describeMissing(
      findMissing(needs, nothing, { manager: 'brew', ubuntu: false, root: false }),
    );
    for (const name of ['Maven', 'Chromium', 'Firefox', 'Rust']) expect(text).toContain(name);
  });
});

describe('what can be reused', () => {
  const entry = (version, more = {}) => ({ version, integrity: `sha512-${version}`, ...more });

  it('compares node_modules with the lock file by content', () => {
    const lock = { packages: { '': {}, a: entry('1'), b: entry('1', { optional: true }) } };
    expect(firstDifference(lock, { packages: { a: entry('1') } })).toBeUndefined();
    expect(firstDifference(lock, { packages: {} })).toMatch('a is not installed');
    expect(firstDifference(lock, { packages: { a: entry('2') } })).toMatch('another version');
    expect(firstDifference(lock, { packages: { a: entry('1'), c: entry('1') } })).toMatch(
      'not in the lock file',
    );
  });

  it('hashes names and contents of sources, not of tests and builds', () => {
    const write = (name, text) => {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    };
    write('a/x.ts', '1');
    const before = hashOf([folder], folder);
    write('a/x.test.ts', '1');
    write('dist/y.js', '1');
    expect(hashOf([folder], folder)).toBe(before);
    write('a/x.ts', '2');
    const changed = hashOf([folder], folder);
    write('a/z.ts', '');
    expect(new Set([before, changed, hashOf([folder], folder)]).size).toBe(3);
  });
});

describe('options and ports', () => {
  const known = { flags: ['all'], values: ['only', 'port'] };

  it('reads options and refuses others with exit code 2', () => {
    expect(readOptions(['--all', '--only', 'unit', '--port=0'], known)).toEqual({
      all: true,
      only: 'unit',
      port: '0',
    });
    for (const wrong of [['--oops'], ['x'], ['--only'], ['--all=1']])
      expect(() => readOptions(wrong, known)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('refuses a port that is none or is taken', async () => {
    const server = createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const taken = String(server.address().port);
    for (const wrong of [taken, '65536', '-1', 'abc', ''])
      await expect(choosePort(wrong, '127.0.0.1')).rejects.toMatchObject({ exitCode: 2 });
    await new Promise((done) => server.close(done));
    expect(await choosePort(taken, '127.0.0.1')).toBe(Number(taken));
  });
});
