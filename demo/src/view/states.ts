import type { FrameCounters, FrameOutcome, SenderState } from '../../../src/media/transform/index.ts';

/** How a state looks. `good`: the last frames were opened with this sender's key. */
export type Tone = 'good' | 'quiet' | 'wait' | 'bad';

/** What people read of a state. */
export interface StateText {
  /** The badge. */
  readonly words: string;
  readonly tone: Tone;
  /** What it means, and what happens next. */
  readonly meaning: string;
}

/** What the tile can be in besides: it has nothing to protect or to open. */
export type TileState = SenderState | 'none' | 'waiting';

type Texts = Readonly<Record<TileState, readonly [words: string, tone: Tone, meaning: string]>>;

/** `{name}` is who sends. */
const OTHERS: Texts = {
  open: ['encrypted', 'good', 'What {name} sends opens with the key of {name} in this call.'],
  none: ['sends nothing', 'quiet', 'Camera and microphone of {name} are off.'],
  waiting: [
    'waits to be let in',
    'wait',
    '{name} has no key yet and gets nothing of the call. The committer lets {name} in, usually at once.',
  ],
  idle: [
    'nothing comes',
    'wait',
    'Nothing comes from {name} just now, or not yet. It goes on by itself with the next frame that opens.',
  ],
  'no key yet': [
    'no key yet',
    'wait',
    'You have no key yet, so what {name} sends stays closed. It opens by itself once the committer has let you in.',
  ],
  'newer epoch': [
    'newer epoch',
    'wait',
    '{name} already sends with the next key, which your device has not got yet. It opens by itself in a moment. If it does not, you may be cut off: compare the safety code with {name}.',
  ],
  'older epoch': [
    'older epoch',
    'wait',
    '{name} still sends with a key that was replaced, so it stays closed. It opens by itself once the device of {name} has caught up.',
  ],
  'forged or forked': [
    'forged or forked',
    'bad',
    'What comes under the name of {name} does not open with the key of {name}: it was changed on its way, or made with another key. Nothing of it is shown. If it was a fault, the next change of keys heals it by itself, within a minute or two. If it stays, compare the safety code with {name}.',
  ],
  replayed: [
    'replayed',
    'bad',
    'Only copies of what {name} sent before arrive: somebody on the way sends them again. Nothing of them is shown. It goes on by itself with the next new frame.',
  ],
  malformed: [
    'not encrypted',
    'bad',
    'What comes under the name of {name} is not of the form that this call encrypts in. Nothing of it is shown. It goes on by itself with the next good frame.',
  ],
  'codec not supported': [
    'codec not supported',
    'bad',
    '{name} sends a codec that this page cannot open. {name} should join with another browser, or a newer version of this page.',
  ],
  'browser not supported': [
    'browser not supported',
    'bad',
    'Your browser cannot open encrypted frames, so nothing of {name} is shown. Join with a current Chrome, Edge, Firefox or Safari.',
  ],
  behind: [
    'too slow here',
    'wait',
    'Your device does not keep up with what {name} sends, so frames are left out. It goes on by itself.',
  ],
  failed: [
    'failed',
    'bad',
    'Your browser failed at a frame of {name}. It goes on by itself with the next one; if it does not, reload the page.',
  ],
};

const OWN: Texts = {
  ...OTHERS,
  open: ['encrypted', 'good', 'What you send is encrypted for the members of this call, and nobody else.'],
  none: ['sends nothing', 'quiet', 'Your camera and microphone are off.'],
  waiting: ['waits to be let in', 'wait', 'The committer lets you in, usually at once.'],
  idle: ['nothing goes out', 'wait', 'Camera and microphone have given nothing to send lately.'],
  'no key yet': [
    'no key yet',
    'wait',
    'You have no key yet, so nothing of you leaves this device. It begins by itself once the committer has let you in.',
  ],
  malformed: [
    'not sent',
    'bad',
    'Your browser made frames that cannot be encrypted, so they are not sent. It goes on by itself with the next good frame.',
  ],
  'codec not supported': [
    'codec not supported',
    'bad',
    'Your browser sends a codec that this page cannot encrypt, so nothing of it is sent. Join with another browser.',
  ],
  'browser not supported': [
    'browser not supported',
    'bad',
    'Your browser cannot encrypt frames, so nothing is sent and nothing is shown. Join with a current Chrome, Edge, Firefox or Safari.',
  ],
  behind: [
    'too slow here',
    'wait',
    'Your device does not keep up with what you send, so frames are left out. It goes on by itself.',
  ],
  failed: [
    'failed',
    'bad',
    'Your browser failed at a frame of yours, which was not sent. It goes on by itself with the next one; if it does not, reload the page.',
  ],
};

/** What people read of the state of `name`, or of their own (`own`). */
export function textOf(state: TileState, name: string, own: boolean): StateText {
  const [words, tone, meaning] = (own ? OWN : OTHERS)[state];
  return { words, tone, meaning: meaning.replaceAll('{name}', () => name) };
}

/** Frames by what became of them, those that there are: `open 1204, forged or forked 17`. */
export function countersText(counters: FrameCounters): string {
  const seen = (Object.entries(counters) as [FrameOutcome, number][]).filter(([, count]) => count > 0);
  return seen.length === 0 ? 'no frames' : seen.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
}
