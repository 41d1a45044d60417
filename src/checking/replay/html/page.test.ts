import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMlsInNode } from '../../../mls/node.ts';
import { readItf } from '../../../trace/index.ts';
import { configText, constantsIn } from '../input/config.ts';
import { replay } from '../replay.ts';
import type { Replay } from '../result.ts';
import { scheduleOf } from '../schedule.ts';
import { escapeHtml, scriptJson } from './escape.ts';
import { pageOf } from './page.ts';

const TRACE = new URL('../../../../traces/no-fresh-removed.itf.json', import.meta.url);
const HOSTILE = `<script>alert('1')</script>&"`;

let result: Replay;
let page: string;

beforeAll(async () => {
  loadMlsInNode();
  const constants = constantsIn(await configText('no-fresh-removed'));
  result = await replay(scheduleOf(readItf(readFileSync(TRACE, 'utf8')), constants));
  page = pageOf({ title: HOSTILE, description: HOSTILE, withRules: false }, result);
});

const inside = (tag: string): string[] =>
  [...page.matchAll(new RegExp(`<${tag}([^>]*)>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, , text = '']) => text);

describe('the page of a replay', () => {
  it('asks nobody for anything: its policy allows its own style and script, and nothing else', () => {
    expect(page).not.toMatch(/\b(?:src|href|action|srcset|poster)=|url\(|@import|\bimport\b|fetch\(|https?:/);
    const [policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.slice(1) ?? [];
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [style = ''] = inside('style');
    const script = inside('script').at(-1) ?? '';
    expect(style.length).toBeGreaterThan(1_000);
    expect(script.length).toBeGreaterThan(1_000);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(style)}`,
      `script-src ${hash(script)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/ style="| on\w+="/);
  });

  it('has a row for each step and a column for each participant, without a script', () => {
    const body = inside('tbody').at(-1) ?? '';
    const rows = body.split('</tr>').filter((row) => row.trim() !== '');
    expect(rows).toHaveLength(result.rows.length);
    for (const row of rows) expect(row.match(/<td/g)).toHaveLength(2 + result.before.length + 1);
    expect(page).toContain('<section class="stage" id="stage" aria-label="One step" hidden>');
    const [verdict = ''] = /<p class="verdict leaked">.*?<\/p>/.exec(page) ?? [];
    expect(verdict).toContain('leaked at step 16');
    expect(rows.at(-1)).toContain('<span class="note leak">open: p1 (removed) still opens p2</span>');
  });

  it('marks what it shows with the colours of epochs', () => {
    const chips = [...page.matchAll(/class="chip c(\d+)">(e\d+ [0-9a-f]{8})</g)];
    const colours = new Map(chips.map(([, colour = '', text = '']) => [text, colour]));
    expect(colours.size).toBe(2);
    expect(new Set(colours.values()).size).toBe(2);
  });

  it('escapes what is not its own', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;');
    expect(escapeHtml(HOSTILE)).not.toMatch(/[<>"']/);
    expect(scriptJson({ text: HOSTILE })).not.toContain('<');
    expect(JSON.parse(scriptJson({ text: HOSTILE }))).toEqual({ text: HOSTILE });
  });

  it('is not made of more than a browser can show', () => {
    const rows = Array.from({ length: 100_001 }, () => result.rows[0]!);
    expect(() => pageOf({ title: '', description: '', withRules: false }, { ...result, rows })).toThrow(
      expect.objectContaining({ code: 'replay/too-large' }),
    );
  });
});
