import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes } from '../sframe/index.ts';
import { seeded } from '../sframe/testing.ts';
import { av1 } from './av1.ts';
import { changed, hex, nastyBytes, partsOf, throughProtection } from './testing.ts';
import { MAX_UNITS } from './units.ts';

const bytes = (...parts: readonly (number | readonly number[] | Uint8Array)[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));

const SEQUENCE = 1;
const DELIMITER = 2;
const FRAME_HEADER = 3;
const TILE_GROUP = 4;
const METADATA = 5;
const FRAME = 6;
const TILE_LIST = 8;
const PADDING = 15;

/** leb128 of any length that holds the value, as the specification allows. */
function leb128(value: number, more: number): number[] {
  const out: number[] = [];
  for (let left = value; left > 0 || out.length === 0; left = Math.floor(left / 128)) out.push(left % 128);
  for (let index = 0; index < more && out.length < 8; index += 1) out.push(0);
  return out.map((byte, index) => (index < out.length - 1 ? byte | 0x80 : byte));
}

interface Obu {
  readonly type: number;
  /** temporal_id and spatial_id, or none. */
  readonly layer: number | null;
  readonly reserved: boolean;
  readonly payload: readonly number[];
}

const headerOf = ({ type, layer, reserved }: Obu, size: boolean): number[] => [
  (type << 3) | (layer === null ? 0 : 4) | (size ? 2 : 0) | Number(reserved),
  ...(layer === null ? [] : [layer]),
];
/** An OBU as encoders write it; without a size field it must be the last. */
const written = (obu: Obu, size: boolean, more = 0): number[] => [
  ...headerOf(obu, size),
  ...(size ? leb128(obu.payload.length, more) : []),
  ...obu.payload,
];

/** All that are sent, the reserved ones too; sequence headers and frames most often. */
const SENT = [
  SEQUENCE,
  SEQUENCE,
  SEQUENCE,
  FRAME,
  FRAME,
  FRAME,
  FRAME_HEADER,
  TILE_GROUP,
  METADATA,
  7,
  0,
  9,
  14,
];
const obu = (types: readonly number[]): fc.Arbitrary<Obu> =>
  fc.record({
    type: fc.constantFrom(...types),
    layer: fc.option(fc.nat(255), { freq: 2 }),
    reserved: fc.boolean(),
    // The first byte of headers often says that this is a key frame.
    payload: fc
      .tuple(fc.constantFrom(0x10, 0x30, 0x00, 0x90, 0x50), nastyBytes(200))
      .map(([first, rest]) => (rest.length === 0 ? [] : [first, ...rest])),
  });

interface Unit {
  readonly frame: Bytes;
  readonly sent: readonly Obu[];
}

/** Temporal units with delimiters, padding and tile lists between, and sizes in any form, the last one without or not. */
const unit: fc.Arbitrary<Unit> = fc
  .tuple(
    fc.array(fc.tuple(obu([...SENT, DELIMITER, PADDING, TILE_LIST]), fc.nat(2)), { maxLength: 8 }),
    obu(SENT),
    fc.boolean(),
  )
  .map(([some, last, size]) => ({
    frame: bytes(...some.map(([each, more]) => written(each, true, more)), written(last, size)),
    sent: [...some.map(([each]) => each), last].filter(
      ({ type }) => ![DELIMITER, PADDING, TILE_LIST].includes(type),
    ),
  }));

/** What comes out at a receiver of what a packetiser was given: OBUs without those of RTP, each with its size. */
function packetised(frame: Bytes): { header: number[]; payload: number[] }[] {
  const units: { header: number[]; payload: number[] }[] = [];
  const left = [...frame];
  while (left.length > 0) {
    const header = left.splice(0, (left[0]! & 4) === 0 ? 1 : 2);
    let length = left.length;
    if ((header[0]! & 2) !== 0) {
      length = 0;
      for (let shift = 1, byte = 0x80; byte >= 0x80; shift *= 128) {
        byte = left.shift()!;
        length += (byte % 128) * shift;
      }
    }
    header[0]! &= ~2;
    const payload = left.splice(0, length);
    if (![DELIMITER, PADDING, TILE_LIST].includes(header[0]! >> 3)) units.push({ header, payload });
  }
  return units;
}
const depacketised = (units: readonly { header: number[]; payload: number[] }[]): Bytes =>
  bytes(
    ...units.map(({ header, payload }) => [
      header[0]! | 2,
      ...header.slice(1),
      ...leb128(payload.length, 0),
      ...payload,
    ]),
  );

