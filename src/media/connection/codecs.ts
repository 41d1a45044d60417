/**
 * The codecs that page and forwarding server negotiate, in one payload format each, so that a codec has one RTP payload
 * type on a connection. Used by both sides: no Node and no DOM imports here.
 */

/** MIME types in lower case. */
export const AUDIO_CODECS = ['audio/opus'] as const;

/** In the order in which a page wants them, unless told otherwise: what costs the least to encode comes first. */
export const VIDEO_CODECS = ['video/vp8', 'video/vp9', 'video/h264', 'video/av1'] as const;

export type AudioCodec = (typeof AUDIO_CODECS)[number];
export type VideoCodec = (typeof VIDEO_CODECS)[number];
export type Codec = AudioCodec | VideoCodec;

/** What everybody must offer to receive, so that any two participants have a codec in common. */
export const MANDATORY_CODECS = { audio: 'audio/opus', video: 'video/vp8' } as const;

/** A format as RTCRtpCodec has it, or as `a=rtpmap` and `a=fmtp` say. */
export interface PayloadFormat {
  /** In any case. */
  readonly mimeType: string;
  /** Hertz. */
  readonly clockRate: number;
  readonly channels?: number | undefined;
  /** `a=fmtp` without its payload type. */
  readonly sdpFmtpLine?: string | undefined;
}

function parametersOf(line: string): ReadonlyMap<string, string> {
  const pairs = line.split(';').map((pair) => pair.trim().toLowerCase().split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

/** H.264 constrained baseline at any level: profile_idc 0x42, constraint flags 0 and 1 set (RFC 6184 section 8.1). */
const CONSTRAINED_BASELINE = /^42[c-f][0-9a-f]{3}$/;

/** The codec of a format that is negotiated; null for other codecs, and for other formats of these. */
export function negotiatedCodec(format: PayloadFormat): Codec | null {
  const codec = [...AUDIO_CODECS, ...VIDEO_CODECS].find((each) => each === format.mimeType.toLowerCase());
  if (codec === undefined) return null;
  const parameters = parametersOf(format.sdpFmtpLine ?? '');
  if (codec === 'audio/opus') return format.clockRate === 48_000 && format.channels === 2 ? codec : null;
  if (format.clockRate !== 90_000) return null;
  switch (codec) {
    case 'video/vp8':
      return codec;
    // Profile 0, RFC 9628 section 6.1.
    case 'video/vp9':
      return (parameters.get('profile-id') ?? '0') === '0' ? codec : null;
    // Non-interleaved mode, RFC 6184 section 6.3.
    case 'video/h264': {
      const profile = CONSTRAINED_BASELINE.test(parameters.get('profile-level-id') ?? '');
      return profile && parameters.get('packetization-mode') === '1' ? codec : null;
    }
    // Main profile, AV1 RTP payload format section 7.2.
    case 'video/av1':
      return (parameters.get('profile') ?? '0') === '0' ? codec : null;
  }
}
