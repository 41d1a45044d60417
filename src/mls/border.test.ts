/** The border to wasm: what just passes, what just does not, and what the error says. */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { KEY_PACKAGE_FLAWS } from '../protocol/wire/keyPackage.ts';
import { hex } from '../protocol/wire/bytes.ts';
import * as border from './border.ts';
import { borderChecks } from './borderChecks.ts';
import type * as Mls from './MlsGroup.ts';
import { MLS_ERROR_CODES, MlsError, type MlsGroup } from './MlsGroup.ts';
import { loadMlsInNode } from './node.ts';
import { id, member, NOW, pair } from './testing.ts';
import { badKeyPackages } from './testKeyPackage.ts';
import { checkKeyPackage, createMlsGroup, loadMls } from './wasm.ts';

beforeAll(loadMlsInNode);

const said = (run: () => unknown): string | null => {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof MlsError)) throw error;
    expect(error.name).toBe('MlsError');
    expect(error.message).toBe(`${error.code}: ${error.reason}`);
    return error.message;
  }
};
/** What is of no type that TypeScript would let through. */
const odd = (value: unknown): never => value as never;
const ID = 'ab'.repeat(16);
const length = (count: number): Uint8Array => new Uint8Array(count);

describe('a check refuses, and says what', () => {
  const clock =
    'the clock of this device says %s seconds since 1970; to take part it must be in the years 1970 to 9999';
  const cases: readonly (readonly [string | null, () => unknown])[] = [
    ['malformed: it is not a Uint8Array', () => border.checkBytes(odd([1]), 'it')],
    ['too_large: it has more than 1048576 bytes', () => border.checkBytes(length((1 << 20) + 1), 'it')],
    [null, () => border.checkBytes(length(1 << 20), 'it')],
    ['too_large: it has more than 2 bytes', () => border.checkBytes(length(3), 'it', 2)],
    [null, () => border.checkBytes(length(2), 'it', 2)],
    ['malformed: it is not a list', () => border.checkList(odd({ length: 1 }), 'it')],
    ['too_large: it has more than 1000 items', () => border.checkList(Array<number>(1_001).fill(0), 'it')],
    [null, () => border.checkList(Array<number>(1_000).fill(0), 'it')],
    ['malformed: it is not an object', () => border.checkObject(null, 'it')],
    ['malformed: it is not an object', () => border.checkObject('text', 'it')],
    [null, () => border.checkObject({}, 'it')],
    ['malformed: it is not a boolean', () => border.checkBoolean(odd(1), 'it')],
    [null, () => border.checkBoolean(false, 'it')],
    [`bad_clock: ${clock.replace('%s', '-1')}`, () => border.checkSeconds(-1)],
    [`bad_clock: ${clock.replace('%s', 'NaN')}`, () => border.checkSeconds(NaN)],
    [`bad_clock: ${clock.replace('%s', 'soon')}`, () => border.checkSeconds(odd('soon'))],
    [`bad_clock: ${clock.replace('%s', '7')}`, () => border.checkSeconds(odd('7'))],
    [`bad_clock: ${clock.replace('%s', '253402300800')}`, () => border.checkSeconds(253_402_300_800)],
    [null, () => border.checkSeconds(0)],
    [null, () => border.checkSeconds(253_402_300_799)],
    ['malformed: it is not from 1 to 3', () => border.checkLength(0, 1, 3, 'it')],
    ['malformed: it is not from 1 to 3', () => border.checkLength(4, 1, 3, 'it')],
    ['malformed: it is not from 1 to 3', () => border.checkLength(1.5, 1, 3, 'it')],
    [null, () => border.checkLength(1, 1, 3, 'it')],
    [null, () => border.checkLength(3, 1, 3, 'it')],
    ...[odd([ID]), `${ID}0`, `0${ID}`, ID.slice(1), ID.toUpperCase(), 'g'.repeat(32), odd(7)].map(
      (one) =>
        ['malformed: a participant id is not 32 lowercase hex digits', () => border.idBytes(one)] as const,
    ),
    [null, () => border.idBytes(ID)],
    ['malformed: the ids is not a list', () => border.idList(odd(ID), 'the ids')],
    ['malformed: the adds is not a list', () => border.addList(odd(null))],
    ['malformed: an expected add is not an object', () => border.addList([odd(null)])],
    [
      'malformed: a key package hash is not a Uint8Array',
      () => border.addList([{ participant: ID, keyPackageHash: odd('00') }]),
    ],
    [
      'malformed: a key package hash has not 32 bytes',
      () => border.addList([{ participant: ID, keyPackageHash: length(31) }]),
    ],
  ];
  test.each(cases)('%s (%#)', (message, run) => {
    expect(said(run)).toBe(message);
  });
});

