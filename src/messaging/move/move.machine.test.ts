import { initialTransition } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { describe, expect, test } from 'vitest';
import { MOVE_LIMITS } from './limits.ts';
import {
  advanceMove,
  moveMachine,
  type MoveEffect,
  type MoveEvent,
  type MoveSnapshot,
} from './move.machine.ts';
import type { Offer } from './offer.ts';

const MEMBERS = ['anna', 'ben', 'carol', 'dave'];
const offer = (hash: string, initiator: string, to: string, without: string): Offer => ({
  hash,
  initiator,
  to: to.split(' '),
  without: without.split(' '),
});
/** Anna asks Ben and Dave to go without Carol. */
const ANNAS = offer('b', 'anna', 'ben dave', 'carol');

/** One participant, and what its machine has asked for. */
class Run {
  snapshot: MoveSnapshot;
  effects: MoveEffect[] = [];

  constructor(self: string, members: readonly string[] = MEMBERS) {
    [this.snapshot] = initialTransition(moveMachine, { self });
    this.does({ type: 'members', members });
  }

  /** Gives the state, and the effects of this step. */
  does(...events: readonly MoveEvent[]): string {
    for (const event of events) [this.snapshot, this.effects] = mutable(advanceMove(this.snapshot, event));
    return [this.snapshot.value, ...this.effects.map(({ type }) => type)].join(' ');
  }

  get failure(): string | null {
    return this.snapshot.context.failure;
  }
}
const mutable = ([snapshot, effects]: readonly [MoveSnapshot, readonly MoveEffect[]]): [
  MoveSnapshot,
  MoveEffect[],
] => [snapshot, [...effects]];

const start = (it: Offer): MoveEvent => ({ type: 'start', offer: it });
const offered = (it: Offer): MoveEvent => ({ type: 'offered', offer: it });
const answered = (from: string, hash = 'b'): MoveEvent => ({ type: 'answered', from, offer: hash });
const secret = (from: string, hash = 'b'): MoveEvent => ({ type: 'secret', from, offer: hash });
const members = (...present: string[]): MoveEvent => ({ type: 'members', members: present });
const WAITED: MoveEvent = { type: 'waited' };

describe('who asks', () => {
  test('waits for all who are asked, tells them, and goes', () => {
    const anna = new Run('anna');
    expect(anna.does(start(ANNAS))).toBe('asking sendOffer wait');
    expect(anna.effects[1]).toEqual({ type: 'wait', params: { milliseconds: MOVE_LIMITS.answersMs } });
    expect(anna.does(answered('ben'))).toBe('asking');
    expect(anna.does(answered('dave'))).toBe('telling sendSecrets');
    expect(anna.effects[0]?.params).toEqual({ offer: ANNAS, to: ['ben', 'dave'] });
    expect(anna.does({ type: 'sealed' })).toBe('moved enter');
  });

  test('goes with those who answered in time; late, twice, for another offer, or of who was not asked counts for nothing', () => {
    const anna = new Run('anna');
    anna.does(start(ANNAS));
    for (const odd of [answered('carol'), answered('eve'), answered('dave', 'c'), answered('anna')])
      expect(anna.does(odd)).toBe('asking');
    anna.does(answered('ben'), answered('ben'));
    expect(anna.snapshot.context.answered).toEqual(['ben']);
    expect(anna.does(WAITED)).toBe('telling sendSecrets');
    expect(anna.effects[0]?.params).toEqual({ offer: ANNAS, to: ['ben'] });
    expect(anna.does(answered('dave'))).toBe('telling');
    expect(anna.does({ type: 'sealed' })).toBe('moved enter');
  });

  test('does not wait for who has left, and goes nowhere alone', () => {
    const anna = new Run('anna');
    anna.does(start(ANNAS), answered('ben'));
    expect(anna.does(members('anna', 'ben', 'carol'))).toBe('telling sendSecrets');
    const alone = new Run('anna');
    alone.does(start(ANNAS));
    expect(alone.does(members('anna', 'carol'))).toBe('asking');
    expect(alone.does(WAITED)).toBe('idle forget');
    expect(alone.failure).toBe('nobody_answered');
    // And may ask again.
    expect(alone.does(members(...MEMBERS), start(ANNAS))).toBe('asking sendOffer wait');
    expect(alone.failure).toBe(null);
  });

  test('can take it back, and is told where it could not be sent', () => {
    const anna = new Run('anna');
    anna.does(start(ANNAS));
    expect(anna.does({ type: 'stay' })).toBe('idle forget');
    anna.does(start(ANNAS));
    expect(anna.does({ type: 'failed' })).toBe('idle forget');
    expect(anna.failure).toBe('not_sent');
    anna.does(start(ANNAS), answered('ben'), answered('dave'));
    expect(anna.does({ type: 'failed' })).toBe('idle forget');
    expect(anna.failure).toBe('not_sent');
  });

  test.each([
    ['somebody who is not here', offer('b', 'anna', 'ben eve', 'carol')],
    ['nobody', { ...ANNAS, to: [] }],
    ['without anybody', { ...ANNAS, without: [] }],
    ['oneself', offer('b', 'anna', 'ben anna', 'carol')],
    ['somebody on both sides', offer('b', 'anna', 'ben carol', 'carol')],
    ['in somebody else’s name', offer('b', 'ben', 'dave', 'carol')],
  ])('cannot ask %s', (_, odd) => {
    expect(new Run('anna').does(start(odd))).toBe('idle');
  });
});

