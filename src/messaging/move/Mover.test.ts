import { describe, expect, test, vi } from 'vitest';
import { hex, unhex } from '../../protocol/wire/bytes.ts';
import { decodeContent, encodeContent, type MoveContent } from '../content.ts';
import { Mailbox } from '../Mailbox.ts';
import { epochOf, Member, TestClock, verify } from '../testing.ts';
import { BOX_BYTES, newBoxKey, sealBox } from './box.ts';
import { MOVE_LIMITS } from './limits.ts';
import { Mover, type Moved, type MoveView } from './Mover.ts';
import { boxInfo, type Offer } from './offer.ts';

/** One relayed message: who the service says it is of, and its bytes. */
type Relayed = readonly [from: string, bytes: Uint8Array];

/** A member with a mailbox and a mover, in a room whose relay is a test's. */
class Person extends Member {
  readonly box: Mailbox;
  readonly mover: Mover;
  readonly views: MoveView[] = [];
  readonly contents: (readonly [string, MoveContent])[] = [];
  moved: Moved | null = null;
  /** Whether what this one says arrives. */
  speaks = true;

  constructor(name: string, clock: TestClock, relay: (from: Person, bytes: Uint8Array) => void) {
    super(name, clock);
    this.box = new Mailbox({
      clock,
      verify,
      send: (bytes) => {
        if (this.speaks) relay(this, bytes);
        return true;
      },
      opened: ({ sender, content }) => {
        const known = decodeContent(content);
        if (known === null || known.kind === 'chat') return;
        this.contents.push([sender, known]);
        this.mover.heard(sender, known);
      },
      refused: (code) => this.refusals.push(code),
    });
    this.mover = new Mover({
      self: this.id,
      say: (content) => this.box.say(encodeContent(content)),
      changed: (view) => this.views.push(view),
      enter: (moved) => (this.moved = moved),
      clock,
    });
  }
}

class Room {
  readonly clock = new TestClock();
  readonly relayed: Relayed[] = [];
  readonly people: Person[];

  constructor(...names: string[]) {
    this.people = names.map((name) => new Person(name, this.clock, (from, bytes) => this.relay(from, bytes)));
    for (const it of this.people) {
      it.box.setEpoch(epochOf(it, 3n, this.people, 'group'), it.sign);
      it.mover.members(this.people.map(({ id }) => id));
    }
  }

  relay(from: Person, bytes: Uint8Array): void {
    this.relayed.push([from.id, bytes]);
    for (const it of this.people) if (it !== from) it.box.receive(from.id, bytes);
  }

  /** Waits until something has come about, and what was relayed by then was looked at. */
  async until(what: () => boolean): Promise<void> {
    await vi.waitFor(() => expect(what()).toBe(true), { timeout: 20_000, interval: 5 });
    for (const { box } of this.people) await box.settled();
  }
}

const ids = (...people: Person[]): string[] => people.map(({ id }) => id);

/** Anna moves all but Carol. */
async function moving(): Promise<{ room: Room; anna: Person; ben: Person; carol: Person; dave: Person }> {
  const room = new Room('anna', 'ben', 'carol', 'dave');
  const [anna, ben, carol, dave] = room.people as [Person, Person, Person, Person];
  expect(anna.mover.start({ to: ids(ben, dave), without: ids(carol) })).toBe(true);
  await room.until(
    () => carol.contents.length === 4 && [ben, dave].every((it) => it.mover.view.state === 'deciding'),
  );
  return { room, anna, ben, carol, dave };
}

test('everybody but who should not be here gets one secret, and goes there', async () => {
  const { room, anna, ben, carol, dave } = await moving();
  expect([anna, ben, carol, dave].map(({ mover }) => mover.view.state)).toEqual([
    'moved',
    'deciding',
    'leftOut',
    'deciding',
  ]);
  dave.mover.says('go');
  room.clock.pass(MOVE_LIMITS.followMs - 1);
  expect(ben.moved).toBeNull();
  room.clock.pass(1);
  const secret = anna.moved?.secret;
  expect(secret).toHaveLength(32);
  for (const it of [ben, dave]) expect(it.moved?.secret).toEqual(secret);
  expect(anna.moved?.missing).toEqual([]);
  expect(carol.moved).toBeNull();
  expect(carol.mover.view.offer).toMatchObject({ initiator: anna.id, without: [carol.id] });
  // An offer, two answers, the secrets.
  expect(room.relayed).toHaveLength(4);
});

