/** One badge for the whole call. Pure. */
import { textOf, type TileState, type Tone } from '../view/states.ts';

/** A tile on screen. */
export interface Sender {
  readonly name: string;
  readonly own: boolean;
  readonly state: TileState;
}

export interface CallBadge {
  readonly tone: Tone;
  readonly text: string;
}

/** Names that are told; of the rest, how many. */
const TOLD = 3;

/**
 * Green (`good`) only where there are keys, no `alarm`, and every sender on screen is `open`; who sends nothing does not
 * count. Otherwise it names who is not, and why.
 *
 * @param epoch of the own group; null without keys.
 * @param alarm what speaks against the whole group; null where nothing does.
 */
export function callBadge(senders: readonly Sender[], epoch: number | null, alarm: string | null): CallBadge {
  if (alarm !== null) return { tone: 'bad', text: alarm };
  if (epoch === null) return { tone: 'wait', text: 'No keys yet' };
  const sending = senders.filter(({ state }) => state !== 'none');
  const unwell = sending.flatMap(({ name, own, state }) => {
    if (state === 'open' || state === 'none') return [];
    const { tone, words } = textOf(state, name, own);
    return [{ tone, text: `${own ? 'you' : name} (${words})` }];
  });
  if (unwell.length > 0) {
    const worstFirst = [...unwell].sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
    const told = worstFirst.slice(0, TOLD).map(({ text }) => text);
    const rest = unwell.length - told.length;
    const text = `Not all open: ${told.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
    return { tone: worstFirst[0]?.tone === 'bad' ? 'bad' : 'wait', text };
  }
  if (sending.length === 0) return { tone: 'quiet', text: 'Nobody sends anything' };
  return {
    tone: 'good',
    text:
      sending.length === 1
        ? "The only sender is encrypted with this group's keys"
        : `All ${sending.length} senders encrypted with this group's keys`,
  };
}
