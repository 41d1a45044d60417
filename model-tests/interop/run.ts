import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { Counts } from './counts.ts';
import { Difference } from './difference.ts';
import { LIMITS_OF_TS_MLS } from './limits.ts';
import { MixedGroup } from './group.ts';

export const COMMITS = 50;

/** Runs `groups` of `COMMITS` commits each, from a seed that it prints. Throws `Difference`, with the seed of its group. */
export async function runGroups(seed: number, groups: number): Promise<Counts> {
  const counts = new Counts();
  console.log(`interop: ${groups} groups of ${COMMITS} commits, seed ${seed}`);
  for (let i = 0; i < groups; i++) {
    try {
      await new MixedGroup({ seed: seed + i, commits: COMMITS, counts }).run();
    } catch (error) {
      if (error instanceof Difference) error.message += ` (group with seed ${seed + i})`;
      throw error;
    }
  }
  console.log(counts.print());
  return counts;
}

/** The difference that a fault in our side makes; null where the comparison does not find it. */
export async function differenceWith(
  seed: number,
  core: (number: number, mls: MlsGroup) => MlsGroup,
): Promise<Difference | null> {
  try {
    await new MixedGroup({ seed, commits: COMMITS, counts: new Counts(), core }).run();
    return null;
  } catch (error) {
    if (error instanceof Difference) return error;
    throw error;
  }
}

/** What must have been seen in so many commits, at least, by both implementations in every part. */
export function floors(commits: number): Readonly<Record<string, number>> {
  const share = (parts: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Math.floor(part * commits)]));
  return {
    commits,
    epochs: commits,
    ...share({
      'mixed epochs': 0.75,
      'commits: add by mls-rs': 0.08,
      'commits: add by ts-mls': 0.08,
      'commits: add with a path by mls-rs': 0.02,
      'commits: remove by mls-rs': 0.06,
      'commits: remove by ts-mls': 0.06,
      'commits: add and remove by mls-rs': 0.01,
      'commits: add and remove by ts-mls': 0.01,
      'commits: rotation by mls-rs': 0.06,
      'commits: rotation by ts-mls': 0.06,
      'joined: mls-rs by ts-mls': 0.1,
      'joined: ts-mls by mls-rs': 0.04,
      'processed: by mls-rs from ts-mls': 1,
      'processed: by ts-mls from mls-rs': 0.5,
      'removed: mls-rs by ts-mls': 0.08,
      'removed: ts-mls by mls-rs': 0.03,
      'frames protected: mls-rs': 0.3,
      'frames protected: ts-mls': 0.1,
      'between implementations: epoch': 2,
      'between implementations: roster': 2,
      'between implementations: epoch authenticator': 4,
      'between implementations: exporter': 6,
      'between implementations: opened frame': 1,
    }),
    'most members': 10,
  };
}

/** Joins that ts-mls refuses for a limit of its own: few enough that what it joins says something. */
export function excusedShare(counts: Counts): number {
  const excused = counts.of(`limits of ts-mls: ${LIMITS_OF_TS_MLS.unmergedLeaves}`);
  const joined = counts.of('joined: ts-mls by mls-rs') + counts.of('joined: ts-mls by ts-mls');
  return excused / (excused + joined);
}
