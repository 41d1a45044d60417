import { afterEach, beforeAll, expect, test } from 'vitest';
import { loadMlsInNode } from '../mls/node.ts';
import { TestRoom } from './testRoom.ts';

beforeAll(loadMlsInNode);

let room: TestRoom | undefined;
afterEach(() => room?.session.leave());

test('what is said beside the log goes out while there is a connection, and what others say comes in', async () => {
  room = new TestRoom();
  expect(room.session.message(Uint8Array.of(1))).toBe(false);
  await room.reaches('member.designated.idle');
  expect(room.session.message(Uint8Array.of(1, 2, 250))).toBe(true);
  expect(room.wire.said.at(-1)).toEqual({ type: 'message', data: 'AQL6' });
  room.wire.tells({ type: 'message', from: '0a'.repeat(16), data: '-_8' });
  expect(room.events.at(-1)).toEqual({
    type: 'message',
    from: '0a'.repeat(16),
    data: Uint8Array.of(251, 255),
  });

  // A connection that was lost takes nothing, nor does one on which the service has not spoken yet.
  room.opens = false;
  room.wire.lost();
  expect(room.session.message(Uint8Array.of(1))).toBe(false);
  await room.connections(2);
  expect(room.session.message(Uint8Array.of(1))).toBe(false);
  room.opened(room.wire);
  await room.reaches('member.designated.idle');
  expect(room.session.message(Uint8Array.of(1))).toBe(true);
  expect(room.wire.types).toEqual(['resume', 'message']);
  // A refusal of the service is told, and the participant stays.
  const { participant } = room.session;
  room.wire.tells({ type: 'error', code: 'relay_too_fast', message: 'slower', fatal: false });
  expect(room.codes).toEqual(['relay_too_fast']);
  expect(room.session.participant).toBe(participant);
});
