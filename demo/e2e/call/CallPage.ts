import { type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { installInPage, type InPage, type Observation } from './in-page.ts';
import { type PersonInTest } from './people.ts';

declare const inPage: InPage;

/** A line of the roster. */
export interface RosterLine {
  readonly id: string;
  readonly name: string;
  readonly standing: string;
  readonly committer: boolean;
}

/** Milliseconds that a condition may take to become true on a busy machine. */
export const PATIENCE = 60_000;
const poll = { timeout: PATIENCE, interval: 250 };

/** One person's page, as a user has it: everything goes through what is on screen. */
export class CallPage {
  readonly page: Page;
  readonly person: PersonInTest;
  /** What the page complained of: exceptions and console errors. */
  readonly complaints: string[] = [];

  private constructor(page: Page, person: PersonInTest) {
    this.page = page;
    this.person = person;
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Opens the lobby in a context of its own, after `prepare`. A certificate that nobody vouches for is accepted. */
  static async open(
    browser: Browser,
    url: string,
    person: PersonInTest,
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<CallPage> {
    const context = await browser.newContext({
      viewport: { width: 1_280, height: 800 },
      ignoreHTTPSErrors: true,
    });
    const page = new CallPage(await context.newPage(), person);
    await page.page.addInitScript(installInPage, person);
    await prepare(page.page);
    await page.page.goto(url);
    return page;
  }

  /** Opens and joins: a new room where the URL has no secret. */
  static async join(browser: Browser, url: string, person: PersonInTest): Promise<CallPage> {
    const page = await CallPage.open(browser, url, person);
    await page.enter();
    return page;
  }

  #at(id: string) {
    return this.page.getByTestId(id);
  }

  /** Fills the lobby in, and joins. */
  async enter(devices = 'camera-and-microphone'): Promise<void> {
    await this.#at('name').fill(this.person.name);
    await this.#at(`devices-${devices}`).check();
    await this.#at('join').click();
    await this.#at('call').waitFor();
  }

  text = (id: string): Promise<string> => this.#at(id).innerText();
  click = (id: string): Promise<void> => this.#at(id).click();
  pressed = async (id: string): Promise<boolean> =>
    (await this.#at(id).getAttribute('aria-pressed')) === 'true';
  link = (): Promise<string> => this.#at('link').inputValue();
  /** The own participant's id. */
  id = async (): Promise<string> => (await this.#at('own-tile').getAttribute('data-participant')) ?? '';
  ownBadge = async (): Promise<string> =>
    (await this.#at('own-tile').getByTestId('badge').getAttribute('data-state')) ?? '';
  observe = (): Promise<Observation[]> => this.page.evaluate(() => inPage.observe());
  drawn = (): Promise<number> => this.page.evaluate(() => inPage.drawn());
  code = async (): Promise<string> =>
    (await this.#at('safety-code').locator('span').allInnerTexts()).join(' ');

  /** The kinds of the entries of the log, in order. */
  kinds = (): Promise<string[]> =>
    this.#at('log')
      .locator('li')
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind') ?? ''));

  /** Kind of each entry that counts for nothing, and why, in order. */
  refusals = (): Promise<string[]> =>
    this.#at('log')
      .locator('li.refused')
      .evaluateAll((lines) =>
        lines.map((line) => {
          const [, why] = /counts for nothing: (\w+)/.exec(line.textContent) ?? [];
          return `${line.getAttribute('data-kind') ?? ''}: ${why ?? ''}`;
        }),
      );

  /** What the page says of an entry that was drafted on another log than its own; null where it says nothing. */
  async splitNotice(): Promise<{ author: string; position: string; text: string } | null> {
    const notice = this.#at('split');
    if (!(await notice.isVisible())) return null;
    return {
      author: (await notice.getAttribute('data-author')) ?? '',
      position: (await notice.getAttribute('data-position')) ?? '',
      text: await notice.innerText(),
    };
  }

  roster(): Promise<RosterLine[]> {
    return this.#at('roster')
      .locator('li')
      .evaluateAll((lines) =>
        lines.map((line) => ({
          id: line.getAttribute('data-participant') ?? '',
          name: line.querySelector('.who')?.textContent ?? '',
          standing: line.getAttribute('data-standing') ?? '',
          committer: line.querySelector('[data-testid=committer]') !== null,
        })),
      );
  }

  /** Waits until the page shows these members by seniority, the first as the committer, and nobody else. */
  async expectMembers(people: readonly PersonInTest[]): Promise<void> {
    const wanted = people.map(({ name }, index) => `${name} member${index === 0 ? ' committer' : ''}`);
    const shown = async (): Promise<string[]> =>
      (await this.roster()).map((it) => `${it.name} ${it.standing}${it.committer ? ' committer' : ''}`);
    await expect.poll(shown, { ...poll, message: `members on ${this.person.name}'s page` }).toEqual(wanted);
  }

  /** Waits until the page sees and hears exactly these people, each authenticated, in pictures that go on. */
  async expectReceived(people: readonly PersonInTest[]): Promise<void> {
    await expectReceivedOn(this, people);
  }

  /** Saves what "Download recording" gives: NDJSON. */
  async saveRecording(file: string): Promise<void> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.click('download')]);
    await download.saveAs(file);
  }

  async screenshot(name: string, fullPage = false): Promise<void> {
    await this.page.screenshot({ path: `test-results/${name}.png`, fullPage });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Whether a tile shows this person's name, colour, tone, and opened frames. */
function isFrom({ name, badge, colour, peak }: Observation, person: PersonInTest): boolean {
  return (
    name === person.name &&
    badge === 'open' &&
    peak !== null &&
    Math.abs(peak - person.tone) < 20 &&
    colour?.every((value, channel) => Math.abs(value - person.rgb[channel]!) < 50) === true
  );
}

/** The same of any page that can be observed. */
export async function expectReceivedOn(
  page: Pick<CallPage, 'person' | 'observe'>,
  people: readonly PersonInTest[],
): Promise<void> {
  const before = new Map((await page.observe()).map(({ participant, pictures }) => [participant, pictures]));
  const goesOn = (it: Observation): boolean => it.pictures > (before.get(it.participant) ?? 0) + 10;
  const wrong = async (): Promise<unknown> => {
    const seen = await page.observe();
    const all =
      seen.length === people.length &&
      people.every((person) => seen.some((it) => isFrom(it, person) && goesOn(it)));
    return all ? 'as it should be' : seen;
  };
  await expect
    .poll(wrong, { ...poll, message: `tiles on ${page.person.name}'s page` })
    .toBe('as it should be');
}

/** Waits until all pages show one and the same safety code, another than `not`. Gives it. */
export async function commonCode(pages: readonly Pick<CallPage, 'code'>[], not = ''): Promise<string> {
  let codes: string[] = [];
  const settled = async (): Promise<boolean> => {
    codes = await Promise.all(pages.map((page) => page.code()));
    return new Set(codes).size === 1 && /^(\d{5} ){11}\d{5}$/.test(codes[0] ?? '') && codes[0] !== not;
  };
  await expect.poll(settled, { ...poll, message: 'one safety code on all pages' }).toBe(true);
  return codes[0] ?? '';
}
