import type { Trace } from '../../trace/trace.ts';

/** A variable that others say all of: nobody needs to see or keep it. */
interface Derived {
  /** What the spec calls its value, and how it follows the others in a step. */
  readonly value: string;
  readonly step: string;
}

export const DERIVED: Readonly<Record<string, Derived>> = {
  views: { value: 'AllViews', step: 'KeepsViews' },
};

/** A trace without what follows from the rest. */
export function withoutDerived(trace: Trace): Trace {
  const kept = (name: string): boolean => !Object.hasOwn(DERIVED, name);
  return {
    ...trace,
    variables: trace.variables.filter(kept),
    steps: trace.steps.map((step) => ({
      ...step,
      state: Object.fromEntries(Object.entries(step.state).filter(([name]) => kept(name))),
    })),
  };
}

/** The derived variables of a model with this configuration: where a config puts KeptViewAt in the place of ViewAt. */
export const derivedIn = (configText: string): readonly string[] =>
  configText.includes('KeptViewAt') ? ['views'] : [];
