/** What it takes to make a code come out as wanted: the figures of `README.md`, which a test compares with these. */
import { BITS_PER_GROUP } from './digit-groups.ts';
import { BITS_PER_WORD } from './words.ts';

/** What an adversary may try in a second. A try is taken to cost one hash, though it costs more. */
export const RATES = { card: 1e9, everything: 1e21 } as const;

/**
 * log2 of the tries that it takes, on average, until one of a growing list of codes of `bits` bits equals one of another growing list:
 * sqrt(pi * 2^bits), both lists counted.
 */
export const collisionTries = (bits: number): number => (bits + Math.log2(Math.PI)) / 2;

/** log2 of the tries that it takes, on average, to hit one given code of `bits` bits. */
export const hitTries = (bits: number): number => bits;

const UNITS = [
  ['years', 365.25 * 86_400],
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const;

/** How long `2^log2Tries` tries take, in the unit that suits. */
export function duration(log2Tries: number, rate: number): string {
  const seconds = 2 ** log2Tries / rate;
  if (seconds < 1) return 'at once';
  const [unit, length] = UNITS.find(([, length]) => seconds >= 2 * length) ?? (['seconds', 1] as const);
  const amount = seconds / length;
  return `${amount < 1e4 ? Math.round(amount) : `10^${Math.floor(Math.log10(amount))}`} ${unit}`;
}

const power = (log2Tries: number): string => `2^${Math.round(log2Tries)}`;
const cell = (tries: number): string =>
  `${power(tries)}: ${duration(tries, RATES.card)}; ${duration(tries, RATES.everything)}`;

/** A row for each part of a safety code that people may compare. */
export function safetyCodeRows(): readonly string[] {
  const digits = [2, 4, 6, 8, 12].map((count) => [`${count} groups`, count * BITS_PER_GROUP] as const);
  const spoken = [6, 12, 24].map((count) => [`${count} words`, count * BITS_PER_WORD] as const);
  return [...digits, ...spoken].map(
    ([what, bits]) =>
      `| ${what} | ${Math.floor(bits)} | ${cell(collisionTries(bits))} | ${cell(hitTries(bits))} |`,
  );
}

/** A row for each part of a person code that people may compare, for one person and for any of a million. */
export function personCodeRows(): readonly string[] {
  return [2, 4, 6, 8].map((count) => {
    const bits = count * BITS_PER_GROUP;
    const any = Math.max(0, bits - Math.log2(1e6));
    return `| ${count} groups | ${Math.floor(bits)} | ${cell(hitTries(bits))} | ${cell(hitTries(any))} |`;
  });
}
