import type { World } from '../explorer/environment.ts';

/** Equal for equal worlds, and only for them: all that is in one. */
export function worldKey({ log, cells, outboxes, gone, claims, handovers, lost, resent }: World): string {
  return `${log} ${cells.join(' ')} ${outboxes.join(' ')} ${gone} ${claims} ${handovers} ${lost} ${resent}`;
}
