import { expect, test } from 'vitest';
import { MESSAGE_LIMITS } from './limits.ts';
import { Member, scene } from './testing.ts';

const short = ({ id }: Member): string => id.slice(0, 4);

test('what a member says is heard by all members, in order, each once', async () => {
  const { people } = scene(['anna', 'ben', 'carol']);
  const [anna, ben, carol] = people as [Member, Member, Member];
  const sent = [];
  for (let index = 0; index < 10; index += 1) sent.push(await anna.says(`text ${index}`));
  for (const it of [ben, carol]) {
    for (const bytes of sent) expect(await it.hears(anna, bytes)).toMatch(`${short(anna)} text`);
    expect(await it.hears(anna, sent[9]!)).toBe('replayed');
    expect(await it.hears(anna, sent[0]!)).toBe('replayed');
    expect(it.heard).toEqual(sent.map((_, index) => `${short(anna)} text ${index}`));
  }
  // The other way round too, with a count of its own.
  expect(await anna.hears(ben, await ben.says('hello'))).toBe(`${short(ben)} hello`);
});

test('without keys, without a connection, too long and too fast nothing is sent', async () => {
  const { clock, people } = scene(['anna']);
  const [anna] = people as [Member];
  expect(await anna.says('x'.repeat(MESSAGE_LIMITS.content + 1))).toBe('too_long');
  anna.connected = false;
  expect(await anna.says('nobody there')).toBe('not_connected');
  anna.connected = true;
  const codes = [];
  for (let count = 0; count < MESSAGE_LIMITS.burst; count += 1) codes.push(await anna.says('again'));
  expect(codes.filter((it) => it === 'too_fast')).toHaveLength(1);
  clock.pass(1_000);
  expect(await anna.says('later')).toBeInstanceOf(Uint8Array);
  anna.mailbox.clear();
  clock.pass(1_000);
  expect(await anna.says('no keys')).toBe('no_keys');
  expect(anna.sent).toHaveLength(MESSAGE_LIMITS.burst);
  expect(Math.max(...anna.sent.map((it) => it.length))).toBeLessThanOrEqual(MESSAGE_LIMITS.sealed);

  const largest = new Member('largest', clock);
  largest.enters(0n, [largest]);
  const bytes = await largest.says('x'.repeat(MESSAGE_LIMITS.content));
  expect((bytes as Uint8Array).length).toBeLessThanOrEqual(MESSAGE_LIMITS.sealed);
});

test('the length of a short text is not seen', async () => {
  const { people } = scene(['anna']);
  const [anna] = people as [Member];
  const lengths = [];
  for (const text of ['', 'no', 'yes', 'x'.repeat(150)])
    lengths.push(((await anna.says(text)) as Uint8Array).length);
  expect(new Set(lengths).size).toBe(1);
});

test('an epoch that was left opens messages of members for the time of retention, and not a moment longer', async () => {
  const { clock, people } = scene(['anna', 'ben', 'carol'], 4n);
  const [anna, ben, carol] = people as [Member, Member, Member];
  const old = [await anna.says('one'), await anna.says('two'), await carol.says('gone')];
  ben.enters(5n, [anna, ben]);
  expect(ben.mailbox.held).toEqual({ epochs: 2, waiting: 0 });
  expect(await ben.hears(anna, old[0]!)).toBe(`${short(anna)} one`);
  // Carol was removed: nothing of hers counts from here on, whenever she said it.
  expect(await ben.hears(carol, old[2]!)).toBe('not_member');
  clock.pass(MESSAGE_LIMITS.retentionMs);
  expect(ben.mailbox.held).toEqual({ epochs: 1, waiting: 0 });
  expect(await ben.hears(anna, old[1]!)).toBe('older_epoch');
  expect(clock.timers).toBe(0);
});

test('many epochs in a short time: the oldest go early', () => {
  const { people } = scene(['anna']);
  const [anna] = people as [Member];
  for (let epoch = 1n; epoch < 40n; epoch += 1n) anna.enters(epoch, people);
  expect(anna.mailbox.held.epochs).toBe(MESSAGE_LIMITS.epochs);
});

test('what is said in an epoch that is not reached yet waits for it, in order and not for ever', async () => {
  const { clock, people } = scene(['anna', 'ben']);
  const [anna, ben] = people as [Member, Member];
  anna.enters(1n, people);
  const early = [await anna.says('one'), await anna.says('two')];
  for (const bytes of early) expect(await ben.hears(anna, bytes)).toBe('waits');
  // The epoch comes while a third one is on its way.
  ben.mailbox.receive(anna.id, (await anna.says('three')) as Uint8Array);
  ben.enters(1n, people);
  await ben.mailbox.settled();
  expect(ben.heard).toEqual(['one', 'two', 'three'].map((text) => `${short(anna)} ${text}`));

  anna.enters(9n, people);
  expect(await ben.hears(anna, await anna.says('never'))).toBe('waits');
  clock.pass(MESSAGE_LIMITS.waitingMs);
  expect(ben.refusals).toEqual(['newer_epoch']);
  expect(ben.mailbox.held.waiting).toBe(0);
});

test('of one sender only some wait, and of all only some', async () => {
  const { clock, people } = scene(['ben', ...Array.from({ length: 12 }, (_, index) => `m${index}`)]);
  const [ben, ...others] = people as [Member, ...Member[]];
  let waiting = 0;
  for (const it of others) {
    it.enters(7n, people);
    for (let count = 0; count <= MESSAGE_LIMITS.waitingOfSender; count += 1)
      if ((await ben.hears(it, await it.says('x'))) === 'waits') waiting += 1;
    clock.pass(1);
  }
  expect(waiting).toBe(MESSAGE_LIMITS.waiting);
  expect(new Set(ben.refusals)).toEqual(new Set(['newer_epoch']));
  for (const it of people) it.mailbox.close();
  expect(clock.timers).toBe(0);
});

test('two groups with an epoch of one number are kept apart, and counters begin anew in each', async () => {
  const { people } = scene(['anna', 'ben']);
  const [anna, ben] = people as [Member, Member];
  const before = await anna.says('before');
  const late = await anna.says('late');
  for (const it of people) it.enters(0n, people, 'another group');
  const after = await anna.says('after');
  expect(await ben.hears(anna, after)).toBe(`${short(anna)} after`);
  expect(await ben.hears(anna, before)).toBe(`${short(anna)} before`);
  expect(await ben.hears(anna, late)).toBe(`${short(anna)} late`);
  expect(await ben.hears(anna, after)).toBe('replayed');
});

test('the same epoch told twice changes nothing', async () => {
  const { people } = scene(['anna', 'ben']);
  const [anna, ben] = people as [Member, Member];
  await anna.says('one');
  anna.enters(0n, people);
  const two = (await anna.says('two')) as Uint8Array;
  expect(await ben.hears(anna, anna.sent[0]!)).toBe(`${short(anna)} one`);
  expect(await ben.hears(anna, two)).toBe(`${short(anna)} two`);
});

test('what is being opened when the keys go is not told any more', async () => {
  const { people } = scene(['anna', 'ben']);
  const [anna, ben] = people as [Member, Member];
  ben.mailbox.receive(anna.id, (await anna.says('one')) as Uint8Array);
  // Decryption takes a moment; by then the participant has none.
  await Promise.resolve();
  await Promise.resolve();
  ben.mailbox.clear();
  await ben.mailbox.settled();
  expect(ben.heard).toEqual([]);
});
