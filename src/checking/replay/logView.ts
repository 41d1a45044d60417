import { refusal } from '../../protocol/counts.ts';
import type { CommitEntry, Entry, Placed } from '../../protocol/entry.ts';
import { step } from '../../protocol/step.ts';
import { emptyView, type View } from '../../protocol/view.ts';
import { equalValues, type TlaValue } from '../../trace/value.ts';
import type { ModelConstants } from '../model/constants.ts';
import type { History } from './epochs.ts';
import { entryText, type Driver, type Sent } from './participant.ts';

/** What follows from a log as it is, whoever has read it. */
export interface EndOfLog {
  /** By seniority. */
  readonly roster: readonly string[];
  readonly history: History;
}

/** What counts on a log and must not: an invariant of `Adversary.tla` that is about the log alone. */
export interface LogFault {
  /**
   * - `lingers`: a commit leaves or lets somebody in who had left (`NobodyLingers`, `NobodyReturns`).
   * - `repeated`: an entry counts again (`EntriesCountOnce`).
   * - `unwitnessed`: an entry counts on another log than the one that it was drafted on (`BranchesNeverMerge`).
   */
  readonly kind: 'lingers' | 'repeated' | 'unwitnessed';
  /** Who stays in, of those who linger. */
  readonly who: readonly string[];
  readonly text: string;
}

type Observed<Content> = Pick<Driver<Content>, 'origin' | 'placed' | 'historyOf' | 'nameOf'>;

/** One log of a replay: its entries, and the production view of it, folded as it grows. */
export class LogView<Content> {
  readonly entries: Sent<Content>[] = [];
  /** Everything that counts on it and must not. */
  readonly faults: LogFault[] = [];
  readonly #driver: Observed<Content>;
  readonly #protocol: Pick<ModelConstants, 'rules' | 'batchLimit'>;
  /** At each position. */
  readonly #hashes: string[];
  readonly #counted: TlaValue[] = [];
  #view: View;
  #end: EndOfLog | null = null;

  constructor(driver: Observed<Content>, { rules, batchLimit }: ModelConstants) {
    this.#driver = driver;
    this.#protocol = { rules, batchLimit };
    this.#view = emptyView(driver.origin);
    this.#hashes = [driver.origin];
  }

  get length(): number {
    return this.entries.length;
  }

  get view(): View {
    return this.#view;
  }

  /** The hash of the log when it had `n` entries; of all of it where it has fewer. */
  hashAt(n: number): string {
    return this.#hashes[Math.min(n, this.length)] ?? '';
  }

  get end(): EndOfLog {
    return (this.#end ??= {
      roster: this.#view.roster.map((id) => this.#driver.nameOf(id)),
      history: this.#driver.historyOf(this.#view),
    });
  }

  /** Whether somebody moves to another epoch by this entry. */
  append(sent: Sent<Content>): boolean {
    const before = this.#view;
    const placed = this.#driver.placed(before, sent.content);
    const { view, moves, refusal: refused } = step(this.#protocol, before, placed);
    this.entries.push(sent);
    this.#hashes.push(placed.hash);
    this.#view = view;
    this.#end = null;
    if (refused === null) this.#judge(placed, sent.value, before);
    return moves;
  }

  /** Whether an entry would count here. */
  counts(content: Content): boolean {
    return refusal(this.#protocol, this.#view, this.#driver.placed(this.#view, content).entry) === null;
  }

  #judge({ entry }: Placed, value: TlaValue, before: View): void {
    const found = (kind: LogFault['kind'], text: string, who: readonly string[] = []): void =>
      void this.faults.push({ kind, text, who });
    if (entry.kind === 'commit') {
      const who = this.#lingering(entry, before).map((id) => this.#driver.nameOf(id));
      if (who.length > 0)
        found(
          'lingers',
          `${who.join(' and ')} had left, and is in the group behind ${entryText(value)}`,
          who,
        );
    }
    if (!isDrafted(entry)) return;
    if (this.#counted.some((other) => equalValues(other, value)))
      found('repeated', `${entryText(value)} counts a second time`);
    this.#counted.push(value);
    if (entry.at > this.length || this.#hashes[entry.at] !== entry.on)
      found('unwitnessed', `${entryText(value)} counts on a log that it was not drafted on`);
  }

  /** `HadLeft` and in the roster behind a commit, though it could have been removed. */
  #lingering({ adds, removes }: CommitEntry, before: View): readonly string[] {
    const hadLeft = (p: string): boolean => (before.leftAt[p] ?? Infinity) <= before.changedAt;
    const members = before.roster.filter(hadLeft);
    const stay = members.length > this.#protocol.batchLimit ? [] : members;
    return [...stay.filter((p) => !removes.includes(p)), ...adds.filter(hadLeft)];
  }
}

const isDrafted = (entry: Entry): entry is Entry & { readonly at: number; readonly on: string } =>
  'at' in entry;
