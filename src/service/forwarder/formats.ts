/** The payload formats of a media section (RFC 8866 section 6.6), reduced to those that are negotiated. */
import { type Codec, MANDATORY_CODECS, negotiatedCodec } from '../../media/connection/codecs.ts';
import { type MediaKind } from '../../media/connection/messages.ts';

/** RTP payload type of each codec, in the page's order of preference. */
export type PayloadTypes = ReadonlyMap<Codec, number>;

/** Payload types that are in nobody's way: 64 to 95 are those of RTCP packets (RFC 5761 section 4). */
const isPayloadType = (value: number): boolean => value <= 127 && (value < 64 || value > 95);

/** Attributes that are of one payload type. */
const OF_FORMAT = /^a=(rtpmap|fmtp|rtcp-fb):(\d{1,3}|\*) (.{1,500})$/;
const MEDIA = /^(m=(?:audio|video) \d{1,5} UDP\/TLS\/RTP\/SAVPF) ([\d ]{1,200})$/;

/**
 * Reads the formats of a section, and gives its lines without those of other formats. Null where the section has no
 * format that all have, or is not consistent.
 */
export function readFormats(
  lines: readonly string[],
  kind: MediaKind,
): { readonly payloadTypes: PayloadTypes; readonly kept: readonly string[] } | null {
  const media = MEDIA.exec(lines[0] ?? '');
  const listed = media?.[2]?.split(' ').map(Number);
  if (media === null || listed === undefined || new Set(listed).size !== listed.length) return null;
  const attributes = lines.flatMap((line) => {
    const [, name, payloadType, value] = OF_FORMAT.exec(line) ?? [];
    return value === undefined ? [] : [{ name, payloadType: Number(payloadType), value }];
  });
  const one = (name: string, payloadType: number): string | null | undefined => {
    const all = attributes.filter((each) => each.name === name && each.payloadType === payloadType);
    return all.length > 1 ? null : all[0]?.value;
  };
  const payloadTypes = new Map<Codec, number>();
  for (const payloadType of listed) {
    const rtpmap = one('rtpmap', payloadType);
    const sdpFmtpLine = one('fmtp', payloadType);
    if (rtpmap === null || sdpFmtpLine === null) return null;
    const [, name, clockRate, channels] = /^([\w.-]{1,32})\/(\d{1,6})(?:\/(\d))?$/.exec(rtpmap ?? '') ?? [];
    const codec = negotiatedCodec({
      mimeType: `${kind}/${name ?? ''}`,
      clockRate: Number(clockRate),
      channels: channels === undefined ? undefined : Number(channels),
      sdpFmtpLine,
    });
    if (codec === null || payloadTypes.has(codec)) continue;
    if (!isPayloadType(payloadType)) return null;
    payloadTypes.set(codec, payloadType);
  }
  if (!payloadTypes.has(MANDATORY_CODECS[kind])) return null;
  const accepted = [...payloadTypes.values()];
  const kept = lines.slice(1).filter((line) => {
    if (!/^a=(?:rtpmap|fmtp|rtcp-fb)\b/.test(line)) return true;
    return accepted.includes(Number(OF_FORMAT.exec(line)?.[2]));
  });
  return { payloadTypes, kept: [`${media[1] ?? ''} ${accepted.join(' ')}`, ...kept] };
}

/** Whether two sections agree: in a bundle a payload type means one format (RFC 9143 section 10.1.2), and keeps it. */
export function agree(one: PayloadTypes, other: PayloadTypes): boolean {
  const codecOf = new Map([...one].map(([codec, payloadType]) => [payloadType, codec]));
  return [...other].every(
    ([codec, payloadType]) =>
      (codecOf.get(payloadType) ?? codec) === codec && (one.get(codec) ?? payloadType) === payloadType,
  );
}
