import { expect } from 'vitest';
import type { EffectType } from '../../src/machine/effects.ts';
import type { ParticipantEvent, ParticipantSnapshot } from '../../src/machine/machine.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { refusal } from '../../src/protocol/counts.ts';
import { hashOf } from '../../src/protocol/testing.ts';
import { effectsOf, type Model, type Path, type PathStep } from './paths.ts';
import { Coverage } from './coverage.ts';
import { compoundNodes, definedTransitions, leafNodes, nodeOf } from './definition.ts';
import { COMMANDS, entryOf, transitionName } from './events.ts';
import { isDraftedHere, nodeFor, whatIsWrongWith } from './expected.ts';
import { expectGroup, expectPairs, expectToGoOn } from './groups.ts';
import type { Damage } from './forged.ts';
import { PathRoom } from './room.ts';
import { callsOf } from './watch.ts';

/** How the MLS core of the participant comes to refuse: by what a dishonest committer sends, or because it is gone. */
export type Refusing = Damage | 'the core is closed';

/** Which ways there are for an effect to be refused. */
export const REFUSING: Readonly<Record<EffectType, readonly Refusing[]>> = {
  found: ['the core is closed'],
  commit: ['the core is closed'],
  claim: ['the core is closed'],
  handOver: ['the core is closed'],
  leave: [],
  merge: ['the core is closed'],
  discard: ['the core is closed'],
  welcome: ['a byte of the Welcome', 'another authenticator', 'the core is closed'],
  process: ['a byte of the commit', 'another authenticator', 'the core is closed'],
};

export interface RunOptions {
  readonly coverage?: Coverage;
  /** For a path that ends with `refused`. */
  readonly refusing?: Refusing;
  /** Stands between the participant and its MLS core. */
  readonly core?: (mls: MlsGroup) => MlsGroup;
}

/**
 * Drives a participant with the real MLS core along a path, and compares it with the path's state after every step.
 *
 * @throws Error where it is not where the path says, with the steps up to there.
 */
export async function runPath(model: Model, path: Path, options: RunOptions = {}): Promise<void> {
  const run = new Run(model, path, options);
  await model.testPath(path, {
    states: Object.fromEntries([
      ...leafNodes().map((node) => [
        `#participant.${node}`,
        (state: ParticipantSnapshot) => run.isIn(node, state),
      ]),
      ...compoundNodes().map((node) => [`#participant.${node}`, () => run.isWithin(node)]),
    ]) as Record<string, (state: ParticipantSnapshot) => void>,
    events: Object.fromEntries(
      ['read', 'refused', ...COMMANDS].map((type) => [type, (step: PathStep) => run.takes(step)]),
    ),
  });
  run.ends();
}

/** Commands that a state node allows under a condition only. */
const COMMAND_GUARDS = definedTransitions().flatMap(({ from, event, guard }) => {
  const command = COMMANDS.find((it) => it === event);
  return command === undefined || guard === null ? [] : [{ from, event: command, guard }];
});

class Run {
  readonly #model: Model;
  readonly #steps: readonly PathStep[];
  readonly #room: PathRoom;
  readonly #coverage: Coverage;
  readonly #refusing: Refusing | null;
  #taken = 0;

  constructor(model: Model, { steps }: Path, { coverage = new Coverage(), refusing, core }: RunOptions) {
    this.#model = model;
    this.#steps = steps;
    this.#room = new PathRoom(core);
    this.#coverage = coverage;
    this.#refusing = refusing ?? null;
  }

