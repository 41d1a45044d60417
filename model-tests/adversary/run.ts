import { vi } from 'vitest';
import { borderChecks } from '../../src/mls/borderChecks.ts';
import type { Case, Damage } from './Case.ts';
import { damageIn, isOfMisdeed } from './damage.ts';
import { stateOf } from '../../src/participant/recording.ts';
import type { Step } from '../../src/participant/Participant.ts';
import { Stage } from './Stage.ts';
import { reset, switches } from './switches.ts';

/** What came of a misdeed. */
export interface Outcome {
  readonly damage: readonly Damage[];
  /** What honest readers of the misdeed found, and became of. */
  readonly seen: string;
  /** Entries that were read between the misdeed and the first sign of it, at most. */
  readonly later: number;
  /** Honest readers who found nothing. */
  readonly unseenBy: readonly string[];
  /** Entries of both logs, entries read, entries that counted for nothing, tries to open a frame. */
  readonly entries: number;
  readonly read: number;
  readonly refused: number;
  readonly tried: number;
}

/** What each honest reader of the misdeeds found, from the first of them on. */
function seenIn(stage: Stage): Pick<Outcome, 'seen' | 'later' | 'unseenBy'> {
  const found = new Set<string>(stage.faults.map((code) => `ServiceFault ${code}`));
  const unseenBy: string[] = [];
  let later = 0;
  for (const person of stage.honest) {
    const steps = person.steps.filter((step) => isOfMisdeed(stage, person, step));
    const [first] = steps;
    if (first === undefined) continue;
    const signs = steps.flatMap((step) => {
      const what = signIn(step);
      return what === null ? [] : [{ what, position: step.placed?.position ?? 0 }];
    });
    for (const { what } of signs) found.add(what);
    if (signs[0] === undefined) unseenBy.push(person.name);
    else later = Math.max(later, signs[0].position - (first.placed?.position ?? 0));
  }
  return { seen: [...found].sort().join('; '), later, unseenBy };
}

function signIn({ after, refusal, otherLog }: Step): string | null {
  if (after.status === 'done') return stateOf(after);
  if (refusal === null) return null;
  return otherLog ? `${refusal}, and told: the log is split` : refusal;
}

/** Plays a case, with its guard on or off. */
export async function play(it: Case, guarded: boolean): Promise<{ stage: Stage; outcome: Outcome }> {
  const { guard } = it;
  if (!guarded && guard === null) throw new Error('there is no guard');
  if (!guarded) {
    for (const refusal of guard?.refusals ?? []) switches.ignored.add(refusal);
    if (guard?.check !== undefined) switches[guard.check] = false;
    if (!switches.signatures) vi.spyOn(borderChecks, 'verifies').mockReturnValue(true);
  }
  try {
    const stage = new Stage(guarded ? [] : guard?.rules);
    it.run(stage);
    const { damage, tried } = await damageIn(stage);
    const steps = stage.people.flatMap((person) => person.steps);
    const outcome = {
      ...{ damage, tried, ...seenIn(stage) },
      entries: stage.entries.length + (stage.split ? stage.other.length : 0),
      read: steps.filter(({ placed }) => placed !== null).length,
      refused: steps.filter(({ refusal }) => refusal !== null).length,
    };
    return { stage, outcome };
  } finally {
    reset();
    vi.restoreAllMocks();
  }
}

/**
 * The call goes on: who has ended is said to have left and joins anew, who waits for somebody silent claims, and all who are
 * honest are members again, of one group on each log. Gives who is not, in words; null where nobody.
 */
export function goesOn(stage: Stage): string | null {
  for (const person of stage.people.filter(({ participant }) => participant.ended)) {
    stage.show(stage.onOther.has(person) ? 2 : 1, stage.leaveOf(person));
    if (!stage.dishonest.has(person) && !stage.onOther.has(person)) stage.join(`${person.name} again`);
  }
  const here = stage.people.filter(({ participant }) => !participant.ended);
  stage.settle(here);
  const isWaiting = (state: string): boolean => state.startsWith('waiting');
  for (let round = 0; round < 3; round++)
    for (const person of here.filter(({ state }) => isWaiting(state))) {
      person.participant.claim();
      stage.flush(person);
      stage.settle(here);
    }
  for (const onOther of [false, true]) {
    const people = stage.honest.filter((it) => !it.participant.ended && stage.onOther.has(it) === onOther);
    const outside = people.find(({ state }) => !state.startsWith('member'));
    if (outside !== undefined) return `${outside.name} is ${outside.state}`;
    if (new Set(people.map(({ authenticator }) => authenticator)).size > 1) return 'authenticators differ';
  }
  return null;
}
