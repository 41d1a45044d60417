/**
 * Frames in the parts that packetisers tell apart, read a second time and in another way than in src/media/codec: what
 * stays in clear is said here once more, so that the two can be compared.
 */
import { Vp8RtpPayload, Vp9RtpPayload } from 'werift';
import { type Codec } from '../../../src/media/connection/codecs.ts';

/** A part of an encoder's frame: named clear bytes, and what must be secret; null where all of it is clear. */
export interface NamedUnit {
  readonly clear: Buffer;
  readonly secret: Buffer | null;
}

/** What is named as clear, of each codec. */
export function namedUnits(codec: Codec, frame: Buffer): NamedUnit[] {
  const prefix = (count: number): NamedUnit[] => [
    { clear: frame.subarray(0, count), secret: frame.subarray(count) },
  ];
  switch (codec) {
    case 'audio/opus':
    case 'video/vp9':
      return prefix(0);
    case 'video/vp8':
      return prefix(1);
    case 'video/h264':
      return nalUnits(frame).map(namedNalUnit);
    case 'video/av1':
      return obus(frame);
  }
}

/** The NAL units of a byte stream: between start codes, without zeros at the end. */
function nalUnits(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0;) {
    const next = stream.indexOf('000001', at + 3, 'hex');
    const unit = stream.subarray(at + 3, next < 0 ? stream.length : next);
    units.push(unit.subarray(0, unit.findLastIndex((byte) => byte !== 0) + 1));
    at = next;
  }
  return units;
}

/** Numbers ue(v) whose end is the end of what stays in clear: of slices, of IDR slices, of picture parameter sets. */
const CLEAR_NUMBERS: Readonly<Record<number, number>> = { 1: 3, 5: 3, 8: 2 };

function namedNalUnit(nal: Buffer): NamedUnit {
  const type = nal.readUInt8(0) & 31;
  if (type === 7) return { clear: nal, secret: null };
  const bits = [...nal.subarray(1, 9)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let end = 0;
  for (let count = CLEAR_NUMBERS[type] ?? 0; count > 0; count -= 1) {
    const one = bits.indexOf('1', end);
    end = one + 1 + (one - end);
  }
  const bytes = 1 + Math.ceil(end / 8);
  if (nal.indexOf('000003', 0, 'hex') < bytes && nal.includes('000003', 0, 'hex'))
    throw new Error('an escape among clear bytes: not foreseen here');
  return { clear: nal.subarray(0, bytes), secret: nal.subarray(bytes) };
}

function leb128(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let end = at, shift = 1; ; end += 1, shift *= 128) {
    const byte = bytes.readUInt8(end);
    value += (byte % 128) * shift;
    if (byte < 128) return { value, end: end + 1 };
  }
}

/** The OBUs of a frame that RTP carries: header without its size flag, and payload. */
function obus(frame: Buffer): NamedUnit[] {
  const units: NamedUnit[] = [];
  for (let at = 0; at < frame.length;) {
    const first = frame.readUInt8(at);
    const clear = Buffer.from(frame.subarray(at, at + ((first & 4) === 0 ? 1 : 2)));
    clear.writeUInt8(first & 0xfd);
    at += clear.length;
    const size = (first & 2) === 0 ? { value: frame.length - at, end: at } : leb128(frame, at);
    at = size.end + size.value;
    const isSent = ![2, 8, 15].includes(first >> 3);
    if (isSent) units.push({ clear, secret: frame.subarray(size.end, at) });
  }
  return units;
}

/** The units that were in the payloads of a frame, as they came. */
export function receivedUnits(codec: Codec, payloads: readonly Buffer[]): Buffer[] {
  switch (codec) {
    case 'audio/opus':
      return [Buffer.concat(payloads)];
    case 'video/vp8':
      return [Buffer.concat(payloads.map((payload) => Vp8RtpPayload.deSerialize(payload).payload))];
    case 'video/vp9':
      return [Buffer.concat(payloads.map((payload) => Vp9RtpPayload.deSerialize(payload).payload))];
    case 'video/h264':
      return receivedNalUnits(payloads);
    case 'video/av1':
      return receivedObus(payloads);
  }
}

/** Single NAL unit packets, STAP-A and FU-A, RFC 6184 section 5. */
function receivedNalUnits(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  for (const payload of payloads) {
    const first = payload.readUInt8(0);
    if ((first & 31) === 24) {
      for (let at = 1; at < payload.length;) {
        const length = payload.readUInt16BE(at);
        units.push(payload.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
    } else if ((first & 31) === 28) {
      const second = payload.readUInt8(1);
      const isStart = (second & 0x80) !== 0;
      const before = isStart ? Buffer.of((first & 0xe0) | (second & 31)) : units.pop()!;
      units.push(Buffer.concat([before, payload.subarray(2)]));
    } else units.push(payload);
  }
  return units;
}

/** OBU elements, AV1 RTP payload format section 4.4. */
function receivedObus(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  for (const payload of payloads) {
    const aggregation = payload.readUInt8(0);
    const count = (aggregation >> 4) & 3;
    let continues = (aggregation & 0x80) !== 0;
    for (let at = 1, index = 1; at < payload.length; index += 1) {
      const size = index === count ? { value: payload.length - at, end: at } : leb128(payload, at);
      at = size.end + size.value;
      const element = payload.subarray(size.end, at);
      units.push(continues ? Buffer.concat([units.pop()!, element]) : element);
      continues = false;
    }
  }
  return units;
}

/** A received unit's protected bytes: what follows its clear bytes, and of H.264 without escapes and the stop byte. */
export function protectedBytes(codec: Codec, unit: Buffer, clearBytes: number): Buffer {
  if (codec !== 'video/h264') return unit.subarray(clearBytes);
  if (unit.at(-1) !== 0x80) throw new Error('a NAL unit without a stop byte');
  const bytes: number[] = [];
  for (let at = clearBytes; at < unit.length - 1; at += 1) {
    const [two, one, byte] = unit.subarray(at - 2, at + 1);
    if (byte !== 3 || one !== 0 || two !== 0) bytes.push(unit.readUInt8(at));
  }
  return Buffer.from(bytes);
}