/** A shown frame of type KEY_FRAME behind a sequence header; a still picture's frames are all such. */
function isKey(units: readonly Obu[]): boolean {
  let still: boolean | null = null;
  for (const { type, payload } of units) {
    const [first] = payload;
    if (first === undefined) continue;
    if (type === SEQUENCE) still = (first & 8) !== 0;
    if (still === null || (type !== FRAME && type !== FRAME_HEADER)) continue;
    if (still || first >> 4 === 0b0001) return true;
  }
  return false;
}

describe('AV1', () => {
  it('keeps of a frame of Chromium the headers of its OBUs', () => {
    const sequence = [0, 0, 0, 4, 0x3c, 0xff, 0xbc, 1, 0xa0, 8];
    const key = bytes([0x12, 0], [0x0a, 10], sequence, [0x32, 3, 0x10, 0x4a, 0xb0]);
    const { split, wire, opened } = throughProtection(av1, key, Uint8Array.of(0xaa));
    expect(split.body).toEqual(bytes(sequence, 0x10, 0x4a, 0xb0));
    const secret = (length: number) => Array.from({ length }, () => 0xaa);
    expect(wire).toEqual(bytes([0x0a, 10], secret(10), [0x32, 26], secret(26)));
    expect(opened).toEqual(key.subarray(2));
    expect(av1.isKeyFrame(key)).toBe(true);
    expect(av1.isKeyFrame(bytes([0x12, 0], [0x32, 3, 0x30, 0xc0, 0x40]))).toBe(false);
  });

  it('tells key frames by sequence header, show_existing_frame, frame_type and show_frame', () => {
    const frame = (first: number) => bytes([0x0a, 1, 0], [0x32, 2, first, 0]);
    expect(av1.isKeyFrame(frame(0b0_00_1_0000))).toBe(true);
    expect(av1.isKeyFrame(frame(0b0_00_0_0000))).toBe(false); // not shown
    expect(av1.isKeyFrame(frame(0b0_01_1_0000))).toBe(false); // INTER_FRAME
    expect(av1.isKeyFrame(frame(0b0_10_1_0000))).toBe(false); // INTRA_ONLY_FRAME
    expect(av1.isKeyFrame(frame(0b0_11_1_0000))).toBe(false); // SWITCH_FRAME
    expect(av1.isKeyFrame(frame(0b1_00_1_0000))).toBe(false); // shows an existing frame
    expect(av1.isKeyFrame(bytes([0x32, 2, 0x10, 0]))).toBe(false); // no sequence header
    expect(av1.isKeyFrame(bytes([0x32, 2, 0x10, 0], [0x0a, 1, 0]))).toBe(false); // too late
    expect(av1.isKeyFrame(bytes([0x0a, 1, 8], [0x32, 2, 0xff, 0]))).toBe(true); // a still picture
    expect(av1.isKeyFrame(bytes([0x0a, 1, 0], [0x1a, 1, 0x10], [0x22, 1, 0]))).toBe(true); // with tile group
    // The base layer is a key frame, what the other layer has is not.
    expect(av1.isKeyFrame(bytes([0x0a, 1, 0], [0x36, 0, 1, 0x10], [0x36, 8, 1, 0x30]))).toBe(true);
  });

  it('brings any frame through, with any ciphertext, by any packetiser', () => {
    const counts = { frames: 0, obus: 0, keys: 0, layered: 0 };
    fc.assert(
      fc.property(unit, nastyBytes(80), ({ frame, sent }, chance) => {
        const whole = bytes(...sent.map((each) => written(each, true)));
        const { split, wire, received, sealed, opened } = throughProtection(av1, frame, chance);
        expect(hex(opened)).toBe(hex(whole));
        expect(partsOf(av1.split(whole))).toBe(partsOf(split));
        expect(partsOf(received)).toBe(`${hex(split.clear)} ${hex(sealed)}`);
        const packets = packetised(wire);
        expect(hex(depacketised(packets))).toBe(hex(wire));
        expect(packets.map(({ header }) => header)).toEqual(sent.map((each) => headerOf(each, false)));
        expect(hex(split.body)).toBe(hex(sent.flatMap(({ payload }) => payload)));
        expect(hex(packets.flatMap(({ payload }) => payload))).toBe(hex(sealed));
        expect(av1.isKeyFrame(frame)).toBe(isKey(sent));
        expect(av1.isKeyFrame(opened)).toBe(isKey(sent));
        counts.frames += 1;
        counts.obus += sent.length;
        counts.keys += Number(isKey(sent));
        counts.layered += Number(sent.some(({ layer }) => layer !== null));
      }),
      seeded('AV1 frames', 600),
    );
    console.log(`AV1: ${JSON.stringify(counts)}`);
    expect(counts.frames).toBe(600);
    expect(counts.keys).toBeGreaterThan(30);
    expect(counts.layered).toBeGreaterThan(200);
  });

  it('refuses what no encoder makes', () => {
    const refused: readonly (readonly [string, Bytes])[] = [
      ['nothing', bytes()],
      ['a temporal delimiter alone', bytes(0x12, 0)],
      ['the forbidden bit', bytes(0xb2, 1, 0)],
      ['an extension that is cut off', bytes(0x36)],
      ['a size that is cut off', bytes(0x32, 0x80)],
      ['a size that says more than there is', bytes(0x32, 4, 1, 2, 3)],
      ['a size of nine bytes', bytes(0x32, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0])],
      ['a size of 2^32', bytes(0x32, [0x80, 0x80, 0x80, 0x80, 0x10])],
      [
        'too many OBUs that are not sent',
        bytes(...Array.from({ length: MAX_UNITS }, () => [0x12, 0]), 0x30, 1),
      ],
      ['too many OBUs', bytes(...Array.from({ length: MAX_UNITS + 1 }, () => [0x32, 0]))],
    ];
    for (const [name, frame] of refused) {
      expect(av1.split(frame), name).toBeUndefined();
      expect(av1.splitProtected(frame), name).toBeUndefined();
      expect(av1.isKeyFrame(frame), name).toBe(false);
    }
    expect(av1.split(bytes(...Array.from({ length: MAX_UNITS }, () => [0x32, 0])))).toBeDefined();
  });

  it('tells each layout apart: no other frame has the same clear bytes and the same body', () => {
    let compared = 0;
    let different = 0;
    fc.assert(
      fc.property(
        unit.chain(({ frame }) => {
          const { wire } = throughProtection(av1, frame, frame);
          return fc.tuple(fc.constant(wire), changed(wire));
        }),
        ([wire, other]) => {
          const split = av1.splitProtected(wire)!;
          const otherSplit = av1.splitProtected(other);
          if (otherSplit === undefined) return;
          compared += 1;
          const same = Buffer.compare(wire, depacketised(packetised(other))) === 0;
          different += Number(!same);
          expect(partsOf(otherSplit) === partsOf(split)).toBe(same);
        },
      ),
      seeded('AV1 layouts', 1_000),
    );
    console.log(`AV1: ${compared} changed frames that can be read, ${different} with another layout`);
    expect(different).toBeGreaterThan(100);
  });

  it('authenticates where one unit ends and the next begins', () => {
    const tiles = (one: string, other: string) =>
      bytes([0x22, one.length], Buffer.from(one), [0x22, other.length], Buffer.from(other));
    const [split, moved] = [tiles('abcd', 'efgh'), tiles('abc', 'defgh')].map((wire) =>
      av1.splitProtected(wire)!,
    );
    expect(hex(moved!.body)).toBe(hex(split!.body));
    expect(hex(moved!.clear)).not.toBe(hex(split!.clear));
  });

  it('takes any bytes: a refusal, or a split that joins to a frame which splits the same', () => {
    const starts = fc.constantFrom(
      [0x12, 0],
      [0x0a, 3],
      [0x32, 9],
      [0x36, 0x08, 2],
      [0x30],
      [0x1a, 0],
      [0x7a, 1],
    );
    const soup = fc
      .array(
        fc.oneof(
          starts,
          nastyBytes(4).map((some) => [...some]),
        ),
        { maxLength: 12 },
      )
      .map((parts) => bytes(...parts));
    const hostile = fc.oneof(
      nastyBytes(40),
      soup,
      unit.chain(({ frame }) => changed(frame)),
    );
    const counts = { frames: 0, split: 0 };
    fc.assert(
      fc.property(hostile, nastyBytes(40), (frame, chance) => {
        counts.frames += 1;
        av1.isKeyFrame(frame);
        const split = av1.split(frame);
        if (split === undefined) return;
        counts.split += 1;
        const { received, sealed } = throughProtection(av1, frame, chance);
        expect(partsOf(received)).toBe(`${hex(split.clear)} ${hex(sealed)}`);
        for (const body of [received.body, chance]) expect(received.join(body)).toBeInstanceOf(Uint8Array);
      }),
      seeded('AV1 bytes', 2_000),
    );
    console.log(`AV1: ${JSON.stringify(counts)}`);
    expect(counts.frames).toBe(2_000);
    expect(counts.split).toBeGreaterThan(300);
  });
});
