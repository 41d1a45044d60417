import type { Action } from './commands.ts';
import type { Watch } from './properties.ts';
import type { Simulation } from './simulation.ts';

/** What a check must have seen at least, a schedule on average, so that it cannot pass on nothing. */
const FLOORS = {
  steps: 60,
  entries: 12,
  'read: commit': 3,
  'read: found': 1,
  comparisons: 20,
  epochs: 2,
  'kept out of an epoch': 0.1,
  'all together at the end': 0.5,
  'refused: Current': 0.1,
} as const;

/** Counts over many schedules. */
export class Statistics {
  schedules = 0;
  readonly #counts = new Map<string, number>();

  #add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  happened(action: Action | null): void {
    this.#add(action === null ? 'commands without effect' : 'steps');
    if (action !== null) this.#add(`action: ${action}`);
  }

  ended(simulation: Simulation, watch: Watch): void {
    this.schedules++;
    const { people, running, scene } = simulation;
    this.#add('entries', scene.entries.length);
    this.#add('epochs', watch.epochs);
    this.#add('comparisons', watch.comparisons);
    this.#add('kept out of an epoch', watch.keptOut);
    this.#add('crashes told', simulation.crashesTold);
    this.#add('all together at the end', running.length > 0 ? 1 : 0);
    const longest = Math.max(0, ...running.map((it) => it.participant.view.history.length));
    this.#add('longest history', longest);
    const judged = new Set<number>();
    for (const { steps } of people) {
      for (const { placed, refusal } of steps) {
        if (placed === null || judged.has(placed.position)) continue;
        judged.add(placed.position);
        this.#add(refusal === null ? `read: ${placed.entry.kind}` : `refused: ${refusal}`);
      }
    }
  }

  times(action: Action): number {
    return this.#counts.get(`action: ${action}`) ?? 0;
  }

  get crashesTold(): number {
    return this.#counts.get('crashes told') ?? 0;
  }

  belowFloors(): readonly string[] {
    return Object.entries(FLOORS)
      .filter(([name, floor]) => (this.#counts.get(name) ?? 0) < floor * this.schedules)
      .map(([name, floor]) => `${name}: ${this.#counts.get(name) ?? 0} < ${floor * this.schedules}`);
  }

  print(): string {
    const lines = [...this.#counts].sort(([a], [b]) => a.localeCompare(b));
    return [`${this.schedules} schedules`, ...lines.map(([name, count]) => `  ${name}: ${count}`)].join('\n');
  }
}
