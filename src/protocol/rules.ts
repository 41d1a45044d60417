/**
 * The rules of the protocol, each a constant of the spec (`spec/DesignatedCommitter.tla`) and an option here, under one
 * name. A rule is switched off by the checks and in sandbox rooms only, to show what it is there for.
 */
export const RULES = [
  'Atomic',
  'Ordered',
  'Current',
  'Designated',
  'Justified',
  'Witnessed',
  'Invited',
  'PublicView',
  'Founding',
  'Takeover',
  'Rotation',
  'Fresh',
] as const;

export type Rule = (typeof RULES)[number];

/** Which rules are on. */
export type Rules = Readonly<Record<Rule, boolean>>;

/** All rules on: the protocol. */
export const ALL_RULES: Rules = Object.freeze(
  Object.fromEntries(RULES.map((rule) => [rule, true])) as Record<Rule, boolean>,
);

/** All rules but the ones named. For checks and sandbox rooms. */
export function rulesWithout(...off: readonly Rule[]): Rules {
  return Object.freeze({ ...ALL_RULES, ...Object.fromEntries(off.map((rule) => [rule, false])) });
}
