/** Clocks that are wrong: who has one takes part and nobody notices, or is told why not. Real service, real MLS. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startService, type Service } from '../../src/service/server.ts';
import { Guest, NOW, together, until } from './Guest.ts';

let service: Service;
const guests: Guest[] = [];
beforeEach(async () => {
  service = await startService({ limits: { graceMs: 60_000 } });
});
afterEach(async () => {
  for (const guest of guests.splice(0)) guest.session.leave();
  await service.close();
});

async function join(name: string, secret: Uint8Array, now = NOW): Promise<Guest> {
  const guest = await Guest.join(name, service.url, secret, { now: () => now });
  guests.push(guest);
  return guest;
}

const [HOUR, DAY, YEAR] = [3_600, 86_400, 31_556_952];
/** Seconds since 1970, as the wrong clock has it. */
const CLOCKS: readonly (readonly [string, number])[] = [
  ['an hour slow', NOW - HOUR],
  ['an hour fast', NOW + HOUR],
  ['half a day slow', NOW - 12 * HOUR],
  ['half a day fast', NOW + 12 * HOUR],
  ['a day slow', NOW - DAY],
  ['a day fast', NOW + DAY],
  ['89 days slow: its key package is over', NOW - 89 * DAY],
  ['100 days fast: its key package is not yet', NOW + 100 * DAY],
  ['a year slow', NOW - YEAR],
  ['a year fast', NOW + YEAR],
  ['in 1970, with the battery empty', 0],
  ['in 1970, a week on', 7 * DAY],
  ['in 2038, past the 32 bits', 2 ** 31],
  ['in 2100', 4_102_444_800],
  ['in the last second of 9999', 253_402_300_799],
  ['between two seconds', NOW + 0.5],
];

/** `from` hands the role over, and the next one has committed with a path. Gives the new authenticator. */
async function rotates(from: Guest, all: readonly Guest[], before: string): Promise<string> {
  await until(() => from.state === 'member.designated.idle');
  expect(from.session.participant?.handOver()).toBe(true);
  await until(() => from.state === 'member.follower.idle' && all.every((it) => it.authenticator !== before));
  return together(all);
}

// "Clients whose clocks are wrong by hours, days or years: nobody else notices; they either take part or get a clear message."
test.each(CLOCKS)('a clock %s: admitted, commits, admits, rotates', async (_, now) => {
  const secret = randomBytes(32);
  const anna = await join('anna', secret);
  await together([anna]);
  const odd = await join('odd', secret, now);
  const first = await together([anna, odd]);
  const second = await rotates(anna, [anna, odd], first);
  // The odd one is designated: it admits and evicts.
  const ben = await join('ben', secret);
  const carol = await join('carol', secret);
  await together([anna, odd, ben, carol]);
  carol.session.leave();
  const third = await together([anna, odd, ben]);
  const fourth = await rotates(odd, [anna, odd, ben], third);
  expect(new Set([first, second, third, fourth]).size).toBe(4);
  for (const it of guests) expect([it.name, it.codes, it.refusals, it.lives]).toEqual([it.name, [], [], 1]);
  expect(service.stats().refused).toEqual({});
});

test('everybody has another wrong clock: they are in one call all the same', async () => {
  const secret = randomBytes(32);
  const members: Guest[] = [];
  for (const [name, now] of CLOCKS.filter((_, i) => i % 3 === 0)) members.push(await join(name, secret, now));
  expect(members.length).toBeGreaterThan(4);
  let epoch = await together(members);
  for (let turn = 0; turn < members.length; turn++) {
    const designated = members.find(({ state }) => state === 'member.designated.idle');
    if (designated === undefined) throw new Error('nobody is designated');
    epoch = await rotates(designated, members, epoch);
  }
  for (const it of members) expect([it.name, it.codes, it.refusals, it.lives]).toEqual([it.name, [], [], 1]);
});

describe('a clock that no calendar has', () => {
  const NONE: readonly (readonly [string, number])[] = [
    ['a second before 1970', -1],
    ['in 1901', -(2 ** 31)],
    ['in the year 10000', 253_402_300_800],
    ['of milliseconds', NOW * 1_000],
    ['not a number', Number.NaN],
    ['endless', Infinity],
  ];
  test.each(NONE)('%s: its owner is told, and nobody else notices', async (_, now) => {
    const secret = randomBytes(32);
    const anna = await join('anna', secret);
    const epoch = await together([anna]);
    const entries = anna.session.participant?.view.position;
    const odd = await join('odd', secret, now);
    await until(() => odd.codes.length > 0);
    expect(odd.codes).toEqual(['bad_clock']);
    expect(odd.told).toEqual([
      `the clock of this device says ${String(now)} seconds since 1970; to take part it must be in the years 1970 to 9999`,
    ]);
    expect([odd.lives, odd.events.at(-1)]).toEqual([0, { type: 'connection', state: 'closed' }]);
    await until(() => service.stats().connections === 1);
    expect([anna.authenticator, anna.session.participant?.view.position]).toEqual([epoch, entries]);
    expect([anna.codes, anna.refusals, service.stats().refused]).toEqual([[], [], {}]);
  });
});
