import { beforeAll, describe, expect, test } from 'vitest';
import { loadMlsInNode } from '../../mls/node.ts';
import { Scene, type Person } from '../../participant/testing.ts';
import { apart, type Standing } from './together.ts';

beforeAll(loadMlsInNode);

const standing = ({ participant, authenticator, id }: Person, change: Partial<Standing> = {}): Standing => ({
  ...{ part: null, gone: false, gaveUp: false, ids: [id], authenticator, participant },
  ...change,
});

const LEAVES = { going: 'leaves', moment: 'member' } as const;

describe('bots', () => {
  const scene = new Scene();
  let people: Person[] = [];
  beforeAll(() => {
    people = ['a', 'b', 'c', 'd'].map((name) => scene.join(name));
    scene.settle();
  });
  const all = (who: number, change: Partial<Standing>): readonly Standing[] =>
    people.map((person, i) => standing(person, i === who ? change : {}));

  test('are together where each is a member, at one authenticator', () => {
    expect(apart(all(0, {}))).toBeNull();
    expect(apart(all(3, { gaveUp: true }))).toBeNull();
  });

  test('are not, where one is elsewhere', () => {
    const another = 'ab'.repeat(32);
    expect(apart([])).toBe('0 of 0 are members');
    expect(apart(all(1, { authenticator: another }))).toBe('there are 2 authenticators');
    expect(apart(all(1, { participant: null }))).toBe('3 of 4 are members');
    expect(apart(all(1, { part: LEAVES }))).toBe('1 are still to go');
    expect(apart(all(1, { part: LEAVES, gone: true }))).toBe('1 who went are not declared gone');
  });

  test('are not, until everybody has read and done what there is', () => {
    const [a, b, c, d] = people as [Person, Person, Person, Person];
    const staying = (): readonly Standing[] => [a, b, c].map((it) => standing(it));
    const went = (): Standing => standing(c, { participant: null, gone: true, part: LEAVES, ids: [d.id] });
    scene.leaves(d);
    scene.deliver(a);
    expect(apart([...staying(), went()])).toBe('some have read less of the log');
    scene.deliver(b);
    scene.deliver(c);
    expect(apart([...staying(), went()])).toBe('somebody waits, or has left and is a member');
    a.participant.act();
    expect(apart([...staying(), went()])).toBe('somebody waits for what it has sent');
    scene.flush(a);
    scene.settle([a, b, c]);
    expect(apart([...staying(), went()])).toBeNull();
  });

  test('are not, where they have read different logs', () => {
    const other = new Scene();
    const [e, f] = [other.join('e'), other.join('f')];
    other.settle();
    const two = new Scene();
    const [g, h] = [two.join('g'), two.join('h')];
    two.settle();
    expect([apart([e, f].map((it) => standing(it))), apart([g, h].map((it) => standing(it)))]).toEqual([
      null,
      null,
    ]);
    expect(apart([e, g].map((it) => standing(it)))).toBe('they have read different logs');
  });
});
