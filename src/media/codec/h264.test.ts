import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes } from '../sframe/index.ts';
import { seeded } from '../sframe/testing.ts';
import { escapeRest, unescapeRest } from './annex-b.ts';
import { h264 } from './h264.ts';
import { changed, hex, nastyBytes, partsOf, throughProtection } from './testing.ts';
import { MAX_UNITS } from './units.ts';

const bytes = (...parts: readonly (number | readonly number[] | Uint8Array)[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));
const START = [0, 0, 0, 1];

/** ue(v), ITU-T H.264 section 9.1, as text of bits. */
const ue = (value: number): string => {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
};
const bytesOfBits = (bits: string): number[] =>
  (bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));

/** Escapes an RBSP as section 7.4.1 has it: what encoders do. */
function escaped(rbsp: readonly number[]): number[] {
  const out: number[] = [];
  for (const byte of rbsp) {
    if (byte <= 3 && out.at(-1) === 0 && out.at(-2) === 0) out.push(3);
    out.push(byte);
  }
  if (out.at(-1) === 0) out.push(3);
  return out;
}

/** The NAL units that a packetiser finds: every 0, 0, 1 starts one, a zero before it is part of the start code. */
function packetised(stream: Bytes): number[][] {
  const buffer = Buffer.from(stream);
  const starts: number[] = [];
  for (let at = buffer.indexOf('000001', 0, 'hex'); at >= 0; at = buffer.indexOf('000001', at + 3, 'hex'))
    starts.push(at);
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? buffer.length + 1;
    return [...buffer.subarray(start + 3, buffer[next - 1] === 0 ? Math.max(start + 3, next - 1) : next)];
  });
}
const depacketised = (units: readonly number[][]): Bytes => bytes(...units.flatMap((unit) => [START, unit]));

interface Nal {
  readonly bytes: readonly number[];
  /** How many of them stay in clear. */
  readonly clear: number;
  readonly idr: boolean;
}

const rbsp = (maxLength: number) => nastyBytes(maxLength).map((rest) => [...rest, 0x80]);
const header = (type: number) => fc.nat(3).map((importance) => (importance << 5) | type);
/** A NAL unit whose first `numbers.length` numbers stay in clear. */
const numbered = (type: number, numbers: fc.Arbitrary<number[]>): fc.Arbitrary<Nal> =>
  fc.tuple(header(type), numbers, rbsp(60)).map(([first, values, rest]) => {
    const start = bytesOfBits(values.map(ue).join(''));
    const whole = [first, ...escaped([...start, ...rest])];
    // Escapes among the numbers count; one behind them is part of the rest.
    return { bytes: whole, clear: 1 + escaped([...start, 0xff]).length - 1, idr: type === 5 };
  });
const slice = (type: number): fc.Arbitrary<Nal> =>
  numbered(
    type,
    fc.tuple(fc.oneof(fc.constant(0), fc.nat(139_263)), fc.nat(9), fc.oneof(fc.constant(0), fc.nat(255))),
  );
const nal: fc.Arbitrary<Nal> = fc.oneof(
  slice(1),
  slice(5),
  numbered(8, fc.tuple(fc.nat(255), fc.nat(31))),
  fc.tuple(header(7), rbsp(30)).map(([first, rest]) => {
    const whole = [first, ...escaped(rest)];
    return { bytes: whole, clear: whole.length, idr: false };
  }),
  // SEI, access unit delimiter, end of sequence, filler, prefix NAL unit, one reserved.
  fc
    .tuple(fc.constantFrom(6, 9, 10, 12, 14, 22).chain(header), rbsp(40), fc.boolean())
    .map(([first, rest, empty]) => ({
      bytes: empty ? [first] : [first, ...escaped(rest)],
      clear: 1,
      idr: false,
    })),
);

interface Frame {
  readonly stream: Bytes;
  readonly nals: readonly Nal[];
}

/** Start codes of 3 and 4 bytes, zeros before and behind them, empty NAL units between. */
const frame: fc.Arbitrary<Frame> = fc
  .tuple(
    fc.array(fc.tuple(nal, fc.boolean(), fc.nat(3), fc.nat(9)), { minLength: 1, maxLength: 8 }),
    slice(1),
    fc.nat(2),
  )
  .map(([some, last, lead]) => {
    const parts = some.map(([{ bytes: unit }, long, zeros, chance]) => [
      ...(chance === 0 ? [0, 0, 1] : []),
      ...(long ? START : START.slice(1)),
      ...unit,
      ...Array.from({ length: zeros }, () => 0),
    ]);
    const stream = bytes(
      Array.from({ length: lead }, () => 0),
      ...parts,
      START,
      [...last.bytes],
    );
    return { stream, nals: [...some.map(([unit]) => unit), last] };
  });

