import { expect, test } from 'vitest';
import { SUPPORTED_MIME_TYPES } from '../codec/index.ts';
import { AUDIO_CODECS, MANDATORY_CODECS, negotiatedCodec, VIDEO_CODECS } from './codecs.ts';

const video = (mimeType: string, sdpFmtpLine?: string) =>
  negotiatedCodec({ mimeType, clockRate: 90_000, sdpFmtpLine });

test('what is negotiated is what frames are protected for, and nothing else', () => {
  expect([...AUDIO_CODECS, ...VIDEO_CODECS].sort()).toEqual([...SUPPORTED_MIME_TYPES].sort());
  expect(Object.values(MANDATORY_CODECS)).toEqual([AUDIO_CODECS[0], VIDEO_CODECS[0]]);
});

test('one format of each codec', () => {
  const opus = { mimeType: 'audio/opus', clockRate: 48_000 };
  expect(negotiatedCodec({ ...opus, channels: 2, sdpFmtpLine: 'minptime=10' })).toBe('audio/opus');
  expect(negotiatedCodec({ ...opus, channels: 1 })).toBeNull();
  expect(negotiatedCodec({ ...opus, clockRate: 8_000, channels: 2 })).toBeNull();
  expect(video('video/VP8')).toBe('video/vp8');
  expect(negotiatedCodec({ mimeType: 'video/VP8', clockRate: 1 })).toBeNull();
  expect(video('video/VP9')).toBe('video/vp9');
  expect(video('video/VP9', 'profile-id=0')).toBe('video/vp9');
  expect(video('video/VP9', 'profile-id=2')).toBeNull();
  expect(video('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f')).toBe(
    'video/h264',
  );
  expect(video('video/H264', 'profile-level-id=42C033; packetization-mode=1')).toBe('video/h264');
  expect(video('video/H264', 'packetization-mode=0;profile-level-id=42e01f')).toBeNull();
  expect(video('video/H264', 'packetization-mode=1;profile-level-id=42001f')).toBeNull();
  expect(video('video/H264', 'packetization-mode=1;profile-level-id=4d001f')).toBeNull();
  expect(video('video/H264')).toBeNull();
  expect(video('video/AV1', 'level-idx=5;profile=0;tier=0')).toBe('video/av1');
  expect(video('video/AV1', 'profile=1')).toBeNull();
  for (const other of ['video/rtx', 'video/red', 'video/H265', '', '__proto__'])
    expect(video(other)).toBeNull();
});
