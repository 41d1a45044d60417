import { duty, gone } from '../../protocol/view.ts';
import type { Bot } from './Bot.ts';

/** What is judged of a bot. */
export type Standing = Pick<Bot, 'part' | 'gone' | 'gaveUp' | 'ids' | 'authenticator' | 'participant'>;

/** Who is to be in the call at the end. */
export const isStaying = ({ part, gone: went }: Pick<Standing, 'part' | 'gone'>): boolean =>
  part === null && !went;

/**
 * Why the bots that stay are not all in one epoch; null where they are: each is a member that has read the same log to the
 * same position, with the same authenticator; nothing is under way, and who went is declared gone and no member any more.
 */
export function apart(bots: readonly Standing[]): string | null {
  const staying = bots.filter((it) => isStaying(it) && !it.gaveUp);
  const participants = staying.flatMap(({ participant }) => participant ?? []);
  const members = participants.filter(({ hasKeys }) => hasKeys);
  const [first] = members;
  if (first === undefined || members.length < staying.length)
    return `${members.length} of ${staying.length} are members`;
  const toGo = bots.filter((it) => it.part !== null && !it.gone).length;
  if (toGo > 0) return `${toGo} are still to go`;
  if (new Set(members.map(({ view }) => view.position)).size > 1) return 'some have read less of the log';
  if (new Set(members.map(({ view }) => view.hashes.at(-1))).size > 1) return 'they have read different logs';
  if (members.some(({ snapshot }) => snapshot.context.pending !== null))
    return 'somebody waits for what it has sent';
  const { view } = first;
  const left = bots.filter(({ part }) => part !== null).flatMap(({ ids }) => ids);
  const lingering = left.filter((id) => view.joined[id] !== undefined && !gone(view, id)).length;
  if (lingering > 0) return `${lingering} who went are not declared gone`;
  if (duty(view)) return 'somebody waits, or has left and is a member';
  const authenticators = new Set(staying.map(({ authenticator }) => authenticator)).size;
  return authenticators === 1 ? null : `there are ${authenticators} authenticators`;
}
