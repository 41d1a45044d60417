/** What the environment and the command line say, as parts of a configuration. */
import { ConfigError } from './errors.ts';
import { LEAVES, type Leaf } from './schema.ts';

/** Some of a configuration, not checked yet. */
export type Part = Readonly<Record<string, unknown>>;

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The variable of a setting: `tls.cert` is COMMITTER_TLS_CERT. */
export const variableOf = ({ path }: Leaf): string =>
  `COMMITTER_${path.map((name) => kebab(name).replaceAll('-', '_').toUpperCase()).join('_')}`;

/** The option of a setting: `udpPorts` is `udp-ports`, `tls.cert` is `cert`. Limits have none. */
export function optionOf({ path }: Leaf): string | null {
  const [folder, ...rest] = path;
  if (folder === 'limits') return null;
  return (folder === 'tls' ? rest : path).map(kebab).join('-');
}

/** Reads the text of a setting. What is no number stays a text, and the schema says what is wrong with it. */
function read(text: string, kind: Leaf['kind']): unknown {
  const number = (it: string): unknown => (/^-?\d{1,15}$/.test(it.trim()) ? Number(it) : it);
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return number(text);
    case 'flag':
      return ['true', '1', 'yes'].includes(text) ? true : ['false', '0', 'no'].includes(text) ? false : text;
    case 'list':
      return text === '' ? [] : text.split(',').map((it) => it.trim());
    case 'range':
      return text.split(/[-:]/).map(number);
  }
}

function set(part: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) part[name] = value;
  else set((part[name] ??= {}) as Record<string, unknown>, rest, value);
}

/**
 * What the environment says. PORT counts where COMMITTER_PORT is not there: many hosts set it.
 *
 * @throws ConfigError for a variable with our prefix that names no setting
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Part {
  const part: Record<string, unknown> = {};
  const known = new Map(LEAVES.map((leaf) => [variableOf(leaf), leaf]));
  if (env['PORT'] !== undefined && env['PORT'] !== '') part['port'] = read(env['PORT'], 'number');
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('COMMITTER_') || text === undefined) continue;
    const leaf = known.get(name);
    if (leaf === undefined)
      throw new ConfigError('config/unknown_field', `${name}: there is no such setting`);
    set(part, leaf.path, read(text, leaf.kind));
  }
  return part;
}

/** The options that there are, as `parseArgs` of node:util wants them. */
export const OPTIONS: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = Object.fromEntries(
  LEAVES.flatMap((leaf) => {
    const name = optionOf(leaf);
    return name === null ? [] : [[name, { type: leaf.kind === 'flag' ? 'boolean' : 'string' } as const]];
  }),
);

/** What the command line says; `options` is what `parseArgs` read. */
export function fromOptions(options: Readonly<Record<string, string | boolean | undefined>>): Part {
  const part: Record<string, unknown> = {};
  for (const leaf of LEAVES) {
    const name = optionOf(leaf);
    const value = name === null ? undefined : options[name];
    if (value !== undefined) set(part, leaf.path, typeof value === 'string' ? read(value, leaf.kind) : value);
  }
  return part;
}
