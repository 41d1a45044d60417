/** What is compared between members of one epoch. */
export const COMPARISONS = [
  'epoch', // epoch number and group id
  'roster', // who is at which leaf, with which signature key
  'announced authenticator', // what the maker of a commit said that it leads to
  'epoch authenticator',
  'exporter',
  'opened frame',
  'commit processed', // whether a commit is accepted by whom it does not remove
  'commit made',
  'removed', // whether a commit is told apart by whom it removes, who then has not the keys
  'Welcome taken',
] as const;

export type Comparison = (typeof COMPARISONS)[number];

/** Two members of one group differ. */
export class Difference extends Error {
  override readonly name = 'Difference';
  readonly comparison: Comparison;
  /** Who differs, by name: from the first ts-mls member where there is one, else from the first member. */
  readonly whose: readonly string[];

  constructor(comparison: Comparison, whose: readonly string[], detail: string, options?: ErrorOptions) {
    super(`${comparison}: ${whose.join(', ')}: ${detail}`, options);
    this.comparison = comparison;
    this.whose = whose;
  }
}
