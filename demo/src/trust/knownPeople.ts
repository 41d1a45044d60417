/**
 * Names and person codes of whom the user met, so that a name that comes back with another code is told. Kept only on a
 * device that keeps a person key as well, in the browser's localStorage; nothing of it is sent.
 */
import * as v from 'valibot';
import { nameKey } from './nameRule.ts';

/** Names that are kept, codes of one name, and names that one call can add. Beyond the first, who was met longest ago is dropped. */
export const KNOWN_LIMITS = { names: 200, codes: 4, perCall: 32 } as const;
const STORAGE_KEY = 'designated-committer known people';

const KnownSchema = v.pipe(
  v.array(
    v.strictObject({
      /** As `nameKey` has it. */
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
      codes: v.pipe(
        v.array(v.pipe(v.string(), v.regex(/^(\d{5} ){7}\d{5}$/))),
        v.minLength(1),
        v.maxLength(KNOWN_LIMITS.codes),
      ),
    }),
  ),
  v.maxLength(KNOWN_LIMITS.names),
  v.readonly(),
);

/** Who was met last comes last. */
export type Known = v.InferOutput<typeof KnownSchema>;

/** What was kept; nothing where it is not of this form. */
export function parseKnown(text: string | null): Known {
  try {
    return v.parse(KnownSchema, JSON.parse(text ?? '[]'));
  } catch {
    return [];
  }
}

export const codesOf = (known: Known, name: string): readonly string[] =>
  known.find((it) => it.name === nameKey(name))?.codes ?? [];

/** After somebody was met under this name and code. A name keeps the codes that it had, up to the limit. */
export function met(known: Known, name: string, code: string): Known {
  const key = nameKey(name);
  if (key === '') return known;
  const before = codesOf(known, key);
  const codes = [...before.filter((it) => it !== code), code].slice(-KNOWN_LIMITS.codes);
  return [...known.filter((it) => it.name !== key), { name: key, codes }].slice(-KNOWN_LIMITS.names);
}

/** The part of `Storage` that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
/** Even to ask for it throws where the user allows no storage. */
const ofThisPage = (): Store => localStorage;

/** What this device knows; nothing where it may not store. */
export function readKnown(store: () => Store = ofThisPage): Known {
  try {
    return parseKnown(store().getItem(STORAGE_KEY));
  } catch {
    return [];
  }
}

/** Keeps it. Gives whether that was possible. */
export function writeKnown(known: Known, store: () => Store = ofThisPage): boolean {
  try {
    store().setItem(STORAGE_KEY, JSON.stringify(known));
    return true;
  } catch {
    return false;
  }
}

export function forgetKnown(store: () => Store = ofThisPage): void {
  try {
    store().removeItem(STORAGE_KEY);
  } catch {
    // What cannot be stored is not kept.
  }
}
