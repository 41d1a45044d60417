import { printValue } from '../../trace/printValue.ts';
import { apply, equalValues, type TlaState } from '../../trace/value.ts';
import { isLie } from './actions.ts';
import { sideOf, type ReplayConstants } from './constants.ts';
import type { ScheduledStep } from './schedule.ts';
import { logOf } from './told.ts';

/**
 * The steps that append a commit whose payload does for nobody, by their index: somebody reads it as bad, and nobody
 * follows it. Where some can follow and others cannot, the payload itself is good. An entry that is shown to one side
 * and later to the other is one.
 *
 * @param states one more than there are steps: the first is what the trace begins with.
 */
export function badPayloads(
  states: readonly TlaState[],
  steps: readonly ScheduledStep[],
  constants: ReplayConstants,
): ReadonlySet<number> {
  /** By side and position: the step that first appended that entry. */
  const appendedBy = new Map<string, number>();
  const first = new Map<string, number>();
  const bad = new Set<number>();
  const followed = new Set<number>();
  for (const [i, { action, participant, appended }] of steps.entries()) {
    const [before, after] = [states[i]!, states[i + 1]!];
    if ((action === 'Pretend' || isLie(action)) && appended !== undefined) {
      const entry = printValue(appended.entry);
      const step = first.get(entry) ?? i;
      first.set(entry, step);
      for (const side of appended.sides) appendedBy.set(`${side} ${logOf(after, side).length}`, step);
    }
    if (action !== 'Read' && action !== 'ReadBadPayload') continue;
    const position = Number(apply(before['pos'] ?? '', participant) ?? 0) + 1;
    const by = appendedBy.get(`${sideOf(constants, participant)} ${position}`);
    if (by === undefined) continue;
    if (action === 'ReadBadPayload') bad.add(by);
    else if (hasMoved(before, after, participant)) followed.add(by);
  }
  return new Set([...bad].filter((step) => !followed.has(step)));
}

function hasMoved(before: TlaState, after: TlaState, participant: string): boolean {
  const [was, is] = [before, after].map((state) => apply(state['mls'] ?? '', participant) ?? '');
  return !equalValues(was!, is!);
}
