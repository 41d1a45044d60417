/** The call in which the designated committer's browser is killed and a fourth joins. Leaves the recordings of all pages. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Service } from '../../../src/service/server.ts';
import { launchChromium, launchKillableChromium } from '../forwarder/browser.ts';
import { CallPage, commonCode } from './CallPage.ts';
import { ANNA, BEN, CAROL, DAVE } from './people.ts';

/** Writes the recording of each page into a folder. Gives the files. */
export async function saveRecordings(pages: readonly CallPage[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const page of pages) {
    const file = join(folder, `${page.person.name.toLowerCase()}.ndjson`);
    await page.saveRecording(file);
    files.push(file);
  }
  return files;
}

/** What came of the call. */
export interface Succession {
  /** Safety codes before the kill and after the admission of the fourth. */
  readonly codes: readonly [string, string];
  /** One file of NDJSON a page, the killed page's written before its end. */
  readonly recordings: readonly string[];
  /** The log as the fourth page shows it, a line each. */
  readonly log: readonly string[];
  /** What pages complained of; empty where all went well. */
  readonly complaints: readonly string[];
}

/**
 * Anna founds the room, Ben and Carol join; all see and hear one another under one safety code. Anna's browser is killed
 * in mid-call, Dave joins: Ben follows as committer, removes Anna and lets Dave in, and pictures and tones go on.
 * Rejects where any of it does not come true. The service should have a short `graceMs`.
 */
export async function succession(service: Service, folder: string): Promise<Succession> {
  const doomed = await launchKillableChromium();
  const browser = await launchChromium();
  try {
    const anna = await CallPage.join(doomed.browser, service.url, ANNA);
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
    const early = await saveRecordings([anna], folder);

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
      recordings: [...early, ...(await saveRecordings(rest, folder))],
      log: await dave.page.getByTestId('log').locator('li').allInnerTexts(),
      complaints: [anna, ...rest].flatMap(({ complaints }) => complaints),
    };
  } finally {
    await browser.close();
    await doomed.kill();
  }
}
