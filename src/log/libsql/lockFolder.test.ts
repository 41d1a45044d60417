/** One service has one folder; when it ends, however it does, the next one gets it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockFolder } from './lockFolder.ts';
import { testFolder } from './testing.ts';

const TAKEN = /: another service keeps its log in /;

test('a second one is refused until the first lets go', () => {
  const folder = testFolder();
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(TAKEN);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'log_unavailable' }));
  release();
  lockFolder(folder)();
});

test('a process that is killed lets go', async () => {
  const folder = testFolder();
  const module = JSON.stringify(new URL('lockFolder.ts', import.meta.url).href);
  const code = `const { lockFolder } = await import(${module}); lockFolder(process.argv[1]); console.log('held'); setInterval(() => 0, 1e6);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, folder], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(() => lockFolder(folder)).toThrow(TAKEN);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder)();
});

test('a folder that is missing is an error that says so', () => {
  expect(() => lockFolder(`${testFolder()}/none`)).toThrow(/: cannot lock .*: the file cannot be opened$/);
});
