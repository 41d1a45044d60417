/** What the kill test and the process that it kills share. */
import type { WireEntry } from '../../protocol/wire/hashes.ts';

/** The entry that stands at a position: anybody can tell whether it is whole. Some are larger than many pages. */
export function killedEntry(room: string, position: number): WireEntry {
  const name = Buffer.from(`${room} ${position}`);
  const bytes = position % 7 === 0 ? 30_000 + position : position % 90;
  return {
    header: name,
    signature: name.subarray(2),
    payload: Buffer.alloc(bytes, `payload of ${name.toString()} `),
  };
}
