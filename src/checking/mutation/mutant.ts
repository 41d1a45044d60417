/** Code or spec that is wrong in one place, and whether a check saw it. */
export interface Mutant {
  /** Path in the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The first line of what was changed, as it stands, without the spaces around. */
  readonly source: string;
  /** What was done, in the words of who did it: StrykerJS, or `spec/mutants.ts`. */
  readonly mutator: string;
  /** What stood there, and what stood there then. */
  readonly before: string;
  readonly after: string;
  /** Who caught it; null where nobody did. */
  readonly caughtBy: string | null;
}

/** The beginning of some code, in one line. */
export const inOneLine = (code: string): string => code.replaceAll(/\s+/g, ' ').slice(0, 100);

/** A mutant in a few lines, for people. */
export const printMutant = ({ file, line, mutator, before, after, source }: Mutant): string =>
  `${file}:${line} ${mutator}\n    ${source}\n    - ${inOneLine(before)}\n    + ${inOneLine(after)}`;
