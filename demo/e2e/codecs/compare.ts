/** Compares what encoders made with what the forwarding server received, byte by byte. */
import { codecRules } from '../../../src/media/codec/index.ts';
import { type Codec } from '../../../src/media/connection/codecs.ts';
import { type ReceivedFrame } from './received.ts';
import type { PlainFrame } from './recording-worker.ts';
import { namedUnits, protectedBytes, receivedUnits } from './units.ts';

/** Of one codec and frame type. */
export interface Comparison {
  frames: number;
  /** Frames of more than one RTP packet. */
  ofSeveralPackets: number;
  units: number;
  /** Bytes of the encoder that packetisers carry. */
  bytes: number;
  /** Of these: named clear bytes, equal at the server. */
  clear: number;
  /** The others: compared with the ciphertext at their place. */
  secret: number;
  /** Secret bytes that are equal there: of random ones, one in 256. */
  equal: number;
  /** The same for each of the first places behind clear bytes. */
  readonly places: { equal: number; compared: number }[];
  /** Runs of 8 secret bytes that are anywhere in what was received. */
  leaked: number;
  /** Frames of which the encoder and the rules say differently whether it is a key frame. */
  wrongKeyFrames: number;
  /** What did not fit, in words. */
  readonly problems: string[];
}

const PLACES = 16;
const RUN = 8;
const TAG_BYTES = 16;

/** Bytes of an SFrame header, by its config byte (RFC 9605 section 4.3). */
function headerBytes(config: number): number {
  const length = (bits: number): number => ((bits & 8) === 0 ? 0 : (bits & 7) + 1);
  return 1 + length(config >> 4) + length(config & 15);
}

export interface Result {
  /** By codec and type, as `video/vp8 key`. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** Frames at the server that no encoder made. */
  readonly unmatched: number;
  /** Frames that encoders made between the first and the last one at the server, and that are not there. */
  readonly lost: number;
}

/** Compares the frames of one stream: those with the same RTP timestamp. */
export function compare(plain: readonly PlainFrame[], received: readonly ReceivedFrame[]): Result {
  const comparisons = new Map<string, Comparison>();
  const byTimestamp = new Map(received.map((frame) => [frame.rtpTimestamp, frame]));
  const pairs = plain.flatMap((frame): [PlainFrame, ReceivedFrame][] => {
    const other = byTimestamp.get(frame.rtpTimestamp);
    return other === undefined ? [] : [[frame, other]];
  });
  const arrived = ({ rtpTimestamp }: PlainFrame): boolean => byTimestamp.has(rtpTimestamp);
  const between = plain.slice(plain.findIndex(arrived), plain.findLastIndex(arrived) + 1);
  for (const [frame, other] of pairs) {
    const name = frame.type === null ? other.codec : `${other.codec} ${frame.type}`;
    const comparison = comparisons.get(name) ?? emptyComparison();
    comparisons.set(name, comparison);
    if (frame.mimeType.toLowerCase() !== other.codec)
      comparison.problems.push(`${frame.mimeType} went out as ${other.codec}`);
    else compareFrame(other.codec, frame, other.payloads, comparison);
  }
  return { comparisons, unmatched: received.length - pairs.length, lost: between.length - pairs.length };
}

function emptyComparison(): Comparison {
  const counts = { frames: 0, ofSeveralPackets: 0, units: 0, bytes: 0, clear: 0, secret: 0, equal: 0 };
  const places = Array.from({ length: PLACES }, () => ({ equal: 0, compared: 0 }));
  return { ...counts, places, leaked: 0, wrongKeyFrames: 0, problems: [] };
}

function compareFrame(codec: Codec, frame: PlainFrame, payloads: readonly Buffer[], into: Comparison): void {
  const plain = Buffer.from(frame.base64, 'base64');
  const named = namedUnits(codec, plain);
  const units = receivedUnits(codec, payloads);
  into.frames += 1;
  into.ofSeveralPackets += Number(payloads.length > 1);
  into.units += units.length;
  const isKey = codecRules(codec)!.isKeyFrame(new Uint8Array(plain));
  into.wrongKeyFrames += Number(frame.type !== null && isKey !== (frame.type === 'key'));
  if (units.length !== named.length) {
    into.problems.push(`${named.length} units went out as ${units.length}`);
    return;
  }
  const body: Buffer[] = [];
  for (const [index, { clear, secret }] of named.entries()) {
    const unit = units[index]!;
    into.bytes += clear.length + (secret?.length ?? 0);
    into.clear += clear.length;
    if (!unit.subarray(0, clear.length).equals(clear)) into.problems.push('clear bytes were changed');
    if (secret !== null) body.push(protectedBytes(codec, unit, clear.length));
    else if (unit.length !== clear.length) into.problems.push('bytes behind a unit that is clear');
  }
  const secrets = named.flatMap(({ secret }) => secret ?? []);
  const sealed = Buffer.concat(body);
  const header = headerBytes(sealed.readUInt8(0));
  const secret = Buffer.concat(secrets);
  const ciphertext = sealed.subarray(header, sealed.length - TAG_BYTES);
  if (ciphertext.length !== secret.length) {
    // A byte more or less is in clear than is named.
    into.problems.push(`${secret.length} bytes are to be secret, ${ciphertext.length} are`);
    return;
  }
  into.secret += secret.length;
  const starts = secrets.map((_, index) => Buffer.concat(secrets.slice(0, index)).length);
  for (let at = 0; at < secret.length; at += 1) into.equal += Number(secret[at] === ciphertext[at]);
  for (const start of starts) {
    for (const [place, counts] of into.places.entries()) {
      if (start + place >= secret.length) break;
      counts.compared += 1;
      counts.equal += Number(secret[start + place] === ciphertext[start + place]);
    }
  }
  const runs = new Set<string>();
  const whole = Buffer.concat(units).toString('latin1');
  for (let at = 0; at + RUN <= whole.length; at += 1) runs.add(whole.slice(at, at + RUN));
  const text = secret.toString('latin1');
  for (let at = 0; at + RUN <= text.length; at += 1)
    into.leaked += Number(runs.has(text.slice(at, at + RUN)));
}
