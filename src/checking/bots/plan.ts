/** How a bot goes before the others: says so, or is gone without a word, as a tab that was killed. */
export type Going = 'leaves' | 'crashes';

/** When it goes: as soon as the log has its `join`, or as soon as it is a member. */
export type Moment = 'waiting' | 'member';

/** What one bot is to do besides joining. */
export interface Part {
  readonly going: Going;
  readonly moment: Moment;
}

export interface PlanOptions {
  readonly count: number;
  /** How many leave while the others join. */
  readonly leave: number;
  /** How many crash while the others join. */
  readonly crash: number;
}

/**
 * Who goes when, by the number of the bot: the same options, the same plan. Those who go are spread evenly, the first bot
 * among them, which most likely founds the group; they go as members and while they wait, by turns.
 *
 * @returns a part for each bot; null for one that stays. At least one stays.
 */
export function planOf({ count, leave, crash }: PlanOptions): readonly (Part | null)[] {
  const going = leave + crash;
  if (going >= count) throw new RangeError(`${going} of ${count} bots go, and one has to stay`);
  const parts: (Part | null)[] = Array.from({ length: count }, () => null);
  for (let i = 0; i < going; i++) {
    // Crashes and leaves are mixed as evenly as their numbers allow, crashes first.
    const crashes = Math.ceil(((i + 1) * crash) / going) > Math.ceil((i * crash) / going);
    const before = crashes ? Math.ceil((i * crash) / going) : i - Math.ceil((i * crash) / going);
    parts[Math.floor((i * count) / going)] = {
      going: crashes ? 'crashes' : 'leaves',
      moment: before % 2 === 0 ? 'member' : 'waiting',
    };
  }
  return parts;
}
