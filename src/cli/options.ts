import { parseArgs, type ParseArgsConfig } from 'node:util';
import { WrongUse } from './wrongUse.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What every command takes. */
const COMMON = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies Options;

interface Config<O extends Options> {
  readonly args: string[];
  readonly allowPositionals: true;
  readonly options: typeof COMMON & O;
}

type Parsed<O extends Options> = ReturnType<typeof parseArgs<Config<O>>>;

/**
 * A command's arguments, read by its own options and the common ones. Undefined where help was asked for: it has been
 * printed then, and there is nothing to do. Throws the errors of `parseArgs`, which count as wrong use.
 */
export function readArguments<const O extends Options>(
  args: readonly string[],
  usage: string,
  options: O,
): Parsed<O> | undefined {
  const parsed = parseArgs<Config<O>>({
    args: [...args],
    allowPositionals: true,
    options: { ...COMMON, ...options },
  });
  const { help } = parsed.values as { readonly help: boolean };
  if (!help) return parsed;
  console.log(usage);
  return undefined;
}

/** An option's value as a whole number; undefined where it is not given. Throws WrongUse. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new WrongUse(`--${option} ${text} is no number from ${least} to ${most}`);
}

/** With `--json` the last line of standard output is one JSON object. */
export function printJson(asked: boolean, result: object): void {
  if (asked) console.log(JSON.stringify(result));
}
