/** The families of models, in the order in which they are run and shown. Each is a folder of `spec/models`. */
export const FAMILIES = [
  'safety',
  'adversary',
  'ablations',
  'witnesses',
  'liveness',
  'secrecy',
  'mutants',
  'graphs',
  'nightly',
] as const;

export type Family = (typeof FAMILIES)[number];
