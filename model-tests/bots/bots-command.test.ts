/** `committer bots` as people run it: what it prints, and its exit codes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fragmentOf, newSecret } from '../../demo/src/link.ts';
import { startService, type Service } from '../../src/service/server.ts';
import { parseRecord } from '../../src/trace/record.ts';

const COMMAND = fileURLToPath(new URL('../../src/cli/committer.ts', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function bots(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, 'bots', ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const json = ({ out }: Outcome): Record<string, unknown> =>
  JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

let service: Service;
const folder = mkdtempSync(join(tmpdir(), 'bots-'));
const linkTo = (url: string): string => `${url}/${fragmentOf(newSecret())}`;
beforeAll(async () => {
  service = await startService({ limits: { participants: 4 } });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await service.close();
});

describe('exit code 0', () => {
  test('bots in the call of a link, recorded in a folder', async () => {
    const records = join(folder, 'records');
    const link = linkTo(service.url);
    const outcome = await bots(link, '--count', '3', '--leave', '1', '--record', records, '--json');
    expect([outcome.code, outcome.err]).toEqual([0, expect.stringContaining('in 3 files') as string]);
    expect(json(outcome)).toMatchObject({ ok: true, bots: 3, left: 1, authenticators: 1, claims: 0 });
    for (const figure of ['admittedSeconds', 'commits', 'togetherSeconds'])
      expect(json(outcome)[figure]).toBeGreaterThan(0);
    const files = readdirSync(records);
    expect(files).toEqual(['bot-1.ndjson', 'bot-2.ndjson', 'bot-3.ndjson']);
    const lines = files.map((file) => parseRecord(readFileSync(join(records, file), 'utf8')).length);
    expect(Math.min(...lines)).toBeGreaterThanOrEqual(3);
    // The secret of the link gives the keys of the room away.
    expect(outcome.out + outcome.err).not.toContain(new URL(link).hash);
  });

  test('bots in a room of a service of their own, which ends with them', async () => {
    const outcome = await bots('--count', '2', '--json');
    expect([outcome.code, outcome.err.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^2 bots join a service of their own at http:\/\/127\.0\.0\.1:\d+/) as string,
    ]);
    expect(outcome.out).toMatch(/^authenticators at the end {2,}1$/m);
    expect(json(outcome)).toMatchObject({ ok: true, service: { cpuSeconds: expect.any(Number) as number } });
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(outcome.err) ?? [];
    await expect
      .poll(() => fetch(`http://127.0.0.1:${port}/`).catch(() => 'gone'), { timeout: 5_000 })
      .toBe('gone');
  });
});

test('exit code 1: who was not admitted, why, and what to do', async () => {
  const outcome = await bots(linkTo(service.url), '--count', '6', '--within', '20', '--json');
  expect(outcome.code).toBe(1);
  expect(outcome.out).toMatch(/^bot \d \(\w+\): room_full: 4 participants are here at once$/m);
  expect(outcome.out).toContain('What to do: the room is full');
  expect(json(outcome)).toMatchObject({ ok: false, admitted: 4, missing: [{ code: 'room_full' }, {}] });
});

describe('exit code 2', () => {
  test.each([
    [['http://127.0.0.1:1/#s=x'], 'no whole secret'],
    [[`http://127.0.0.1:1/#s=${'A'.repeat(43)}`], 'start the service (`npm start`)'],
    [['--count', '0'], '--count 0 is no number from 1 to 1000'],
    [['--count', '1001'], '--count 1001 is no number from 1 to 1000'],
    [['--count', '3', '--leave', '2', '--crash', '1'], 'at least one bot has to stay'],
    [['--what'], "Unknown option '--what'"],
  ])('%j', async (args, said) => {
    const outcome = await bots(...args);
    expect([outcome.code, outcome.out]).toEqual([2, '']);
    expect(outcome.err).toContain(said);
  });
});
