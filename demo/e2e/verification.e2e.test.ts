import jsQR from 'jsqr';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPersonKey } from '../../src/participant/person.ts';
import { type Service } from '../../src/service/server.ts';
import { personCode } from '../../src/verification/index.ts';
import { WORDS } from '../../src/verification/words.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { NodeMember } from './call/NodeMember.ts';
import { ANNA, BEN, CAROL } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 100 };
let service: Service;
let browser: Browser;
beforeAll(async () => {
  await buildPage();
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const line = ({ page }: CallPage, participant: string) =>
  page.getByTestId('roster').locator(`li[data-participant="${participant}"]`);

/** The person code that a page has for somebody; null where it says that there is none. */
async function personCodeOf(page: CallPage, participant: string): Promise<string | null> {
  const none = line(page, participant).getByTestId('no-person-code');
  const code = line(page, participant).getByTestId('person-code');
  await code.or(none).waitFor({ state: 'attached' });
  if ((await none.count()) > 0) return null;
  const text = (await code.locator('span').allTextContents()).join(' ');
  expect(text).toMatch(/^(\d{5} ){7}\d{5}$/);
  return text;
}
const ownCode = async (page: CallPage): Promise<string | null> => personCodeOf(page, await page.id());

/** What a camera reads on the screen, by another library than the page's. */
async function readQr({ page }: CallPage): Promise<string | null> {
  const picture = await page.getByTestId('safety-qr').locator('svg').screenshot();
  const { rgba, width, height } = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png)], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { rgba: Array.from(data), width: bitmap.width, height: bitmap.height };
  }, Array.from(picture));
  return jsQR(Uint8ClampedArray.from(rgba), width, height)?.data ?? null;
}

/** What a script of the page gets of the kept key. */
const tryToRead = ({ page }: CallPage): Promise<string> =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('designated-committer');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error ?? new Error());
    });
    const pair = await new Promise<CryptoKeyPair | undefined>((resolve) => {
      const request = database.transaction('person').objectStore('person').get('own');
      request.onsuccess = () => resolve(request.result as CryptoKeyPair | undefined);
    });
    database.close();
    if (pair === undefined) return 'nothing';
    const tries = (['pkcs8', 'jwk'] as const).map((format) =>
      crypto.subtle.exportKey(format, pair.privateKey).then(
        () => `${format} read`,
        (error: unknown) => (error as DOMException).name,
      ),
    );
    return (await Promise.all(tries)).join(' ');
  });

describe('the codes of a call', () => {
  test('two pages show one safety code, as digits, words and QR; and one code for each person', async () => {
    const link = newLink(service);
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const ben = await CallPage.join(browser, link, BEN);
    const pages = [anna, ben];
    for (const page of pages) await page.expectMembers([ANNA, BEN]);
    const code = await commonCode(pages);
    const words: string[][] = [];
    for (const page of pages) {
      await page.click('safety-forms');
      words.push(await page.page.getByTestId('safety-words').locator('span').allInnerTexts());
      expect(await readQr(page)).toBe(`SAFETY CODE 1: ${code}`);
    }
    expect(words[0]).toHaveLength(24);
    for (const word of words[0] ?? []) expect(WORDS).toContain(word);
    expect(words[1]).toEqual(words[0]);
    await anna.screenshot('verification-codes');

    const own = [await ownCode(anna), await ownCode(ben)];
    expect(new Set([...own, null]).size).toBe(3);
    for (const page of pages)
      expect(await Promise.all(pages.map(async (it) => personCodeOf(page, await it.id())))).toEqual(own);

    // Another epoch: another safety code in the picture too, the same person codes.
    const carol = await CallPage.join(browser, link, CAROL);
    await carol.expectMembers([ANNA, BEN, CAROL]);
    const next = await commonCode([anna, ben, carol], code);
    expect(await readQr(anna)).toBe(`SAFETY CODE 1: ${next}`);
    expect([await ownCode(anna), await ownCode(ben)]).toEqual(own);
    const whole = line(anna, await ben.id()).locator('details');
    const isOpen = async (): Promise<boolean> => (await whole.getAttribute('open')) !== null;
    expect(await isOpen()).toBe(false);
    await whole.locator('summary').click();
    expect(await isOpen()).toBe(true);
    expect(await whole.innerText()).toContain(own[1]?.slice(0, 11));
    // What is open stays open when the list changes.
    await carol.click('leave');
    await anna.expectMembers([ANNA, BEN]);
    expect(await isOpen()).toBe(true);
    await anna.screenshot('verification-people');
    expect([anna, ben, carol].flatMap(({ complaints }) => complaints)).toEqual([]);
    await Promise.all([anna, ben, carol].map((page) => page.close()));
  });

  test('whose person key vouches for nothing has a name, and no code', async () => {
    const link = newLink(service);
    const [good, stolen] = [newPersonKey(), newPersonKey()];
    const dan = new NodeMember(link, 'Dan', good);
    const mallory = new NodeMember(link, 'Mallory', { ...stolen, sign: good.sign });
    const anna = await CallPage.open(browser, link, ANNA);
    await anna.enter('none');
    await expect.poll(async () => (await anna.roster()).length, poll).toBe(3);
    const codes = new Map<string, string | null>();
    for (const { id, name } of await anna.roster()) codes.set(name, await personCodeOf(anna, id));
    expect(codes.get('Dan')).toBe(personCode(good.publicKey).text);
    expect(codes.get('Mallory')).toBe(null);
    expect(codes.get('Anna')).not.toBe(null);
    dan.leave();
    mallory.leave();
    await anna.close();
  });
});

