/** "whoever reads such a change discards what it has in flight": so nobody waits for a draft that was overtaken. */
import { describe, expect, test, vi } from 'vitest';
import type { MemoryLog } from '../../log/memory.ts';
import type { Header } from '../../protocol/wire/header.ts';
import { signed } from '../../protocol/wire/testing.ts';
import { HASH, pass, standStill, T, trio, type SpacedRoom } from './testRoom.ts';

standStill();

/** Has a log take a turn before it appends. */
function slowDown(log: MemoryLog): void {
  const append = log.append.bind(log);
  vi.spyOn(log, 'append').mockImplementation((entry) => Promise.resolve().then(() => append(entry)));
}

describe('a draft that was overtaken is dropped', () => {
  const sent = (room: SpacedRoom, name: string, at: number): Promise<boolean> =>
    room.room.append(room.id(name), signed({ kind: 'handover', ...room.drafts(name, at) }, room.byte(name)));

  test('by a commit: whatever it is, and whoever it is of', async () => {
    const room = await trio();
    const from = room.length;
    const [claim, author] = [{ kind: 'claim' as const, accused: room.id('a') }, room.id('b')];
    const overtaken: readonly Header[] = [
      { ...claim, ...room.drafts('b', 4) },
      { kind: 'handover', ...room.drafts('b', 4) },
      { kind: 'found', ...room.drafts('b', 3), authenticator: HASH },
    ];
    for (const header of overtaken) expect(await room.room.append(author, signed(header, 98))).toBe(false);
    expect(room.since(from)).toEqual([]);
    // Drafted on the commit, or behind it, it was not.
    expect(await sent(room, 'b', 5)).toBe(true);
    expect(room.since(from)).toEqual(['b handover']);
  });

  test('a claim that is held back, by the commit that it asked for; what its author says next goes on', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    expect(room.room.holds(room.id('b'))).toBe(true);
    await room.commits('a', ['d']);
    await pass(0);
    expect([room.since(from), room.room.holds(room.id('b'))]).toEqual([['a commit'], false]);
    expect(await sent(room, 'b', room.length)).toBe(true);
  });

  // Without waiting for one another they would all be under way together.
  test('a claim, by another one that counts, also while that is being written', async () => {
    const room = await trio();
    await room.joins('d');
    await pass(T + 10);
    const from = room.length;
    slowDown(room.log);
    room.claims('b', 'a', from);
    room.claims('c', 'a', from);
    await pass(0);
    expect(room.since(from)).toEqual(['b claim']);
  });

  test('and so is one whose author has left while it waited for another to be written', async () => {
    const room = await trio();
    const from = room.length;
    slowDown(room.log);
    const [first, second] = [sent(room, 'b', from), sent(room, 'c', from)];
    void room.room.leave(room.id('c'));
    expect(await Promise.all([first, second])).toEqual([true, false]);
    expect(room.since(from)).toEqual(['b handover', 'c leave']);
  });
});