test('what passes comes out as it is to cross', () => {
  expect(border.checkSeconds(7.9)).toBe(7);
  expect([border.checkBoolean(true, ''), border.checkLength(2, 1, 3, '')]).toEqual([true, 2]);
  expect(hex(border.idBytes('00112233445566778899aabbccddeeff'))).toBe('00112233445566778899aabbccddeeff');
  expect(border.idHex(Uint8Array.of(0, 0x0a, 0xff))).toBe('000aff');
  expect([...border.concat([Uint8Array.of(1), length(0), Uint8Array.of(2, 3)])]).toEqual([1, 2, 3]);
  expect(hex(border.idList([ID, '00'.repeat(16)], ''))).toBe(ID + '00'.repeat(16));
  const add = { participant: ID, keyPackageHash: length(32).fill(7) };
  expect(hex(border.addList([add]))).toBe(ID + '07'.repeat(32));
  // Two records in the middle of a larger buffer.
  const record = [0, 0, 1, 2, ...length(16).fill(0xab), ...length(32).fill(9)];
  const records = Uint8Array.of(5, ...record, ...record.fill(3, 3, 4)).subarray(1);
  const one = { participant: ID, signatureKey: length(32).fill(9) };
  expect(border.members(records)).toEqual([
    { leafIndex: 258, ...one },
    { leafIndex: 259, ...one },
  ]);
});

describe('a group', () => {
  let group: MlsGroup;
  beforeEach(() => {
    [group] = pair();
  });
  const expected = { committer: ID, adds: [], removes: [], path: true };
  const large = length((1 << 20) + 1);
  const cases: readonly (readonly [string, (it: MlsGroup) => unknown])[] = [
    ['too_large: the content has more than 1048576 bytes', (it) => it.sign(large)],
    ['too_large: the group id has more than 255 bytes', () => member().found(length(256))],
    ['malformed: the adds is not a list', (it) => it.commit(odd(0), [], true)],
    ['too_large: a key package has more than 1024 bytes', (it) => it.commit([length(1_025)], [], true)],
    ['malformed: the removes is not a list', (it) => it.commit([], odd(0), true)],
    ['malformed: path is not a boolean', (it) => it.commit([], [], odd(1))],
    [
      'too_large: the authenticated data has more than 255 bytes',
      (it) => it.commit([], [], true, length(256)),
    ],
    ['too_large: the commit has more than 1048576 bytes', (it) => it.process(large, expected)],
    ['malformed: the expected commit is not an object', (it) => it.process(length(1), odd(0))],
    ['malformed: the removes is not a list', (it) => it.process(length(1), { ...expected, removes: odd(0) })],
    ['malformed: path is not a boolean', (it) => it.process(length(1), { ...expected, path: odd(0) })],
    [
      'too_large: the authenticated data has more than 255 bytes',
      (it) => it.process(length(1), { ...expected, authenticatedData: length(256) }),
    ],
    ['too_large: the Welcome has more than 1048576 bytes', (it) => it.welcome(large)],
    ['malformed: the label is not a string', (it) => it.exportSecret(odd(7), length(0), 1)],
    ['too_large: the label has more than 255 bytes', (it) => it.exportSecret('x'.repeat(256), length(0), 1)],
    ['too_large: the context has more than 1048576 bytes', (it) => it.exportSecret('x', large, 1)],
    ['malformed: the length is not from 1 to 255', (it) => it.exportSecret('x', length(0), 0)],
    ['malformed: the length is not from 1 to 255', (it) => it.exportSecret('x', length(0), 256)],
    ['too_large: the key package has more than 1024 bytes', () => checkKeyPackage(length(1_025))],
  ];
  test.each(cases)('refuses before wasm is asked: %s', (message, run) => {
    expect(said(() => run(group))).toBe(message);
  });

  test('takes what just fits', () => {
    expect(group.exportSecret('x'.repeat(255), length(0), 255)).toHaveLength(255);
    expect(group.exportSecret('x', length(0), 1)).toHaveLength(1);
    expect(group.commit([], [], true, length(255)).commit.length).toBeGreaterThan(255);
    const founder = member();
    founder.found(length(255));
    founder.merge();
    expect(founder.groupId).toEqual(length(255));
  });

  test('binds a commit to no data where none is given', () => {
    const [a, b] = pair();
    const { commit } = a.commit([], [], true);
    const plain = { committer: a.participant, adds: [], removes: [], path: true };
    expect(said(() => b.process(commit, { ...plain, authenticatedData: Uint8Array.of(1) }))).toMatch(
      /^unexpected_content: /,
    );
    b.process(commit, plain);
    a.merge();
    expect(b.epochAuthenticator).toEqual(a.epochAuthenticator);
  });

  test('is over when it is closed, more than once', () => {
    group.close();
    group.close();
    expect(said(() => group.epoch)).toBe('closed: this group was closed');
  });
});

