/** Codes that people compare while the call goes on, names that come back with another key, and what a recording tells of names. */
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPersonKey, type PersonKey } from '../../src/participant/person.ts';
import { type Service } from '../../src/service/server.ts';
import { parseRecordFile } from '../../src/trace/record.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { NodeMember } from './call/NodeMember.ts';
import { ANNA, BEN, CAROL } from './call/people.ts';
import { expectBehaviour, recordsOf } from './call/records.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { ChangedSite } from './media/ChangedSite.ts';
import { canHaveWrongKeys, keepWorkers, tellWorker } from './media/changes.ts';
import { badgeOf, chooseEpoch, codesOf, markOf, pinnedOn, warningsOn } from './trust/onPage.ts';

const poll = { timeout: PATIENCE, interval: 100 };
let service: Service;
let browser: Browser;
beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildPage()]);
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

test('two compare one epoch while a third joins: what is pinned stays, and says whom it covers', async () => {
  const link = newLink(service);
  const site = await ChangedSite.of(service.url, canHaveWrongKeys);
  const anna = await CallPage.join(browser, link, ANNA);
  await anna.expectMembers([ANNA]);
  const ben = await CallPage.open(browser, service.url, BEN);
  await keepWorkers(ben.page);
  await ben.page.goto(site.link(link));
  await ben.enter();
  const two = [anna, ben];
  for (const page of two) await page.expectMembers([ANNA, BEN]);
  const code = await commonCode(two);
  const good = { tone: 'good', text: "All 2 senders encrypted with this group's keys" };
  for (const page of two) await expect.poll(() => badgeOf(page), poll).toEqual(good);

  for (const page of two) await page.click('comparing');
  for (const page of two) expect(await pinnedOn(page)).toEqual({ title: 'The code of epoch 1', code });
  expect(await anna.text('compare-hold')).toContain('You keep the role for two minutes at most');
  await anna.screenshot('trust-compare');
  const carol = await CallPage.open(browser, link, CAROL);
  await carol.enter('none');
  const next = await commonCode([anna, ben, carol], code);
  for (const page of two) {
    expect(await pinnedOn(page)).toEqual({ title: 'The code of epoch 1', code });
    await expect.poll(() => page.text('compare-moved'), poll).toContain('moved on to epoch 2');
  }
  await anna.screenshot('trust-moved-on');
  const codes = await Promise.all([anna, ben, carol].map(codesOf));
  expect(codes.map((all) => all.map(({ epoch }) => epoch))).toEqual([['2', '1', '0'], ['2', '1'], ['2']]);
  expect(codes.map((all) => all[0]?.code)).toEqual([next, next, next]);
  expect(codes[0]?.[1]).toEqual(codes[1]?.[1]);
  expect(codes[0]?.map(({ why }) => why)).toEqual([
    'Anna let Carol in',
    'Anna let Ben in',
    'Anna founded the group',
  ]);
  // The other one is at another epoch: the same one is taken, and back.
  await chooseEpoch(anna, 'epoch 2');
  expect(await pinnedOn(anna)).toEqual({ title: 'The code of epoch 2', code: next });
  await chooseEpoch(anna, 'epoch 1');

  await anna.click('codes-same');
  expect(await anna.text('compare-outcome')).toContain('Verified at epoch 1: Ben.');
  const [benId, carolId] = [await ben.id(), await carol.id()];
  expect([await markOf(anna, benId), await markOf(anna, carolId)]).toEqual([
    'verified at epoch 1',
    'not compared yet',
  ]);
  await anna.screenshot('trust-verified');
  await ben.click('codes-differ');
  expect(await ben.text('trust-alerts')).toContain('Leave, tell the others by another way');
  expect(await badgeOf(ben)).toEqual({ tone: 'bad', text: 'The codes differ' });
  await ben.screenshot('trust-differ');
  await ben.click('compare-again');
  await ben.click('codes-same');
  expect(await ben.text('trust-alerts')).toBe('');
  expect([await markOf(ben, await anna.id()), await markOf(ben, carolId)]).toEqual(
    Array(2).fill('verified at epoch 2'),
  );

  // Ben's media keys of the next epoch are wrong; the one after it heals that. Those who come have names that are taken.
  await tellWorker(ben.page, { type: 'wrong keys', on: true });
  const other = new NodeMember(link, 'Ben');
  await expect
    .poll(() => badgeOf(anna), poll)
    .toEqual({ tone: 'bad', text: 'Not all open: Ben (forged or forked)' });
  await expect.poll(() => warningsOn(anna), poll).toEqual(['Ben: shared', 'Ben: shared']);
  expect(await anna.text('trust-alerts')).toContain('More than one in this call has the name Ben');
  await anna.screenshot('trust-names');
  await tellWorker(ben.page, { type: 'wrong keys', on: false });
  other.leave();
  await anna.expectMembers([ANNA, BEN, CAROL]);
  await expect.poll(() => badgeOf(anna), poll).toEqual(good);
  expect(await warningsOn(anna)).toEqual([]);
  expect([await markOf(anna, benId), await markOf(anna, carolId)]).toEqual([
    'verified at epoch 1',
    'not compared yet',
  ]);

  const third = await recordsOf([carol]);
  await carol.click('leave');
  await anna.expectMembers([ANNA, BEN]);
  const again = new NodeMember(link, 'Carol');
  await expect.poll(() => warningsOn(anna), poll).toEqual(['Carol: other key']);

  await anna.click('comparing');
  await anna.click('comparing');
  await anna.click('code-history-summary');
  await anna.page.emulateMedia({ colorScheme: 'dark' });
  await anna.screenshot('trust-dark');
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await anna.screenshot('trust-phone', true);
  // By keyboard: out of the comparison and into it again.
  const focused = (): Promise<string | undefined> =>
    anna.page.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']);
  await anna.page.getByTestId('codes-same').focus();
  await anna.page.keyboard.press('Escape');
  expect([await anna.pressed('comparing'), await focused()]).toEqual([false, 'comparing']);
  await anna.page.keyboard.press('Enter');
  expect([await anna.pressed('comparing'), await focused()]).toEqual([true, 'pinned-epoch']);

  const without = [...third, ...(await recordsOf(two))];
  for (const page of two) await page.page.getByTestId('recording-names').check();
  const named = await recordsOf(two);
  expect(without.map(({ text }) => /Anna|Ben|Carol/.test(text) || text.includes('"name"'))).toEqual([
    false,
    false,
    false,
  ]);
  const names = named.map(({ text }) => [...parseRecordFile(text).names.values()].sort().join());
  expect(names).toEqual(Array(2).fill('Anna,Ben,Ben,Carol,Carol'));
  for (const [index, { text }] of named.entries()) expect(text.endsWith(without[index + 1]!.text)).toBe(true);
  expect([...anna.complaints, ...ben.complaints, ...carol.complaints]).toEqual([]);
  again.leave();
  await Promise.all([anna, ben, carol].map((page) => page.close()));
  site.close();
  // Those of the Node members are not there: who has gone without a word, and who came last, are not judged.
  const lines = named.map(({ text }) => text.split('\n').length);
  console.log(`${lines.join(' and ')} lines with names; pinned at epoch 1 of ${codes[0]?.length ?? 0}`);
  await expectBehaviour([...third, ...named]);
});