test('who does not answer is told of, and the others go', async () => {
  const room = new Room('anna', 'ben', 'carol', 'dave');
  const [anna, ben, carol, dave] = room.people as [Person, Person, Person, Person];
  dave.speaks = false;
  anna.mover.start({ to: ids(ben, dave), without: ids(carol) });
  await room.until(() => anna.mover.view.answered === 1);
  expect(anna.mover.view).toMatchObject({ state: 'asking', answered: 1 });
  room.clock.pass(MOVE_LIMITS.answersMs);
  await room.until(() => anna.moved !== null && ben.mover.view.state === 'deciding');
  expect(anna.moved?.missing).toEqual([dave.id]);
  expect(ben.mover.view.state).toBe('deciding');
  room.clock.pass(MOVE_LIMITS.secretMs);
  expect(dave.mover.view).toMatchObject({ state: 'idle', failure: 'no_secret' });
});

test('a key that nothing can be sealed to is no answer; the first one of somebody counts', async () => {
  const room = new Room('anna', 'ben', 'carol', 'dave');
  const [anna, ben, carol, dave] = room.people as [Person, Person, Person, Person];
  anna.mover.start({ to: ids(ben, dave), without: ids(carol) });
  const offer = anna.mover.view.offer!;
  anna.mover.heard(dave.id, { kind: 'move.answer', offer: offer.hash, key: '00'.repeat(32) });
  const other = await newBoxKey();
  anna.mover.heard(dave.id, { kind: 'move.answer', offer: offer.hash, key: hex(other.publicKey) });
  await room.until(() => anna.moved !== null && ben.mover.view.state === 'deciding');
  expect(anna.moved?.missing).toEqual([dave.id]);
  expect(ben.mover.view.state).toBe('deciding');
});

describe('who is left out, with all keys of the group and all that was relayed', () => {
  test('does not get the secret', async () => {
    const { room, anna, ben, carol, dave } = await moving();
    const secret = anna.moved!.secret;
    const offer: Offer = carol.mover.view.offer!;
    // She reads it all: she is a member, and has the key of the epoch.
    const kinds = carol.contents.map(([, { kind }]) => kind);
    expect(kinds.sort()).toEqual(['move.answer', 'move.answer', 'move.offer', 'move.secret']);
    const boxes = carol.contents.flatMap(([, it]) => (it.kind === 'move.secret' ? it.boxes : []));
    expect(boxes.map(({ to }) => to).sort()).toEqual(ids(ben, dave).sort());

    // Nothing that she reads has the secret in it, in any of the forms in which it travels elsewhere.
    const forms = [
      hex(secret),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('latin1'),
    ];
    const readable = carol.contents.map(([, it]) => JSON.stringify(it));
    const raw = room.relayed.map(([, bytes]) => Buffer.from(bytes).toString('latin1'));
    for (const text of [...readable, ...raw]) for (const form of forms) expect(text).not.toContain(form);

    // She tries each box with keys of her own, as each recipient; and with what she knows in place of a key.
    let tried = 0;
    for (let count = 0; count < 4; count += 1) {
      const key = await newBoxKey();
      for (const { box } of boxes)
        for (const recipient of room.people) {
          expect(await key.open(unhex(box), boxInfo(offer, recipient.id))).toBeNull();
          tried += 1;
        }
    }
    // The control: to who has the key, the same box opens, and only as that recipient's and that offer's.
    const own = await newBoxKey();
    const info = boxInfo(offer, ben.id);
    const sealed = (await sealBox(own.publicKey, info, secret))!;
    expect(await own.open(sealed, info)).toEqual(secret);
    expect(await own.open(sealed, boxInfo(offer, dave.id))).toBeNull();
    expect(await own.open(sealed, boxInfo({ ...offer, hash: '00'.repeat(32) }, ben.id))).toBeNull();
    console.log(`${room.relayed.length} relayed messages read, ${tried} attempts at ${boxes.length} boxes`);
    expect(tried).toBeGreaterThanOrEqual(32);
  });

  test('cannot have it sealed to a key of hers: not in her name, and not in another one’s', async () => {
    const room = new Room('anna', 'ben', 'carol', 'dave');
    const [anna, ben, carol, dave] = room.people as [Person, Person, Person, Person];
    // Dave does not answer: she has all the time to do it in his name.
    dave.speaks = false;
    anna.mover.start({ to: ids(ben, dave), without: ids(carol) });
    const hers = await newBoxKey();
    const answer = (): MoveContent => ({
      kind: 'move.answer',
      offer: anna.mover.view.offer!.hash,
      key: hex(hers.publicKey),
    });
    await carol.box.say(encodeContent(answer()));
    await room.until(() => anna.mover.view.answered === 1);
    // The service is on her side too, and says that it came from Dave. Her signature is not his.
    const [, ownAnswer] = room.relayed.filter(([from]) => from === carol.id)[0]!;
    anna.box.receive(dave.id, ownAnswer);
    const asDave = new Mailbox({
      clock: room.clock,
      verify,
      send: (bytes) => {
        anna.box.receive(dave.id, bytes);
        return true;
      },
      opened: () => undefined,
    });
    asDave.setEpoch({ ...epochOf(carol, 3n, room.people, 'group'), self: dave.id }, carol.sign);
    await asDave.say(encodeContent(answer()));
    await room.until(() => anna.refusals.length === 2);
    expect(anna.refusals).toEqual(['wrong_sender', 'bad_signature']);
    expect(anna.mover.view.answered).toBe(1);
    room.clock.pass(MOVE_LIMITS.answersMs);
    await room.until(() => anna.moved !== null && ben.mover.view.state === 'deciding');
    expect(anna.moved?.missing).toEqual([dave.id]);
    const boxes = carol.contents.flatMap(([, it]) => (it.kind === 'move.secret' ? it.boxes : []));
    expect(boxes.map(({ to }) => to)).toEqual([ben.id]);
    for (const { box } of boxes)
      for (const it of room.people)
        expect(await hers.open(unhex(box), boxInfo(anna.moved!.offer, it.id))).toBeNull();
  });

  test('cannot send the others somewhere in the name of who asked', async () => {
    const room = new Room('anna', 'ben', 'carol', 'dave');
    const [anna, ben, carol, dave] = room.people as [Person, Person, Person, Person];
    dave.speaks = false;
    anna.mover.start({ to: ids(ben, dave), without: ids(carol) });
    await room.until(() => anna.mover.view.answered === 1);
    const offer = carol.mover.view.offer!;
    const key = carol.contents.flatMap(([, it]) => (it.kind === 'move.answer' ? [it.key] : []))[0]!;
    const trap = (await sealBox(unhex(key), boxInfo(offer, ben.id), new Uint8Array(32).fill(6)))!;
    await carol.box.say(
      encodeContent({ kind: 'move.secret', offer: offer.hash, boxes: [{ to: ben.id, box: hex(trap) }] }),
    );
    await room.until(() => true);
    expect(ben.mover.view.state).toBe('asked');
    room.clock.pass(MOVE_LIMITS.answersMs);
    await room.until(() => anna.moved !== null && ben.mover.view.state === 'deciding');
    ben.mover.says('go');
    expect(ben.moved?.secret).toEqual(anna.moved!.secret);
  });
});

