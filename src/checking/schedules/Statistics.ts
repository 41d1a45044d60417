import { refusal } from '../../protocol/counts.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ALL_RULES, RULES, type Rule } from '../../protocol/rules.ts';
import { FAULTS, type Action } from './commands.ts';
import { decideEntry, decideStep } from './decided.ts';
import type { Simulation } from './Simulation.ts';
import type { Seat } from './world.ts';
import type { Watch } from './Watch.ts';

const PROTOCOL = { rules: ALL_RULES, batchLimit: LIMITS.batch };

/** What one schedule showed. */
export class ScheduleCounts {
  readonly counts = new Map<string, number>();
  readonly decided = new Set<Rule>();
  readonly #judged = new Set<number>();

  add(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  happened(action: Action | null): void {
    this.add(action === null ? 'commands without effect' : 'steps');
    if (action === null) return;
    this.add(`action: ${action}`);
    if (FAULTS.includes(action)) this.add('faults');
  }

  stepped<E>(seat: Seat<E>): void {
    for (const rule of decideStep(seat)) this.decided.add(rule);
    const { step } = seat;
    if (step === null || step.placed === null || this.#judged.has(step.placed.position)) return;
    this.#judged.add(step.placed.position);
    for (const rule of decideEntry(step.before, step.placed)) this.decided.add(rule);
    const { entry } = step.placed;
    const why = refusal(PROTOCOL, step.before, entry);
    this.add(why === null ? `read: ${entry.kind}` : `refused: ${why}`);
  }

  ended<E>(simulation: Simulation<E>, watch: Watch<E>): void {
    const { running, world } = simulation;
    this.add('entries', world.entries.length);
    this.add('participants', world.seats.length);
    this.add('epochs', watch.epochs);
    this.add('comparisons', watch.comparisons);
    this.add('kept out of an epoch', watch.keptOut);
    this.add('crashes told', simulation.crashesTold);
    this.add('all together at the end', running.length > 0 ? 1 : 0);
  }
}

/** Counts over many schedules. */
export class Statistics {
  schedules = 0;
  readonly #counts = new Map<string, number>();
  readonly #decided = new Map<Rule, number>();

  take({ counts, decided }: ScheduleCounts): void {
    this.schedules++;
    for (const [name, count] of counts) this.#counts.set(name, this.times(name) + count);
    for (const rule of decided) this.#decided.set(rule, this.decidedIn(rule) + 1);
  }

  times(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Schedules in which the rule decided something. */
  decidedIn(rule: Rule): number {
    return this.#decided.get(rule) ?? 0;
  }

  /** A schedule on average. */
  mean(name: string): number {
    return this.times(name) / Math.max(1, this.schedules);
  }

  /** What was seen less often than `floors` ask for, a schedule on average. */
  belowFloors(floors: Readonly<Record<string, number>>): readonly string[] {
    return Object.entries(floors)
      .filter(([name, floor]) => this.times(name) < floor * this.schedules)
      .map(([name, floor]) => `${name}: ${this.times(name)} < ${floor * this.schedules}`);
  }

  /** The rules that decided something in less than this part of all schedules. */
  idleRules(part: number): readonly Rule[] {
    return RULES.filter((rule) => this.decidedIn(rule) < part * this.schedules);
  }

  print(): string {
    const percent = (part: number): string => `${((100 * part) / Math.max(1, this.schedules)).toFixed(1)} %`;
    const rules = RULES.map((rule) => `  ${rule.padEnd(11)} ${percent(this.decidedIn(rule)).padStart(7)}`);
    const counts = [...this.#counts].sort(([a], [b]) => a.localeCompare(b));
    return [
      `${this.schedules} schedules of ${this.mean('steps').toFixed(0)} steps, ${this.mean('participants').toFixed(1)} participants, ` +
        `${this.mean('action: join').toFixed(1)} joins, ${this.mean('action: leave').toFixed(1)} leaves, ` +
        `${this.mean('faults').toFixed(1)} faults each on average`,
      'decided something in so many of them:',
      ...rules,
      ...counts.map(([name, count]) => `  ${name}: ${count}`),
    ].join('\n');
  }
}
