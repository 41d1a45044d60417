import type { ParticipantSnapshot } from '../../machine/machine.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import type { Placed } from '../../protocol/entry.ts';
import type { View } from '../../protocol/view.ts';
import { apply, modelValue, record, sequence, type TlaValue } from '../../trace/value.ts';
import type { ReplayConstants } from './constants.ts';
import { historyValue, type Epochs, type History } from './epochs.ts';
import type { Lie } from './told.ts';

/** What a participant is told to do. */
export type Command = 'found' | 'commit' | 'handOver' | 'claim' | 'leave';

/** An entry on its way: what the spec says it is, and what it is made of here. */
export interface Sent<Content> {
  readonly value: TlaValue;
  readonly content: Content;
}

/** A participant of a replay: the production machine over the real MLS core. */
export interface ReplayedParticipant<Content> {
  readonly snapshot: ParticipantSnapshot;
  readonly mls: MlsGroup;
  /** Its founding and commits that counted, by its view. */
  readonly viewHistory: History;
  /** What it sends, in order; null where its machine does not do it. */
  tell(command: Command): readonly Sent<Content>[] | null;
  /** It was shown an entry of another log than its own. */
  readonly seesSplit: boolean;
  /** Why it cannot follow the log, by its MLS core or by what holds that against the log; null where that is not so. */
  readonly cause: string | null;
  /** Reads the next entry of the log. `spoiled`: its copy of the payload does not do, whatever that of others does. */
  read(content: Content, spoiled?: boolean): void;
}

/** Somebody who follows no rule and reads every log: it has an MLS group for each epoch that it is admitted to. */
export interface Insider<Content> {
  /** Signed by the invite key only where it was invited. */
  readonly join: Content;
  /** Its group of the epoch that a founding or commit leads to; null where it has none. */
  groupAt(id: string | undefined): MlsGroup | null;
  /** Its groups of all epochs. */
  readonly groups: readonly MlsGroup[];
  /**
   * Signs what the trace says that it signs.
   *
   * @param hash of the log that it is drafted on, at that position.
   * @param bad the payload does for nobody.
   */
  sign(lie: Lie, hash: string, bad: boolean): Content;
  /** A founding or commit counts on some log. */
  follow(content: Content): void;
  close(): void;
}

/** A way to run participants. */
export interface Driver<Content> {
  /** What it is, for people. */
  readonly description: string;
  create(name: string): { readonly participant: ReplayedParticipant<Content>; readonly join: Content };
  /** Somebody dishonest. @throws ReplayError `replay/no-wire` where entries are not signed. */
  insider(name: string): Insider<Content>;
  leave(name: string): Content;
  /** An entry that does not verify. */
  void(): Content;
  /** The hash of the empty log. */
  readonly origin: string;
  /** An entry in its place behind a view. */
  placed(view: View, content: Content): Placed;
  /** The founding and commits that counted, by a view. */
  historyOf(view: View): History;
  /** The participant with an id; the id itself where there is none. */
  nameOf(id: string): string;
}

/** An error by its name and code. */
export const causeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error ? `${error.name} ${String(error.code)}` : null;

/** What a driver is made with. */
export interface DriverOptions {
  readonly constants: ReplayConstants;
  readonly epochs: Epochs;
  readonly createMls: (participant: string) => MlsGroup;
  /** A Welcome is held against the joins of the log even where the rule Justified is off. */
  readonly checksWelcome: boolean;
}

/** The spec's record of an entry. */
export function entryValue(
  kind: string,
  author: string,
  fields: {
    readonly at?: number;
    readonly accused?: string;
    readonly parent?: History;
    readonly adds?: readonly string[];
    readonly removes?: readonly string[];
  } = {},
): TlaValue {
  const { at, accused, parent, adds, removes } = fields;
  return record({
    kind,
    author: modelValue(author),
    ...(at !== undefined && { at }),
    ...(accused !== undefined && { accused: modelValue(accused) }),
    ...(parent !== undefined && { parent: historyValue(parent) }),
    ...(adds !== undefined && { adds: sequence(adds.map(modelValue)) }),
    ...(removes !== undefined && { removes: sequence(removes.map(modelValue)) }),
  });
}

const nameIn = (value: TlaValue | undefined): string =>
  typeof value === 'object' && value.kind === 'model' ? value.name : '';
const namesIn = (value: TlaValue | undefined): readonly string[] =>
  typeof value === 'object' && value.kind === 'sequence' ? value.items.map(nameIn) : [];

/** An entry as people read it: `join p2`, `p1 commit@3 +p2 -p3`, `p2 claim@4 against p1`. */
export function entryText(entry: TlaValue): string {
  const kind = apply(entry, 'kind');
  const author = nameIn(apply(entry, 'author'));
  if (typeof kind !== 'string' || kind === 'void') return 'void';
  if (kind === 'join' || kind === 'leave') return `${kind} ${author}`;
  const at = apply(entry, 'at');
  const adds = namesIn(apply(entry, 'adds')).map((name) => ` +${name}`);
  const removes = namesIn(apply(entry, 'removes')).map((name) => ` -${name}`);
  const accused = nameIn(apply(entry, 'accused'));
  const against = accused === '' ? '' : ` against ${accused}`;
  return `${author} ${kind}@${typeof at === 'number' ? at : 0}${adds.join('')}${removes.join('')}${against}`;
}
