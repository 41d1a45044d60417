import { spawnSync } from 'node:child_process';
import { inRoot } from './paths.mjs';
import { describeMissing, findMissing, thisSystem } from './requirements.mjs';

/** Runs a command before people's eyes. */
function run(command, args, options = {}) {
  console.log(`> ${[command, ...args].join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, ...options }).status === 0;
}

/**
 * Makes sure that everything needed is there. As root on Debian or Ubuntu it says what it installs and installs it;
 * everywhere else, or when that is refused, it names all that is missing.
 * @param {Iterable<string>} needs as for findMissing
 * @param {{ mayInstall: boolean }} options
 * @throws {Error} with `exitCode` 2 and the whole list as its message
 */
export function ensureRequirements(needs, { mayInstall }) {
  const system = thisSystem();
  let list = findMissing(needs, process.env, system);
  if (list.length > 0 && mayInstall && system.root && system.manager === 'apt') {
    installAsRoot(list);
    list = findMissing(needs, process.env, system);
  }
  if (list.length > 0) throw Object.assign(new Error(describeMissing(list)), { exitCode: 2 });
}

function installAsRoot(list) {
  const names = list.map(({ aptPackage }) => aptPackage).filter((name) => name !== undefined);
  const commands = list.map(({ command }) => command).filter((command) => command !== undefined);
  if (names.length === 0 && commands.length === 0) return;
  const all = [...names, ...commands.map((command) => command.slice(-1)[0])];
  console.log(`Installing what is missing: ${all.join(', ')} (--no-install-system refuses this).`);
  if (names.length > 0 && !run('apt-get', ['update', '-qq']))
    console.log('apt-get update failed; trying with the lists that are here.');
  if (names.length > 0) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names]);
  for (const [program, ...args] of commands) run(program, args, { cwd: inRoot('crates', 'mls-rs-wasm') });
}
