import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { inRoot } from './paths.mjs';
import { ask } from './processes.mjs';
import { find, onPath } from './programs.mjs';
import { presentTlc } from './tlc.mjs';

/**
 * @typedef {object} System this machine, as far as installing goes
 * @property {'apt' | 'dnf' | 'brew' | 'winget' | undefined} manager
 * @property {boolean} ubuntu whose packages of browsers have other names
 * @property {boolean} root
 *
 * @typedef {object} Missing
 * @property {string} name what is missing, for people
 * @property {string} howTo the command, or what to do, on this system
 * @property {string | undefined} aptPackage what to install as root on Debian or Ubuntu
 * @property {string[] | undefined} command what to run in the crate's folder instead, for parts of Rust
 */

const smallestNode = [20, 19];
const wasmTarget = 'wasm32-unknown-unknown';
const crate = inRoot('crates', 'mls-rs-wasm');

/** @returns {System} */
export function thisSystem(env = process.env) {
  const root = process.getuid?.() === 0;
  if (process.platform === 'win32') return { manager: 'winget', ubuntu: false, root };
  if (process.platform === 'darwin') return { manager: 'brew', ubuntu: false, root };
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const apt = onPath(['apt-get'], env, ['/usr/bin']) !== undefined;
  const dnf = onPath(['dnf'], env, ['/usr/bin']) !== undefined;
  return { manager: apt ? 'apt' : dnf ? 'dnf' : undefined, ubuntu: /^ID=ubuntu$/m.test(release), root };
}

/** Package names of what is needed, for each package manager, and where to get it otherwise. */
const packages = {
  java: {
    apt: 'default-jre-headless',
    dnf: 'java-latest-openjdk-headless',
    brew: 'openjdk',
    winget: 'EclipseAdoptium.Temurin.21.JRE',
    else: 'install a Java runtime (adoptium.net)',
  },
  maven: {
    apt: 'maven',
    dnf: 'maven',
    brew: 'maven',
    else: 'unpack Maven (maven.apache.org) and put its bin folder on PATH',
  },
  chromium: {
    apt: 'chromium',
    dnf: 'chromium',
    brew: '--cask google-chrome',
    winget: 'Google.Chrome',
    else: 'install Chromium, Chrome or Edge, or set CHROMIUM to its path',
  },
  firefox: {
    apt: 'firefox-esr',
    dnf: 'firefox',
    brew: '--cask firefox',
    winget: 'Mozilla.Firefox',
    else: 'install Firefox, or set FIREFOX to its path',
  },
  rust: { brew: 'rustup', winget: 'Rustlang.Rustup', else: 'install rustup (rustup.rs)' },
  node: { brew: 'node', winget: 'OpenJS.NodeJS.LTS', else: 'install Node 20.19 or newer (nodejs.org)' },
};

const onUbuntu = { chromium: 'chromium-browser', firefox: 'firefox' };

/** @param {System} system */
function missing(name, what, system) {
  const sudo = system.root ? '' : 'sudo ';
  const known = packages[what][system.manager];
  const aptName = (system.ubuntu ? onUbuntu[what] : undefined) ?? known;
  const howTo =
    known === undefined
      ? packages[what].else
      : {
          apt: `${sudo}apt-get install -y ${aptName}`,
          dnf: `${sudo}dnf install -y ${known}`,
          brew: `brew install ${known}`,
          winget: `winget install --id ${known}`,
        }[system.manager];
  return { name, howTo, aptPackage: system.manager === 'apt' ? aptName : undefined };
}

/** Whether a version like "20.19.4" is new enough. */
export function nodeIsNewEnough(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  return major > smallestNode[0] || (major === smallestNode[0] && minor >= smallestNode[1]);
}

