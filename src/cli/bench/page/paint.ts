/** When a browser shows the page, and when one can type into its lobby. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { median } from '../../../checking/bench/measure.ts';
import { row, type Row } from '../../../checking/bench/row.ts';

/** Milliseconds from the beginning of the navigation. */
interface Shown {
  readonly paint: number;
  readonly usable: number;
}

/** The page that it is compared with: one word, of the same server. */
const EMPTY =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><p>Empty</p></html>\n';

/** Puts the reference beside the page. */
export const writeReference = (folder: string): Promise<void> => writeFile(join(folder, 'empty.html'), EMPTY);

/** Notes when what matches is there and takes input. Text, since what a loader has made of a function may not run elsewhere. */
const noteUsable = (selector: string): string => `
  new MutationObserver((_, observer) => {
    if (document.querySelector('${selector}') === null) return;
    globalThis.usableAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });`;
const PAINTS = "performance.getEntriesByName('first-contentful-paint')";
const SHOWN = `${PAINTS}.length > 0 && globalThis.usableAt !== undefined && { paint: ${PAINTS}[0].startTime, usable: usableAt }`;

/** Milliseconds that a page may take to be shown. */
const PATIENCE = 30_000;

/** One visit with an empty cache. */
async function visit(browser: Browser, url: string, usable: string): Promise<Shown> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(noteUsable(usable));
    await page.goto(url);
    // Asked from outside: the page's policy lets no text become script in it, so it cannot wait for one itself.
    for (const started = performance.now(); performance.now() - started < PATIENCE;) {
      const shown = await page.evaluate<Shown | false>(SHOWN);
      if (shown !== false) return shown;
      await new Promise((later) => setTimeout(later, 20));
    }
    throw new Error(`${url} is not shown`);
  } finally {
    await context.close();
  }
}

/** Visits page and reference in turns, after one visit of each that does not count. Medians. */
export async function paintRows(
  browser: Browser,
  url: string,
  runs: number,
  onRun: (run: number) => void,
): Promise<Row[]> {
  const ours: Shown[] = [];
  const empty: Shown[] = [];
  for (let run = 0; run <= runs; run += 1) {
    onRun(run);
    const one = await visit(browser, `${url}/`, '[data-testid=join]:not(:disabled)');
    const other = await visit(browser, `${url}/empty.html`, 'p');
    if (run === 0) continue;
    ours.push(one);
    empty.push(other);
  }
  const figure = (name: string, of: keyof Shown): Row =>
    row({
      case: name,
      unit: 'ms',
      ours: median(ours.map((it) => it[of])),
      reference: median(empty.map((it) => it[of])),
      repetitions: [ours.length, empty.length],
    });
  return [
    figure('first contentful paint', 'paint'),
    figure('the lobby takes a name; the word is there', 'usable'),
  ];
}
