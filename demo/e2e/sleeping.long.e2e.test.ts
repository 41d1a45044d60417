/** A page that sleeps with its browser, within the grace and past it: it heals by itself, and says what was. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../../src/service/server.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { ANNA, BEN } from './call/people.ts';
import { expectBehaviour, recordsOf } from './call/records.ts';
import { buildPage, newLink, serve } from './call/service.ts';
import {
  type KillableBrowser,
  launchChromium,
  launchKillableChromium,
} from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 100 };
/** Two pings without an answer are a lost connection: 2 seconds. */
const LIMITS = { pingMs: 1_000, graceMs: 12_000 };

let service: Service;
let awake: Browser;
let sleepy: KillableBrowser;
beforeAll(async () => {
  [awake, sleepy] = await Promise.all([launchChromium(), launchKillableChromium(), buildPage()]);
  service = await serve(LIMITS);
});
afterAll(async () => {
  await Promise.all([awake.close(), sleepy.kill()]);
  await service.close();
});

declare const shownStates: string[];

/** Keeps what the page shows of its connection, from now on. */
const keepStates = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const shown = document.querySelector('[data-testid=connection]');
    if (shown === null) throw new Error('no connection on screen');
    const states: string[] = [];
    Object.assign(globalThis, { shownStates: states });
    const changes = { childList: true, characterData: true, subtree: true };
    new MutationObserver(() => states.push(shown.textContent)).observe(shown, changes);
  });
const statesOf = (page: Page): Promise<string[]> => page.evaluate(() => shownStates);

/** What is shown of a connection that is lost and found again; where a try fails, what comes before the end comes again. */
const HEALED = /^(connection lost, trying again…, connecting…, )+connected$/;

test('a page that slept within the grace goes on as it was, past it as a new participant, and says so', async () => {
  const link = newLink(service);
  const anna = await CallPage.join(awake, link, ANNA);
  await anna.expectMembers([ANNA]);
  const ben = await CallPage.join(sleepy.browser, link, BEN);
  await anna.expectReceived([BEN]);
  const first = await ben.id();
  const code = await commonCode([anna, ben]);
  await keepStates(ben.page);
  const connections = (): number => service.stats().connections;
  const received = async (): Promise<void> => {
    await anna.expectReceived([BEN]);
    await ben.expectReceived([ANNA]);
  };
  expect(connections()).toBe(2);

  // All its processes stop, as on a device that is shut, and go on within the grace.
  const stopped = await sleepy.freeze();
  await expect.poll(connections, poll).toBe(1);
  sleepy.thaw();
  await expect.poll(connections, poll).toBe(2);
  await received();
  const within = await statesOf(ben.page);
  expect(within.join(', ')).toMatch(HEALED);
  expect(await ben.id()).toBe(first);
  expect(await commonCode([anna, ben])).toBe(code);
  expect(await ben.page.getByTestId('anew').isVisible()).toBe(false);

  // Again, until the others have removed it.
  await sleepy.freeze();
  await anna.expectMembers([ANNA]);
  sleepy.thaw();
  await ben.page.getByTestId('anew').waitFor();
  await anna.expectMembers([ANNA, BEN]);
  await received();
  const states = (await statesOf(ben.page)).slice(within.length);
  console.log(`${stopped} processes stopped; shown: ${states.join(', ')}`);
  expect(states.join(', ')).toMatch(/^connection lost, trying again…, connecting…/);
  expect(states.at(-1)).toBe('connected');
  expect(await ben.id()).not.toBe(first);
  await commonCode([anna, ben], code);
  expect([...anna.complaints, ...ben.complaints].filter((it) => !/WebSocket/.test(it))).toEqual([]);
  const { participants } = await expectBehaviour(await recordsOf([anna, ben]));
  expect(participants).toBe(3);
});
