import { spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import type { Model } from '../../checking/model/models.ts';

/** A row of `committer conform --json`. */
export interface ComparedRow {
  readonly name: string;
  readonly equal: boolean;
}

/**
 * Compares large graphs: `committer conform` in a Node of its own, which may use half of the memory. What it says goes
 * where ours goes, its result comes back. Throws Error where it ends without one.
 */
export async function compareApart(models: readonly Model[]): Promise<readonly ComparedRow[]> {
  if (models.length === 0) return [];
  const heap = `--max-old-space-size=${Math.floor(totalmem() / 1024 / 1024 / 2)}`;
  const [, script = ''] = process.argv;
  const names = models.map(({ name }) => name);
  const args = [...process.execArgv, heap, script, 'conform', ...names, '--depths', '--json'];
  const lines = (await outputOf(process.execPath, args)).trimEnd().split('\n');
  const result = lines.pop() ?? '';
  console.log(lines.join('\n'));
  if (!result.startsWith('{')) throw new Error(`conform ${names.join(' ')} ended without a result`);
  return (JSON.parse(result) as { readonly models: readonly ComparedRow[] }).models;
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const kill = (): void => void child.kill('SIGTERM');
    process.once('exit', kill);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.once('error', reject);
    child.once('close', () => {
      process.removeListener('exit', kill);
      resolve(output);
    });
  });
}
