import type { CodePlace } from './codePlaces.ts';
import type { Mapped, Mapping } from './mapping.ts';
import type { Definition, DefinitionKind } from './specDefinitions.ts';

/** In this order, under these headings. */
export const KINDS: Readonly<Record<DefinitionKind, string>> = {
  action: 'Actions',
  rule: 'Rules',
  definition: 'Definitions',
  property: 'Properties',
};

const HEADINGS = ['in the spec', 'in the code', 'tests', 'RFC', 'traces'];

const codeLink = ({ file, line, name }: CodePlace): string => `[\`${name}\`](../${file}#L${line})`;
const testLink = (file: string): string => `[${file.split('/').at(-1) ?? file}](../${file})`;
const traceLink = (name: string): string => `[${name}](../traces/${name}.itf.json)`;
const specLink = ({ name, line, end }: Definition): string =>
  `[\`${name}\`](DesignatedCommitter.tla#L${line}${end > line ? `-L${end}` : ''})`;

function row({ definition, code, tests, sections, traces }: Mapped): string {
  const cells = [
    specLink(definition),
    code.map(codeLink).join(', '),
    tests.map(testLink).join(', '),
    sections.map((it) => it.replace('RFC ', '').replace(' section ', ', ')).join('; '),
    traces.map(traceLink).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The mapping as `spec/MAPPING.md`. Definitions that are the spec's alone are named in one line, without a row. */
export function markdownOf({ rows }: Mapping): string {
  const sections = (Object.keys(KINDS) as DefinitionKind[]).map((kind) => {
    const all = rows.filter(({ definition }) => definition.kind === kind);
    const shown = all.filter(
      ({ code, tests }) => code.length > 0 || (kind !== 'definition' && tests.length > 0),
    );
    const alone = all.filter((it) => !shown.includes(it)).map(({ definition }) => specLink(definition));
    const table = [`| ${HEADINGS.join(' | ')} |`, `|${' --- |'.repeat(HEADINGS.length)}`, ...shown.map(row)];
    return [
      `## ${KINDS[kind]}`,
      table.join('\n'),
      ...(alone.length > 0 ? [`In the spec alone: ${alone.join(', ')}.`] : []),
    ].join('\n\n');
  });
  return [
    '<!-- `npm run map` writes this page, and CI fails where it is not what the sources say. -->',
    '# The spec beside the code',
    [
      'Each definition of [`DesignatedCommitter.tla`](DesignatedCommitter.tla) beside the functions whose doc comments name it, the tests that',
      'name it most often, the sections of RFCs that they cite, and the shortest kept traces that show it: an action where it is taken, a',
      'rule where it is off. `npm run map -- --html FILE.html` writes the same as a page, with the text of both.',
    ].join('\n'),
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}
