/** The call in which the designated committer's browser is killed and a fourth joins. Leaves the recordings of all pages. */
import { type RecordText } from '../../../src/checking/validation/index.ts';
import { type Service } from '../../../src/service/server.ts';
import {
  launchChromium,
  launchKillableChromium,
  type Place,
} from '../../../src/checking/browser/chromium.ts';
import { CallPage, commonCode } from './CallPage.ts';
import { ANNA, BEN, CAROL, DAVE } from './people.ts';
import { recordsOf } from './records.ts';
import { newRoom } from './service.ts';

/** What came of the call. */
export interface Succession {
  /** Safety codes before the kill and after the admission of the fourth. */
  readonly codes: readonly [string, string];
  /** One of each page, the killed page's saved before its end. */
  readonly records: readonly RecordText[];
  /** The log as the fourth page shows it, a line each. */
  readonly log: readonly string[];
  /** What pages complained of; empty where all went well. */
  readonly complaints: readonly string[];
}

/**
 * Anna founds the room, Ben and Carol join; all see and hear one another under one safety code. Anna's browser is killed
 * in mid-call, Dave joins: Ben follows as committer, removes Anna and lets Dave in, and pictures and tones go on.
 * Rejects where any of it does not come true. The service should have a short `graceMs`. Anna's browser runs in the first
 * place, the others' in the second: on this machine, unless said otherwise.
 */
export async function succession(
  service: Pick<Service, 'url'>,
  [first, second]: readonly [Place?, Place?] = [],
): Promise<Succession> {
  const doomed = await launchKillableChromium(first);
  const browser = await launchChromium(second);
  try {
    const anna = await CallPage.join(doomed.browser, newRoom(service), ANNA);
    const link = await anna.link();
    await anna.expectMembers([ANNA]);
    const ben = await CallPage.join(browser, link, BEN);
    await anna.expectMembers([ANNA, BEN]);
    const carol = await CallPage.join(browser, link, CAROL);
    const three = [anna, ben, carol];
    for (const page of three) await page.expectMembers([ANNA, BEN, CAROL]);
    const before = await commonCode(three);
    await anna.expectReceived([BEN, CAROL]);
    await ben.expectReceived([ANNA, CAROL]);
    await carol.expectReceived([ANNA, BEN]);
    await ben.screenshot('call-three');
    const dave = await CallPage.open(browser, link, DAVE);
    await dave.screenshot('lobby-invited');
    const early = await recordsOf([anna]);

    await doomed.kill();
    await dave.enter();
    const rest = [ben, carol, dave];
    for (const page of rest) await page.expectMembers([BEN, CAROL, DAVE]);
    const after = await commonCode(rest, before);
    await ben.expectReceived([CAROL, DAVE]);
    await carol.expectReceived([BEN, DAVE]);
    await dave.expectReceived([BEN, CAROL]);
    await dave.screenshot('call-succession');
    await dave.page.emulateMedia({ colorScheme: 'dark' });
    await dave.screenshot('call-dark');
    await carol.page.setViewportSize({ width: 390, height: 844 });
    await carol.screenshot('call-phone', true);

    return {
      codes: [before, after],
      records: [...early, ...(await recordsOf(rest))],
      log: await dave.page.getByTestId('log').locator('li').allInnerTexts(),
      complaints: [anna, ...rest].flatMap(({ complaints }) => complaints),
    };
  } finally {
    await browser.close();
    await doomed.kill();
  }
}
