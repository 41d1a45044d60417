/** `npm run bench -- mls`: our MLS core against ts-mls in the same run. */
import { LIMITS } from '../../../protocol/limits.ts';
import type { Effort } from '../measure.ts';
import type { Row } from '../row.ts';
import { admissionRows, admit, admitByReference } from './admission.ts';
import { byteRows } from './bytes.ts';
import { operationRows } from './operations.ts';
import { Crowd, makeRoom } from './room.ts';
import { signatureRows } from './signatures.ts';

export interface MlsBench {
  readonly operations: readonly Row[];
  readonly admissions: readonly Row[];
  readonly bytes: readonly Row[];
  readonly signatures: readonly Row[];
}

export interface MlsBenchOptions {
  readonly sizes: readonly number[];
  readonly joiners: number;
  readonly batches: readonly number[];
  /** What is measured now. */
  readonly onStep: (text: string) => void;
}

export const SIZES = [2, 8, 32, 128, 512];
export const JOINERS = 500;
/** The batch of production is among them. */
export const BATCHES = [1, 5, 10, 25, 50, LIMITS.batch, 100, 250];

const OURS: Effort = { least: 5, most: 50, budget: 300, warmUp: 2 };
/** ts-mls takes seconds in large groups: once, then, and not to warm up. */
const THEIRS: Effort = { least: 3, most: 10, budget: 500, warmUp: 1 };
const THEIRS_LARGE: Effort = { least: 1, most: 10, budget: 1000, warmUp: 0 };
const LARGE = 100;
const SIGNATURES: Effort = { least: 50, most: 500, budget: 500, warmUp: 20 };
const ADMISSIONS = 2;

export async function benchMls({ sizes, joiners, batches, onStep }: MlsBenchOptions): Promise<MlsBench> {
  const crowd = new Crowd();
  const operations: Row[] = [];
  const bytes: Row[] = [];
  for (const members of sizes) {
    onStep(`a group of ${members}`);
    const room = await makeRoom(members, crowd);
    const efforts = [OURS, members < LARGE ? THEIRS : THEIRS_LARGE] as const;
    await operationRows(room, crowd, efforts, (it) => {
      operations.push(it);
      onStep(`measured: ${it.case}`);
    });
    bytes.push(...(await byteRows(room, crowd)));
    room.close();
  }
  const admissions: Row[] = [];
  for (const batch of batches) {
    onStep(`admitting ${joiners} joiners in commits of ${batch}`);
    const runs = [];
    for (let i = 0; i < ADMISSIONS; i++) runs.push(await admit(joiners, batch, crowd));
    const reference = batch === LIMITS.batch ? await admitByReference(joiners, batch, crowd) : null;
    admissions.push(...admissionRows(runs, reference));
  }
  onStep('signatures');
  return { operations, admissions, bytes, signatures: await signatureRows(SIGNATURES) };
}
