import { type Bytes, concatBytes } from '../sframe/index.ts';
import { type CodecRules, type Split } from './rules.ts';

/** What packetisers tell apart in a frame: a NAL unit or an OBU. */
export interface Unit {
  /** Bytes at its start that stay in clear. */
  readonly clear: Bytes;
  /** What follows them, protected; null where the whole unit stays in clear. */
  readonly rest: Bytes | null;
}

/** How frames of a codec are made of units. Readers take hostile bytes and give undefined for what they cannot read. */
export interface UnitFormat {
  readonly mimeType: string;
  readonly read: (frame: Bytes) => readonly Unit[] | undefined;
  readonly write: (units: readonly Unit[]) => Bytes;
  /** The same for protected frames, where `rest` is ciphertext and may need escaping. */
  readonly readProtected: (frame: Bytes) => readonly Unit[] | undefined;
  readonly writeProtected: (units: readonly Unit[]) => Bytes;
  readonly isKeyFrame: (frame: Bytes) => boolean;
}

/** Units of one frame, empty ones and those that are not sent included; an encoder makes one for each slice. */
export const MAX_UNITS = 512;

/** In place of the length of the last protected part, which gets what the others leave. */
const WHAT_IS_LEFT = 0xffff_ffff;

/**
 * Rules of a video codec whose frames have units. The protected parts of all units are one plaintext and one
 * ciphertext; each unit keeps its length, and the last one that is protected also takes what SFrame adds.
 */
export function unitRules(format: UnitFormat): CodecRules {
  return {
    mimeType: format.mimeType,
    kind: 'video',
    split: (frame) => splitUnits(format.read(frame), format.writeProtected),
    splitProtected: (frame) => splitUnits(format.readProtected(frame), format.write),
    isKeyFrame: format.isKeyFrame,
  };
}

function splitUnits(
  units: readonly Unit[] | undefined,
  write: (units: readonly Unit[]) => Bytes,
): Split | undefined {
  if (units === undefined) return undefined;
  const last = units.findLastIndex(({ rest }) => rest !== null);
  if (last < 0) return undefined;
  return {
    clear: layoutOf(units, last),
    body: joined(units.flatMap(({ rest }) => rest ?? [])),
    join: (body) => write(distribute(units, last, body)),
  };
}

/** Clear bytes and lengths of all units, each with its length before it, so that no two layouts give the same. */
function layoutOf(units: readonly Unit[], last: number): Bytes {
  const layout = new Uint8Array(units.reduce((sum, { clear }) => sum + 8 + clear.length, 0));
  const view = new DataView(layout.buffer);
  let at = 0;
  for (const [index, { clear, rest }] of units.entries()) {
    view.setUint32(at, clear.length);
    view.setUint32(at + 4, index === last ? WHAT_IS_LEFT : (rest?.length ?? 0));
    layout.set(clear, at + 8);
    at += 8 + clear.length;
  }
  return layout;
}

/** The units with another body. A member who seals too short a body gets short units: no read goes out of bounds. */
function distribute(units: readonly Unit[], last: number, body: Bytes): Unit[] {
  let at = 0;
  return units.map(({ clear, rest }, index) => {
    if (rest === null) return { clear, rest };
    const from = at;
    at = index === last ? body.length : Math.min(at + rest.length, body.length);
    return { clear, rest: body.subarray(from, at) };
  });
}

/** One part is not copied: most frames have one. */
function joined(parts: readonly Bytes[]): Bytes {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : concatBytes(...parts);
}
