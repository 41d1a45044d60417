import { describe, expect, it } from 'vitest';
import { lossesOf, type Draft, type Sent } from './losses.ts';

const draft = (at: number): Draft => ({ kind: 'claim', at });
const sent = (position: number, at: number): Sent => ({ position, draft: draft(at) });

describe('lossesOf', () => {
  it('finds none where all drafts are in the log, nor behind the last that is', () => {
    const found = lossesOf([null, draft(1), null, draft(3), draft(6), draft(8)], [sent(2, 1), sent(5, 3)]);
    expect(found.lostBefore).toEqual(new Set());
    expect(found.resentAfter).toEqual(new Set());
    expect(found.notBefore).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('puts one before the next draft that was appended', () => {
    const found = lossesOf([draft(1), null, draft(3), null, draft(6), null], [sent(7, 6)]);
    expect(found.lostBefore).toEqual(new Set([4]));
    expect(found.notBefore).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has what was sent before the lost draft arrive first', () => {
    const found = lossesOf([draft(1), draft(3), null, draft(4), null], [sent(6, 1), sent(9, 4)]);
    expect(found.lostBefore).toEqual(new Set([3]));
    expect(found.notBefore).toEqual([0, 0, 0, 6, 6]);
  });

  it('sends again behind each copy but the last, before the author reads on', () => {
    const found = lossesOf([null, draft(1), null, null], [sent(3, 1), sent(4, 1), sent(7, 1)]);
    expect(found.lostBefore).toEqual(new Set());
    expect(found.resentAfter).toEqual(new Set([3, 4]));
    expect(found.notBefore).toEqual([0, 0, 4, 4]);
  });

  it('does not take another kind of draft at the same position for a copy', () => {
    const found = lossesOf(
      [draft(1), draft(2)],
      [{ position: 2, draft: { kind: 'commit', at: 1 } }, sent(4, 2)],
    );
    expect(found.lostBefore).toEqual(new Set([1]));
    expect(found.resentAfter).toEqual(new Set());
  });
});
