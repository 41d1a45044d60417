import { existsSync, readFileSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { runStep } from './processes.mjs';

/**
 * Compares what the lock file asks for with npm's own record of what is in node_modules. By content and not by
 * file times, which a checkout or a copy changes.
 * @param {{ packages: Record<string, object> }} lock package-lock.json
 * @param {{ packages: Record<string, object> }} installed node_modules/.package-lock.json
 * @returns {string | undefined} the first difference, in words
 */
export function firstDifference(lock, installed) {
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const found = installed.packages[path];
    if (found === undefined) {
      if (wanted.optional || wanted.devOptional) continue; // not for this system
      return `${path} is not installed`;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity)
      return `${path} is another version`;
  }
  for (const path of Object.keys(installed.packages))
    if (lock.packages[path] === undefined) return `${path} is not in the lock file`;
  return undefined;
}

/** Why packages have to be installed, or undefined when what is there is what the lock file says. */
export function whyInstall() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'there are none yet';
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const installed = JSON.parse(readFileSync(record, 'utf8'));
  const gone = Object.keys(installed.packages).find((path) => !existsSync(inRoot(path)));
  return gone === undefined ? firstDifference(lock, installed) : `${gone} is gone`;
}

/** How npm is called: the npm that runs us if one does, else the one on PATH. */
export function npmCommand(env = process.env) {
  const script = env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script))
    return { command: process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Installs the packages exactly as the lock file says, if they are not there already. */
export async function install() {
  const why = whyInstall();
  if (why === undefined) return;
  const { command, args } = npmCommand();
  // Named, because NODE_ENV=production would leave them out.
  const all = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep(`Installing packages from the lock file (${why})`, command, [...args, ...all], { cwd: root });
}
