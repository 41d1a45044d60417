import { parseValue } from '../../trace/parseValue.ts';
import { printValue } from '../../trace/printValue.ts';
import { ACTIONS, type Action } from '../explorer/actions.ts';
import { effectsOf } from './effectsOf.ts';
import type { Label, LabelIndex } from './labels.ts';
import { SHARED, Slices, type SharedVariable } from './slices.ts';
import { entryOf, pendingOf, textOf, viewOf, type Share, type SpecView } from './specWords.ts';
import { AT, type StateIndex, type StateValues } from './stateIndex.ts';

/**
 * Tells the label of an edge of the spec from TLC's two states and the action's name: whose step it is, and what its
 * machine must ask for. Each question is answered once for what it depends on.
 */
export class SpecLabels {
  private readonly index: StateIndex;
  private readonly labels: LabelIndex;
  private readonly participants: readonly string[];
  private readonly slices: Slices;
  private readonly known = new Map<string, number>();

  constructor(index: StateIndex, labels: LabelIndex, participants: readonly string[]) {
    this.index = index;
    this.labels = labels;
    this.participants = participants;
    this.slices = new Slices(index, participants);
  }

  /** The number of the label of the edge between two states. Throws RangeError for states that no action leads between. */
  number(from: number, actionNumber: number, to: number): number {
    const action = ACTIONS[actionNumber]!;
    const [before, after] = [this.index.stateValues(from), this.index.stateValues(to)];
    const p = this.participant(before, after);
    const key = this.key(action, p, before, after);
    let number = this.known.get(key);
    if (number === undefined) {
      number = this.labels.number(this.label(action, p, before, after));
      this.known.set(key, number);
    }
    return number;
  }

  /** Whose step it is: the author of what came to the log; else whose share changed; -1 where nobody's did. */
  private participant(before: StateValues, after: StateValues): number {
    const log = after[AT.log]!;
    if (log !== before[AT.log]) {
      const { last } = this.slices.log(log);
      return last === null ? -1 : this.participants.indexOf(entryOf(last).author);
    }
    for (const name of SHARED) {
      const [old, now] = [before[AT[name]]!, after[AT[name]]!];
      if (old === now) continue;
      const parts = this.slices.shared(name, now);
      return this.slices.shared(name, old).findIndex(({ number }, i) => number !== parts[i]!.number);
    }
    return -1;
  }

  /** All that the label depends on. */
  private key(action: Action, p: number, before: StateValues, after: StateValues): string {
    if (p === -1 || !OF_MACHINES.has(action)) return `${action} ${p}`;
    const logs = this.slices.log(before[AT.log]!).prefixes;
    const pos = Number(this.slices.shared('pos', before[AT.pos]!)[p]!.value);
    let key = `${action} ${p} ${logs[pos]!} ${action === 'Read' ? logs[pos + 1]! : ''}`;
    for (const name of OF_SHARE) {
      const [old, now] = [before[AT[name]]!, after[AT[name]]!];
      key += ` ${this.slices.shared(name, old)[p]!.number} ${this.slices.shared(name, now)[p]!.number}`;
    }
    return key;
  }

  private label(action: Action, p: number, before: StateValues, after: StateValues): Label {
    const self = this.participants[p];
    if (self === undefined || !OF_MACHINES.has(action))
      return { action, participant: self ?? null, effects: [] };
    const share = this.share(before, p);
    const { prefixes } = this.slices.log(before[AT.log]!);
    const next = action === 'Read' ? prefixes[share.pos + 1] : undefined;
    const entry = next === undefined ? null : this.slices.log(next).last;
    const effects = effectsOf({
      ...{ action, self, before: share, after: this.share(after, p) },
      view: this.view(prefixes[share.pos]),
      reading: entry === null ? null : { entry: entryOf(entry), view: this.view(next) },
    });
    return { action, participant: self, effects };
  }

  private share(values: StateValues, p: number): Share {
    const of = (name: SharedVariable) => this.slices.shared(name, values[AT[name]]!)[p]!.value;
    return {
      status: textOf(of('status')),
      pos: Number(of('pos')),
      mls: printValue(of('mls')),
      pending: pendingOf(of('pending')),
    };
  }

  private view(log: number | undefined): SpecView {
    const text = log === undefined ? undefined : this.index.viewOfLog(log);
    if (text === undefined) throw new RangeError('TLC wrote no view of a log that is read');
    return viewOf(parseValue(text));
  }
}

/** The actions that a machine has a part in. */
const OF_MACHINES: ReadonlySet<Action> = new Set(['Found', 'Commit', 'HandOver', 'Claim', 'Read', 'Leave']);

/** What effects follow from. */
const OF_SHARE = ['status', 'pos', 'mls', 'pending'] as const satisfies readonly SharedVariable[];
