/** What stands beside the service for those who run it: the unit, the guide. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { settingsTable } from '../config/table.ts';

const read = (file: string): string => readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');

test('the guide has the table of settings', () => {
  const table = settingsTable();
  expect(table.split('\n').length).toBeGreaterThan(14);
  expect(read('../README.md'), `the table is\n\n${table}\n`).toContain(table);
});

const unit = read('designated-committer.service');
/** What systemd says of a unit file; null where there is no systemd. */
function verify(text: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  try {
    const file = join(folder, 'designated-committer.service');
    // The program is looked for: take one that is there.
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
    const { error, stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    if (error !== undefined) return null;
    const lines = `${stdout}${stderr}`.split('\n');
    return lines.filter((line) => line.includes('designated-committer.service')).join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(verify(unit) === null)('systemd has nothing to say of the unit, and would say something', () => {
  expect(verify(unit)).toBe('');
  expect(verify(unit.replace('StateDirectory=', 'StateFolder='))).toContain('StateFolder');
});

test('the unit starts the service, and waits longer for its end than the service does', () => {
  const settings = new Map(
    unit.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  console.log(`${settings.size} settings of the unit`);
  expect(settings.size).toBeGreaterThan(25);
  expect(settings.get('ExecStart')).toMatch(/src\/cli\/serve\.ts --config /);
  expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThan(15);
});

test('proxies are told what the service needs', () => {
  const nginx = read('nginx.conf');
  const needed = ['Host', 'X-Forwarded-For', 'X-Forwarded-Proto', 'Upgrade', 'Connection'];
  for (const header of needed) expect(nginx).toMatch(new RegExp(`proxy_set_header ${header} `));
  expect(nginx).toContain('access_log off');
  expect(read('Caddyfile')).toContain('reverse_proxy');
});
