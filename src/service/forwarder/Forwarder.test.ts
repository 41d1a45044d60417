import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createForwarder, type Forwarder, type ForwarderOptions } from './Forwarder.ts';
import { parsePageMessage, parseServerMessage, type ServerMessage } from '../../media/connection/messages.ts';
import { testOffer } from './testOffer.ts';

const forwarders: Forwarder[] = [];
afterEach(() => forwarders.splice(0).forEach((forwarder) => forwarder.close()));

function make(options: ForwarderOptions = {}): Forwarder {
  const forwarder = createForwarder({ listenAddresses: ['127.0.0.1'], ...options });
  forwarders.push(forwarder);
  return forwarder;
}

function join(forwarder: Forwarder, participant: string, room = 'room') {
  const messages: ServerMessage[] = [];
  const connection = forwarder.join(room, participant, (message) => {
    expect(parseServerMessage(message)).toEqual(message);
    messages.push(message);
  });
  const codes = (): string[] =>
    messages.flatMap((message) => (message.type === 'error' ? [message.code] : []));
  const answers = () => messages.filter((message) => message.type === 'answer');
  const slots = () => messages.filter((message) => message.type === 'slots').at(-1);
  return { ...connection, messages, codes, answers, slots };
}

const offer = (id: number, slots: number) => ({ type: 'offer', id, sdp: testOffer(slots) });

test('an offer is answered with loopback candidates, ICE-lite, and the codecs in the order of the page', async () => {
  const forwarder = make();
  const anna = join(forwarder, 'anna');
  anna.receive({ type: 'offer', id: 1, sdp: testOffer(1, [98, 96, 45, 109]) });
  await expect.poll(() => anna.answers()).toHaveLength(1);
  const sdp = anna.answers()[0]!.sdp;
  const candidates = sdp.split('\r\n').filter((line) => line.startsWith('a=candidate'));
  expect(candidates.length).toBeGreaterThan(0);
  expect(candidates.every((line) => line.includes(' 127.0.0.1 '))).toBe(true);
  expect(sdp.indexOf('a=ice-lite')).toBeLessThan(sdp.indexOf('m='));
  expect(sdp.match(/^a=(sendonly|recvonly|sendrecv|inactive)/gm)).toEqual([
    'a=recvonly',
    'a=recvonly',
    'a=sendonly',
    'a=sendonly',
  ]);
  const video = ['98 VP9/90000', '96 VP8/90000', '45 AV1/90000', '109 H264/90000'];
  const both = ['111 opus/48000/2', ...video].map((format) => `a=rtpmap:${format}`);
  expect(sdp.match(/^a=rtpmap:\d+ .*$/gm)).toEqual([...both, ...both]);
  expect(sdp).not.toMatch(/transport-cc|extmap:/);
  for (const payloadType of [96, 98, 45, 109]) expect(sdp).toContain(`a=rtcp-fb:${payloadType} nack pli`);
  expect(anna.codes()).toEqual([]);
});

test('slots are given out, freed, and used again', async () => {
  const forwarder = make();
  const anna = join(forwarder, 'anna');
  anna.receive(offer(1, 1));
  await expect.poll(() => anna.slots()?.slots.map(({ participant }) => participant)).toEqual([null, null]);
  const ben = join(forwarder, 'ben');
  expect(anna.slots()?.slots.map(({ participant }) => participant)).toEqual(['ben', 'ben']);
  ben.receive({ type: 'sending', audio: true, video: false });
  expect(anna.slots()?.slots.map(({ kind, active }) => [kind, active])).toEqual([
    ['audio', true],
    ['video', false],
  ]);
  const carol = join(forwarder, 'carol');
  expect(anna.slots()?.slots.map(({ participant }) => participant)).toEqual(['ben', 'ben']);
  ben.close();
  expect(anna.slots()?.slots.map(({ participant }) => participant)).toEqual(['carol', 'carol']);
  carol.close();
  expect(anna.slots()?.slots.map(({ participant }) => participant)).toEqual([null, null]);
  anna.receive(offer(2, 3));
  await expect.poll(() => anna.answers()).toHaveLength(2);
  expect(forwarder.stats().participants.map(({ slots }) => slots)).toEqual([6]);
});

test('each participant is told which video codecs all others receive', async () => {
  const forwarder = make();
  const told = (messages: readonly ServerMessage[]) =>
    messages.flatMap((message) => (message.type === 'videoCodecs' ? [message.codecs.join(' ')] : []));
  const all = 'video/vp8 video/vp9 video/h264 video/av1';
  const anna = join(forwarder, 'anna');
  anna.receive(offer(1, 1));
  await expect.poll(() => told(anna.messages)).toEqual([all]);
  const ben = join(forwarder, 'ben');
  ben.receive({ type: 'offer', id: 1, sdp: testOffer(1, [109, 96]) });
  await expect.poll(() => told(ben.messages)).toEqual([all]);
  expect(told(anna.messages)).toEqual([all, 'video/vp8 video/h264']);
  const carol = join(forwarder, 'carol');
  carol.receive({ type: 'offer', id: 1, sdp: testOffer(1, [96, 45]) });
  await expect.poll(() => told(carol.messages)).toEqual(['video/vp8 video/h264']);
  expect(told(anna.messages)).toEqual([all, 'video/vp8 video/h264', 'video/vp8']);
  expect(told(ben.messages)).toEqual([all, 'video/vp8 video/av1']);
  ben.close();
  expect(told(anna.messages).at(-1)).toBe('video/vp8 video/av1');
});

