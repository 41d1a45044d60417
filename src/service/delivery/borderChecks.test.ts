/** Rule Invited at the service: a join whose key package is no good is refused, with the reason, and blocks nobody. */
import { randomBytes } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DeliveryLog } from '../../log/DeliveryLog.ts';
import { MemoryLog } from '../../log/memory.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { badKeyPackages, handmadeKeyPackage } from '../../mls/testKeyPackage.ts';
import { createMlsGroup } from '../../mls/wasm.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { publicKeyOf } from '../../protocol/wire/signature.ts';
import { startService, type Service } from '../server.ts';
import { Client, entryOf, hexBytes, joinOf, newInvite, until, type JoinOptions } from '../testing.ts';
import { serviceChecks } from './borderChecks.ts';
import { SERVICE_LIMITS } from './limits.ts';
import { Room } from './Room.ts';

beforeAll(loadMlsInNode);
const invite = newInvite();
const silent = {
  entry: () => undefined,
  ready: () => null,
  replaced: () => undefined,
  logUnavailable: () => undefined,
  message: () => undefined,
};

/** Makes the wasm instance trap: its random source throws. */
function trap(): void {
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new Error('no entropy');
  });
  expect(() => createMlsGroup({ participant: hexBytes(16), now: 0 })).toThrow('dead_instance');
  vi.restoreAllMocks();
}

/** What a room says to a join: nothing, or its code and flaw. */
async function answer(room: Room, entry: WireEntry): Promise<unknown> {
  return room.join(entry, invite.key, silent).then(
    () => null,
    (error: unknown) => {
      const { code, flaw } = error as { code: string; flaw: string | null };
      return flaw === null ? code : `${code} ${flaw}`;
    },
  );
}

const rooms: Room[] = [];
function newRoom(log: DeliveryLog = new MemoryLog()): Room {
  const room = new Room(invite.room, log, SERVICE_LIMITS);
  rooms.push(room);
  return room;
}
afterEach(() => {
  for (const room of rooms.splice(0)) room.close();
  vi.restoreAllMocks();
});

describe('a join with a key package that is', () => {
  const [author, seed] = [hexBytes(16), new Uint8Array(randomBytes(32))];
  test.each(badKeyPackages(author, seed))('%s: %s', async (_, flaw, keyPackage) => {
    const room = newRoom();
    expect(await answer(room, joinOf(room.log.id, invite, author, { seed, keyPackage }))).toBe(
      flaw === 'too_large' ? 'bad_key_package join_payload' : `bad_key_package ${flaw}`,
    );
    // It uses nothing up, also not the id.
    expect([room.log.length, room.size]).toEqual([0, 0]);
    expect(await answer(room, joinOf(room.log.id, invite, author, { seed }))).toBe(null);
  });

  test('not that of the join: of another participant, another key, another hash, none', async () => {
    const room = newRoom();
    const log = room.log.id;
    const other = handmadeKeyPackage({ participant: hexBytes(16), seed });
    const keyPackage = handmadeKeyPackage({ participant: author, seed });
    const header = { kind: 'join', log, author, keyPackage: hexBytes(32) } as const;
    const { payload } = joinOf(log, invite, author, { seed });
    const cases: readonly (readonly [string, WireEntry])[] = [
      ['wrong_participant', joinOf(log, invite, author, { seed, keyPackage: other })],
      ['wrong_signature_key', joinOf(log, invite, author, { keyPackage })],
      ['wrong_hash', entryOf({ ...header, signatureKey: hex(publicKeyOf(seed)) }, invite, payload)],
      ['join_payload', joinOf(log, invite, author, { seed, payload: new Uint8Array() })],
    ];
    for (const [flaw, entry] of cases) expect(await answer(room, entry)).toBe(`bad_key_package ${flaw}`);
    expect(room.log.length).toBe(0);
  });
});