describe('H.264', () => {
  it('keeps of a frame of Chromium the headers, the sequence parameter set and the parameter set numbers', () => {
    const sps = [0x67, 0x42, 0xc0, 0x15, 0x8c, 0x8d, 0x40, 0xa0, 0xf9, 0x37, 0x01, 0x0d, 0x01, 0x07, 0x84];
    const key = bytes(START, sps, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80, START, 0x65, 0xb8, 0, 4, 0, 0, 5, 0x38);
    const { split, wire, opened } = throughProtection(h264, key, Uint8Array.of(0xaa));
    expect(split.body).toEqual(bytes(0x3c, 0x80, 0, 4, 0, 0, 5, 0x38));
    const secret = Array.from({ length: 29 }, () => 0xaa);
    expect(wire).toEqual(
      bytes(START, sps, START, 0x68, 0xce, 0xaa, 0xaa, 0x80, START, 0x65, 0xb8, secret, 0x80),
    );
    expect(opened).toEqual(key);
    expect(h264.isKeyFrame(key)).toBe(true);
  });

  it('brings any frame through, with any ciphertext, by any packetiser', () => {
    let frames = 0;
    let units = 0;
    let keys = 0;
    let escapes = 0;
    fc.assert(
      fc.property(frame, nastyBytes(80), ({ stream, nals }, chance) => {
        const whole = depacketised(nals.map((unit) => [...unit.bytes]));
        const { split, wire, received, sealed, opened } = throughProtection(h264, stream, chance);
        expect(hex(opened)).toBe(hex(whole));
        expect(partsOf(h264.split(whole))).toBe(partsOf(split));
        expect(partsOf(received)).toBe(`${hex(split.clear)} ${hex(sealed)}`);
        const sent = packetised(wire);
        expect(hex(depacketised(sent))).toBe(hex(wire));
        expect(sent).toHaveLength(nals.length);
        for (const [index, { bytes: plain, clear }] of nals.entries()) {
          const unit = sent[index]!;
          expect(hex(unit.slice(0, clear))).toBe(hex(plain.slice(0, clear)));
          expect(unit.length === clear || unit.at(-1) === 0x80).toBe(true);
          // No three bytes of which one is of the ciphertext are what only start codes may be (section 7.4.1).
          const emulates = unit.some(
            (byte, at) => at >= clear && byte <= 2 && unit[at - 1] === 0 && unit[at - 2] === 0,
          );
          expect(emulates).toBe(false);
        }
        const protectedBytes = nals.reduce((sum, unit) => sum + unit.bytes.length - unit.clear, 0);
        expect(split.body).toHaveLength(protectedBytes);
        const isKey = nals.some(({ idr }) => idr);
        expect(h264.isKeyFrame(stream)).toBe(isKey);
        expect(h264.isKeyFrame(opened)).toBe(isKey);
        frames += 1;
        units += nals.length;
        keys += Number(isKey);
        const stops = nals.filter(({ bytes: all, clear }) => clear < all.length || clear === 1).length;
        escapes += wire.length - whole.length - 23 - stops;
      }),
      seeded('H.264 frames', 600),
    );
    console.log(`H.264: ${frames} frames, ${units} NAL units, ${keys} key frames, ${escapes} escapes`);
    expect(frames).toBe(600);
    expect(keys).toBeGreaterThan(120);
    expect(keys).toBeLessThan(560);
    expect(escapes).toBeGreaterThan(1_500);
  });

  it('refuses what no encoder makes', () => {
    const idr = [0x65, 0xb8, 0x00, 0x04];
    const refused: readonly (readonly [string, Bytes])[] = [
      ['nothing', bytes()],
      ['zeros', bytes(0, 0, 0, 0)],
      ['no start code', bytes(idr)],
      ['bytes before the first start code', bytes(9, START, idr)],
      ['no NAL unit', bytes(START, START)],
      ['sequence parameter sets alone', bytes(START, 0x67, 0x42, START, 0x67, 0x43)],
      ['the forbidden bit', bytes(START, 0xe5, 0xb8, 0, 4)],
      ['type 0', bytes(START, 0x60, 0xb8, 0, 4)],
      ['an aggregation packet', bytes(START, 0x78, 0, 4, 0x65, 0xb8, 0, 4)],
      ['a fragmentation unit', bytes(START, 0x7c, 0x85, 0xb8)],
      ['a slice without a header', bytes(START, 0x65)],
      ['a slice header that is cut off', bytes(START, 0x65, 0b1_011_00_00)],
      ['a number that no slice has', bytes(START, 0x65, 0, 0, 0x20, 0xff, 0xff, 0xff, 0xff)],
      ['too many empty NAL units', bytes(...Array.from({ length: MAX_UNITS }, () => START), START, idr)],
      ['too many NAL units', bytes(...Array.from({ length: MAX_UNITS + 1 }, () => [...START, 9]))],
    ];
    for (const [name, stream] of refused) expect(h264.split(stream), name).toBeUndefined();
    expect(h264.split(bytes(START, idr))).toBeDefined();
    const many = bytes(...Array.from({ length: MAX_UNITS }, () => [...START, 9]));
    expect(h264.split(many)).toBeDefined();
  });

  it('refuses protected frames that it has not made', () => {
    const start = [...START, 0x65, 0xb8];
    const refused: readonly (readonly [string, readonly number[]])[] = [
      ['no stop byte', [7, 7]],
      ['nothing behind the clear bytes', []],
      ['an escape that escapes nothing', [0, 0, 3, 4, 0x80]],
      ['an escape at the end', [0, 0, 3, 0x80]],
      ['a missing escape', [0, 0, 2, 7, 0x80]],
    ];
    for (const [name, rest] of refused) expect(h264.splitProtected(bytes(start, rest)), name).toBeUndefined();
    expect(h264.splitProtected(bytes(start, [0, 0, 3, 1, 0x80]))?.body).toEqual(bytes(0, 0, 1));
    expect(h264.splitProtected(bytes(start, [0x80]))?.body).toEqual(bytes());
  });

  it('escapes with regard to the clear bytes before', () => {
    const before = [bytes(0x65), bytes(0x65, 0), bytes(0x65, 0, 0), bytes(0x65, 0, 0, 0)];
    const rest = bytes(0, 0, 1);
    const escapes = ['00000301', '00030001', '0300000301', '0300000301'];
    expect(before.map((clear) => hex(escapeRest(clear, rest)))).toEqual(escapes.map((text) => `${text}80`));
    for (const clear of before) expect(unescapeRest(clear, escapeRest(clear, rest))).toEqual(rest);
  });

  it('tells each layout apart: no other frame has the same clear bytes and the same body', () => {
    let compared = 0;
    let different = 0;
    fc.assert(
      fc.property(
        frame.chain(({ stream }) => {
          const { wire } = throughProtection(h264, stream, stream);
          return fc.tuple(fc.constant(wire), changed(wire));
        }),
        ([wire, other]) => {
          const split = h264.splitProtected(wire)!;
          const otherSplit = h264.splitProtected(other);
          if (otherSplit === undefined) return;
          compared += 1;
          const canonical = depacketised(
            packetised(other)
              .map(withoutZeros)
              .filter(({ length }) => length > 0),
          );
          const same = Buffer.compare(wire, canonical) === 0;
          different += Number(!same);
          expect(partsOf(otherSplit) === partsOf(split)).toBe(same);
        },
      ),
      seeded('H.264 layouts', 1_000),
    );
    console.log(`H.264: ${compared} changed frames that can be read, ${different} with another layout`);
    expect(different).toBeGreaterThan(100);
  });

  it('authenticates where one unit ends and the next begins', () => {
    const slices = (one: string, other: string) =>
      bytes(START, [0x65, 0xb8], Buffer.from(one), 0x80, START, [0x65, 0xb8], Buffer.from(other), 0x80);
    const [split, moved] = [slices('abcd', 'efgh'), slices('abc', 'defgh')].map((wire) =>
      h264.splitProtected(wire)!,
    );
    expect(hex(moved!.body)).toBe(hex(split!.body));
    expect(hex(moved!.clear)).not.toBe(hex(split!.clear));
  });

  it('takes any bytes: a refusal, or a split that joins to a frame which splits the same', () => {
    const starts = fc.constantFrom(
      START,
      START.slice(1),
      [0x65, 0xb8],
      [0x41],
      [0x68, 0xce],
      [0x67],
      [0, 0, 3],
    );
    const soup = fc
      .array(
        fc.oneof(
          starts,
          nastyBytes(12).map((some) => [...some]),
        ),
        { maxLength: 20 },
      )
      .map((parts) => bytes(START, ...parts));
    const hostile = fc.oneof(
      nastyBytes(80),
      soup,
      frame.chain(({ stream }) => changed(stream)),
    );
    const counts = { frames: 0, split: 0, protected: 0 };
    fc.assert(
      fc.property(hostile, nastyBytes(40), (stream, chance) => {
        counts.frames += 1;
        h264.isKeyFrame(stream);
        const split = h264.split(stream);
        if (split !== undefined) {
          counts.split += 1;
          const { received, sealed } = throughProtection(h264, stream, chance);
          expect(partsOf(received)).toBe(`${hex(split.clear)} ${hex(sealed)}`);
        }
        const received = h264.splitProtected(stream);
        if (received === undefined) return;
        counts.protected += 1;
        // Whatever a member sealed, also a body shorter than its layout, joins without reading out of bounds.
        for (const body of [received.body, chance]) expect(received.join(body)).toBeInstanceOf(Uint8Array);
      }),
      seeded('H.264 bytes', 2_000),
    );
    console.log(`H.264: ${JSON.stringify(counts)}`);
    expect(counts.frames).toBe(2_000);
    expect(counts.split).toBeGreaterThan(300);
    expect(counts.protected).toBeGreaterThan(20);
  });
});

function withoutZeros(unit: readonly number[]): number[] {
  return unit.slice(0, unit.findLastIndex((byte) => byte !== 0) + 1);
}
