import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import { ConfigError } from './errors.ts';
import { ConfigSchema, type Config } from './schema.ts';
import { fromEnvironment, fromOptions, type Part } from './sources.ts';

/** Where a configuration comes from. */
export interface Sources {
  /** The file, if there is one. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What `parseArgs` of node:util read with OPTIONS. */
  readonly options?: Readonly<Record<string, string | boolean | undefined>>;
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` above `under`, field by field. Lists are replaced, not joined. */
function merge(under: Part, over: Part): Part {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isPart(value) && isPart(below) ? merge(below, value) : value;
  }
  return merged;
}

/** Reads a part against the schema; `where` is named in the error. @throws ConfigError */
function check(part: Part, where: string): Config {
  const result = v.safeParse(ConfigSchema, part);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'it';
  if (issue.type === 'strict_object' && issue.expected === 'never')
    throw new ConfigError('config/unknown_field', `${where}: there is no setting ${path}`);
  throw new ConfigError('config/bad_value', `${where}: ${path}: ${issue.message}`);
}

/** Settings that name a file or a folder: in a file, they are relative to it. */
const PATHS: readonly (readonly string[])[] = [['tls', 'cert'], ['tls', 'key'], ['data'], ['page']];

function absolute(part: Part, [name = '', ...rest]: readonly string[], base: string): Part {
  const value = part[name];
  if (rest.length > 0) return isPart(value) ? { ...part, [name]: absolute(value, rest, base) } : part;
  if (typeof value !== 'string' || value === '' || isAbsolute(value)) return part;
  return { ...part, [name]: resolve(base, value) };
}

function fromFile(file: string): Part {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ConfigError('config/unreadable', `${file} cannot be read: ${why}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError('config/bad_json', `${file} is no JSON: ${(error as Error).message}`);
  }
  if (!isPart(json)) throw new ConfigError('config/bad_value', `${file}: an object is expected`);
  return PATHS.reduce((part, path) => absolute(part, path, dirname(resolve(file))), json);
}

/** What no single field shows to be wrong. */
function contradiction({ tls, lan }: Config): string | null {
  if ((tls.cert === null) !== (tls.key === null)) return 'tls.cert and tls.key belong together';
  if (lan && tls.cert !== null) return '`lan` makes a certificate: leave out either it or tls.cert';
  return null;
}

/**
 * The configuration in force: an option counts before the environment, that before the file, and that before the
 * default. Each is checked by itself first, so that an error says where it was.
 *
 * @throws ConfigError
 */
export function loadConfig({ file, env = {}, options = {} }: Sources): Config {
  const parts: readonly (readonly [string, Part])[] = [
    [file ?? 'no file', file === undefined ? {} : fromFile(file)],
    ['environment', fromEnvironment(env)],
    ['command line', fromOptions(options)],
  ];
  for (const [where, part] of parts) check(part, where);
  const config = check(
    parts.reduce<Part>((under, [, part]) => merge(under, part), {}),
    'configuration',
  );
  const wrong = contradiction(config);
  if (wrong !== null) throw new ConfigError('config/contradiction', wrong);
  return config;
}
