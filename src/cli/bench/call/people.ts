/** Four people in four pages of one browser, in one call. */
import type { Browser, Page } from 'playwright-core';
import { ASK_FLOW, PREPARE, type Flow } from './in-page.ts';

export const PEOPLE = ['Anna', 'Ben', 'Cleo', 'Dave'] as const;
/** Milliseconds that anything may take on a busy machine. */
const PATIENCE = 90_000;

async function join(browser: Browser, url: string, name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(PREPARE);
  await page.goto(url);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('devices-camera-and-microphone').check();
  await page.getByTestId('join').click();
  await page.getByTestId('call').waitFor();
  return page;
}

export const flowsOf = (pages: readonly Page[]): Promise<Flow[]> =>
  Promise.all(pages.map((page): Promise<Flow> => page.evaluate(ASK_FLOW)));

/** Resolves when each sees and hears all others. Rejects where that does not come about. */
export async function startCall(browser: Browser, url: string): Promise<readonly Page[]> {
  const first = await join(browser, url, PEOPLE[0]);
  const link = await first.getByTestId('link').inputValue();
  const pages = [first];
  for (const name of PEOPLE.slice(1)) pages.push(await join(browser, link, name));
  const others = pages.length - 1;
  const ends = performance.now() + PATIENCE;
  for (;;) {
    const flows = await flowsOf(pages);
    if (flows.every(({ pictures, sounds }) => pictures >= others && sounds >= others)) return pages;
    if (performance.now() > ends)
      throw new Error(`not everybody sees and hears all others: ${JSON.stringify(flows)}`);
    await new Promise((later) => setTimeout(later, 500));
  }
}
