/** The page of the demo, built as it is for users, and again with one module replaced: what is measured is the difference. */
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CLEAR = at('./clear/');
const CONFIG = at('../../../../demo/vite.config.ts');

export interface Arm {
  readonly name: string;
  /** The module of production, and what stands for it. */
  readonly replaced: readonly [production: string, by: string] | null;
}

/** The first is production; the second is what it is compared with. */
export const ARMS: readonly [production: Arm, passed: Arm, without: Arm] = [
  { name: 'SFrame', replaced: null },
  {
    name: 'frames passed through',
    replaced: [at('../../../media/sframe/key-ring.ts'), at('./clear/key-ring.ts')],
  },
  {
    name: 'no transforms',
    replaced: [at('../../../media/connection/transform.ts'), at('./clear/transform.ts')],
  },
];

/** Replaces one module wherever it is imported, but for its replacement itself. Counts, since one that replaces nothing lies. */
function replacing([production, by]: readonly [string, string], count: () => void): Plugin {
  return {
    name: 'replace-for-benchmark',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined || resolve(importer).startsWith(CLEAR)) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (found === null || resolve(found.id) !== production) return null;
      count();
      return by;
    },
  };
}

/** Builds the page of an arm into a folder. Throws where what it replaces is nowhere imported. */
export async function buildArm({ name, replaced }: Arm, folder: string): Promise<void> {
  let count = 0;
  const plugins = (): Plugin[] => (replaced === null ? [] : [replacing(replaced, () => (count += 1))]);
  await build({
    configFile: CONFIG,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
    plugins: plugins(),
    worker: { plugins },
  });
  if (replaced !== null && count === 0)
    throw new Error(`${name}: nothing imports ${relative(process.cwd(), replaced[0])}`);
}
