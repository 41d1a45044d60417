import { readFile } from 'node:fs/promises';
import { validateRecords, ValidationError, type Validation } from '../../checking/validation/index.ts';
import { printJson, readArguments } from '../options.ts';
import { seconds } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer validate FILE... [--json]

Has TLC decide whether recorded runs are behaviours of the spec. The files are the records of all participants of one
run, as NDJSON (spec/guide/records.md), in any order.
  --json  the result as one JSON object, on the last line`;

/** Exit code 0: a behaviour, 1: none. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {});
  if (line === undefined) return 0;
  const { values, positionals } = line;
  if (positionals.length === 0) throw new WrongUse(`name the records of a run\n\n${USAGE}`);
  const texts = await Promise.all(positionals.map(async (name) => ({ name, text: await read(name) })));
  const result = await validateRecords(texts).catch((error: unknown) => {
    if (error instanceof ValidationError && error.code !== 'validation/tlc')
      throw new WrongUse(error.message);
    throw error;
  });
  print(result);
  printJson(values.json, { records: asJson(result) });
  return result.accepted ? 0 : 1;
}

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WrongUse(`cannot read ${file}`, { cause: error });
  });
}

function print(result: Validation): void {
  const { files, lines, participants, entries, taken, events, crashes, losses, resends, refused } = result;
  console.log(
    `${files.length} records, ${lines} lines, ${participants} participants, ${entries} entries of the log: ` +
      `${taken} of ${events} events are a behaviour of the spec (${seconds(result.seconds)})`,
  );
  if (crashes.length > 0) console.log(`filled in: ${crashes.length} crashes (${crashes.join(', ')})`);
  if (losses.length > 0)
    console.log(`filled in: ${losses.length} lost connections, ${resends.length} drafts sent again`);
  if (refused === null) {
    console.log('accepted');
    return;
  }
  const whose = refused.participant === null ? '' : `, line ${refused.line ?? 0} of ${refused.participant}`;
  console.log(`rejected at ${refused.file}:${refused.fileLine}${whose}: ${refused.reason}`);
}

function asJson({ accepted, files, refused, crashes, losses, resends }: Validation): readonly object[] {
  return files.map(({ file, lines }) => ({
    file,
    lines,
    accepted,
    line: refused?.file === file ? refused.fileLine : null,
    ...(refused?.file === file && { reason: refused.reason, allowed: refused.allowed }),
    crashes: crashes.length,
    losses: losses.length,
    resends: resends.length,
  }));
}
