/** The recordings of a call, and what TLC says of them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { validateRecords, type RecordText, type Validation } from '../../../src/checking/validation/index.ts';
import { parseRecord, type RecordLine } from '../../../src/trace/record.ts';
import { type CallPage } from './CallPage.ts';

/** What "Download recording" gives on these pages, a record each. */
export async function recordsOf(pages: readonly CallPage[]): Promise<RecordText[]> {
  const folder = await mkdtemp(join(tmpdir(), 'call-'));
  try {
    const records: RecordText[] = [];
    for (const page of pages) {
      const name = `${page.person.name.toLowerCase()}.ndjson`;
      await page.saveRecording(join(folder, name));
      records.push({ name, text: await readFile(join(folder, name), 'utf8') });
    }
    return records;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A call that was, as TLC and the log have it. */
export interface Judged extends Validation {
  /** How often each action of the spec was taken by somebody whose lines these are. */
  readonly actions: Readonly<Partial<Record<RecordLine['action'], number>>>;
}

/** Has TLC judge the records of one call, and expects that it was a behaviour of the spec. Prints how much it saw. */
export async function expectBehaviour(records: readonly RecordText[]): Promise<Judged> {
  const actions: Partial<Record<RecordLine['action'], number>> = {};
  for (const { text } of records)
    for (const { action } of parseRecord(text)) actions[action] = (actions[action] ?? 0) + 1;
  const judged = await validateRecords(records);
  const { lines, events, taken, entries, crashes, losses, accepted, refused } = judged;
  const counts = { records: records.length, lines, entries, events, taken, crashes: crashes.length };
  console.log(
    `TLC: ${JSON.stringify({ ...counts, losses: losses.length, accepted })} of ${JSON.stringify(actions)}`,
  );
  expect(refused).toBeNull();
  expect(accepted).toBe(true);
  expect(lines).toBeGreaterThanOrEqual(8);
  return { ...judged, actions };
}
