/** Real browsers at a service that lies: what it makes up counts for nothing, and is shown where it can be known. */
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteOf } from '../../src/protocol/wire/invite.ts';
import { Client } from '../../src/service/testing.ts';
import { newSecret } from '../src/link.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { NodeMember, secretOf } from './call/NodeMember.ts';
import { ANNA, BEN, CAROL, DAVE, EVE } from './call/people.ts';
import { expectBehaviour, recordsOf } from './call/records.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { forgeries, joinBy } from './rules/forgeries.ts';
import { LyingLog } from './rules/LyingLog.ts';

const poll = { timeout: PATIENCE, interval: 100 };

let browser: Browser;
beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildPage()]);
});
afterAll(() => browser.close());

/** What a page shows of its group. */
const groupOn = async (page: CallPage): Promise<unknown> => [
  await page.roster(),
  await page.code(),
  await page.text('epoch'),
];

test("a join without the link's secret counts for nothing, also where the service appends it", async () => {
  const log = new LyingLog();
  const service = await serve({ graceMs: NEVER, pingMs: NEVER }, log.store);
  try {
    const link = newLink(service);
    const invite = inviteOf(secretOf(link));
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const ben = await CallPage.join(browser, link, BEN);
    const pages = [anna, ben];
    for (const page of pages) await page.expectMembers([ANNA, BEN]);
    const code = await commonCode(pages);
    const before = await Promise.all(pages.map(groupOn));
    const { length } = log;

    const forged = await forgeries(invite, inviteOf(newSecret()), log.id, new LyingLog().id);
    for (const { join, refusal } of forged) {
      const client = new Client(service.url, invite);
      await client.asks(join);
      expect(await client.refusal()).toBe(refusal);
      client.socket.terminate();
    }
    expect(service.stats().refused).toEqual({ not_invited: 2, entry_refused: 1 });
    expect(log.length).toBe(length);

    for (const { join } of forged) await log.lie(join);
    for (const page of pages)
      await expect.poll(() => page.refusals(), poll).toEqual(forged.map(({ shown }) => shown));
    expect(await Promise.all(pages.map(groupOn))).toEqual(before);
    await anna.expectReceived([BEN]);
    await ben.expectReceived([ANNA]);
    expect(await Promise.all(pages.map(groupOn))).toEqual(before);
    expect(log.count('commit')).toBe(1);

    // The same with the secret: nothing else was wrong with them.
    await log.lie(await joinBy(invite, log.id, CAROL.name));
    for (const page of pages) await page.expectMembers([ANNA, BEN, CAROL]);
    await commonCode(pages, code);
    console.log(
      `${forged.length} forgeries refused, then appended; ${log.length} entries, ${log.count('commit')} commits`,
    );
    expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
    const records = await recordsOf(pages);
    await Promise.all(pages.map((page) => page.close()));
    await expectBehaviour(records);
  } finally {
    await service.close();
  }
});

test('a log that is split in two: an entry of the other half is shown, counts for nothing, and the call goes on', async () => {
  const [one, other] = LyingLog.halves();
  const limits = { graceMs: NEVER, pingMs: NEVER };
  const services = [await serve(limits, one.store), await serve(limits, other.store)] as const;
  const nodes: NodeMember[] = [];
  try {
    const link = newLink(services[0]);
    const otherLink = link.replace(services[0].url, services[1].url);
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const carol = await CallPage.join(browser, link, CAROL);
    await anna.expectMembers([ANNA, CAROL]);
    const ben = await CallPage.join(browser, otherLink, BEN);
    const pages = [anna, carol, ben];
    for (const page of pages) await page.expectMembers([ANNA, CAROL, BEN]);
    const whole = await commonCode(pages);
    const ids = { anna: await anna.id(), ben: await ben.id(), carol: await carol.id() };

    // Each half is told that the others have left.
    one.split();
    const splitAt = one.length;
    await one.lieOfLeave(ids.ben);
    await other.lieOfLeave(ids.anna);
    await other.lieOfLeave(ids.carol);
    for (const page of [anna, carol]) await page.expectMembers([ANNA, CAROL]);
    await ben.expectMembers([BEN]);
    const half = await commonCode([anna, carol], whole);
    const otherHalf = await commonCode([ben], whole);
    expect(otherHalf).not.toBe(half);
    for (const page of pages) expect(await page.splitNotice()).toBeNull();

    // An entry of the other half is shown to this one.
    const before = await Promise.all([anna, carol].map(groupOn));
    const position = await one.lie(other.last('commit'));
    for (const page of [anna, carol]) {
      await expect
        .poll(() => page.splitNotice(), poll)
        .toMatchObject({ author: ids.ben, position: String(position) });
      expect(await page.refusals()).toEqual(['commit: Witnessed']);
    }
    await anna.expectReceived([CAROL]);
    await carol.expectReceived([ANNA]);
    expect(await Promise.all([anna, carol].map(groupOn))).toEqual(before);
    await anna.screenshot('rules-split');

    // This half goes on, and its next entry is shown to the other, which goes on as well.
    nodes.push(new NodeMember(link, DAVE.name));
    for (const page of [anna, carol]) await page.expectMembers([ANNA, CAROL, DAVE]);
    await commonCode([anna, carol], half);
    const alone = await groupOn(ben);
    const otherPosition = await other.lie(one.last('commit'));
    await expect
      .poll(() => ben.splitNotice(), poll)
      .toMatchObject({ author: ids.anna, position: String(otherPosition) });
    expect(await ben.refusals()).toEqual(['commit: Witnessed']);
    expect(await groupOn(ben)).toEqual(alone);
    nodes.push(new NodeMember(otherLink, EVE.name));
    await ben.expectMembers([BEN, EVE]);
    await commonCode([ben], otherHalf);
    expect(nodes.map(({ members }) => members)).toEqual([3, 2]);
    const lengths = `${splitAt} entries in common, then ${one.length - splitAt} and ${other.length - splitAt}`;
    console.log(`${lengths}; "${(await anna.splitNotice())?.text ?? ''}"`);
    expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
    await Promise.all(pages.map((page) => page.close()));
  } finally {
    for (const node of nodes) node.leave();
    for (const service of services) await service.close();
  }
});