describe('a join that repeats', () => {
  const seed = new Uint8Array(randomBytes(32));
  const [first, second] = [hexBytes(16), hexBytes(16)];
  const [initKey, leafKey] = [seed, randomBytes(32)].map((it) => x25519.getPublicKey(it)) as [
    Uint8Array,
    Uint8Array,
  ];
  const used = { participant: first, seed, initKey, leafKey };
  const fresh = new Uint8Array(randomBytes(32));
  const cases: readonly (readonly [string, string, JoinOptions, string])[] = [
    ['the participant id', first, {}, 'id_used'],
    ['the signature key', second, { seed }, 'bad_key_package repeated'],
    ['the init key', second, made({ initKey }), 'bad_key_package repeated'],
    ['the leaf key', second, made({ leafKey }), 'bad_key_package repeated'],
    ['the init key as a leaf key', second, made({ leafKey: initKey }), 'bad_key_package repeated'],
    ['nothing', second, {}, 'null'],
  ];
  function made(change: { initKey?: Uint8Array; leafKey?: Uint8Array }): JoinOptions {
    return { seed: fresh, keyPackage: handmadeKeyPackage({ participant: second, seed: fresh, ...change }) };
  }
  function firstJoin(log: string): WireEntry {
    return joinOf(log, invite, first, { seed, keyPackage: handmadeKeyPackage(used) });
  }

  test.each(cases)('%s', async (_, author, options, expected) => {
    const room = newRoom();
    const log = room.log.id;
    expect(await answer(room, firstJoin(log))).toBe(null);
    expect(String(await answer(room, joinOf(log, invite, author, options)))).toBe(expected);
    // After its leave too: keys are used once.
    await room.leave(first);
    expect(String(await answer(room, joinOf(log, invite, author, options)))).toBe(
      expected === 'null' ? 'id_used' : expected,
    );
    // And in a log that was there before.
    const { length } = room.log;
    room.close();
    const later = newRoom(room.log);
    expect(String(await answer(later, joinOf(log, invite, author, options)))).toBe(
      expected === 'null' ? 'id_used' : expected,
    );
    expect(room.log.length).toBe(length);
  });

  test('what is still on its way into the log', async () => {
    const room = newRoom();
    const log = room.log.id;
    const twin = joinOf(log, invite, second, { seed });
    expect(await Promise.all([answer(room, firstJoin(log)), answer(room, twin)])).toEqual([
      null,
      'bad_key_package repeated',
    ]);
  });
});

describe('a wasm instance that traps', () => {
  const good = handmadeKeyPackage({ participant: hexBytes(16), seed: new Uint8Array(randomBytes(32)) });

  test('is replaced, and the check goes on: the service is there for the next joiner', async () => {
    const room = newRoom();
    expect(await answer(room, joinOf(room.log.id, invite))).toBe(null);
    trap();
    expect(await answer(room, joinOf(room.log.id, invite))).toBe(null);
    expect(room.log.length).toBe(2);
  });

  test('at the same bytes each time: they are refused, and the next ones are checked', () => {
    // Their length cannot be read on the way into wasm, which ends the instance as a trap does.
    const odd = Uint8Array.from(good);
    let reads = 0;
    const length = (): number => {
      if (++reads % 2 === 0) throw new WebAssembly.RuntimeError('unreachable');
      return good.length;
    };
    Object.defineProperty(odd, 'length', { get: length });
    expect(serviceChecks.checkKeyPackage(odd)).toBe('core_lost');
    expect(reads).toBe(4);
    expect(serviceChecks.checkKeyPackage(good)).toMatchObject({ signatureKey: expect.any(String) as string });
  });
});

test('who is refused is told the code and the flaw, is cut off, and the others go on', async () => {
  const service: Service = await startService({ limits: { graceMs: 60_000 } });
  try {
    const [a, bad, b] = [0, 1, 2].map(() => new Client(service.url, invite)) as [Client, Client, Client];
    await a.joins();
    const keyPackage = handmadeKeyPackage({
      participant: bad.id,
      seed: invite.seed,
      initKey: new Uint8Array(32),
    });
    await bad.asks(joinOf(await bad.log(), invite, bad.id, { seed: invite.seed, keyPackage }));
    expect(await bad.refusal()).toBe('bad_key_package, closed 1008');
    expect(await bad.first('error')).toMatchObject({ flaw: 'bad_key', fatal: true });
    await b.joins();
    await until(() => a.entries.length === 2);
    expect(a.entries.map(({ kind }) => kind)).toEqual(['join', 'join']);
    expect(service.stats().refused).toEqual({ bad_key_package: 1 });
  } finally {
    await service.close();
  }
});