describe('who is asked', () => {
  test('answers, gets the secret, and follows after a while, at once, or not at all', () => {
    for (const [word, end] of [
      [WAITED, 'moved enter'],
      [{ type: 'go' }, 'moved enter'],
      [{ type: 'stay' }, 'idle forget'],
    ] as const) {
      const ben = new Run('ben');
      expect(ben.does(offered(ANNAS))).toBe('asked forget sendAnswer wait');
      expect(ben.does(secret('anna'))).toBe('opening open');
      expect(ben.does({ type: 'opened' })).toBe('deciding wait');
      expect(ben.effects[0]).toEqual({ type: 'wait', params: { milliseconds: MOVE_LIMITS.followMs } });
      // Who asked has gone ahead: that changes nothing now.
      expect(ben.does(members('ben', 'carol', 'dave'))).toBe('deciding');
      expect(ben.does(word)).toBe(end);
    }
  });

  test('takes a secret of nobody but who asked, for that offer, once', () => {
    const ben = new Run('ben');
    expect(ben.does(secret('anna'))).toBe('idle');
    ben.does(offered(ANNAS));
    for (const odd of [secret('carol'), secret('dave'), secret('anna', 'c')])
      expect(ben.does(odd)).toBe('asked');
    ben.does(secret('anna'));
    expect(ben.does(secret('anna'))).toBe('opening');
    expect(ben.does({ type: 'opened' }, secret('anna'))).toBe('deciding');
  });

  test('is told where nothing comes of it', () => {
    const ends = [
      ['no_secret', [WAITED]],
      ['initiator_gone', [members('ben', 'carol', 'dave')]],
      ['not_opened', [secret('anna'), { type: 'notOpened' }]],
    ] as const;
    for (const [failure, events] of ends) {
      const ben = new Run('ben');
      ben.does(offered(ANNAS));
      expect(ben.does(...events)).toBe('idle forget');
      expect(ben.failure).toBe(failure);
      expect(ben.does({ type: 'dismiss' })).toBe('idle');
      expect(ben.failure).toBe(null);
    }
  });

  test('takes no offer of a stranger, none that is not sound, and not its own that comes back', () => {
    const ben = new Run('ben', ['ben', 'carol', 'dave']);
    expect(ben.does(offered(ANNAS))).toBe('idle');
    for (const odd of [
      { ...ANNAS, initiator: 'dave' },
      offer('b', 'carol', 'ben', 'ben'),
      offer('b', 'carol', 'ben', 'carol'),
      { ...ANNAS, initiator: 'carol', without: [] },
      offer('b', 'ben', 'dave', 'carol'),
    ])
      expect(ben.does(offered(odd))).toBe('idle');
  });
});

describe('who is left out', () => {
  test('is told, by whom, and gets nothing', () => {
    const carol = new Run('carol');
    expect(carol.does(offered(ANNAS))).toBe('leftOut');
    expect(carol.snapshot.context.offer).toEqual(ANNAS);
    for (const event of [
      secret('anna'),
      WAITED,
      { type: 'go' },
      { type: 'opened' },
      answered('ben'),
    ] as const)
      expect(carol.does(event)).toBe('leftOut');
    expect(carol.does({ type: 'dismiss' })).toBe('idle');
  });
});

