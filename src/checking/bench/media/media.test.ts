/** The parts of the media benchmark that are no measurement, and one run of it that is too short to be one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AES_128_GCM_SHA256_128, KeyRing, type Bytes } from '../../../media/sframe/index.ts';
import { encodeKid } from '../../../media/sframe/kid.ts';
import { seeded } from '../../../media/sframe/testing.ts';
import { overLimits } from '../row.ts';
import { judgedCount, type Judging, type SizeTimes } from './comparisons.ts';
import { SIZES, frameOf, type Contender } from './contender.ts';
import { benchMedia } from './index.ts';
import { FRAMES_A_DAY, MOST_ADDED, addedRange, audioKids, layoutOf, layoutTable } from './layout.ts';
import { OURS, createOurs } from './ours.ts';
import { FRAMED, RAW, copying, createFramedAesGcm, createRawAesGcm } from './references.ts';
import { boundsBesideMls, byteGroup, timeGroups } from './rows.ts';
import { createTsMlsMessages } from './tsMls.ts';
import { inTurns, ratioByTurns, type Timed } from './turns.ts';
import { MLS, WASM } from './wasm.ts';

const clocks = { µs: () => performance.now() };
const shortest = { turns: 1, warmUp: 0, turn: 0 };

describe('the bytes added to an audio frame', () => {
  test('are at most 23 for each KID and each counter of a day', () => {
    const { least, most, seen } = addedRange();
    console.log(`audio frames: ${least} to ${most} bytes added, ${seen} pairs of KID and counter`);
    expect([least, most]).toEqual([17, MOST_ADDED]);
    expect(MOST_ADDED).toBe(23);
    // 4 sources with sound, 1,024 leaves, 64 epochs, and the counters at both ends of each length.
    expect(seen).toBe(4 * 1_024 * 64 * 8);
    const kid = fc.constantFrom(...[...audioKids()].filter((_, i) => i % 997 === 0));
    const frame = fc.bigInt({ min: 0n, max: BigInt(FRAMES_A_DAY - 1) });
    fc.assert(
      fc.property(kid, frame, (kid, ctr) => {
        expect(layoutOf(kid, ctr).total).toBeLessThanOrEqual(MOST_ADDED);
      }),
      seeded('bytes added to an audio frame', 2_000),
    );
  });

  test('are those that a key ring adds', async () => {
    let frames = 0;
    for (const leafIndex of [0, 3, 4, 1_023])
      for (const context of [0, 6]) {
        const ring = new KeyRing(AES_128_GCM_SHA256_128);
        const members = [{ leafIndex, participant: 'anna' }];
        const baseKey = new Uint8Array(16);
        await ring.setEpoch(
          { groupId: Uint8Array.of(1), epoch: 63n, baseKey, ownLeafIndex: leafIndex, members },
          0,
        );
        for (let ctr = 0n; ctr < 300n; ctr += 1n) {
          const it = await ring.protect(context, new Uint8Array(80), new Uint8Array());
          const added = it.ok ? it.bytes.length - 80 : Number.NaN;
          expect(added).toBe(layoutOf(encodeKid(context, leafIndex, 63n), ctr).total);
          frames += 1;
        }
      }
    expect(frames).toBe(2_400);
  });

  test('are printed part by part', () => {
    const rows = layoutTable();
    expect(rows.length).toBe(16);
    for (const { config, kid, ctr, tag, total } of rows) expect(config + kid + ctr + tag).toBe(total);
    expect(Math.max(...rows.map(({ total }) => total))).toBe(MOST_ADDED);
    expect(new Set(rows.map(({ kid }) => kid))).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe('turns', () => {
  const frame = frameOf(160);
  const once = (contender: Contender) => inTurns([contender], frame, { ...shortest, inFlight: 8, clocks });
  const changed = (change: Partial<Contender<Bytes, Bytes>>): Contender => {
    const contender: Contender<Bytes, Bytes> = { ...copying, ...change };
    return contender;
  };

  test('refuse what does not give back the frame', async () => {
    await expect(once(changed({}))).resolves.toHaveLength(1);
    await expect(once(changed({ open: () => new Uint8Array(160) }))).rejects.toThrow('as it went in');
    await expect(once(changed({ open: (bytes) => bytes.subarray(1) }))).rejects.toThrow('as it went in');
    // The second frame of the batch is a replay of the first.
    const ours = await createOurs();
    let first: ReturnType<typeof ours.protect> | undefined;
    const replays = { ...ours, protect: (it: typeof frame) => (first ??= ours.protect(it)) } as Contender;
    await expect(once(replays)).rejects.toThrow('replayed');
  });

  test('are compared with those beside them', () => {
    const times = (...turns: number[]) => ({ median: turns[0] ?? 0, repetitions: 1, turns });
    // The machine was three times as slow for a while: the medians are 30 and 10.
    expect(ratioByTurns(times(12, 36, 12, 36, 36), times(10, 30, 10, 30, 10))).toBeCloseTo(1.2);
    expect(ratioByTurns(times(1, 2), times(1))).toBeNaN();
  });

  test('take each contender in each turn, by each clock', async () => {
    const contenders = [
      await createOurs(),
      await createRawAesGcm(frame),
      await createFramedAesGcm(frame),
      copying,
      await createTsMlsMessages(),
    ];
    const order: string[] = [];
    const watched = contenders.map((it): Contender => {
      const { name, protect } = it as Contender;
      return {
        ...(it as Contender),
        protect: (given) => (order.at(-1) !== name && order.push(name), protect(given)),
      };
    });
    const times = await inTurns(watched, frame, {
      turns: 3,
      warmUp: 1,
      turn: 0,
      inFlight: 1,
      clocks: { ...clocks, other: () => 0 },
    });
    const names = contenders.map(({ name }) => name);
    expect(order).toEqual([...names, ...names, ...names, ...names]);
    expect(times.map(({ name }) => name)).toEqual(names);
    for (const { protect, open, added } of times) {
      expect(Object.keys(protect)).toEqual(['µs', 'other']);
      expect(protect['µs']?.repetitions).toBe(3 * 64);
      expect(open['µs']?.median).toBeGreaterThan(0);
      expect([protect['other']?.median, added >= 0]).toEqual([0, true]);
    }
  });
});

describe('rows', () => {
  const JUDGING: Judging = { mls: MLS, judgedBy: 'µs', aloneIsJudged: true, aesGcm: RAW };
  const timed = (name: string, time: number): Timed => {
    const measured = { median: time / 1_000, repetitions: 10, turns: [time, time] };
    const byUnit = { µs: measured, other: measured };
    return { name, added: 162, protect: byUnit, open: byUnit };
  };
  const all = (ours: number, raw: number, mls: number, wasm: number): SizeTimes[] =>
    [1, 8].flatMap((inFlight) =>
      SIZES.map((size) => ({
        size,
        inFlight,
        times: [
          timed(OURS, ours),
          timed(RAW, raw),
          timed(FRAMED, raw + 1),
          timed(MLS, mls),
          timed(WASM, wasm),
        ],
      })),
    );
  const rowsOf = (times: SizeTimes[], judging = JUDGING) =>
    timeGroups(times, judging).flatMap(({ rows }) => rows);

  test('are judged by ratios, of those that limits name, by one clock', () => {
    expect(overLimits(rowsOf(all(13, 10, 39, 5)))).toEqual([]);
    expect(overLimits(rowsOf(all(13.1, 10, 100, 5)))).toHaveLength(12);
    const framed = { ...JUDGING, aesGcm: FRAMED } as const;
    expect(overLimits(rowsOf(all(14.3, 10, 100, 5), framed))).toEqual([]);
    expect(overLimits(rowsOf(all(14.4, 10, 100, 5), framed))).toHaveLength(12);
    const over = ['protect 1,200 bytes', 'open 1,200 bytes', 'protect 1,200 bytes, 8 at once', 'open 1,200 bytes, 8 at once']; // prettier-ignore
    const words = over.map((frame) => `${frame}: ${OURS} to ${MLS} (µs): ratio 0.345, above 0.333`);
    expect(overLimits(rowsOf(all(10, 10, 29, 5)))).toEqual(words);
    const times = all(10, 10, 29, 5).map((it) => ({ ...it, times: [...it.times, timed('other', 1)] }));
    for (const [judging, judged] of [
      [JUDGING, 16],
      [{ ...JUDGING, aesGcm: FRAMED }, 16],
      [{ ...JUDGING, aloneIsJudged: false }, 8],
      [{ ...JUDGING, mls: 'other' }, 12],
    ] as const) {
      expect(judgedCount(times, judging)).toBe(judged);
      expect(rowsOf(times, judging).filter(({ limit }) => limit !== undefined)).toHaveLength(judged);
    }
  });

  test('that are missing are within no limit', () => {
    const times = all(10, 10, 100, 5);
    const without = (gone: string): SizeTimes[] =>
      times.map((it) => ({ ...it, times: it.times.filter(({ name }) => name !== gone) }));
    expect(rowsOf(without(WASM))).toHaveLength(72);
    for (const gone of [OURS, RAW, MLS]) expect(() => rowsOf(without(gone))).toThrow(RangeError);
    expect(() => rowsOf([])).toThrow(RangeError);
    expect(() => rowsOf(times, { ...JUDGING, judgedBy: 'no clock' })).toThrow(RangeError);
  });

  test('say how far below an MLS message a frame is', () => {
    const bounds = boundsBesideMls(timeGroups(all(10, 10, 100, 5), JUDGING));
    expect(bounds).toHaveLength(6);
    expect(bounds[0]).toEqual({ frame: 'protect 160 bytes', byWebCrypto: 0.1, byWasm: 0.05 });
  });

  test('of bytes are judged by themselves', () => {
    const { rows } = byteGroup(162);
    expect(rows.map(({ ours, reference }) => [ours, reference])).toEqual([[17, 162], [23, 162]]); // prettier-ignore
    expect(overLimits(rows)).toEqual([]);
    expect(overLimits(rows.map((it) => ({ ...it, ours: 24 })))).toHaveLength(2);
    expect(byteGroup(null).rows.map(({ ratio }) => ratio)).toEqual([null, null]);
  });
});

test('a run gives a row for each size, step and way of measuring', async () => {
  const groups = await benchMedia({
    wasm: null,
    otherMls: await createTsMlsMessages(),
    clocks,
    judgedBy: 'µs',
    aloneIsJudged: false,
    aesGcm: RAW,
    effort: shortest,
    onStep: () => undefined,
  });
  const rows = groups.flatMap((it) => it.rows);
  console.log(`media benchmark: ${groups.length} groups, ${rows.length} rows`);
  // Beside AES-GCM raw and behind a header, beside MLS messages, beside a copy; then bytes.
  expect(groups.map((it) => it.rows.length)).toEqual([12, 12, 12, 6, 2]);
  expect(new Set(rows.map(({ case: name, unit }) => `${name} ${unit}`)).size).toBe(rows.length);
  for (const { ours, ratio, repetitions } of rows) {
    expect(ours).toBeGreaterThan(0);
    expect(ratio).not.toBeNull();
    expect(Math.min(...repetitions)).toBeGreaterThan(0);
  }
});
