import { expect, test, vi } from 'vitest';
import { loadMlsInNode } from '../../../src/mls/node.ts';
import type { Moved } from '../../../src/messaging/move/Mover.ts';
import { MESSAGE_LIMITS } from '../../../src/messaging/limits.ts';
import { Scene, type Person } from '../../../src/participant/testing.ts';
import type { Unsent } from '../messages.ts';
import { Talk } from './Talk.ts';

loadMlsInNode();

/** A participant with real MLS, and what it says and hears. */
class Talker {
  readonly talk: Talk;
  readonly heard: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** What is said now does not reach it. */
  deaf = false;
  moved: Moved | null = null;
  state = '';
  readonly person: Person;
  readonly #all: Talker[];

  constructor(person: Person, all: Talker[]) {
    this.person = person;
    this.#all = all;
    all.push(this);
    this.talk = new Talk({
      send: (sealed) => {
        this.sent.push(sealed);
        for (const it of this.#all) if (it !== this && !it.deaf) it.talk.receive(person.id, sealed);
        return true;
      },
      heard: (from, { text }) => this.heard.push(`${from.slice(-1)}: ${text}`),
      moves: ({ state }) => (this.state = state),
      moved: (moved) => (this.moved = moved),
    });
  }

  follow(): void {
    this.talk.follow(this.person.participant);
  }
}

const follow = (all: readonly Talker[]): void => all.forEach((it) => it.follow());
const settled = (all: readonly Talker[]): Promise<unknown> =>
  Promise.all(all.map(({ talk }) => talk.settled()));

test('over real MLS members hear one another, who waits or has left hears nothing, and keys go with the group', async () => {
  const scene = new Scene();
  const all: Talker[] = [];
  const anna = new Talker(scene.join('anna'), all);
  const ben = new Talker(scene.join('ben'), all);
  expect(await anna.talk.chat('hello')).toMatchObject({ code: 'no_keys' } satisfies Partial<Unsent>);
  scene.settle();
  follow(all);
  expect(await anna.talk.chat('  hello\u0007 ')).toBeNull();
  await settled(all);
  expect([anna.heard, ben.heard]).toEqual([[], ['1: hello']]);
  expect((await anna.talk.chat(' \n '))?.code).toBe('empty');
  expect((await anna.talk.chat('x'.repeat(MESSAGE_LIMITS.text + 1)))?.code).toBe('too_long');

  // Carol has joined and is not admitted: she gets the bytes, and nothing out of them.
  const carol = new Talker(scene.join('carol'), all);
  scene.deliver(carol.person);
  follow(all);
  await anna.talk.chat('not for Carol');
  scene.settle();
  follow(all);
  await anna.talk.chat('for Carol too');
  await carol.talk.chat('thanks');
  await settled(all);
  expect(carol.heard).toEqual(['1: for Carol too']);
  expect(ben.heard.slice(1)).toEqual(['1: not for Carol', '1: for Carol too', '3: thanks']);
  expect(anna.heard).toEqual(['3: thanks']);

  carol.deaf = true;
  await ben.talk.chat('delayed');
  carol.deaf = false;
  const delayed = ben.sent.at(-1)!;

  // Carol is removed, keeps her keys, and hears nothing of what is said since; nor is she heard.
  scene.leaves(carol.person);
  scene.settle([anna.person, ben.person]);
  follow([anna, ben]);
  await anna.talk.chat('without Carol');
  await carol.talk.chat('I am still here');
  await settled(all);
  expect(carol.heard).toHaveLength(1);
  expect(ben.heard.at(-1)).toBe('1: without Carol');
  scene.settle();
  follow(all);
  expect((await carol.talk.chat('no keys'))?.code).toBe('no_keys');
  // She has read that she was removed: what she could have opened before stays closed.
  carol.talk.receive(ben.person.id, delayed);
  await carol.talk.settled();
  expect(carol.heard).toHaveLength(1);
  console.log(
    `${all.flatMap(({ sent }) => sent).length} sealed messages over ${anna.person.mls.epoch} epochs`,
  );
  for (const it of all) it.talk.close();
});

test('over real MLS all but one get one secret, in the middle of a change of keys', async () => {
  const scene = new Scene();
  const all: Talker[] = [];
  const [anna, ben, carol] = ['anna', 'ben', 'carol'].map((name) => new Talker(scene.join(name), all)) as [
    Talker,
    Talker,
    Talker,
  ];
  scene.settle();
  follow(all);
  // Anna is an epoch ahead when she asks: what she says waits on the other side.
  const dave = new Talker(scene.join('dave'), all);
  scene.settle([anna.person]);
  anna.follow();
  expect(anna.talk.startMove([ben.person.id], [carol.person.id])).toBe(true);
  await vi.waitFor(() => expect(anna.sent).toHaveLength(1));
  await settled(all);
  expect([ben.state, carol.state]).toEqual(['idle', 'idle']);
  scene.settle();
  follow(all);
  await vi.waitFor(() => expect([anna.moved === null, ben.state]).toEqual([false, 'deciding']), 10_000);
  ben.talk.answerMove('go');
  expect(ben.moved?.secret).toEqual(anna.moved?.secret);
  expect(anna.moved?.missing).toEqual([]);
  // Who came meanwhile was not on the list that Anna read: it is not asked, and is told.
  expect([carol.state, dave.state]).toEqual(['leftOut', 'leftOut']);
  expect([carol.moved, dave.moved]).toEqual([null, null]);
  for (const it of all) it.talk.close();
});
