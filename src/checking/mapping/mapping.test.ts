/** The mapping holds as the repository is, and one name that changes on one side is found. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { placesIn } from './codePlaces.ts';
import { colouredTla, colouredTypeScript } from './colours.ts';
import { mapSpec, type MappingSources } from './mapping.ts';
import { markdownOf } from './markdown.ts';
import { pageOf } from './page.ts';
import { REPOSITORY } from '../repository.ts';
import { readSources, SPEC_FILE } from './readSources.ts';
import { definitionsIn } from './specDefinitions.ts';

let sources: MappingSources;
let spec: string;
beforeAll(() => {
  sources = readSources();
  spec = readFileSync(join(REPOSITORY, SPEC_FILE), 'utf8');
});
const withSpec = (change: (text: string) => string): MappingSources => ({
  ...sources,
  definitions: definitionsIn(change(spec)),
});
const problemsOf = (of: MappingSources): readonly string[] => {
  const { unmapped, stale } = mapSpec(of);
  return [...unmapped, ...stale];
};

test('every action, rule and transition is mapped, no link is stale, and spec/MAPPING.md says so', () => {
  const mapping = mapSpec(sources);
  const mapped = mapping.rows.filter(({ code }) => code.length > 0);
  const of = (kind: string): number =>
    mapping.rows.filter(({ definition }) => definition.kind === kind).length;
  console.log(
    `${mapping.rows.length} definitions, ${mapped.length} in the code; ${of('action')} actions, ${of('rule')} rules`,
  );
  expect(problemsOf(sources)).toEqual([]);
  expect([of('action'), of('rule')]).toEqual([12, 12]);
  expect(of('property')).toBeGreaterThanOrEqual(4);
  expect(mapped.length).toBeGreaterThanOrEqual(45);
  for (const { definition, tests, traces } of mapping.rows) {
    if (definition.kind !== 'action' && definition.kind !== 'rule') continue;
    expect(tests, definition.name).not.toEqual([]);
    expect(traces, definition.name).not.toEqual([]);
  }
  const written = readFileSync(join(REPOSITORY, 'spec/MAPPING.md'), 'utf8').replaceAll('\r\n', '\n');
  expect(written, 'run `npm run map`').toBe(markdownOf(mapping));
});

describe('what changes on one side only is found', () => {
  const renamed = (from: string, to: string): MappingSources =>
    withSpec((text) => text.replace(new RegExp(`\\b${from}\\b`, 'g'), to));

  test('a definition, an action and a rule of the spec', () => {
    expect(problemsOf(renamed('IsJustified', 'IsRight'))).toEqual([
      expect.stringMatching(/^src\/protocol\/counts\.ts:\d+: the spec has no IsJustified$/),
    ]);
    expect(problemsOf(renamed('HandOver', 'PassOn'))).toEqual(
      expect.arrayContaining([
        'action PassOn: no code names it',
        'event handOver of the machine: no action of the spec',
      ]),
    );
    expect(problemsOf(renamed('Witnessed', 'Seen'))).toEqual(
      expect.arrayContaining([
        'rule Seen: no code names it',
        'rule Witnessed of the code: not in the spec',
        'rule Seen of the spec: not in the code',
      ]),
    );
  });

  test('a doc comment, a rule and an event of the code', () => {
    const places = sources.places.filter(({ names }) => !names.includes('DeclareGone'));
    expect(problemsOf({ ...sources, places })).toEqual(['action DeclareGone: no code names it']);
    expect(problemsOf({ ...sources, rules: [...sources.rules, 'Polite'] })).toEqual([
      'rule Polite of the code: not in the spec',
    ]);
    expect(problemsOf({ ...sources, events: [...sources.events, 'wave'] })).toEqual([
      'event wave of the machine: no action of the spec',
    ]);
  });

  test('a line that moves makes the page another one', () => {
    const before = markdownOf(mapSpec(sources));
    expect(markdownOf(mapSpec(withSpec((text) => `\n${text}`)))).not.toBe(before);
  });
});

describe('what is read of the sources', () => {
  test('places name definitions and rules in doc comments, and rules where they are asked for', () => {
    const code = [
      '/** `Step`: what comes of it (RFC 9420 section 12.4). */',
      'export const step = (rules: Rules) => rules.Current;',
      '/** No name. */',
      'function other() { return 1; }',
      'class Room {',
      '  /** Appends it (rule Takeover). */',
      '  append() { return 2; }',
      '}',
    ].join('\n');
    expect(placesIn('a.ts', code)).toMatchObject([
      { name: 'step', line: 2, names: ['Step'], rules: ['Current'] },
      { name: 'append', line: 7, names: [], rules: ['Takeover'] },
    ]);
  });

  test('code is coloured, and nothing of it is markup', () => {
    expect(colouredTla('IF a < 1 THEN "x<y" \\* why')).toBe(
      '<span class="keyword">IF</span> a &lt; <span class="number">1</span> <span class="keyword">THEN</span> ' +
        '<span class="string">&quot;x&lt;y&quot;</span> <span class="comment">\\* why</span>',
    );
    expect(colouredTypeScript('const View2 = x1 && `<b>`;')).toContain(
      '<span class="string">`&lt;b&gt;`</span>',
    );
  });

  test('the page leads from each definition to those that it uses, and back', () => {
    const page = pageOf(mapSpec(sources));
    const ids = new Set([...page.matchAll(/<article id="(\w+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#(\w+)"/g)].map(([, id]) => id);
    expect(ids.size).toBeGreaterThan(80);
    expect(links.length).toBeGreaterThan(300);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
    expect(page).not.toContain('<script');
    expect(page).toMatch(/id="Counts"[\s\S]*Used by: .*<a href="#Step">Step<\/a>/);
  });
});