describe('a person code', () => {
  /** Goes into a new call. */
  async function call(page: CallPage): Promise<{ readonly code: string | null; readonly kept: boolean }> {
    await page.enter('none');
    await page.expectMembers([ANNA]);
    const code = await ownCode(page);
    const kept = (await line(page, await page.id()).innerText()).includes('kept here');
    return { code, kept };
  }
  async function reload(page: CallPage): Promise<string | null> {
    const before = await page.id();
    await page.page.reload();
    await expect.poll(() => page.id(), poll).not.toBe(before);
    await page.expectMembers([ANNA]);
    return ownCode(page);
  }
  let rooms = 0;
  /** The lobby of a new room. Its link has another query than the last one, so that the page is loaded anew. */
  const lobby = async (page: CallPage, state: string): Promise<boolean> => {
    await page.page.goto(newLink(service, { rotation: NEVER / 1_000 - ++rooms }));
    await expect
      .poll(() => page.page.getByTestId('kept-person').getAttribute('data-state'), poll)
      .toBe(state);
    return page.page.getByTestId('keep-person').isChecked();
  };

  test('stays across reloads and calls where its person wants it, until it is forgotten', async () => {
    const anna = await CallPage.open(browser, service.url, ANNA);
    expect(await lobby(anna, 'none')).toBe(false);
    const fresh = await call(anna);
    expect(fresh.kept).toBe(false);
    const codes = [fresh.code, await reload(anna)];
    expect(await tryToRead(anna)).toBe('nothing');

    expect(await lobby(anna, 'none')).toBe(false);
    await anna.page.getByTestId('keep-person').check();
    await anna.screenshot('verification-lobby');
    const kept = await call(anna);
    expect(kept.kept).toBe(true);
    expect(await reload(anna)).toBe(kept.code);
    expect(await tryToRead(anna)).toBe('InvalidAccessError InvalidAccessError');
    expect(await lobby(anna, 'kept')).toBe(true);
    expect(await call(anna)).toEqual(kept);

    // A call without it does not cost it.
    expect(await lobby(anna, 'kept')).toBe(true);
    await anna.page.getByTestId('keep-person').uncheck();
    codes.push((await call(anna)).code);
    expect(await lobby(anna, 'kept')).toBe(true);
    expect(await call(anna)).toEqual(kept);

    await lobby(anna, 'kept');
    await anna.click('forget-person');
    await expect
      .poll(() => anna.page.getByTestId('kept-person').getAttribute('data-state'), poll)
      .toBe('none');
    expect(await anna.page.getByTestId('keep-person').isChecked()).toBe(false);
    expect(await tryToRead(anna)).toBe('nothing');
    await anna.page.getByTestId('keep-person').check();
    const next = await call(anna);
    expect(await reload(anna)).toBe(next.code);
    codes.push(kept.code, next.code);
    console.log(`${codes.length} person codes: ${codes.map((code) => code?.slice(0, 11)).join(', ')}`);
    expect(new Set([...codes, null]).size).toBe(6);
    expect(anna.complaints).toEqual([]);
    await anna.close();
  });

  test('is for one call where the browser cannot keep it, and the page says so', async () => {
    const anna = await CallPage.open(browser, service.url, ANNA);
    await anna.page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('', 'SecurityError');
      };
    });
    expect(await lobby(anna, 'impossible')).toBe(false);
    expect(await anna.page.getByTestId('keep-person').isDisabled()).toBe(true);
    expect((await call(anna)).kept).toBe(false);
    await anna.close();
  });
});
