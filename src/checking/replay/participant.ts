import type { ParticipantSnapshot } from '../../machine/machine.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import type { Placed } from '../../protocol/entry.ts';
import type { View } from '../../protocol/view.ts';
import { apply, modelValue, record, sequence, type TlaValue } from '../../trace/value.ts';
import { historyValue, type Epochs, type History } from './epochs.ts';
import type { ModelConstants } from '../model/constants.ts';

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
  /** Reads the next entry of the log. */
  read(content: Content): void;
}

/** A way to run participants. */
export interface Driver<Content> {
  /** What it is, for people. */
  readonly description: string;
  create(name: string): { readonly participant: ReplayedParticipant<Content>; readonly join: Content };
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

/** What a driver is made with. */
export interface DriverOptions {
  readonly constants: ModelConstants;
  readonly epochs: Epochs;
  readonly createMls: (participant: string) => MlsGroup;
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
