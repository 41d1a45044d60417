import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ReplayError } from '../errors.ts';
import { totalOf, type Replay } from '../result.ts';
import { pageData, type PageData, type ShownSight, type ShownStep } from './data.ts';
import { escapeHtml, scriptJson } from './escape.ts';

/** What the page is of. */
export interface PageOptions {
  readonly title: string;
  /** A sentence for people; may be empty. */
  readonly description: string;
  /** All rules were on, whatever the trace's are. */
  readonly withRules: boolean;
}

/** Cells of one page's table, at most. */
export const PAGE_CELLS = 200_000;

const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('./stepThrough.mjs', import.meta.url), 'utf8');

/**
 * A replay as one page: a table of all steps, and a stage to go through them one by one. It asks nobody for anything,
 * runs no script but its own, and is the table alone where it may run none. Throws ReplayError `replay/too-large`.
 */
export function pageOf(options: PageOptions, replay: Replay): string {
  if (replay.rows.length * replay.before.length > PAGE_CELLS) {
    throw new ReplayError('replay/too-large', `too large for a page: more than ${PAGE_CELLS} cells`);
  }
  const { title, description, withRules } = options;
  const data = pageData(replay);
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  const { step, verdict, reason } = replay;
  const where = step === null ? '' : ` at step ${step}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}: ${escapeHtml(verdict)}${where}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${description === '' ? '' : `<p class="description">${escapeHtml(capital(description))}</p>`}
<p class="verdict ${verdict}"><strong>${escapeHtml(verdict)}${where}</strong> <span>${escapeHtml(reason)}</span></p>
<p class="counts">${escapeHtml(countsOf(replay))}${withRules ? ' · all rules on' : ''}</p>
</header>
${STAGE}
<main>
${tableOf(data)}
</main>
<script type="application/json" id="data">${scriptJson({ ...data, damage: step })}</script>
<script type="module">${SCRIPT}</script>
</body>
</html>
`;
}

/** As CSP names an inline style or script. */
const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function countsOf(replay: Replay): string {
  const { steps, pairs, openings } = totalOf(replay);
  return [
    `${steps} steps of production machines over real MLS groups (${replay.driver})`,
    `${pairs} pairs of groups compared`,
    `${openings.opened} frames opened by members`,
    `${openings.refused} refused to others`,
  ].join(' · ');
}

/** Empty, and shown by the script. */
const STAGE = `<section class="stage" id="stage" aria-label="One step" hidden>
<div class="controls">
<button id="first" title="To the start (Home)" aria-label="To the start">|◀</button>
<button id="back" title="One step back (←)" aria-label="One step back">◀</button>
<input id="slider" type="range" min="0" value="0" aria-label="Step">
<button id="on" title="One step on (→)" aria-label="One step on">▶</button>
<button id="last" title="To the end (End)" aria-label="To the end">▶|</button>
<button id="damage" title="To the step of the verdict (d)">verdict</button>
<output id="number"></output>
</div>
<p class="sentence" id="sentence" aria-live="polite"></p>
<div class="scene">
<div class="left">
<div class="people" id="people"></div>
<div id="logs"></div>
</div>
<div class="right">
<h2>Who opens whose frames</h2>
<table class="openings" id="openings"><caption>a row protects, a column opens</caption><tbody></tbody></table>
<ul class="legend">
<li><b class="o"></b>opens: keys of the same epoch</li>
<li><b class="leak"></b>opens, though it was removed</li>
<li><b class="k"></b>only with keys that it has erased</li>
<li><b class="s"></b>refused by the cipher</li>
<li><b class="n"></b>never had a key</li>
</ul>
</div>
</div>
</section>`;

function tableOf({ names, steps, sights }: PageData): string {
  const head = ['#', 'action', 'log', ...names, '']
    .map((text) => `<th scope="col">${escapeHtml(text)}</th>`)
    .join('');
  const rows = steps
    .slice(1)
    .map((step, i) => rowOf(step, steps[i]!, sights))
    .join('\n');
  return `<table class="steps" id="steps">
<caption>Each step: what every participant is, how far it has read (@), its epoch and the first digits of its epoch authenticator</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
}

function rowOf(step: ShownStep, before: ShownStep, sights: readonly ShownSight[]): string {
  const kinds = step.notes.map(({ kind }) => kind).join(' ');
  const cells = step.sights.map((number, i) => {
    const classes = [...(i === step.who ? ['actor'] : []), ...(number === before.sights[i] ? ['same'] : [])];
    return `<td${classes.length === 0 ? '' : ` class="${classes.join(' ')}"`}>${cellOf(sights[number]!)}</td>`;
  });
  const notes = step.notes.map(({ kind, text }) => `<span class="note ${kind}">${escapeHtml(text)}</span>`);
  const lengths = step.lengths.join('|');
  const length = lengths === before.lengths.join('|') ? '' : ' class="grown"';
  return `<tr id="step-${step.step}" class="${kinds}"><th scope="row">${step.step}</th><td title="${escapeHtml(step.sentence)}">${escapeHtml(step.action)}</td><td${length}>${lengths}</td>${cells.join('')}<td class="notes">${notes.join(' ')}</td></tr>`;
}

function cellOf({ state, position, group, away }: ShownSight): string {
  if (state === 'outside') return '';
  const where = position === 0 ? '' : `<i>@${position}</i>`;
  const text = `<span class="state${away ? ' away' : ''}">${escapeHtml(state)}</span>${where}`;
  if (group === null) return text;
  return `${text}<span class="chip c${group.colour}">e${group.epoch} ${escapeHtml(group.digits)}</span>`;
}
