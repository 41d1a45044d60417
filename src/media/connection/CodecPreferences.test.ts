import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CodecPreferences } from './CodecPreferences.ts';
import { type VideoCodec } from './codecs.ts';

const H264 = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=';
const CAPABILITIES: Readonly<Record<string, readonly { mimeType: string; sdpFmtpLine?: string }[]>> = {
  audio: [{ mimeType: 'audio/red' }, { mimeType: 'audio/opus' }, { mimeType: 'audio/PCMU' }],
  video: [
    { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: `${H264}42001f` },
    { mimeType: 'video/H264', sdpFmtpLine: `${H264}42e01f` },
    { mimeType: 'video/H264', sdpFmtpLine: `${H264}42e034` },
    { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=2' },
    { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=0' },
    { mimeType: 'video/VP8' },
  ],
};

beforeEach(() => {
  vi.stubGlobal('RTCRtpReceiver', {
    getCapabilities: (kind: string) => ({
      codecs: CAPABILITIES[kind]!.map((codec) =>
        kind === 'audio'
          ? { ...codec, clockRate: codec.mimeType === 'audio/PCMU' ? 8_000 : 48_000, channels: 2 }
          : { ...codec, clockRate: 90_000 },
      ),
    }),
  });
});
afterEach(() => vi.unstubAllGlobals());

const namesOf = (preferences: CodecPreferences) =>
  preferences.formats('video').map(({ mimeType }) => mimeType.toLowerCase().replace('video/', ''));

test('what the browser has of what is negotiated, in one format each, the most wanted first', () => {
  const preferences = new CodecPreferences([]);
  expect(preferences.formats('audio').map(({ mimeType }) => mimeType)).toEqual(['audio/opus']);
  expect(namesOf(preferences)).toEqual(['vp8', 'vp9', 'h264']);
  expect(preferences.formats('video').map(({ sdpFmtpLine }) => sdpFmtpLine)).toEqual([
    undefined,
    'profile-id=0',
    `${H264}42e01f`,
  ]);
  expect(namesOf(new CodecPreferences(['video/av1', 'video/h264']))).toEqual(['h264', 'vp8', 'vp9']);
});

test('what somebody does not receive comes last from then on, and stays there', () => {
  const preferences = new CodecPreferences(['video/h264', 'video/vp9']);
  const all: VideoCodec[] = ['video/vp8', 'video/vp9', 'video/h264', 'video/av1'];
  expect(preferences.restrict(all)).toBe(false);
  expect(preferences.restrict(['video/vp8', 'video/h264', 'video/av1'])).toBe(false);
  expect(namesOf(preferences)).toEqual(['h264', 'vp8', 'vp9']);
  expect(preferences.restrict(['video/vp8', 'video/vp9'])).toBe(true);
  expect(namesOf(preferences)).toEqual(['vp8', 'vp9', 'h264']);
  // A room whose members come and go costs no offers.
  for (const received of [all, [], all, ['video/av1' as const], all])
    expect(preferences.restrict(received)).toBe(false);
  expect(namesOf(preferences)).toEqual(['vp8', 'vp9', 'h264']);
});
