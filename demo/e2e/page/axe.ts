/** What axe-core finds on a page. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type * as Axe from 'axe-core';

declare const axe: typeof Axe;

const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The outcome on one screen, at one width, in one colour scheme. */
export interface AxeReport {
  readonly where: string;
  /** Rules that found something to look at, and nothing wrong with it. */
  readonly passed: number;
  /** `impact rule: selectors`, of every impact. */
  readonly violations: readonly string[];
  /** Elements that axe could not decide on, by rule. */
  readonly undecided: readonly string[];
}

const SIZES = [
  { width: 1_280, height: 800 },
  { width: 390, height: 844 },
];

/** Runs axe over what is on screen, wide and narrow, light and dark; the page is wide and light afterwards. */
export async function axeReports(page: Page, screen: string): Promise<AxeReport[]> {
  // As text through the debugger: the page's own policy lets no other script in.
  await page.evaluate(await readFile(SOURCE, 'utf8'));
  const reports: AxeReport[] = [];
  for (const size of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => {
        const { passes, violations, incomplete } = await axe.run(document);
        const told = ({ impact, id, nodes }: Axe.Result): string =>
          `${impact ?? 'none'} ${id}: ${nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`).join(', ')}`;
        return { passed: passes.length, violations: violations.map(told), undecided: incomplete.map(told) };
      });
      const where = `${screen} ${size.width} ${colorScheme}`;
      await page.screenshot({ path: `test-results/axe-${where.replaceAll(' ', '-')}.png` });
      reports.push({ where, ...found });
    }
  await page.setViewportSize(SIZES[0]!);
  await page.emulateMedia({ colorScheme: 'light' });
  return reports;
}
