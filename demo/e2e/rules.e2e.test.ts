/** The rules of the protocol in real browsers: what each is there for happens, and the call goes on. */
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../src/service/server.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { ANNA, BEN, CAROL, DAVE } from './call/people.ts';
import { expectBehaviour, recordsOf } from './call/records.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import {
  launchChromium,
  launchKillableChromium,
  type KillableBrowser,
} from '../../src/checking/browser/chromium.ts';
import { LyingLog } from './rules/LyingLog.ts';

const poll = { timeout: PATIENCE, interval: 100 };

let browser: Browser;
beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildPage()]);
});
afterAll(() => browser.close());

/** Anna founds a call in a browser of her own, which can be frozen; the service never says of anybody that it is gone. */
async function besideAnna(
  happens: (call: {
    service: Service;
    frozen: KillableBrowser;
    link: string;
    anna: CallPage;
  }) => Promise<void>,
): Promise<void> {
  const service = await serve({ graceMs: NEVER, pingMs: NEVER, silenceMs: 3_000 });
  const frozen = await launchKillableChromium();
  try {
    const link = newLink(service, { silence: 2 });
    const anna = await CallPage.join(frozen.browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    await happens({ service, frozen, link, anna });
  } finally {
    await frozen.kill();
    await service.close();
  }
}

describe('Takeover', () => {
  test('the tab of the committer is frozen: its successor claims and admits, and the tab carries on', async () => {
    await besideAnna(async ({ service, frozen, link, anna }) => {
      const ben = await CallPage.join(browser, link, BEN);
      for (const page of [anna, ben]) await page.expectMembers([ANNA, BEN]);
      const before = { code: await commonCode([anna, ben]), id: await anna.id() };

      const stopped = await frozen.freeze();
      const carol = await CallPage.join(browser, link, CAROL);
      for (const page of [ben, carol]) await page.expectMembers([BEN, ANNA, CAROL]);
      const during = await commonCode([ben, carol], before.code);
      // Nobody has left: the service has all three connections, and did not say of anybody that it is gone.
      expect(service.stats().connections).toBe(3);
      expect(await ben.kinds()).not.toContain('leave');

      frozen.thaw();
      const pages = [anna, ben, carol];
      for (const page of pages) await page.expectMembers([BEN, ANNA, CAROL]);
      expect(await commonCode(pages, before.code)).toBe(during);
      expect(await anna.id()).toBe(before.id);
      await anna.expectReceived([BEN, CAROL]);
      await ben.expectReceived([ANNA, CAROL]);
      await carol.expectReceived([ANNA, BEN]);
      await anna.screenshot('rules-takeover');
      const refusals = (await ben.refusals()).join(', ');
      console.log(`${stopped} processes stopped; ${(await ben.kinds()).join(' ')}; refused: ${refusals}`);
      const records = await recordsOf(pages);
      await Promise.all([frozen.kill(), ben.close(), carol.close()]);
      const { actions } = await expectBehaviour(records);
      expect(actions.Claim).toBeGreaterThanOrEqual(1);
    });
  });

  test('the tab of the only member is frozen: who waits claims and founds anew, and the tab joins anew', async () => {
    await besideAnna(async ({ frozen, link, anna }) => {
      const before = { code: await commonCode([anna]), id: await anna.id() };
      await frozen.freeze();
      const ben = await CallPage.join(browser, link, BEN);
      await ben.expectMembers([BEN]);
      const founded = await commonCode([ben], before.code);

      frozen.thaw();
      await anna.page.getByTestId('anew').waitFor();
      for (const page of [anna, ben]) await page.expectMembers([BEN, ANNA]);
      expect(await anna.id()).not.toBe(before.id);
      await commonCode([anna, ben], founded);
      await anna.expectReceived([BEN]);
      await ben.expectReceived([ANNA]);
      console.log((await ben.kinds()).join(' '));
      const records = await recordsOf([anna, ben]);
      await Promise.all([frozen.kill(), ben.close()]);
      const { actions } = await expectBehaviour(records);
      expect(actions).toMatchObject({ Claim: 1, Found: 2, Join: 3 });
    });
  });
});

describe('Rotation', () => {
  test('the role goes round all members, and the media go on', async () => {
    const service = await serve({ graceMs: NEVER, pingMs: NEVER });
    try {
      const people = [ANNA, BEN, CAROL];
      const link = newLink(service, { rotation: 1 });
      const anna = await CallPage.join(browser, link, ANNA);
      await anna.expectMembers([ANNA]);
      const pages = [
        anna,
        await CallPage.join(browser, link, BEN),
        await CallPage.join(browser, link, CAROL),
      ];
      const before = await commonCode(pages);
      const passedOn = async (): Promise<string[]> => {
        const lines = await anna.page.getByTestId('log').locator('li[data-kind=handover]').allInnerTexts();
        const counted = lines.filter((line) => !line.includes('counts for nothing'));
        return people.flatMap(({ name }) => counted.find((line) => line.includes(`${name} passed`)) ?? []);
      };
      await expect.poll(async () => (await passedOn()).length, poll).toBe(people.length);
      await anna.expectReceived([BEN, CAROL]);
      await pages[1]!.expectReceived([ANNA, CAROL]);
      await pages[2]!.expectReceived([ANNA, BEN]);

      // Whoever compares codes holds the role until they have done so: the call comes to rest, under one code.
      for (const page of pages) {
        await page.click('comparing');
        await expect.poll(() => page.pressed('comparing'), poll).toBe(true);
      }
      const rests = async (): Promise<boolean> => {
        const all = await Promise.all(pages.map(async (page) => (await page.kinds()).length));
        return new Set(all).size === 1 && (await atRest(pages));
      };
      await expect.poll(rests, poll).toBe(true);
      await commonCode(pages, before);
      const kinds = await anna.kinds();
      console.log(`${kinds.length} entries: ${kinds.join(' ')}`);
      const records = await recordsOf(pages);
      expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
      await Promise.all(pages.map((page) => page.close()));
      const { actions } = await expectBehaviour(records);
      expect(actions.HandOver).toBeGreaterThanOrEqual(people.length);
    } finally {
      await service.close();
    }
  });
});

/** One of them is the committer and idle, the others follow: nobody has drafted what was not read back. */
async function atRest(pages: readonly CallPage[]): Promise<boolean> {
  const states = await Promise.all(pages.map((page) => page.text('machine')));
  const followers = pages.slice(1).map(() => 'member.follower.idle');
  return JSON.stringify(states.sort()) === JSON.stringify(['member.designated.idle', ...followers]);
}

describe('Founding', () => {
  test('two first users at the same instant end in one group, each time', async () => {
    const rounds = 3;
    for (let round = 1; round <= rounds; round += 1) {
      const log = new LyingLog();
      const service = await serve({ graceMs: NEVER, pingMs: NEVER }, log.store);
      try {
        const link = newLink(service);
        // Both find an empty log, and have sent their joins, before anything is appended.
        log.hold();
        const pages = await Promise.all([
          CallPage.join(browser, link, ANNA),
          CallPage.join(browser, link, BEN),
        ]);
        const [anna, ben] = pages;
        await expect.poll(() => log.held, poll).toBe(2);
        log.release();
        const rosters = async (): Promise<boolean> => {
          const [one, other] = await Promise.all(pages.map((page) => page.roster()));
          const isWhole = one?.length === 2 && one.every(({ standing }) => standing === 'member');
          return isWhole && JSON.stringify(one) === JSON.stringify(other);
        };
        await expect.poll(rosters, poll).toBe(true);
        await commonCode(pages);
        if (round === rounds) {
          await anna.expectReceived([BEN]);
          await ben.expectReceived([ANNA]);
        }
        const kinds = await anna.kinds();
        console.log(`round ${round}: ${kinds.join(' ')}`);
        expect(kinds).toEqual(['join', 'join', 'found', 'commit']);
        expect(await anna.refusals()).toEqual([]);
        const records = await recordsOf(pages);
        await Promise.all(pages.map((page) => page.close()));
        const { actions, crashes } = await expectBehaviour(records);
        expect(actions.Found).toBeGreaterThanOrEqual(1);
        expect(crashes).toEqual([]);
      } finally {
        await service.close();
      }
    }
  });

  test('everybody leaves while one waits, and that one founds anew', async () => {
    const service = await serve({ graceMs: 1_500 });
    const doomed = await launchKillableChromium();
    try {
      const link = newLink(service);
      const anna = await CallPage.join(doomed.browser, link, ANNA);
      await anna.expectMembers([ANNA]);
      const ben = await CallPage.join(doomed.browser, link, BEN);
      for (const page of [anna, ben]) await page.expectMembers([ANNA, BEN]);
      const before = await commonCode([anna, ben]);
      const early = await recordsOf([anna, ben]);

      // First nobody answers, then nobody is there: the two never read that Carol waits.
      const stopped = await doomed.freeze();
      const carol = await CallPage.join(browser, link, CAROL);
      const standings = async (): Promise<string[]> =>
        (await carol.roster()).map(({ name, standing }) => `${name} ${standing}`);
      await expect.poll(standings, poll).toEqual(['Anna member', 'Ben member', 'Carol waiting']);
      expect(await carol.text('machine')).toBe('waiting.idle');
      await doomed.kill();
      await carol.expectMembers([CAROL]);
      const founded = await commonCode([carol], before);

      const dave = await CallPage.join(browser, link, DAVE);
      for (const page of [carol, dave]) await page.expectMembers([CAROL, DAVE]);
      await commonCode([carol, dave], founded);
      await carol.expectReceived([DAVE]);
      await dave.expectReceived([CAROL]);
      console.log(`${stopped} processes stopped; ${(await carol.kinds()).join(' ')}`);
      const records = [...early, ...(await recordsOf([carol, dave]))];
      await Promise.all([carol.close(), dave.close()]);
      const { actions, crashes } = await expectBehaviour(records);
      expect(actions.Found).toBe(2);
      expect(crashes).toHaveLength(2);
    } finally {
      await doomed.kill();
      await service.close();
    }
  });
});

describe('Fresh', () => {
  test('a committer that was declared gone while its tab was frozen finds out and joins anew', async () => {
    const service = await serve({ graceMs: 1_500, pingMs: 1_000 });
    const frozen = await launchKillableChromium();
    try {
      const link = newLink(service);
      const anna = await CallPage.join(frozen.browser, link, ANNA);
      await anna.expectMembers([ANNA]);
      const ben = await CallPage.join(browser, link, BEN);
      for (const page of [anna, ben]) await page.expectMembers([ANNA, BEN]);
      const before = { code: await commonCode([anna, ben]), id: await anna.id() };

      const stopped = await frozen.freeze();
      await ben.expectMembers([BEN]);
      frozen.thaw();
      await anna.page.getByTestId('anew').waitFor();
      for (const page of [anna, ben]) await page.expectMembers([BEN, ANNA]);
      expect(await anna.id()).not.toBe(before.id);
      await commonCode([anna, ben], before.code);
      await anna.expectReceived([BEN]);
      await ben.expectReceived([ANNA]);
      console.log(`${stopped} processes stopped; ${(await ben.kinds()).join(' ')}`);
      const records = await recordsOf([anna, ben]);
      await Promise.all([frozen.kill(), ben.close()]);
      const { actions } = await expectBehaviour(records);
      expect(actions).toMatchObject({ Join: 3, Found: 1 });
    } finally {
      await frozen.kill();
      await service.close();
    }
  });
});