test('rooms are apart', async () => {
  const forwarder = make();
  const anna = join(forwarder, 'anna', 'one');
  join(forwarder, 'ben', 'two');
  anna.receive(offer(1, 1));
  await expect.poll(() => anna.slots()?.slots.map(({ participant }) => participant)).toEqual([null, null]);
  expect(forwarder.stats().rooms).toBe(2);
});

test('limits: participants, rooms, SDP size, slots, offers, messages', async () => {
  const limits = {
    rooms: 1,
    participants: 2,
    sdpLength: 8_000,
    offers: 2,
    messageBurst: 8,
    messagesPerSecond: 0,
  };
  const forwarder = make({ limits });
  const anna = join(forwarder, 'anna');
  join(forwarder, 'ben');
  const carol = join(forwarder, 'carol');
  expect(carol.messages).toEqual([{ type: 'error', code: 'room_full', fatal: true }]);
  expect(join(forwarder, 'dave', 'other').codes()).toEqual(['server_full']);
  expect(join(forwarder, 'x'.repeat(129)).codes()).toEqual(['malformed_message']);
  anna.receive({ type: 'offer', id: 1, sdp: 'v'.repeat(8_001) });
  anna.receive(offer(1, 2));
  expect(anna.codes()).toEqual(['sdp_too_large', 'sdp_refused']);
  anna.receive(offer(1, 1));
  anna.receive(offer(2, 1));
  expect(anna.codes().at(-1)).toBe('offer_in_progress');
  await expect.poll(() => anna.answers()).toHaveLength(1);
  anna.receive(offer(3, 1));
  await expect.poll(() => anna.answers()).toHaveLength(2);
  anna.receive(offer(4, 1));
  expect(anna.codes().at(-1)).toBe('too_many_offers');
  anna.receive({ type: 'keyFrame', mid: '9' });
  expect(anna.codes().at(-1)).toBe('unknown_slot');
  anna.receive({ type: 'sending', audio: true, video: true });
  anna.receive({ type: 'sending', audio: true, video: true });
  expect(anna.codes().at(-1)).toBe('too_many_messages');
  anna.close();
  const { length } = anna.messages;
  anna.receive(offer(5, 1));
  anna.close();
  expect(anna.messages).toHaveLength(length);
  expect(forwarder.stats().errors).toEqual({
    room_full: 1,
    server_full: 1,
    malformed_message: 1,
    sdp_too_large: 1,
    sdp_refused: 1,
    offer_in_progress: 1,
    too_many_offers: 1,
    unknown_slot: 1,
    too_many_messages: 1,
    closed: 1,
  });
});

test('a participant who joins again replaces itself', () => {
  const forwarder = make();
  const first = join(forwarder, 'anna');
  const second = join(forwarder, 'anna');
  expect(first.messages).toEqual([{ type: 'error', code: 'replaced', fatal: true }]);
  first.close();
  second.receive({ type: 'sending', audio: false, video: false });
  expect(second.codes()).toEqual([]);
  expect(forwarder.stats().participants).toHaveLength(1);
});

test('closed while it is being answered, a connection says nothing more', async () => {
  const forwarder = make();
  const anna = join(forwarder, 'anna');
  anna.receive(offer(1, 1));
  anna.close();
  await new Promise((later) => setTimeout(later, 300));
  expect(anna.messages).toEqual([]);
  expect(forwarder.stats()).toEqual({ rooms: 0, participants: [], errors: {} });
});

test('a page that never connects is dropped', async () => {
  const forwarder = make({ limits: { connectTimeout: 100 } });
  const anna = join(forwarder, 'anna');
  anna.receive(offer(1, 1));
  await expect.poll(() => anna.codes()).toEqual(['connection_timeout']);
  expect(forwarder.stats().rooms).toBe(0);
});

test('a send function that throws harms nobody', () => {
  const forwarder = make();
  const connection = forwarder.join('room', 'anna', () => {
    throw new Error('socket is gone');
  });
  expect(() => connection.receive('nonsense')).not.toThrow();
  expect(forwarder.stats().errors).toEqual({ malformed_message: 1, closed: 1 });
});

test('anything that is not a message is refused and counted', () => {
  const forwarder = make({ limits: { messageBurst: 100_000 } });
  const anna = join(forwarder, 'anna');
  const shapes = [
    { type: 'offer' },
    { type: 'offer', id: -1, sdp: 'v=0' },
    { type: 'offer', id: 1.5, sdp: 'v=0' },
    { type: 'offer', id: 1, sdp: '' },
    { type: 'offer', id: 1, sdp: 'v=0', more: true },
    { type: 'answer', id: 1, sdp: 'v=0' },
    { type: 'sending', audio: 1, video: true },
    { type: 'keyFrame', mid: '' },
    { type: 'keyFrame', mid: 'x'.repeat(17) },
    { type: 'slots', slots: [], wanted: 0 },
    null,
    undefined,
    'offer',
    [],
  ];
  for (const shape of shapes) anna.receive(shape);
  let random = 0;
  fc.assert(
    fc.property(fc.anything(), (input) => {
      if (parsePageMessage(input) !== null) return;
      anna.receive(input);
      random += 1;
    }),
    { numRuns: 1_000 },
  );
  console.log(`${shapes.length} shapes, ${random} random values`);
  expect(random).toBeGreaterThan(900);
  expect(forwarder.stats().errors).toEqual({ malformed_message: shapes.length + random });
});