describe('a box', () => {
  test('that is changed does not open, and one of another length is none', async () => {
    const key = await newBoxKey();
    const info = new Uint8Array(32);
    const sealed = (await sealBox(key.publicKey, info, new Uint8Array(32).fill(1)))!;
    expect(sealed).toHaveLength(BOX_BYTES);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice();
      changed[at] = changed[at]! ^ 1;
      expect(await key.open(changed, info)).toBeNull();
    }
    for (const length of [0, 31, 32, BOX_BYTES - 1])
      expect(await key.open(sealed.subarray(0, length), info)).toBeNull();
    expect(await key.open(sealed, info)).toEqual(new Uint8Array(32).fill(1));
  });

  test('is not sealed to what is no key', async () => {
    const odd = [
      new Uint8Array(32),
      Uint8Array.of(1, ...new Uint8Array(31)),
      new Uint8Array(31),
      new Uint8Array(),
    ];
    for (const key of odd) expect(await sealBox(key, new Uint8Array(32), new Uint8Array(32))).toBeNull();
  });
});

test('the words of a move are what the form allows, at their largest too', () => {
  const id = (at: number): string => at.toString(16).padStart(32, '0');
  const to = Array.from({ length: MOVE_LIMITS.asked }, (_, at) => id(at));
  const without = Array.from({ length: MOVE_LIMITS.without }, (_, at) => id(1_000 + at));
  const boxes = to.slice(0, MOVE_LIMITS.boxes).map((it) => ({ to: it, box: 'ab'.repeat(BOX_BYTES) }));
  const good: MoveContent[] = [
    { kind: 'move.offer', nonce: id(1), to, without },
    { kind: 'move.answer', offer: id(1) + id(2), key: id(3) + id(4) },
    { kind: 'move.secret', offer: id(1) + id(2), boxes },
  ];
  for (const content of good) {
    const bytes = encodeContent(content);
    expect(bytes.length).toBeLessThanOrEqual(15 << 10);
    expect(decodeContent(bytes)).toEqual(content);
  }
  const odd = [
    { ...good[0], to: [...to, id(5_000)] },
    { ...good[0], without: [...without, id(5_000)] },
    { ...good[0], to: ['x'] },
    { ...good[0], more: 1 },
    { ...good[1], key: id(3) },
    { ...good[2], boxes: [...boxes, boxes[0]] },
    { ...good[2], boxes: [{ to: id(1), box: 'ab' }] },
  ];
  for (const content of odd)
    expect(decodeContent(new TextEncoder().encode(JSON.stringify(content)))).toBeNull();
});
