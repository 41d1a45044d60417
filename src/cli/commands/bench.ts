import { WrongUse } from '../wrongUse.ts';

/** One benchmark: all arguments in, its name among them; the exit code out. */
interface Benchmark {
  run(args: readonly string[]): Promise<number>;
}

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  mls: () => import('../bench/mls.ts'),
  media: () => import('../bench/media.ts'),
  page: () => import('../bench/page/index.ts'),
};

const USAGE = `committer bench mls|media|page [--json]

Figures as ratios to named references in the same run.
  mls    our MLS core beside ts-mls
  media  protecting and opening frames beside raw AES-GCM, MLS messages and no encryption; a call in a browser
  page   bytes of the page, and how soon a browser shows it beside a page of one word

committer bench mls --help says more, and so do the others.`;

/** Exit code 0: measured, and within the limits that the project has set itself; 1: over one, or nothing was measured. */
export async function run(args: readonly string[]): Promise<number> {
  const load = args.flatMap((it) => (Object.hasOwn(BENCHMARKS, it) ? [BENCHMARKS[it]] : []))[0];
  if (load !== undefined) return (await load()).run(args);
  if (!args.includes('--help') && !args.includes('-h'))
    throw new WrongUse(`name what to measure\n\n${USAGE}`);
  console.log(USAGE);
  return 0;
}
