import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { guardText, type Row } from './Case.ts';

const GUIDE = fileURLToPath(new URL('../../spec/guide/adversary.md', import.meta.url));
const HEADINGS = [
  ...['by', 'what it does', 'guard', 'prevented', 'seen by who reads it', 'when', 'what remains possible'],
  'spec',
];

const isOfParticipant = (sign: string): boolean => /^(?:dead|evicted|ServiceFault)/.test(sign);

/** What there is to see of a misdeed, in words. */
function seenText({ seen, then }: Row): string {
  const sign = seen === '' ? 'nothing' : isOfParticipant(seen) ? seen : `counts for nothing: ${seen}`;
  return then === undefined ? sign : `${sign}; ${then}`;
}

/** The table of misdeeds, as it stands in the guide. What is prevented is what happens without the guard. */
export function tableOf(cases: readonly Row[]): string {
  const rows = cases.map((it) => [
    it.by,
    it.action === null ? it.does : `\`${it.action}\`: ${it.does}`,
    guardText(it.guard),
    it.without ?? 'nothing',
    seenText(it),
    it.when ?? 'at that entry',
    it.remains,
    `\`${it.spec}\``,
  ]);
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The table that the guide has; empty where it has none. */
export async function tableInGuide(): Promise<string> {
  const text = (await readFile(GUIDE, 'utf8')).replaceAll('\r\n', '\n');
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${HEADINGS.slice(0, 3).join(' | ')} |`));
  if (from === -1) return '';
  const to = lines.findIndex((line, i) => i > from && !line.startsWith('|'));
  return lines.slice(from, to === -1 ? undefined : to).join('\n');
}
