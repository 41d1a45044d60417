/** Whether a name still stands for the key that it stood for. Pure. */
import type { ParticipantId } from '../../../src/protocol/ids.ts';

/** A name that was seen in this call, in the order of the log. */
export interface Sighting {
  readonly participant: ParticipantId;
  /** The name, as `nameKey` has it. */
  readonly key: string;
  /** Digits of the person code; null where nothing vouches for the name. */
  readonly code: string | null;
  /** It is in the call, or waits for it. */
  readonly here: boolean;
}

/** The person codes that this device knows by the key of a name, from earlier calls. */
export type KnownCodes = (key: string) => readonly string[];

/**
 * What is wrong with a name, the worst first:
 * - `shared`: somebody else who is here has it too, and not the same code;
 * - `other key`: it had another code before;
 * - `proof gone`: it had a code before, and has none now;
 * - `unproven`: it has no code.
 */
export type NameFlaw = 'shared' | 'other key' | 'proof gone' | 'unproven';

export interface NameWarning {
  readonly flaw: NameFlaw;
  /** Where it had the other code: in this call or an earlier one; null for `unproven`. */
  readonly seen: 'this call' | 'earlier call' | null;
}

/**
 * A name as names are compared: compatibility forms, letter case, spaces and what cannot be seen do not count. Letters of
 * other scripts that look alike do: they are other names.
 */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();

/** What is wrong with the names of all; who has no entry has a name that nothing is wrong with. */
export function nameWarnings(
  sightings: readonly Sighting[],
  known: KnownCodes,
): ReadonlyMap<ParticipantId, NameWarning> {
  const byKey = new Map<string, Sighting[]>();
  for (const it of sightings) {
    const same = byKey.get(it.key);
    if (same === undefined) byKey.set(it.key, [it]);
    else same.push(it);
  }
  const warnings = new Map<ParticipantId, NameWarning>();
  for (const same of byKey.values())
    for (const [index, own] of same.entries()) {
      const warning = warningOf(own, same, index, known);
      if (warning !== null) warnings.set(own.participant, warning);
    }
  return warnings;
}

/** Of the one at `index` of those who have one name; a name of nothing is compared with none. */
function warningOf(
  own: Sighting,
  same: readonly Sighting[],
  index: number,
  known: KnownCodes,
): NameWarning | null {
  const unproven: NameWarning | null = own.code === null ? { flaw: 'unproven', seen: null } : null;
  if (own.key === '') return unproven;
  const isAnother = ({ participant, code }: Sighting): boolean =>
    participant !== own.participant && (code === null || code !== own.code);
  if (own.here && same.some((it) => it.here && isAnother(it))) return { flaw: 'shared', seen: 'this call' };
  const flaw = own.code === null ? 'proof gone' : 'other key';
  if (same.some((it, i) => i < index && it.code !== null && isAnother(it)))
    return { flaw, seen: 'this call' };
  const codes = known(own.key);
  if (codes.length > 0 && (own.code === null || !codes.includes(own.code)))
    return { flaw, seen: 'earlier call' };
  return unproven;
}
