import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ask } from './processes.mjs';

/** The value of an environment variable whatever its case, as on Windows. */
function variable(env, name) {
  const key = Object.keys(env).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : env[key];
}

function isProgram(path) {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** First of some absolute paths that is a program. */
const firstOf = (paths) => paths.find((path) => path !== undefined && isProgram(path));

/**
 * Absolute path of the first of some names that is a program in one of the folders of PATH, or in one of further
 * folders.
 */
export function onPath(names, env = process.env, further = []) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = [
    ...(variable(env, 'PATH') ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...further,
  ];
  for (const name of names)
    for (const folder of folders)
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (isProgram(path)) return path;
      }
  return undefined;
}

/** Major version in what `java -version` prints: 8 for "1.8.0_392", 17 for "17.0.15". */
export function javaMajor(output) {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? undefined : Number(match[1]);
}

/** Java of at least version 11, JAVA_HOME's first. */
function java(env) {
  const home = variable(env, 'JAVA_HOME');
  const candidates = [
    ...(home === undefined || home === '' ? [] : [onPath(['java'], { PATH: join(home, 'bin') })]),
    onPath(['java'], env, ['/opt/homebrew/opt/openjdk/bin', '/usr/local/opt/openjdk/bin']),
  ];
  return candidates.find((path) => {
    if (path === undefined) return false;
    // macOS has a placeholder of this name that only says that there is no Java.
    const { ok, output } = ask(path, ['-version']);
    return ok && (javaMajor(output) ?? 0) >= 11;
  });
}

function maven(env) {
  const homes = ['MAVEN_HOME', 'M2_HOME'].map((name) => variable(env, name)).filter((home) => home);
  const folders = homes.map((home) => join(home, 'bin'));
  return onPath(['mvn'], env, folders);
}

const chromiumNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

function chromiumPaths(env) {
  if (process.platform === 'darwin') {
    const names = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
    return ['/Applications', join(env.HOME ?? '/', 'Applications')].flatMap((folder) =>
      names.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
    );
  }
  if (process.platform === 'win32') {
    const programs = [
      join('Google', 'Chrome', 'Application', 'chrome.exe'),
      join('Chromium', 'Application', 'chrome.exe'),
      join('Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ];
    return ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData']
      .map((name) => variable(env, name))
      .filter((folder) => folder)
      .flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  return ['/snap/bin/chromium', '/opt/google/chrome/chrome'];
}

/** A Chromium, Chrome or Edge; CHROMIUM, if set, decides alone. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM) return firstOf([env.CHROMIUM]);
  return onPath(chromiumNames, env) ?? firstOf(chromiumPaths(env));
}

function firefoxPaths(env) {
  if (process.platform === 'darwin')
    return ['/Applications', join(env.HOME ?? '/', 'Applications')].map((folder) =>
      join(folder, 'Firefox.app', 'Contents', 'MacOS', 'firefox'),
    );
  if (process.platform === 'win32')
    return ['ProgramFiles', 'ProgramFiles(x86)']
      .map((name) => variable(env, name))
      .filter((folder) => folder)
      .map((folder) => join(folder, 'Mozilla Firefox', 'firefox.exe'));
  return ['/snap/bin/firefox'];
}

/** A Firefox; FIREFOX, if set, decides alone. */
export function findFirefox(env = process.env) {
  if (env.FIREFOX) return firstOf([env.FIREFOX]);
  return onPath(['firefox-esr', 'firefox'], env) ?? firstOf(firefoxPaths(env));
}

const cargoFolder = (env) =>
  join(env.CARGO_HOME ?? join(env.HOME ?? env.USERPROFILE ?? '.', '.cargo'), 'bin');
const cargo = (env) => onPath(['cargo'], env, [cargoFolder(env)]);
const rustc = (env) => onPath(['rustc'], env, [cargoFolder(env)]);
const rustup = (env) => onPath(['rustup'], env, [cargoFolder(env)]);

/** Where each program that we need is: its absolute path, or undefined. */
export const find = { java, maven, chromium: findChromium, firefox: findFirefox, cargo, rustc, rustup };
