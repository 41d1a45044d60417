import type { Effect, EffectType } from '../../src/machine/effects.ts';
import type { ParticipantSnapshot } from '../../src/machine/machine.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';

/** What an effect has a participant call of its MLS core. A draft is signed; `leave` is for the service alone. */
const CALLS: Readonly<Record<EffectType, readonly CoreCall[]>> = {
  found: ['found', 'sign'],
  commit: ['commit', 'sign'],
  claim: ['sign'],
  handOver: ['sign'],
  leave: [],
  merge: ['merge'],
  discard: ['discard'],
  welcome: ['welcome'],
  process: ['process'],
};
const WATCHED = ['found', 'commit', 'sign', 'merge', 'discard', 'welcome', 'process', 'close'] as const;
export type CoreCall = (typeof WATCHED)[number];

export const callsOf = (effects: readonly Effect[]): readonly CoreCall[] =>
  effects.flatMap(({ type }) => CALLS[type]);

const isWatched = (name: string | symbol): name is CoreCall => WATCHED.some((it) => it === name);

/** A call, and the machine of the participant when it came: between a step and its effects. */
export interface SeenCall {
  readonly call: CoreCall;
  readonly snapshot: ParticipantSnapshot | null;
}

/** Sees the calls that change a participant's MLS core, and can end the core under it. */
export class CoreWatch {
  calls: SeenCall[] = [];
  /** The core is freed when it is called next: what it then throws is its own `closed`. */
  endsAtNextCall = false;
  /** Set when there is a participant. */
  snapshot: () => ParticipantSnapshot | null = () => null;

  watched(mls: MlsGroup): MlsGroup {
    return new Proxy(mls, {
      get: (target, name): unknown => {
        if (isWatched(name)) this.#sees(name, target);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #sees(call: CoreCall, mls: MlsGroup): void {
    this.calls.push({ call, snapshot: this.snapshot() });
    if (this.endsAtNextCall) mls.close();
    this.endsAtNextCall = false;
  }
}
