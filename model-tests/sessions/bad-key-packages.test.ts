/** A joiner whose key package is no good, end to end: sessions over real WebSockets to the real service, real MLS. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { badKeyPackages } from '../../src/mls/testKeyPackage.ts';
import { startService, type Service } from '../../src/service/server.ts';
import { printRecord } from '../../src/trace/record.ts';
import { Guest, together, until } from './Guest.ts';

let service: Service;
const guests: Guest[] = [];
beforeEach(async () => {
  service = await startService({ limits: { graceMs: 60_000 } });
});
afterEach(async () => {
  for (const guest of guests.splice(0)) guest.session.leave();
  await service.close();
});

/** A core that shows `keyPackage` in the place of its own. */
const showing = (mls: MlsGroup, keyPackage: Uint8Array): MlsGroup =>
  new Proxy(mls, {
    get: (target, name): unknown => {
      const value: unknown = name === 'keyPackage' ? keyPackage : Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
const WANTED = ['all zero', 'another suite, well signed', 'init key all zero', 'leaf key of small order'];
const SEED = new Uint8Array(32).fill(5);
/** The key package of this kind, for this participant. */
function badOne(mls: MlsGroup, kind: string): Uint8Array {
  const found = badKeyPackages(mls.participant, SEED).find(([name]) => name === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found[2];
}

test.each(WANTED)(
  '%s: refused, told why, joins afresh and is admitted; the others never notice',
  async (kind) => {
    const secret = randomBytes(32);
    const join = async (name: string, options = {}): Promise<Guest> => {
      const guest = await Guest.join(name, service.url, secret, options);
      guests.push(guest);
      return guest;
    };
    const [anna, ben] = [await join('anna'), await join('ben')];
    await together([anna, ben]);
    const core = (mls: MlsGroup, count: number): MlsGroup =>
      count <= 2 ? showing(mls, badOne(mls, kind)) : mls;
    const carol = await join('carol', { core });
    const dave = await join('dave');
    await together([anna, ben, carol, dave]);

    const flaw = badKeyPackages('ab'.repeat(16), SEED).find(([name]) => name === kind)?.[1] ?? '';
    expect(carol.codes).toEqual([`bad_key_package ${flaw}`, `bad_key_package ${flaw}`]);
    for (const text of carol.told) expect(text).toMatch(/^the key package is refused: /);
    expect([carol.lives, new Set(carol.cores.map((it) => it.participant)).size]).toEqual([3, 3]);
    expect(service.stats().refused).toEqual({ bad_key_package: 2 });
    for (const it of [anna, ben, dave]) expect([it.codes, it.refusals, it.lives]).toEqual([[], [], 1]);

    // Of those who were refused there is nothing in the log, and so in no record.
    const judged = await validateRecords(
      guests.map(({ name, lines }) => ({ name, text: printRecord(lines) })),
    );
    expect([judged.refused, judged.crashes]).toEqual([null, []]);
    expect(new Set(guests.flatMap(({ lines }) => lines.map((it) => it.participant))).size).toBe(4);
  },
);

test('every time: after three more it is over, and says so', async () => {
  const secret = randomBytes(32);
  const anna = await Guest.join('anna', service.url, secret);
  guests.push(anna);
  await together([anna]);
  const epoch = anna.authenticator;
  const core = (mls: MlsGroup): MlsGroup => showing(mls, badOne(mls, 'all zero'));
  const carol = await Guest.join('carol', service.url, secret, { core });
  guests.push(carol);
  await until(() => carol.codes.includes('gave_up'));
  expect(carol.codes).toEqual([...Array<string>(4).fill('bad_key_package malformed'), 'gave_up']);
  expect(carol.told.at(-1)).toBe(
    '4 joins in a row were refused, the last one because: the key package is refused: its bytes are not one MLS 1.0 key package',
  );
  expect(carol.events.at(-1)).toEqual({ type: 'connection', state: 'closed' });
  expect([anna.authenticator, anna.refusals, anna.roster]).toEqual([epoch, [], [anna.id]]);
});
