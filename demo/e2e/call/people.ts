/** Who takes part in the tests: each sends one colour and one tone, so that receivers can tell them apart. */
export interface PersonInTest {
  readonly name: string;
  /** Red, green and blue, 0 to 255. */
  readonly rgb: readonly [number, number, number];
  /** Hertz. */
  readonly tone: number;
}

export const ANNA: PersonInTest = { name: 'Anna', rgb: [220, 30, 30], tone: 440 };
export const BEN: PersonInTest = { name: 'Ben', rgb: [30, 170, 40], tone: 880 };
export const CAROL: PersonInTest = { name: 'Carol', rgb: [40, 60, 220], tone: 1_320 };
export const DAVE: PersonInTest = { name: 'Dave', rgb: [220, 200, 30], tone: 1_760 };
export const EVE: PersonInTest = { name: 'Eve', rgb: [150, 40, 190], tone: 2_200 };
