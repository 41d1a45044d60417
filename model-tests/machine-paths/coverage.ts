/** What real participants did on their paths, by name. */
export class Coverage {
  paths = 0;
  steps = 0;
  /** Pairs of groups whose histories and authenticators were compared; and those of them with different histories. */
  pairs = 0;
  apart = 0;
  /** Visits of each state node; nodes around others count, too. */
  readonly nodes = new Map<string, number>();
  /** Transitions taken: `from --event--> to`, the event with all that its name says. */
  readonly transitions = new Map<string, number>();
  /** Transitions of the machine's definition taken: `from --type of event--> to`. */
  readonly defined = new Map<string, number>();
  /** Guards, and whether they let what the participant was told to do happen: `canFound: yes`. */
  readonly guards = new Map<string, number>();
  /** Why participants were dead: the error that the core threw. */
  readonly causes = new Map<string, number>();
  /** Calls of MLS cores. */
  readonly calls = new Map<string, number>();

  static add(map: Map<string, number>, name: string): void {
    map.set(name, (map.get(name) ?? 0) + 1);
  }

  print(): string {
    const lines = (map: ReadonlyMap<string, number>): string[] =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `  ${name}  ${times}`);
    return [
      `${this.paths} paths, ${this.steps} steps, ${this.pairs} pairs of groups compared, ${this.apart} of them apart`,
      `${this.nodes.size} state nodes, with their visits:`,
      ...lines(this.nodes),
      `${this.defined.size} transitions of the definition, in each state node:`,
      ...lines(this.defined),
      `${this.transitions.size} transitions by what was read and what became of it:`,
      ...lines(this.transitions),
      'guards of commands, and what they said:',
      ...lines(this.guards),
      'calls of the MLS core:',
      ...lines(this.calls),
      'dead, because of:',
      ...lines(this.causes),
    ].join('\n');
  }
}
