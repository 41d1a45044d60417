import type { Periods } from '../../src/participant/timers/periods.ts';

/** Parameters of the page's query, in seconds, and the periods that they set. */
const PARAMETERS = { rotation: 'rotationMs', silence: 'silenceMs' } as const;
/** Seconds: what lies outside is ignored. */
const SHORTEST = 1;
const LONGEST = 3_600;

/**
 * The periods that the query of the page's URL asks for, in milliseconds: `?rotation=5&silence=2`. For trying out, and
 * for tests; the link to the room carries the query on. A participant that rotates seldom or claims late is a slow one,
 * which the protocol bears.
 */
export function periodsIn(search: string): Partial<Periods> {
  const query = new URLSearchParams(search);
  const periods: { -readonly [K in keyof Periods]?: number } = {};
  for (const [parameter, period] of Object.entries(PARAMETERS)) {
    const text = query.get(parameter);
    const seconds = text === null || !/^\d{1,4}(\.\d{1,3})?$/.test(text) ? NaN : Number(text);
    if (seconds >= SHORTEST && seconds <= LONGEST) periods[period] = seconds * 1_000;
  }
  return periods;
}
