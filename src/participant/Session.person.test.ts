import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadMlsInNode } from '../mls/node.ts';
import type { MlsGroup } from '../mls/MlsGroup.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { inviteOf } from '../protocol/wire/invite.ts';
import { newPersonKey, personOf, type Person } from './person.ts';
import type { SessionOptions } from './Session.ts';
import { NOW } from './testing.ts';
import { TestRoom } from './testRoom.ts';

beforeAll(loadMlsInNode);

const DC = 'member.designated.idle';
const invite = inviteOf(new Uint8Array(32).fill(9));
let room: TestRoom | undefined;
const newRoom = (options: Partial<SessionOptions> = {}): TestRoom =>
  (room = new TestRoom({ invite, name: ' Ada ', ...options }));
afterEach(() => room?.session.leave());

/** The persons of the joins of the log, in order. */
const persons = (room: TestRoom): Promise<Person[]> =>
  Promise.all(
    room.entries.filter((_, index) => room.kinds[index] === 'join').map((join) => personOf(invite, join)),
  );

describe('the person of a session', () => {
  test('is one and the same, however often it joins', async () => {
    const person = newPersonKey();
    const room = newRoom({ person });
    await room.reaches(DC);
    room.declaresGone();
    await vi.waitFor(() => expect(room.participants).toBe(2), 10_000);
    await room.reaches(DC);
    const ada = { name: 'Ada', personKey: person.publicKey };
    expect(await persons(room)).toEqual([ada, ada]);
  });

  test('is a fresh one where none is given, and is the same after a new log has begun', async () => {
    const first = newRoom();
    await first.reaches(DC);
    const [before] = await persons(first);
    first.losesItsLog();
    first.wire.lost();
    await vi.waitFor(() => expect(first.participants).toBe(2), 10_000);
    await first.reaches(DC);
    expect(await persons(first)).toEqual([before]);
    expect(before?.personKey).not.toBe(null);
    first.session.leave();
    const second = newRoom();
    await second.reaches(DC);
    expect((await persons(second))[0]?.personKey).not.toEqual(before?.personKey);
  });

  test('whose key does not sign joins with a name alone, and is told', async () => {
    const person = { publicKey: newPersonKey().publicKey, sign: () => Promise.reject(new Error('no key')) };
    const room = newRoom({ person });
    await room.reaches(DC);
    expect(await persons(room)).toEqual([{ name: 'Ada', personKey: null }]);
    expect(room.codes).toEqual(['no_person_proof']);
  });

  test('that leaves while its key signs leaves no keys behind', async () => {
    const made: MlsGroup[] = [];
    let signed = (): void => undefined;
    const person = {
      publicKey: newPersonKey().publicKey,
      sign: () => new Promise<Uint8Array>((done) => (signed = () => done(new Uint8Array(64)))),
    };
    const room = newRoom({
      person,
      createMls: (participant) => {
        const mls = createMlsGroup({ participant, now: NOW });
        made.push(mls);
        return mls;
      },
    });
    await vi.waitFor(() => expect(made).toHaveLength(1));
    room.session.leave();
    signed();
    await vi.waitFor(() => expect(() => made[0]?.hasGroup).toThrow('closed'));
    expect([room.participants, room.entries.length]).toEqual([0, 0]);
  });
});
