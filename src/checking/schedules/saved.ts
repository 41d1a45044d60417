import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { printRecord } from '../../trace/record.ts';
import { DISHONEST_ACTIONS, HONEST_ACTIONS, type Command } from './commands.ts';
import { RealWorld } from './RealWorld.ts';
import type { SoakFailure } from './soak.ts';

const SavedSchema = v.strictObject({
  v: v.literal(1),
  shape: v.string(),
  slowStart: v.boolean(),
  violation: v.string(),
  commands: v.array(
    v.strictObject({
      action: v.picklist([...HONEST_ACTIONS, ...DISHONEST_ACTIONS]),
      pick: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999)),
    }),
  ),
});

/** A schedule as it was saved: what to play again, and what did not hold. */
export interface Saved {
  readonly shape: string;
  readonly slowStart: boolean;
  readonly violation: string;
  readonly commands: readonly Command[];
}

/**
 * Writes a schedule that failed: its commands, to be played again (`soak --schedule`), and over real MLS the records of
 * all participants up to there, to be replayed and judged. Gives the files' names.
 */
export function saveFailure(
  folder: string,
  { shape, violation, commands, world }: SoakFailure<unknown>,
): string[] {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `${violation.property}-${commands.length}-commands`);
  const saved = {
    v: 1,
    shape,
    slowStart: shape.endsWith('slow start'),
    violation: violation.message,
    commands,
  };
  writeFileSync(`${name}.json`, `${JSON.stringify(saved, null, 2)}\n`);
  if (!(world instanceof RealWorld)) return [`${name}.json`];
  writeFileSync(`${name}.ndjson`, printRecord(world.lines));
  return [`${name}.json`, `${name}.ndjson`];
}

/** Reads what `saveFailure` wrote. Throws where it is none. */
export const readSaved = (file: string): Saved =>
  v.parse(SavedSchema, JSON.parse(readFileSync(file, 'utf8')));
