import { describe, expect, it } from 'vitest';
import { codecRules, SUPPORTED_MIME_TYPES } from './index.ts';
import { throughProtection } from './testing.ts';

const bytes = (length: number, first: number) => {
  const frame = Uint8Array.from({ length }, (_, at) => at);
  if (length > 0) frame[0] = first;
  return frame;
};

const clearBytes = (mimeType: string, frame: Uint8Array<ArrayBuffer>) =>
  codecRules(mimeType)?.split(frame)?.clear;

describe('what stays in clear of codecs whose frames have one part', () => {
  it('nothing of Opus and VP9', () => {
    for (const length of [0, 1, 160]) {
      expect(clearBytes('audio/opus', bytes(length, 0))).toHaveLength(0);
      expect(clearBytes('video/VP9', bytes(length, 0x82))).toHaveLength(0);
    }
  });

  it('the first byte of a VP8 frame; key frames are told by its bit 0 alone', () => {
    for (let first = 0; first < 256; first += 1) {
      expect(clearBytes('video/VP8', bytes(40, first))).toEqual(Uint8Array.of(first));
      expect(codecRules('video/VP8')?.isKeyFrame(bytes(40, first))).toBe(first % 2 === 0);
    }
    expect(clearBytes('video/VP8', bytes(0, 0))).toBeUndefined();
    expect(codecRules('video/VP8')?.isKeyFrame(bytes(0, 0))).toBe(false);
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
    for (const mimeType of ['audio/opus', 'video/vp8', 'video/vp9']) {
      for (const first of [0x82, 0x83]) {
        const frame = bytes(40, first);
        const { opened, split, received } = throughProtection(codecRules(mimeType)!, frame, bytes(9, 7));
        expect(opened).toEqual(frame);
        expect(received.clear).toEqual(split.clear);
      }
    }
  });
});

describe('codecs', () => {
  it('are these, by MIME type in any case', () => {
    expect(SUPPORTED_MIME_TYPES).toEqual(['audio/opus', 'video/vp8', 'video/vp9', 'video/h264', 'video/av1']);
    for (const mimeType of ['audio/OPUS', 'video/VP8', 'video/VP9', 'video/H264', 'video/AV1'])
      expect(codecRules(mimeType)?.mimeType).toBe(mimeType.toLowerCase());
  });

  it('others have no rules', () => {
    for (const mimeType of ['video/H265', 'video/AV1X', 'audio/PCMU', 'audio/red', '', undefined])
      expect(codecRules(mimeType)).toBeUndefined();
  });
});
