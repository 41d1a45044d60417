import type { ReplayConstants } from './constants.ts';
import { LogView, type EndOfLog, type LogFault } from './logView.ts';
import { entryValue, type Driver, type Sent } from './participant.ts';

/** The logs that the service shows: one, or two where it is dishonest. Sides are 1 and 2, as in the spec. */
export class Logs<Content> {
  readonly #views: readonly LogView<Content>[];
  /** `SIDE KIND NAME` of each join and leave that is in a log. */
  readonly #announced = new Set<string>();

  constructor(driver: Driver<Content>, constants: ReplayConstants) {
    const sides = constants.otherSide.length === 0 ? 1 : 2;
    this.#views = Array.from({ length: sides }, () => new LogView(driver, constants));
  }

  get all(): readonly LogView<Content>[] {
    return this.#views;
  }

  of(side: number): LogView<Content> {
    return this.#views[side - 1] ?? this.#views[0]!;
  }

  end(side: number): EndOfLog {
    return this.of(side).end;
  }

  /** All that counts somewhere and must not. */
  get faults(): readonly LogFault[] {
    return this.#views.flatMap(({ faults }) => faults);
  }

  /** `InLog`. */
  has(side: number, kind: 'join' | 'leave', name: string): boolean {
    return this.#announced.has(`${side} ${kind} ${name}`);
  }

  /** `SameLog`, of two sides. */
  isSame(n: number): boolean {
    const [first] = this.#views;
    return this.#views.every((log) => n <= log.length && log.hashAt(n) === first!.hashAt(n));
  }

  /** Appends an entry; whether somebody moves to another epoch by it. */
  show(sent: Sent<Content>, sides: readonly number[]): boolean {
    const moves = sides.map((side) => this.#views[side - 1]?.append(sent) ?? false);
    return moves.includes(true);
  }

  showJoinOrLeave(kind: 'join' | 'leave', name: string, content: Content, sides: readonly number[]): void {
    for (const side of sides) this.#announced.add(`${side} ${kind} ${name}`);
    this.show({ value: entryValue(kind, name), content }, sides);
  }
}