describe('two offers at once', () => {
  const bens = (hash: string) => offer(hash, 'ben', 'anna dave', 'carol');

  test('for one reason: all go with the lower hash, in whatever order they come', () => {
    for (const [hash, winner] of [
      ['a', 'ben'],
      ['c', 'anna'],
    ] as const) {
      const offers = { anna: ANNAS, ben: bens(hash) };
      const standing = (run: Run): string =>
        `${run.snapshot.value} ${run.snapshot.context.offer?.initiator ?? ''}`;
      const [anna, ben, dave, eldave] = [new Run('anna'), new Run('ben'), new Run('dave'), new Run('dave')];
      anna.does(start(offers.anna), offered(offers.ben));
      ben.does(start(offers.ben), offered(offers.anna));
      dave.does(offered(offers.anna), offered(offers.ben));
      eldave.does(offered(offers.ben), offered(offers.anna));
      expect(standing(dave)).toBe(`asked ${winner}`);
      expect(standing(eldave)).toBe(`asked ${winner}`);
      expect(standing(anna)).toBe(winner === 'anna' ? 'asking anna' : 'asked ben');
      expect(standing(ben)).toBe(winner === 'ben' ? 'asking ben' : 'asked anna');
      for (const run of [anna, ben, dave, eldave]) expect(run.snapshot.context.contested).toBe(false);
    }
  });

  test('the better one also replaces one whose secret is there already, which is forgotten', () => {
    const dave = new Run('dave');
    dave.does(offered(ANNAS), secret('anna'), { type: 'opened' });
    expect(dave.does(offered(bens('a')))).toBe('asked forget sendAnswer wait');
    expect(dave.does(secret('anna'))).toBe('asked');
    expect(dave.does(secret('ben', 'a'))).toBe('opening open');
  });

  test('against one another: nobody follows by itself, and who is left out cannot take over', () => {
    const carols = offer('a', 'carol', 'ben dave', 'anna');
    const ben = new Run('ben');
    ben.does(offered(ANNAS), offered(carols), secret('anna'));
    expect(ben.does({ type: 'opened' })).toBe('deciding');
    expect(ben.does(WAITED)).toBe('deciding');
    expect(ben.snapshot.context).toMatchObject({ offer: ANNAS, contested: true });
    expect(ben.does(secret('carol', 'a'))).toBe('deciding');
    expect(ben.does({ type: 'go' })).toBe('moved enter');
    // Also where it comes while the time runs.
    const dave = new Run('dave');
    dave.does(offered(ANNAS), secret('anna'), { type: 'opened' }, offered(carols));
    expect(dave.does(WAITED)).toBe('deciding');
    // Who asks goes on, and knows.
    const anna = new Run('anna');
    anna.does(start(ANNAS), offered(carols));
    expect(anna.snapshot.context).toMatchObject({ offer: ANNAS, contested: true });
    // Who was to be left out and is asked by others does not follow by itself either.
    const carol = new Run('carol');
    carol.does(offered(ANNAS), offered(offer('a', 'dave', 'ben carol', 'anna')), secret('dave', 'a'));
    expect(carol.does({ type: 'opened' })).toBe('deciding');
  });

  test('the next one of the same person takes the place of the first', () => {
    const ben = new Run('ben');
    ben.does(offered(ANNAS));
    const next = offer('f', 'anna', 'ben', 'carol dave');
    expect(ben.does(offered(next))).toBe('asked forget sendAnswer wait');
    expect(ben.snapshot.context).toMatchObject({ offer: next, contested: false });
    // The same one again, as it comes back: nothing.
    expect(ben.does(offered(next))).toBe('asked');
  });
});

type Graph = Readonly<
  Record<
    string,
    {
      readonly state: MoveSnapshot;
      readonly transitions: Readonly<
        Record<string, { readonly event: MoveEvent; readonly state: MoveSnapshot }>
      >;
    }
  >
>;

test('the whole graph: it goes nowhere without a word of who asked, nor with a secret of anybody else', () => {
  const offers = [
    ANNAS,
    offer('a', 'dave', 'anna ben', 'carol'),
    offer('c', 'carol', 'ben dave', 'anna'),
    offer('d', 'carol', 'anna dave', 'ben'),
  ];
  const events: MoveEvent[] = [
    ...offers.map(offered),
    start(offer('e', 'ben', 'anna dave', 'carol')),
    ...['anna', 'dave'].map((from) => answered(from, 'e')),
    ...offers.flatMap(({ hash }) => ['anna', 'dave', 'carol'].map((from) => secret(from, hash))),
    members(...MEMBERS),
    members('ben', 'carol', 'dave'),
    ...(['opened', 'notOpened', 'sealed', 'failed', 'waited', 'go', 'stay', 'dismiss'] as const).map(
      (type) => ({ type }),
    ),
  ];
  const [initial] = initialTransition(moveMachine, { self: 'ben' });
  const graph = getAdjacencyMap(moveMachine, {
    fromState: initial,
    events,
    serializeState: (it) => JSON.stringify([it.value, it.context]),
    limit: 20_000,
  }) as unknown as Graph;
  const edges = Object.values(graph).flatMap((node) =>
    Object.values(node.transitions).map(({ event, state }) => ({ from: node.state, event, to: state })),
  );
  const states = new Set(Object.values(graph).map(({ state }) => state.value));
  let moves = 0;
  for (const { from, event, to } of edges) {
    if (to.value === 'moved' && from.value !== 'moved') {
      moves += 1;
      const own = from.context.offer?.initiator === 'ben';
      expect([from.value, event.type]).toEqual(
        own ? ['telling', 'sealed'] : ['deciding', event.type === 'go' ? 'go' : 'waited'],
      );
      if (event.type === 'waited') expect(from.context.contested).toBe(false);
    }
    if (to.value === 'opening' && from.value === 'asked') {
      if (event.type !== 'secret') throw new Error(`opened by ${event.type}`);
      expect([event.from, event.offer]).toEqual([from.context.offer?.initiator, from.context.offer?.hash]);
    }
    if (to.value === 'asked') expect(to.context.offer?.to).toContain('ben');
    if (to.value === 'idle') expect(to.context.offer).toBe(null);
  }
  console.log(
    `${Object.keys(graph).length} states, ${edges.length} edges, ${moves} of them into another room`,
  );
  expect(states).toEqual(
    new Set(['idle', 'asking', 'telling', 'asked', 'opening', 'deciding', 'leftOut', 'moved']),
  );
  expect(Object.keys(graph).length).toBeGreaterThan(60);
  expect(moves).toBeGreaterThan(10);
});