  /** Whether the step that is taken is the one whose effect the core refuses. */
  get #isRefused(): boolean {
    return this.#steps[this.#taken + 1]?.event.type === 'refused';
  }

  get #before(): PathStep {
    return this.#steps[this.#taken - 1]!;
  }

  /** Has the event of a step happen to the participant. */
  takes(step: PathStep): void {
    this.#taken++;
    expect(this.#steps[this.#taken]).toBe(step);
    const { event } = step;
    if (event.type === 'refused') return;
    const { self, watch } = this.#room;
    self.steps.length = 0;
    watch.calls = [];
    const damage = this.#isRefused && this.#refusing !== 'the core is closed' ? this.#refusing : null;
    const entry = entryOf(event);
    if (entry !== null) {
      const { context } = this.#before.state;
      const { protocol, view } = context;
      if (isDraftedHere(entry, context)) expect(whatIsWrongWith(entry, context)).toBe(null);
      this.#room.append(entry, refusal(protocol, view, entry) === null, damage);
    }
    watch.endsAtNextCall = this.#isRefused && damage === null;
    if (event.type === 'read') this.#room.read();
    else this.#room.tell(event.type);
    this.#didAsAsked(step);
  }

  /** It took one step, of this event, with the effects of the machine, and called its MLS core for them. */
  #didAsAsked({ event, state: after }: PathStep): void {
    const { self, watch, names } = this.#room;
    const { state } = this.#before;
    const effects = effectsOf(this.#model, state, event);
    expect(self.steps.map((it) => it.event)).toEqual([event.type]);
    const [done] = self.steps;
    expect(names.toModel(done?.effects)).toEqual(effects);
    const entry = entryOf(event);
    expect([done?.refusal, done?.otherLog]).toEqual([
      entry && refusal(state.context.protocol, state.context.view, entry),
      entry !== null && 'on' in entry && entry.on !== hashOf(entry.at),
    ]);
    const calls = [...callsOf(effects), ...(after.status === 'done' ? ['close'] : [])];
    const seen = watch.calls.map((it) => it.call);
    for (const it of seen) Coverage.add(this.#coverage.calls, it);
    if (!this.#isRefused) return expect(seen).toEqual(calls);
    // As far as the call that failed; then the core is closed.
    expect(seen.at(-1), `the MLS core refuses: ${this.#refusing ?? ''}`).toBe('close');
    expect(calls.slice(0, seen.length - 1)).toEqual(seen.slice(0, -1));
    expect(seen.length).toBeGreaterThan(1);
  }

  /** The path says that it is in `node` now, with this context. */
  isIn(node: string, state: ParticipantSnapshot): void {
    const { event } = this.#steps[this.#taken]!;
    const { self } = this.#room;
    expect(node).toBe(nodeFor(event, state));
    if (this.#isRefused) this.#wasIn(state);
    else {
      this.#standsIn(self.participant.snapshot, state);
      expect(self.asksToLeave).toBe(node === 'left');
      this.#causeIs(event);
      expectGroup(this.#room, state);
      this.#guardsRefuse(node, state);
    }
    const { together, apart } = expectPairs(this.#room);
    this.#coverage.pairs += together + apart;
    this.#coverage.apart += apart;
    Coverage.add(this.#coverage.nodes, node);
    if (this.#taken === 0) return;
    this.#coverage.steps++;
    Coverage.add(this.#coverage.defined, `${nodeOf(this.#before.state)} --${event.type}--> ${node}`);
    Coverage.add(this.#coverage.transitions, transitionName(this.#before.state, event, state));
  }

  isWithin(node: string): void {
    Coverage.add(this.#coverage.nodes, node);
  }

  #standsIn(real: ParticipantSnapshot | null | undefined, model: ParticipantSnapshot): void {
    expect(real && nodeOf(real)).toBe(nodeOf(model));
    expect(this.#room.names.toModel(real?.context)).toEqual(model.context);
  }

  /** When the core refused, the machine had been where the path says. */
  #wasIn(state: ParticipantSnapshot): void {
    const failed = this.#room.watch.calls.at(-2);
    this.#standsIn(failed?.snapshot, state);
  }

  /** It has a reason to be dead where its MLS core refused, and there only. */
  #causeIs({ type }: ParticipantEvent): void {
    const { cause } = this.#room.self;
    if (type !== 'refused') return expect(cause ?? null).toBe(null);
    expect(cause).toBeInstanceOf(Error);
    const { name, code } = cause as Error & { code: unknown };
    Coverage.add(this.#coverage.causes, `${name} ${String(code)}: ${this.#refusing ?? ''}`);
  }

  /** What a guard of `node` does not allow, does not happen. */
  #guardsRefuse(node: string, state: ParticipantSnapshot): void {
    const { self, watch } = this.#room;
    for (const { from, event, guard } of COMMAND_GUARDS) {
      if (from !== node) continue;
      const allowed = state.can({ type: event });
      Coverage.add(this.#coverage.guards, `${guard}: ${allowed ? 'yes' : 'no'}`);
      if (allowed) continue;
      const before = [self.steps.length, self.outbox.length, watch.calls.length];
      this.#room.tell(event);
      expect([self.steps.length, self.outbox.length, watch.calls.length], event).toEqual(before);
    }
  }

  /** The call goes on behind the path. */
  ends(): void {
    expectToGoOn(this.#room);
    this.#coverage.paths++;
  }
}
