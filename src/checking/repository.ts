import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that all of this is in. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** A source file: its path in the repository, with slashes, and what is in it. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** The TypeScript files under a folder of the repository. */
export function sourcesUnder(folder: string): SourceText[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`))
    .map((path) => ({
      file: relative(REPOSITORY, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
