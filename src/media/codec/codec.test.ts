import { describe, expect, it } from 'vitest';
import { codecRules, SUPPORTED_MIME_TYPES } from './index.ts';

const bytes = (length: number, first: number) => {
  const frame = Uint8Array.from({ length }, (_, at) => at);
  if (length > 0) frame[0] = first;
  return frame;
};

const clearLength = (mimeType: string, frame: Uint8Array<ArrayBuffer>) =>
  codecRules(mimeType)?.split(frame)?.clear.length;

describe('what stays in clear', () => {
  it('nothing of Opus and VP9', () => {
    for (const length of [0, 1, 160]) {
      expect(clearLength('audio/opus', bytes(length, 0))).toBe(0);
      expect(clearLength('video/VP9', bytes(length, 0x82))).toBe(0);
    }
  });

  it('10 bytes of a VP8 key frame and 3 of a delta frame, told by bit 0 alone', () => {
    for (let first = 0; first < 256; first += 1) {
      const key = first % 2 === 0;
      expect(clearLength('video/VP8', bytes(40, first))).toBe(key ? 10 : 3);
      expect(codecRules('video/VP8')?.isKeyFrame(bytes(40, first))).toBe(key);
    }
    expect(clearLength('video/VP8', bytes(0, 0))).toBeUndefined();
    expect(clearLength('video/VP8', bytes(9, 0))).toBeUndefined();
    expect(clearLength('video/VP8', bytes(2, 1))).toBeUndefined();
  });

  it('tells VP9 key frames by frame_type', () => {
    const isKey = (first: number) => codecRules('video/VP9')?.isKeyFrame(Uint8Array.of(first));
    expect(isKey(0b1000_0010)).toBe(true); // profile 0
    expect(isKey(0b1000_0110)).toBe(false); // a delta frame
    expect(isKey(0b1000_1000)).toBe(false); // shows an existing frame
    expect(isKey(0b1011_0000)).toBe(true); // profile 3
    expect(isKey(0b1011_0010)).toBe(false);
    expect(isKey(0b0100_0000)).toBe(false); // no frame marker
    expect(codecRules('video/VP9')?.isKeyFrame(new Uint8Array(0))).toBe(false);
  });

  it('splits and joins to the same frame', () => {
    for (const mimeType of SUPPORTED_MIME_TYPES) {
      const rules = codecRules(mimeType)!;
      for (const first of [0x82, 0x83]) {
        const frame = bytes(40, first);
        expect(rules.join(rules.split(frame)!)).toEqual(frame);
      }
    }
    expect(SUPPORTED_MIME_TYPES).toEqual(['audio/opus', 'video/vp8', 'video/vp9']);
  });

  it('has no rules for other codecs', () => {
    for (const mimeType of ['video/H264', 'video/AV1', 'video/H265', 'audio/PCMU', '', undefined]) {
      expect(codecRules(mimeType)).toBeUndefined();
    }
  });
});
