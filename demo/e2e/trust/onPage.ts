/** What a page shows of codes, comparisons, names and the badge of the call. */
import { type CallPage } from '../call/CallPage.ts';

/** The code that is compared. */
export async function pinnedOn(page: CallPage): Promise<{ readonly title: string; readonly code: string }> {
  const spans = await page.page.getByTestId('pinned-code').locator('span').allInnerTexts();
  return { title: await page.text('pinned-epoch'), code: spans.join(' ') };
}

export async function chooseEpoch({ page }: CallPage, name: string): Promise<void> {
  const epochs = page.getByTestId('compare-epoch');
  const value = await epochs.locator('option', { hasText: name }).getAttribute('value');
  await epochs.selectOption(value);
}

/** The codes of the last epochs, the newest first. */
export const codesOf = ({
  page,
}: CallPage): Promise<readonly { readonly epoch: string; readonly code: string; readonly why: string }[]> =>
  page
    .getByTestId('code-history')
    .locator('li')
    .evaluateAll((lines) =>
      lines.map((line) => ({
        epoch: line.getAttribute('data-epoch') ?? '',
        code: line.querySelector('[data-testid=past-code]')?.textContent ?? '',
        why: line.querySelector('[data-testid=code-reason]')?.textContent ?? '',
      })),
    );

/** What the list of people says of a comparison with somebody. */
export async function markOf({ page }: CallPage, participant: string): Promise<string> {
  const line = page.getByTestId('roster').locator(`li[data-participant="${participant}"]`);
  return (await line.getByTestId('verified').or(line.getByTestId('not-compared')).innerText()).trim();
}

/** Name and flaw of whoever is warned of, in the order of the list. */
export const warningsOn = ({ page }: CallPage): Promise<string[]> =>
  page
    .getByTestId('name-warning')
    .evaluateAll((all) =>
      all.map(
        (it) =>
          `${it.closest('li')?.querySelector('.who')?.textContent ?? ''}: ${it.getAttribute('data-flaw') ?? ''}`,
      ),
    );

export async function badgeOf({ page }: CallPage): Promise<{ readonly tone: string; readonly text: string }> {
  const badge = page.getByTestId('call-badge');
  return { tone: (await badge.getAttribute('data-tone')) ?? '', text: await badge.innerText() };
}
