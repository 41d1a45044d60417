/** A page by its keyboard only. */
import type { Page } from 'playwright-core';

/** What has the focus, by its data-testid, else its tag; and whether that can be seen. */
interface Focus {
  readonly id: string;
  readonly seen: boolean;
}

const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      id: element.getAttribute('data-testid') ?? element.tagName.toLowerCase(),
      seen: outlineStyle !== 'none' && outlineWidth !== '0px',
    };
  });

/** More presses than a screen has things to reach. */
const MOST_TABS = 60;

/** Presses Tab until this has the focus. Gives what had it on the way, itself included. Rejects where one is not seen to have it. */
export async function tabTo(page: Page, id: string): Promise<string[]> {
  const way: string[] = [];
  while (way.length < MOST_TABS) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    way.push(focus.id);
    if (!focus.seen && focus.id !== 'body') throw new Error(`nothing shows that ${focus.id} has the focus`);
    if (focus.id === id) return way;
  }
  throw new Error(`Tab does not lead to ${id}, but to ${way.join(', ')}`);
}
