import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service } from '../../src/service/server.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { ANNA, BEN, CAROL } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { tapService, type Tap } from './call/tap.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 100 };

let service: Service;
let browser: Browser;
let tap: Tap;

beforeAll(async () => {
  await buildPage();
  tap = tapService();
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await service.close();
  tap.stop();
});

/** What the chat of a page shows, a line each: who, and the text. */
const chatOf = ({ page }: CallPage): Promise<string[]> =>
  page
    .getByTestId('chat-log')
    .locator('li')
    .evaluateAll((lines) =>
      lines.map((line) => {
        const who = line.querySelector('.who')?.textContent ?? 'note';
        return `${who}: ${line.querySelector('p')?.textContent ?? ''}`;
      }),
    );

async function says({ page }: CallPage, text: string): Promise<void> {
  await page.getByTestId('chat-input').fill(text);
  await page.getByTestId('chat-input').press('Enter');
}

const expectChat = (page: CallPage, lines: readonly string[]): Promise<void> =>
  expect.poll(() => chatOf(page), { ...poll, message: `chat of ${page.person.name}` }).toEqual(lines);

test('three people write to one another, the service reads nothing, and who should not be here is left behind', async () => {
  const link = newLink(service);
  const anna = await CallPage.join(browser, link, ANNA);
  await anna.expectMembers([ANNA]);
  const ben = await CallPage.join(browser, link, BEN);
  for (const it of [anna, ben]) await it.expectMembers([ANNA, BEN]);
  await says(anna, 'The plum tree is in bloom');
  await expectChat(ben, ['Anna: The plum tree is in bloom']);
  await expectChat(anna, ['You: The plum tree is in bloom']);

  const carol = await CallPage.join(browser, link, CAROL);
  const three = [anna, ben, carol];
  for (const it of three) await it.expectMembers([ANNA, BEN, CAROL]);
  await says(ben, '<img src=x onerror="document.title=1"> & so on');
  await says(carol, 'Grüße aus Köln 🙂');
  const since = (own: string): string[] =>
    ['Ben: <img src=x onerror="document.title=1"> & so on', 'Carol: Grüße aus Köln 🙂'].map((line) =>
      line.startsWith(own) ? line.replace(own, 'You') : line,
    );
  const sorted = (page: CallPage): Promise<string[]> => chatOf(page).then((lines) => lines.slice(-2).sort());
  for (const it of three) await expect.poll(() => sorted(it), poll).toEqual(since(it.person.name).sort());
  // Carol came later: what was written before is not on her page.
  expect(await chatOf(carol)).toHaveLength(2);
  expect(await carol.text('chat')).toContain('who comes later does not see it');
  await anna.screenshot('chat');

  const relayed = tap.relayed();
  const all = `${tap.texts.join('\n')}\n${relayed.map((it) => it.toString('utf8')).join('\n')}`;
  for (const word of ['plum', 'bloom', 'onerror', 'Köln', 'chat'])
    expect(all.includes(word), word).toBe(false);
  expect(all.includes('keyPackage') || tap.texts.length > 20).toBe(true);
  console.log(`${tap.texts.length} messages of the service, ${relayed.length} relayed, none readable`);
  // Each came in once and went out to those who were there: 1 + 1, 1 + 2, 1 + 2.
  expect(relayed).toHaveLength(8);

  const code = await commonCode(three);
  const personOf = (page: CallPage): Promise<string> =>
    page.page.getByTestId('roster').locator('li').first().locator('summary').innerText();
  const person = await personOf(anna);
  expect(person).toMatch(/^Person code \d{5}/);
  const before = await Promise.all(three.map((it) => it.id()));
  const button = anna.page.getByTestId('roster').locator('li', { hasText: 'Carol' }).getByTestId('unwanted');
  await button.click();
  expect(await anna.text('move-dialog')).toMatch(/^Move everybody but Carol to a new room\?/);
  expect(await anna.text('move-consequences')).toContain('You and Ben go to a new room');
  await anna.screenshot('move-dialog');
  await anna.click('move-confirm');

  // Carol sees that it is done, and by whom.
  await expect.poll(() => carol.text('move-text'), poll).toMatch(/^You are left behind: Anna has asked Ben/);
  // Ben is told who asks, and why; he follows by himself.
  await expect.poll(() => ben.text('move-text'), poll).toMatch(/^Anna moves to a new room and asks you/);
  expect(await ben.text('move-text')).toContain('because Carol should not be here');
  expect(await ben.text('move-countdown')).toMatch(/in (\d|10) seconds/);
  await ben.screenshot('move-asked');
  await ben.page.setViewportSize({ width: 390, height: 844 });
  await ben.page.emulateMedia({ colorScheme: 'dark' });
  await ben.screenshot('move-asked-phone');
  await carol.expectMembers([CAROL]);
  await carol.screenshot('move-left-behind');

  await anna.expectMembers([ANNA, BEN]);
  await ben.expectMembers([ANNA, BEN]);
  const room = await anna.link();
  expect(await ben.link()).toBe(room);
  expect(new URL(room).hash).not.toBe(new URL(link).hash);
  expect(await carol.link()).toBe(link);
  for (const it of [anna, ben]) expect(it.page.url()).toBe(room);
  await commonCode([anna, ben], code);
  await anna.expectReceived([BEN]);
  await ben.expectReceived([ANNA]);
  expect(await carol.observe()).toEqual([]);
  expect(await anna.text('move-arrival')).toMatch(/^You are in a new room with a new link, without Carol\./);
  // They are new participants there, with nothing of the old room, and what they write stays among them.
  expect(before).not.toContain(await anna.id());
  // Participants are new, people the same.
  await expect.poll(() => personOf(anna), poll).toBe(person);
  expect(await chatOf(anna)).toEqual([]);
  await says(ben, 'Only us now');
  await expectChat(anna, ['Ben: Only us now']);
  expect(await chatOf(carol)).toHaveLength(2);
  // The secret of the new room never went over the service, and a reload stays in the new room.
  const secret = new URL(room).hash.slice(3);
  const hexSecret = Buffer.from(secret, 'base64url').toString('hex');
  for (const text of [...tap.texts, ...tap.relayed().map((it) => it.toString('utf8'))])
    expect(text.includes(secret) || text.includes(hexSecret)).toBe(false);
  await ben.page.reload();
  await ben.expectMembers([ANNA, BEN]);
  expect(await ben.link()).toBe(room);
  await anna.screenshot('move-arrived');
  expect(three.flatMap(({ complaints }) => complaints)).toEqual([]);
});
