import type { Effect, EffectType } from '../../machine/effects.ts';
import type { Action } from '../explorer/actions.ts';
import { canonicalJson, Interner } from '../explorer/interner.ts';

/** What stands at an edge of a graph of states. */
export interface Label {
  readonly action: Action;
  /** Whose step it is; null where it changes nothing of anybody, so that its two states do not say. */
  readonly participant: string | null;
  /** What the machine of the participant asks for, in order. */
  readonly effects: readonly Effect[];
}

/** One numbering of labels for both graphs: two labels have one number exactly where they are equal. */
export class LabelIndex {
  private readonly labels = new Interner<Label>();

  get size(): number {
    return this.labels.size;
  }

  number(label: Label): number {
    const { action, participant, effects } = label;
    return this.labels.intern(canonicalJson([action, participant, effects]), () => label);
  }

  get(number: number): Label {
    return this.labels.get(number);
  }
}

/** `Read(p2), which asks for discard, process {"id":"p1@3","position":4}`. */
export function printLabel({ action, participant, effects }: Label): string {
  return `${action}(${participant ?? '?'})${effects.length === 0 ? '' : `, which asks for ${printEffects(effects)}`}`;
}

export function printEffects(effects: readonly Effect[]): string {
  return effects.map(printEffect).join(', ');
}

function printEffect({ type, params }: Effect): string {
  return Object.keys(params).length === 0 ? type : `${type} ${canonicalJson(params)}`;
}

/** The effects of the machine, in the order in which they are shown. */
export const EFFECTS = [
  'found',
  'commit',
  'handOver',
  'claim',
  'leave',
  'merge',
  'discard',
  'welcome',
  'process',
] as const satisfies readonly EffectType[];
