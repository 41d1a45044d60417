/** What is said while codes are compared, and after. Pure. */
import type { PastCode } from './codeHistory.ts';
import { epochName } from './timelineWords.ts';

type Epoch = Pick<PastCode, 'epoch' | 'founding'>;

export const movedOnText = (pinned: Epoch, newest: Epoch): string =>
  `The call has moved on to ${epochName(newest)}. This is still the right code of ${epochName(pinned)}: go on comparing it with the code that the other one has of ${epochName(pinned)}.`;

/** What `verified` means, in a few words. */
export const verifiedTitle = (at: Epoch): string =>
  `You compared the code of ${epochName(at)}: its group had the same keys, with nobody in between.`;

/** @param covered names of those that are verified by it, and still here. */
export const agreedText = (pinned: Epoch, covered: readonly string[]): string =>
  [
    `Verified at ${epochName(pinned)}${covered.length > 0 ? `: ${covered.join(', ')}` : ''}.`,
    'Whoever was in the group at that epoch has the same keys as you, and nobody is in between. The code covers the epochs before as well.',
    'Later changes are in the log and build on it. Who joins later is not covered until you compare again.',
    'It does not say who somebody is: their voice, their face or their person code does.',
  ].join(' ');

export const DIFFERED =
  'Look first whether both of you have the same epoch: different epochs have different codes. If it is the same one, somebody may be between you, or you are in two calls. Say nothing more here. Leave, tell the others by another way than this call, and start a new room with a new link.';

export const OVERTAKEN =
  'You joined the call anew while you compared, with new keys. That code belongs to who you were before. Compare again.';
