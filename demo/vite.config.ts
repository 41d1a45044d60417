import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Puts each file beside itself once more, in Brotli, for a server that finds it there. Of its qualities, 11 takes ten times as long. */
const compressed: Plugin = {
  name: 'compressed',
  async writeBundle({ dir = '' }) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    for (const file of entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name)))
      await writeFile(`${file}.br`, await promisify(brotliCompress)(await readFile(file), { params }));
  },
};

/** Everything is a file of its own: the content security policy of the service allows nothing inline. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: false,
  plugins: [compressed],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
