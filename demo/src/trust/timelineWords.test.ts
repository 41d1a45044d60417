import { expect, test } from 'vitest';
import type { Refusal } from '../../../src/protocol/counts.ts';
import { line } from './testing.ts';
import { epochName, reason, REFUSALS, sentence, timelineOf } from './timelineWords.ts';

const nameOf = (id: string): string => id[0]!.toUpperCase() + id.slice(1);

test('each kind of entry in plain words', () => {
  const all = [
    line('join', 'ben'),
    line('leave', 'ben'),
    line('found', 'anna'),
    line('commit', 'anna', { adds: ['ben', 'carol'] }),
    line('commit', 'anna', { removes: ['ben'] }),
    line('commit', 'anna', { adds: ['dave'], removes: ['ben'] }),
    line('commit', 'anna'),
    line('handover', 'anna'),
    line('claim', 'carol', { accused: 'anna' }),
    line('void', 'eve'),
  ];
  expect(all.map((it) => sentence(it, nameOf))).toEqual([
    'Ben asks to join',
    'Ben left',
    'Anna founded the group',
    'Anna let Ben, Carol in',
    'Anna removed Ben, who left',
    'Anna let Dave in and removed Ben, who left',
    'Anna refreshed the keys',
    "Anna passed the committer's role on",
    'Carol says that Anna is silent, and should not be the committer',
    'not an entry',
  ]);
});

test('each founding and commit that counts tells the epoch that it leads to, nothing else does', () => {
  const lines = [
    line('join', 'anna'),
    line('found', 'anna'),
    line('found', 'ben', { refusal: 'Founding' }),
    line('commit', 'anna', { adds: ['ben'] }),
    line('commit', 'eve', { refusal: 'Designated' }),
    line('handover', 'anna'),
    line('commit', 'ben'),
    line('leave', 'ben'),
    line('found', 'carol'),
    line('commit', 'carol'),
  ];
  expect(timelineOf(lines).map(({ epoch }) => epoch)).toEqual([null, 0, null, 1, null, null, 2, null, 0, 1]);
});

test('why the code changed', () => {
  const why = (cause: Partial<Parameters<typeof reason>[0]['cause']>, founding = 1): string =>
    reason(
      { cause: { kind: 'commit', by: 'ben', adds: [], removes: [], role: null, ...cause }, founding },
      nameOf,
    );
  expect([
    why({ kind: 'found' }),
    why({ kind: 'found' }, 2),
    why({ adds: ['carol'] }),
    why({ role: { kind: 'handover', author: 'anna', accused: null } }),
    why({ removes: ['anna'], role: { kind: 'claim', author: 'ben', accused: 'anna' } }),
  ]).toEqual([
    'Ben founded the group',
    'Ben founded a new group: nobody of the one before was left',
    'Ben let Carol in',
    'Anna passed the role on; Ben refreshed the keys',
    'Anna was silent and lost the role; Ben removed Anna, who left',
  ]);
  expect([epochName({ epoch: 4, founding: 1 }), epochName({ epoch: 0, founding: 2 })]).toEqual([
    'epoch 4',
    'epoch 0 of group 2',
  ]);
});

test('each rule that refuses an entry is told in words', () => {
  const rules = Object.keys(REFUSALS) as Refusal[];
  console.log(`${rules.length} rules`);
  expect(rules).toHaveLength(14);
  for (const rule of rules) expect(REFUSALS[rule]).toMatch(/^[a-z].{10,}[^.]$/);
});
