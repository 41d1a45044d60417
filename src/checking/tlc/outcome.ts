import { EXIT_CODES, MESSAGE } from './codes.ts';
import type { ViolatedKind } from './codes.ts';
import type { TlcMessage } from './messages.ts';
import type { TlcOutcome } from './result.ts';

/** A violation that a message told of. */
export interface Violation {
  readonly what: ViolatedKind;
  readonly property: string;
  /** In an initial state, which the message then holds. */
  readonly initially: boolean;
}

/** Which code tells of which violation, and its name where the message or the configuration has none. */
const VIOLATIONS: ReadonlyMap<number, Violation> = new Map([
  [MESSAGE.invariantViolatedInitially, { what: 'invariant', property: 'Invariant', initially: true }],
  [MESSAGE.propertyViolatedInitially, { what: 'action-property', property: 'Property', initially: true }],
  [MESSAGE.invariantViolated, { what: 'invariant', property: 'Invariant', initially: false }],
  [MESSAGE.actionPropertyViolated, { what: 'action-property', property: 'Property', initially: false }],
  [MESSAGE.temporalPropertiesViolated, { what: 'temporal', property: 'Temporal', initially: false }],
  [MESSAGE.deadlock, { what: 'deadlock', property: 'Deadlock', initially: false }],
  [MESSAGE.assertFailed, { what: 'assert', property: 'Assert', initially: false }],
]);

const NAMED = /^(?:Invariant|(?:Action |Temporal )?[Pp]roperty) (.*?) (?:is|was) violated/;

/**
 * The violation that a message tells of. TLC 2.18 does not say which temporal property it is: where the configuration
 * has a single one, it is that.
 */
export function violationOf(
  { code, text }: TlcMessage,
  temporalProperties: readonly string[],
): Violation | undefined {
  const violation = VIOLATIONS.get(code);
  if (violation === undefined) return undefined;
  const only =
    violation.what === 'temporal' && temporalProperties.length === 1 ? temporalProperties[0] : undefined;
  return { ...violation, property: NAMED.exec(text)?.[1] ?? only ?? violation.property };
}

export interface Evidence {
  /** Undefined where the process was killed. */
  readonly exitCode: number | undefined;
  readonly simulate: boolean;
  /** Whether TLC said that no error has been found, which it does not in a simulation. */
  readonly success: boolean;
  readonly violations: readonly Violation[];
  readonly messages: readonly string[];
}

/** Judges by the exit code, and takes it as an error where the messages do not say the same. */
export function outcomeOf({ exitCode, simulate, success, violations, messages }: Evidence): TlcOutcome {
  const message = messages.join('\n');
  if (exitCode === undefined)
    return { kind: 'error', code: 'killed', message: message || 'killed by a signal' };
  if (exitCode === 0) {
    const [violation] = violations;
    if (violation !== undefined) return inconsistent(`exit code 0, but ${violation.property} is violated`);
    return success || simulate
      ? { kind: 'holds' }
      : inconsistent('exit code 0, but no message that it is finished');
  }
  const meaning = EXIT_CODES.get(exitCode);
  if (meaning === undefined)
    return { kind: 'error', code: 'unknown-exit-code', message: `${exitCode}: ${message}` };
  if (typeof meaning === 'string') return { kind: 'error', code: meaning, message };
  const found = violations.find(({ what }) => meaning.includes(what));
  if (found !== undefined) return { kind: 'violated', property: found.property, what: found.what };
  return inconsistent(`exit code ${exitCode} (${meaning.join(' or ')}), but no message of it: ${message}`);
}

function inconsistent(message: string): TlcOutcome {
  return { kind: 'error', code: 'inconsistent', message };
}
