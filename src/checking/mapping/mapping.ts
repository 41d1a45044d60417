import type { SourceText } from '../repository.ts';
import type { CodePlace } from './codePlaces.ts';
import type { Definition } from './specDefinitions.ts';

/** A kept trace: which rules are off in it, and how often each action is taken. */
export interface TraceFacts {
  readonly name: string;
  readonly rules: readonly string[];
  readonly actions: ReadonlyMap<string, number>;
}

/** A definition of the spec beside all that is of it. */
export interface Mapped {
  readonly definition: Definition;
  readonly code: readonly CodePlace[];
  /** Files of tests that name it, by how often, the most first. */
  readonly tests: readonly string[];
  /** As `RFC 9420 section 12.4.1`. */
  readonly sections: readonly string[];
  /** Names of kept traces that show it, the shortest first. */
  readonly traces: readonly string[];
}

export interface Mapping {
  readonly rows: readonly Mapped[];
  /** Actions and rules that no code says it is, and events of the machine that no action is. */
  readonly unmapped: readonly string[];
  /** Names of definitions that code gives and the spec does not have, with where. */
  readonly stale: readonly string[];
}

/** All that a mapping is made of. */
export interface MappingSources {
  readonly definitions: readonly Definition[];
  readonly places: readonly CodePlace[];
  /** Names of rules in the code. */
  readonly rules: readonly string[];
  /** The events of the machine. */
  readonly events: readonly string[];
  readonly tests: readonly SourceText[];
  readonly traces: readonly TraceFacts[];
}

const SECTION = /RFC (\d{4}),? sections? ((?:\d+(?:\.\d+)*)(?:(?:,| and) \d+(?:\.\d+)*)*)/g;
/** Files and traces that a row names, at most. */
const MOST = 4;

const withSmallLetter = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Whether what the place does is what the definition says: its doc comment names it; a rule, it may also ask for. */
const isOf = ({ name, kind }: Definition, { names, rules }: CodePlace): boolean =>
  kind === 'rule' ? rules.includes(name) : names.includes(name);

/** What a test says that is of it: its own name in quotes, a call of its function, or that it is of the rule. */
function patternOf({ name, kind }: Definition, code: readonly CodePlace[]): RegExp {
  if (kind !== 'definition') return new RegExp(`['"\`]${name}['"\`]|\\brule ${name}\\b`, 'g');
  const words = code.map((place) => place.name.replace('#', '')).filter((word) => /^\w+$/.test(word));
  return new RegExp(`['"\`]${name}['"\`]|\\b(?:${words.join('|') || name})\\(`, 'g');
}

function testsOf(definition: Definition, code: readonly CodePlace[], tests: readonly SourceText[]): string[] {
  const pattern = patternOf(definition, code);
  return tests
    .map(({ file, text }) => ({ file, count: countOf(text, pattern) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.file.localeCompare(b.file))
    .slice(0, MOST)
    .map(({ file }) => file);
}

function tracesOf({ name, kind }: Definition, traces: readonly TraceFacts[]): string[] {
  const shows = ({ rules, actions }: TraceFacts): boolean =>
    kind === 'rule' ? rules.includes(name) : kind === 'action' && actions.has(name);
  const length = ({ actions }: TraceFacts): number => [...actions.values()].reduce((a, b) => a + b, 0);
  return traces
    .filter(shows)
    .sort((a, b) => length(a) - length(b) || a.name.localeCompare(b.name))
    .slice(0, MOST)
    .map((trace) => trace.name);
}

const sectionsOf = (texts: readonly string[]): string[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(SECTION)].map(([, rfc, at]) => `RFC ${rfc} section ${at}`)),
  ),
];

/** Sets each definition of the spec beside its code, tests, sections and traces. Nothing is listed by hand. */
export function mapSpec(sources: MappingSources): Mapping {
  const { definitions, places, rules, events, tests, traces } = sources;
  const rows = definitions.map((definition): Mapped => {
    const code = places.filter((place) => isOf(definition, place));
    const sections = sectionsOf([definition.comment, ...code.map(({ doc }) => doc)]);
    return {
      definition,
      code,
      sections,
      tests: testsOf(definition, code, tests),
      traces: tracesOf(definition, traces),
    };
  });
  const names = new Set(definitions.map(({ name }) => name));
  const needed = rows.filter(
    ({ definition: { kind }, code }) => (kind === 'action' || kind === 'rule') && code.length === 0,
  );
  const actions = definitions
    .filter(({ kind }) => kind === 'action')
    .map(({ name }) => withSmallLetter(name));
  const specRules = definitions.filter(({ kind }) => kind === 'rule').map(({ name }) => name);
  const unmapped = [
    ...needed.map(({ definition: { kind, name } }) => `${kind} ${name}: no code names it`),
    ...events
      .filter(
        (event) =>
          !actions.includes(event) &&
          !places.some((it) => it.name === event && it.names.some((name) => names.has(name))),
      )
      .map((event) => `event ${event} of the machine: no action of the spec`),
    ...rules
      .filter((rule) => !specRules.includes(rule))
      .map((rule) => `rule ${rule} of the code: not in the spec`),
    ...specRules
      .filter((rule) => !rules.includes(rule))
      .map((rule) => `rule ${rule} of the spec: not in the code`),
  ];
  // A doc comment that begins with a name says that it is that definition.
  const stale = places.flatMap(({ file, line, doc, names: given }) => {
    const [first] = given;
    const claims = first !== undefined && doc.startsWith(`\`${first}\``);
    return claims && !names.has(first) ? [`${file}:${line}: the spec has no ${first}`] : [];
  });
  return { rows, unmapped, stale };
}
