import { type Browser, type Page } from 'puppeteer-core';
import { expectReceivedOn } from '../call/CallPage.ts';
import { installInPage, type InPage, type Observation } from '../call/in-page.ts';
import { type PersonInTest } from '../call/people.ts';

declare const inPage: InPage;

/** One person's page in Firefox, by what is on screen; the part of CallPage that its tests need. */
export class FirefoxPage {
  readonly page: Page;
  readonly person: PersonInTest;
  /** What the page complained of: exceptions and console errors. */
  readonly complaints: string[] = [];

  private constructor(page: Page, person: PersonInTest) {
    this.page = page;
    this.person = person;
  }

  /** Opens the lobby in a context of its own, after `prepare`. */
  static async open(
    browser: Browser,
    url: string,
    person: PersonInTest,
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<FirefoxPage> {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.setViewport({ width: 1_280, height: 800 });
    const opened = new FirefoxPage(page, person);
    await page.evaluateOnNewDocument(installInPage, person);
    await prepare(page);
    page.on('console', (message) => {
      if (message.type() === 'error') opened.complaints.push(message.text());
    });
    await page.goto(url);
    // The empty document before it is no secure context and has no devices to replace.
    page.on('pageerror', (error) => opened.complaints.push(String(error)));
    return opened;
  }

  /** Fills the lobby in, and joins. */
  async enter(): Promise<void> {
    await this.page.locator('[data-testid=name]').fill(this.person.name);
    await this.click('join');
    await this.page.waitForSelector('[data-testid=call]');
  }

  click = (id: string): Promise<void> => this.page.locator(`[data-testid=${id}]`).click();
  /** What an attribute says of what is on screen. */
  attribute = (id: string, name: string): Promise<string | null> =>
    this.page.evaluate(
      (selector, named) => document.querySelector(selector)?.getAttribute(named) ?? null,
      `[data-testid=${id}]`,
      name,
    );
  /** The own participant's id. */
  id = async (): Promise<string> => (await this.attribute('own-tile', 'data-participant')) ?? '';
  observe = (): Promise<Observation[]> => this.page.evaluate(() => inPage.observe());
  code = (): Promise<string> =>
    this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-testid=safety-code] span')]
        .map(({ innerText }) => innerText)
        .join(' '),
    );

  /** Waits until the page sees and hears exactly these people, each authenticated, in pictures that go on. */
  expectReceived = (people: readonly PersonInTest[]): Promise<void> => expectReceivedOn(this, people);

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `test-results/${name}.png` });
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }
}
