import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { REPOSITORY, sourcesUnder } from '../../repository.ts';
import type { Mutant } from '../mutant.ts';
import { keepGraphs } from './graphs.ts';
import { mutantsIn } from './report.ts';

const FOLDERS = ['src/protocol', 'src/machine', 'src/mls'];
const CONFIG = 'src/checking/mutation/code/stryker.config.mjs';
/** Named in the configuration too. */
const REPORT = join(REPOSITORY, 'test-results/mutants.json');
const GRAPHS = join(REPOSITORY, '.cache/mutants-graphs');

/**
 * StrykerJS on the protocol, the machine and the MLS adapter, or on those files only. Throws Error where it comes to no
 * report, where a mutant was left out, or where a source says that some are to be.
 */
export async function mutateCode(only: readonly string[]): Promise<readonly Mutant[]> {
  const silenced = FOLDERS.flatMap(sourcesUnder).find(({ text }) => /Stryker (?:disable|restore)/.test(text));
  if (silenced !== undefined) throw new Error(`${silenced.file} tells StrykerJS to leave mutants out`);
  const graphs = await keepGraphs(GRAPHS);
  rmSync(REPORT, { force: true });
  const manifest = createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json');
  const program = join(manifest, '..', 'bin', 'stryker.js');
  const mutate = only.length === 0 ? [] : ['--mutate', only.join(',')];
  const code = await ended([program, 'run', CONFIG, ...mutate], { ...process.env, ...graphs });
  if (code !== 0) throw new Error(`StrykerJS ended with ${code ?? 'a signal'}`);
  return mutantsIn(JSON.parse(readFileSync(REPORT, 'utf8')));
}

/** Runs Node with what it prints on standard error; the exit code, or null where it was ended. */
function ended(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      ...{ cwd: REPOSITORY, env, stdio: ['ignore', 2, 2], windowsHide: true },
    });
    const end = (): void => void child.kill();
    process.once('exit', end);
    child.on('error', reject).on('close', (code) => {
      process.removeListener('exit', end);
      resolve(code);
    });
  });
}
