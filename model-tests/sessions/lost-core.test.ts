/**
 * A wasm instance that traps in the middle of a call: the participant in it is dead, a fresh one joins by itself with a
 * fresh instance, and the others see a leave and a join. Real traps, real service, real MLS; each guest has an instance of
 * its own.
 */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import type { Participant } from '../../src/participant/Participant.ts';
import { startService, type Service } from '../../src/service/server.ts';
import { printRecord } from '../../src/trace/record.ts';
import { Guest, NOW, together, until, type GuestOptions } from './Guest.ts';

let service: Service;
let secret: Uint8Array;
const guests: Guest[] = [];
beforeEach(async () => {
  secret = randomBytes(32);
  service = await startService({ limits: { graceMs: 60_000 } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const guest of guests.splice(0)) guest.session.leave();
  await service.close();
});

async function join(name: string, options: GuestOptions = {}): Promise<Guest> {
  const guest = await Guest.join(name, service.url, secret, options);
  guests.push(guest);
  return guest;
}

/** While `step` runs, the random source throws: what asks for randomness in wasm traps. */
function withoutEntropy<T>(step: () => T): T {
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new Error('no entropy');
  });
  try {
    return step();
  } finally {
    vi.restoreAllMocks();
  }
}

/** Ends the wasm instance of a guest by a trap elsewhere in it. */
function trap(guest: Guest): void {
  const { createMlsGroup } = guest.modules;
  withoutEntropy(() =>
    expect(() => createMlsGroup({ participant: 'ee'.repeat(16), now: NOW })).toThrow('dead_instance'),
  );
}

type Call = 'found' | 'commit' | 'merge' | 'process' | 'welcome' | 'sign';

/** A core whose instance traps at the `nth` call of a kind: in it, where that asks for randomness, else right before. */
const trapsAt =
  (call: Call, guest: () => Guest, nth = 1) =>
  (mls: MlsGroup, count: number): MlsGroup => {
    if (count > 1) return mls;
    let calls = 0;
    return new Proxy(mls, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...args: unknown[]) => unknown;
        if (name !== call || ++calls !== nth) return method;
        if (call === 'found' || call === 'commit')
          return (...args: unknown[]) => withoutEntropy(() => method(...args));
        trap(guest());
        return method;
      },
    });
  };

/** The victim has died once, is back as somebody else, and nobody noticed more than that it left and came. */
async function comesBack(victim: Guest, others: readonly Guest[]): Promise<void> {
  await until(() => victim.lives === 2);
  await together([victim, ...others]);
  const [first, second] = victim.events.flatMap((it) => (it.type === 'participant' ? [it.participant] : []));
  const old = first as Participant;
  expect(victim.codes).toEqual(['core_lost']);
  expect([old.ended, victim.modules.stateOf(old.snapshot)]).toEqual([true, 'dead']);
  expect([victim.id, victim.id === old.id]).toEqual([second?.id, false]);
  expect(() => old.mls.epoch).toThrow('closed');
  for (const it of others) {
    expect([it.name, it.codes, it.lives]).toEqual([it.name, [], 1]);
    const kinds = it.events.flatMap((event) =>
      event.type === 'step' && event.step.placed?.entry.author === old.id
        ? [event.step.placed.entry.kind]
        : [],
    );
    expect([kinds[0], kinds.at(-1)]).toEqual(['join', 'leave']);
  }
  const judged = await validateRecords(guests.map(({ name, lines }) => ({ name, text: printRecord(lines) })));
  expect(judged.refused).toBe(null);
  expect(judged.lines).toBeGreaterThan(8);
}

test('at the founding', async () => {
  const victim: Guest = await join('victim', { core: trapsAt('found', () => victim) });
  await until(() => victim.lives === 2);
  // Who comes later reads of it in the log.
  await comesBack(victim, [await join('anna')]);
});

test('at the commit that admits somebody: the role passes on', async () => {
  const victim: Guest = await join('victim', { core: trapsAt('commit', () => victim, 2) });
  const anna = await join('anna');
  await together([victim, anna]);
  const ben = await join('ben');
  await comesBack(victim, [anna, ben]);
});

test.each(['merge', 'sign'] as const)('at the %s of its own commit', async (call) => {
  // Signing is the second time that something is signed, merging that something is merged: the first is the founding.
  const victim: Guest = await join('victim', { core: trapsAt(call, () => victim, 2) });
  const anna = await join('anna');
  await comesBack(victim, [anna]);
});

test('at the Welcome', async () => {
  const anna = await join('anna');
  await together([anna]);
  const victim: Guest = await join('victim', { core: trapsAt('welcome', () => victim) });
  await comesBack(victim, [anna]);
});

test('at a commit of somebody else', async () => {
  const anna = await join('anna');
  await together([anna]);
  const victim: Guest = await join('victim', { core: trapsAt('process', () => victim) });
  await together([anna, victim]);
  const ben = await join('ben');
  await comesBack(victim, [anna, ben]);
});

test('at the key package of somebody who joins', async () => {
  const [anna, victim] = [await join('anna'), await join('victim')];
  await together([anna, victim]);
  trap(victim);
  const ben = await join('ben');
  await comesBack(victim, [anna, ben]);
});

test('at a timer: nothing is read that could tell of it', async () => {
  const core = trapsAt('sign', () => victim, 3);
  const victim: Guest = await join('victim', { core, periods: { rotationMs: 500 } });
  const anna = await join('anna');
  await together([victim, anna]);
  await comesBack(victim, [anna]);
});

test('where a listener uses the keys, as the media of a page does', async () => {
  const [anna, victim] = [await join('anna'), await join('victim')];
  await together([anna, victim]);
  const { id } = victim;
  victim.onStep = ({ participant }) => {
    if (participant.id !== id || participant.view.roster.length < 3) return;
    trap(victim);
    participant.mls.exportSecret('SFrame 1.0 Base Key', new Uint8Array(), 16);
  };
  const ben = await join('ben');
  await comesBack(victim, [anna, ben]);
});

test('each time: it is given up after some attempts, and the others go on', async () => {
  const anna = await join('anna');
  await together([anna]);
  const core = (mls: MlsGroup): MlsGroup =>
    new Proxy(mls, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'welcome') trap(victim);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  const victim: Guest = await join('victim', { core });
  await until(() => victim.codes.includes('gave_up'));
  expect(victim.codes).toEqual([...Array<string>(8).fill('core_lost'), 'gave_up']);
  await until(() => anna.roster.length === 1);
  const ben = await join('ben');
  await together([anna, ben]);
  expect([anna.codes, anna.lives]).toEqual([[], 1]);
});
