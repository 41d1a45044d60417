/** What a browser downloads of the built page. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The most that all files but the MLS core may take together: bytes of gzip. */
export const MOST_GZIP_BYTES = 150_000;

/** One file, in bytes: as it is, by gzip, and in Brotli as the service sends it. */
export interface FileWeight {
  readonly name: string;
  readonly bytes: number;
  readonly gzip: number;
  readonly brotli: number;
}

export interface PageWeight {
  readonly files: readonly FileWeight[];
  /** The sum without wasm. */
  readonly withoutWasm: Omit<FileWeight, 'name'>;
}

async function weightOf(folder: string, path: string): Promise<FileWeight> {
  const content = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return {
    name: relative(folder, path).replaceAll('\\', '/'),
    bytes: content.length,
    gzip: (await promisify(gzip)(content, { level: 9 })).length,
    brotli: (await promisify(brotliCompress)(content, { params })).length,
  };
}

/** Weighs a built page. @throws Error where a folder holds no document, no script or no wasm: it is not the page then */
export async function weigh(folder: string): Promise<PageWeight> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((it) => it.isFile() && !it.name.endsWith('.br'))
    .map((it) => join(it.parentPath, it.name));
  const files = await Promise.all(paths.sort().map((path) => weightOf(folder, path)));
  for (const ending of ['.html', '.js', '.wasm'])
    if (!files.some(({ name }) => name.endsWith(ending))) throw new Error(`no ${ending} in the page`);
  const counted = files.filter(({ name }) => !name.endsWith('.wasm'));
  const sum = (of: 'bytes' | 'gzip' | 'brotli'): number => counted.reduce((all, it) => all + it[of], 0);
  return { files, withoutWasm: { bytes: sum('bytes'), gzip: sum('gzip'), brotli: sum('brotli') } };
}
