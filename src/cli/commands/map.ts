import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapSpec } from '../../checking/mapping/mapping.ts';
import { markdownOf } from '../../checking/mapping/markdown.ts';
import { pageOf } from '../../checking/mapping/page.ts';
import { readSources } from '../../checking/mapping/readSources.ts';
import { REPOSITORY } from '../../checking/repository.ts';
import { printJson, readArguments } from '../options.ts';

const FILE = 'spec/MAPPING.md';

export const USAGE = `committer map [--check] [--html FILE.html] [--json]

Sets each definition of the spec beside the code whose doc comments name it, tests, RFC sections and traces, and writes ${FILE}.
  --check           writes nothing: fails where ${FILE} is not what the sources say
  --html FILE.html  the same as a page, with the text of both
  --json            the result as one JSON object, on the last line`;

/** Exit code 0: all actions, rules and transitions are mapped, and no link is stale; 1: not. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {
    check: { type: 'boolean', default: false },
    html: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { check, html, json } = line.values;
  const mapping = mapSpec(readSources());
  const path = join(REPOSITORY, FILE);
  const text = markdownOf(mapping);
  const problems = [...mapping.unmapped, ...mapping.stale];
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8').replaceAll('\r\n', '\n') !== text)
    problems.push(`${FILE} is not what the sources say: run \`npm run map\``);
  if (html !== undefined) writeFileSync(html, pageOf(mapping));
  const mapped = mapping.rows.filter(({ code }) => code.length > 0).length;
  console.log(`${mapping.rows.length} definitions, ${mapped} of them in the code`);
  for (const problem of problems) console.log(problem);
  const { unmapped } = mapping;
  printJson(json, {
    definitions: mapping.rows.length,
    ...{ mapped, unmapped: unmapped.length, stale: problems.length - unmapped.length },
  });
  return Promise.resolve(problems.length === 0 && mapped > 0 ? 0 : 1);
}
