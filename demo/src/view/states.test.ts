import { expect, test } from 'vitest';
import type { FrameCounters, SenderState } from '../../../src/media/transform/index.ts';
import { countersText, textOf, type TileState } from './states.ts';

/** Those that the page promises by name, and the rest. */
const NAMED: readonly SenderState[] = [
  'no key yet',
  'older epoch',
  'newer epoch',
  'forged or forked',
  'replayed',
  'codec not supported',
  'browser not supported',
];
const STATES: readonly TileState[] = [
  ...NAMED,
  'open',
  'idle',
  'malformed',
  'behind',
  'failed',
  'none',
  'waiting',
];

test('each state has words, what it means, and what happens next, for others and for oneself', () => {
  const texts = STATES.flatMap((state) => [textOf(state, 'Ben', false), textOf(state, 'Anna', true)]);
  for (const { words, meaning } of texts) {
    expect(words.length).toBeGreaterThan(3);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(meaning).not.toMatch(/[{}]/);
  }
  for (const state of NAMED) expect(textOf(state, 'Ben', false)).toMatchObject({ words: state });
  const unwell = texts.filter(({ tone }) => tone === 'wait' || tone === 'bad');
  for (const { meaning } of unwell)
    expect(meaning).toMatch(/by itself|at once|Join with|should join with|nothing to send lately/);
  console.log(`${texts.length} texts, ${unwell.length} of states that are not well`);
  expect(unwell).toHaveLength(24);
  expect(textOf('forged or forked', 'Ben', false).meaning.match(/Ben/g)).toHaveLength(3);
});

test('a name is shown as it is, whatever it holds', () => {
  expect(textOf('older epoch', '$& {name}', false).meaning).toMatch(/^\$& \{name\} still sends/);
});

test('counters tell what there was', () => {
  const none = { open: 0, 'forged or forked': 0, behind: 0 } as unknown as FrameCounters;
  expect(countersText(none)).toBe('no frames');
  expect(countersText({ ...none, open: 12, 'forged or forked': 3 })).toBe('open 12, forged or forked 3');
});
