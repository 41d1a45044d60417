/** What the tests of the log in a file share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder, and the way to remove it with all that is in it. */
export function newFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'committer-logs-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A new folder for one test. */
export function testFolder(): string {
  const { folder, remove } = newFolder();
  onTestFinished(remove);
  return folder;
}
