/** The message codes of TLC that this runner understands (`tlc2.output.EC`). */
export const MESSAGE = {
  assumptionFalse: 2104,
  invariantViolatedInitially: 2107,
  propertyViolatedInitially: 2108,
  invariantViolated: 2110,
  actionPropertyViolated: 2112,
  deadlock: 2114,
  temporalPropertiesViolated: 2116,
  behaviorUpToHere: 2121,
  backToState: 2122,
  assertFailed: 2132,
  finished: 2186,
  initialStates: 2190,
  initialStatesMany: 2191,
  success: 2193,
  searchDepth: 2194,
  statistics: 2199,
  progress: 2200,
  coverageStart: 2201,
  progressSimulation: 2209,
  statisticsSimulation: 2210,
  stateOneLine: 2216,
  state: 2217,
  stuttering: 2218,
  version: 2262,
  counterexample: 2264,
  coverageNext: 2772,
  coverageInit: 2773,
} as const;

/** What a property is that TLC found violated. */
export type ViolatedKind = 'invariant' | 'action-property' | 'temporal' | 'deadlock' | 'assert';

/** Why TLC gave no verdict, after its exit code. */
export type TlcFailure =
  | 'options'
  | 'assumption-false'
  | 'evaluation'
  | 'parse'
  | 'config'
  | 'state-space-too-large'
  | 'system'
  | 'general'
  | 'unknown-exit-code'
  | 'killed'
  | 'inconsistent';

/** TLC's exit codes (`tlc2.output.EC.ExitStatus`): which violations each allows, or which failure it is. */
export const EXIT_CODES: ReadonlyMap<number, readonly ViolatedKind[] | TlcFailure> = new Map<
  number,
  readonly ViolatedKind[] | TlcFailure
>([
  [1, 'options'],
  [10, 'assumption-false'],
  [11, ['deadlock']],
  [12, ['invariant', 'action-property']],
  [13, ['temporal', 'action-property']],
  [14, ['assert']],
  [75, 'evaluation'],
  [76, 'evaluation'],
  [77, 'evaluation'],
  [150, 'parse'],
  [151, 'config'],
  [152, 'state-space-too-large'],
  [153, 'system'],
  [255, 'general'],
]);
