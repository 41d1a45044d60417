import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeHtml } from '../replay/html/escape.ts';
import { colouredTla, colouredTypeScript } from './colours.ts';
import type { Mapped, Mapping } from './mapping.ts';
import { KINDS } from './markdown.ts';
import type { DefinitionKind } from './specDefinitions.ts';

const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

const linkTo = (name: string): string => `<a href="#${name}">${name}</a>`;

/** Names of definitions in coloured TLA+ lead to their own article: links both ways. */
const withLinks = (html: string, names: ReadonlySet<string>, own: string): string =>
  html.replace(/<span class="name">(\w+)<\/span>/g, (span, name: string) =>
    names.has(name) && name !== own ? `<a class="name" href="#${name}">${name}</a>` : span,
  );

function article(
  { definition, code, tests, sections, traces }: Mapped,
  names: ReadonlySet<string>,
  usedBy: readonly string[],
): string {
  const { name, kind, comment, text, line } = definition;
  const places = code.map(
    ({ file, line: at, name: own, text: body }) =>
      `<p><code>${escapeHtml(own)}</code> in ${escapeHtml(file)}:${at}</p><pre>${colouredTypeScript(body)}</pre>`,
  );
  const facts = [
    ['Used by', usedBy.map(linkTo).join(', ')],
    ['Tests', tests.map(escapeHtml).join(', ')],
    ['Standards', sections.map(escapeHtml).join(', ')],
    ['Traces', traces.map(escapeHtml).join(', ')],
  ].filter(([, value]) => value !== '');
  return `<article id="${name}">
<h3>${name} <small>${kind}, line ${line}</small></h3>
<p>${escapeHtml(comment)}</p>
<div class="sides"><div><pre>${withLinks(colouredTla(text), names, name)}</pre></div><div>${places.join('\n') || '<p>The spec’s alone.</p>'}</div></div>
${facts.map(([what, value]) => `<p>${what}: ${value}</p>`).join('\n')}
</article>`;
}

/** The mapping as one page, which runs no script and asks nobody for anything. */
export function pageOf({ rows }: Mapping): string {
  const names = new Set(rows.map(({ definition }) => definition.name));
  const usedBy = (name: string): string[] =>
    rows
      .filter(
        ({ definition }) => definition.name !== name && new RegExp(`\\b${name}\\b`).test(definition.text),
      )
      .map(({ definition }) => definition.name);
  const sections = (Object.keys(KINDS) as DefinitionKind[]).map((kind) => {
    const own = rows.filter(({ definition }) => definition.kind === kind);
    return `<h2>${KINDS[kind]}</h2>\n${own.map((it) => article(it, names, usedBy(it.definition.name))).join('\n')}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<title>The spec beside the code</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The spec beside the code</h1>
<nav aria-label="Definitions">${[...names].map(linkTo).join('\n')}</nav>
${sections.join('\n')}
</main>
</body>
</html>
`;
}