/** Rust with what the toolchain file of the crate names: the wasm target, clippy and rustfmt. */
function missingRust(env, system) {
  const cargo = find.cargo(env);
  const rustc = find.rustc(env);
  if (cargo === undefined || rustc === undefined) return [missing('Rust (cargo)', 'rust', system)];
  const rustup = find.rustup(env);
  const part = (name, ...words) => ({
    name,
    howTo: rustup
      ? `rustup ${words.join(' ')} (in crates/mls-rs-wasm)`
      : 'use rustup (rustup.rs): this Rust lacks it and cannot add it',
    command: rustup ? [rustup, ...words] : undefined,
  });
  // Without this, asking would already download.
  const options = { cwd: crate, env: { ...env, RUSTUP_AUTO_INSTALL: '0' } };
  const folder = ask(rustc, ['--print', 'target-libdir', '--target', wasmTarget], options);
  const component = (name, subcommand, what) =>
    ask(cargo, [subcommand, '--version'], options).ok ? [] : [part(what, 'component', 'add', name)];
  return [
    ...(folder.ok && existsSync(folder.output.split(/\r?\n/)[0])
      ? []
      : [part(`the Rust target ${wasmTarget}`, 'target', 'add', wasmTarget)]),
    ...component('clippy', 'clippy', 'clippy, the linter of Rust'),
    ...component('rustfmt', 'fmt', 'rustfmt, the formatter of Rust'),
  ];
}

/**
 * Everything that is missing here, all at once.
 * @param {Iterable<'java' | 'maven' | 'chromium' | 'firefox' | 'rust'>} needs what is needed besides Node; Maven only counts while
 * TLC has not been fetched yet
 * @returns {Missing[]} empty when all is there
 */
export function findMissing(needs, env = process.env, system = thisSystem(env)) {
  const wanted = new Set(needs);
  const found = [];
  if (!nodeIsNewEnough())
    found.push(
      missing(`Node ${smallestNode.join('.')} or newer (this is ${process.version})`, 'node', system),
    );
  if (wanted.has('java') && find.java(env) === undefined)
    found.push(missing('Java 11 or newer', 'java', system));
  if (wanted.has('maven') && find.maven(env) === undefined && presentTlc(env) === undefined)
    found.push(missing('Maven (fetches TLC)', 'maven', system));
  if (wanted.has('chromium') && find.chromium(env) === undefined) {
    const wrong = env.CHROMIUM ? ` (CHROMIUM names ${env.CHROMIUM}, which is no program)` : '';
    found.push(missing(`Chromium, Chrome or Edge${wrong}`, 'chromium', system));
  }
  if (wanted.has('firefox') && find.firefox(env) === undefined) {
    const wrong = env.FIREFOX ? ` (FIREFOX names ${env.FIREFOX}, which is no program)` : '';
    found.push(missing(`Firefox${wrong}`, 'firefox', system));
  }
  if (wanted.has('rust')) found.push(...missingRust(env, system));
  return found;
}

/** @param {Missing[]} list */
export function describeMissing(list) {
  const width = Math.max(...list.map(({ name }) => name.length));
  const lines = list.map(({ name, howTo }) => `  ${name.padEnd(width)}  ${howTo}`);
  return ['Missing, and needed before anything can run:', ...lines].join('\n');
}

/**
 * The environment for children, in which what was found is found again: Java and Cargo first on PATH, CHROMIUM,
 * FIREFOX and TLA2TOOLS_JAR set.
 */
export function childEnvironment(env, { tlc } = {}) {
  const result = { ...env };
  const chromium = find.chromium(env);
  if (chromium !== undefined) result.CHROMIUM = chromium;
  const firefox = find.firefox(env);
  if (firefox !== undefined) result.FIREFOX = firefox;
  if (tlc !== undefined) result.TLA2TOOLS_JAR = tlc;
  const pathKey = Object.keys(result).find((key) => key.toLowerCase() === 'path') ?? 'PATH';
  const old = (result[pathKey] ?? '').split(delimiter).filter((folder) => folder !== '');
  // Only where the name alone would not find it, or would find an older one.
  const folders = [
    ['java', find.java(env)],
    ['cargo', find.cargo(env)],
  ]
    .filter(([name, path]) => path !== undefined && path !== onPath([name], env))
    .map(([, path]) => dirname(path));
  result[pathKey] = [...folders, ...old].join(delimiter);
  return result;
}
