import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { RecordLine } from '../../trace/record.ts';
import { WrongUse } from '../wrongUse.ts';

/** Where the lines of the bots go. */
export interface Records {
  readonly files: readonly string[];
  readonly lines: () => number;
  readonly write: (bot: number, line: RecordLine) => void;
  /** Resolves once everything is written. */
  readonly close: () => Promise<void>;
}

const isFolder = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? !path.endsWith('.ndjson') : stat.isDirectory();
};

/**
 * Opens the records of `count` bots: one file for all where `path` ends in .ndjson, otherwise a folder with one file a bot.
 * Throws WrongUse where it cannot be written.
 */
export async function openRecords(path: string, count: number): Promise<Records> {
  const folder = isFolder(path);
  const digits = String(count).length;
  const files = folder
    ? Array.from({ length: count }, (_, i) => join(path, `bot-${String(i + 1).padStart(digits, '0')}.ndjson`))
    : [path];
  try {
    if (folder) mkdirSync(path, { recursive: true });
    const streams = await Promise.all(files.map(open));
    let lines = 0;
    return {
      files,
      lines: () => lines,
      write: (bot, line) => {
        lines++;
        streams[folder ? bot : 0]?.write(`${JSON.stringify(line)}\n`);
      },
      close: async () => {
        for (const stream of streams) stream.end();
        await Promise.all(streams.map((stream) => finished(stream)));
      },
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WrongUse(`the records cannot be written: ${why}: name another --record FILE.ndjson or FOLDER`);
  }
}

const open = (file: string): Promise<WriteStream> =>
  new Promise((resolve, reject) => {
    const stream = createWriteStream(file);
    stream.once('open', () => resolve(stream));
    stream.once('error', reject);
  });