test('a name that comes back in another call with another key is told, where the device keeps a key', async () => {
  const anna = await CallPage.open(browser, service.url, ANNA);
  let rooms = 0;
  /** Meets Ben in a new room. Gives the warnings. */
  const meets = async (keep: boolean, person: PersonKey, then = async () => {}): Promise<string[]> => {
    const link = newLink(service, { rotation: NEVER / 1_000 - ++rooms });
    const ben = new NodeMember(link, 'Ben', person);
    await expect.poll(() => ben.members, poll).toBe(1);
    await anna.page.goto(link);
    await anna.page
      .getByTestId('kept-person')
      .and(anna.page.locator('[data-state]'))
      .waitFor({ state: 'attached' });
    await anna.page.getByTestId('keep-person').setChecked(keep);
    await anna.enter('none');
    await anna.expectMembers([BEN, ANNA]);
    const line = anna.page.getByTestId('roster').locator('li').first();
    await line.getByTestId('person-code').waitFor({ state: 'attached' });
    const warnings = await warningsOn(anna);
    await then();
    ben.leave();
    return warnings;
  };
  const kept = (): Promise<string> => anna.page.evaluate(() => Object.values(localStorage).join());
  const [first, second, third] = [newPersonKey(), newPersonKey(), newPersonKey()];
  expect(await meets(false, first)).toEqual([]);
  expect(await kept()).toBe('');
  expect(await meets(true, first)).toEqual([]);
  const told = async (): Promise<void> =>
    expect(await anna.text('trust-alerts')).toContain('Ben had another person code in an earlier call');
  expect(await meets(true, second, told)).toEqual(['Ben: other key']);
  const accepts = async (): Promise<void> => {
    await anna.click('accept-code');
    await expect.poll(() => warningsOn(anna), poll).toEqual([]);
  };
  expect(await meets(true, second, accepts)).toEqual(['Ben: other key']);
  expect(await meets(true, second)).toEqual([]);
  expect(await meets(true, first)).toEqual([]);
  expect(await meets(false, third)).toEqual([]);
  await anna.page.goto(newLink(service, { rotation: 1 }));
  expect(await anna.text('known-people')).toBe('It knows 1 name.');
  await anna.screenshot('trust-lobby');
  await anna.click('forget-known');
  expect(await anna.text('known-people')).toBe('It knows nobody yet.');
  expect(await kept()).toBe('');
  expect(await meets(true, third)).toEqual([]);
  console.log(`${rooms} calls`);
  expect(anna.complaints).toEqual([]);
  await anna.close();
});