describe('what wasm says', () => {
  test('becomes an MlsError with its code, once', () => {
    const message = said(() => member().merge());
    expect(message).toMatch(/^no_pending: /);
    expect(message?.split('no_pending')).toHaveLength(2);
  });

  test('every code is one of the list', () => {
    expect(MLS_ERROR_CODES).toHaveLength(29);
    expect(new Set(MLS_ERROR_CODES).size).toBe(29);
    for (const code of MLS_ERROR_CODES) expect(code).toMatch(/^[a-z_]+$/);
  });
});

describe('the checks of the protocol’s border', () => {
  test('tell the facts of a key package, in hex', () => {
    const one = member();
    const facts = checkKeyPackage(one.keyPackage);
    expect(borderChecks.checkKeyPackage(one.keyPackage)).toEqual({
      participant: one.participant,
      signatureKey: hex(one.signatureKey),
      hpkeKeys: [hex(facts.hpkeInitKey), hex(facts.hpkeLeafKey)],
    });
  });

  test('or its flaw, by the core’s code', () => {
    const bad = badKeyPackages(ID, length(32).fill(7));
    expect(bad.length).toBeGreaterThan(20);
    for (const [, code, bytes] of bad) {
      const flaw = borderChecks.checkKeyPackage(bytes);
      expect(flaw).toBe(Object.hasOwn(KEY_PACKAGE_FLAWS, code) ? code : 'invalid');
    }
    expect(borderChecks.checkKeyPackage(length(1_025))).toBe('too_large');
  });

  test('and nothing of bytes where there is no core to ask', async () => {
    vi.resetModules();
    const [{ borderChecks: alone }, { MlsError: Fresh }] = await Promise.all([
      import('./borderChecks.ts'),
      import('./MlsGroup.ts'),
    ]);
    const caught = ((): unknown => {
      try {
        return alone.checkKeyPackage(length(3));
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(Fresh);
    expect(caught).toMatchObject({ code: 'not_loaded', message: 'not_loaded: loadMls comes first' });
  });
});

describe('what the check of a key package throws', () => {
  test.each([
    ['crypto', 'invalid'],
    ['bad_signature', 'bad_signature'],
  ] as const)('%s is the flaw %s', async (code, flaw) => {
    expect(await judgedWhereItThrows(({ MlsError: Fresh }) => new Fresh(code, 'so'))).toBe(flaw);
  });
  test.each(['dead_instance', 'not_loaded'] as const)('%s says nothing about the bytes', async (code) => {
    const judged = judgedWhereItThrows(({ MlsError: Fresh }) => new Fresh(code, 'so'));
    await expect(judged).rejects.toMatchObject({ code });
  });
  test('nor does what is no MlsError', async () => {
    const coded = Object.assign(new Error('another'), { code: 'bad_key' });
    await expect(judgedWhereItThrows(() => coded)).rejects.toBe(coded);
  });
});

/** What the border makes of bytes whose check in the core throws that. */
async function judgedWhereItThrows(errorOf: (fresh: typeof Mls) => Error): Promise<unknown> {
  vi.resetModules();
  const error = errorOf(await import('./MlsGroup.ts'));
  const throwing = (): never => {
    throw error;
  };
  vi.doMock('./wasm.ts', () => ({ checkKeyPackage: throwing, verifies: throwing }));
  try {
    const { borderChecks: alone } = await import('./borderChecks.ts');
    return alone.checkKeyPackage(length(3));
  } finally {
    vi.doUnmock('./wasm.ts');
  }
}

describe('a module', () => {
  test('that does not load says so, and can be loaded after', async () => {
    vi.resetModules();
    const fresh = await import('./wasm.ts');
    expect(() => fresh.createMlsGroup({ participant: id(), now: NOW })).toThrow(
      'not_loaded: loadMls comes first',
    );
    let caught: unknown;
    try {
      fresh.loadMls(length(8));
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ message: 'not_loaded: the module does not load' });
    expect((caught as Error).cause).toBeInstanceOf(WebAssembly.CompileError);
  });

  test('is loaded once while it lives', () => {
    const group = createMlsGroup({ participant: id(), now: NOW });
    // Bytes of no module: they are not looked at.
    loadMls(length(8));
    expect(group.hasGroup).toBe(false);
  });
});
