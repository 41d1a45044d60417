import { beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { loadMlsInNode } from '../mls/node.ts';
import { RecordLineSchema, type RecordLine } from '../trace/record.ts';
import { recordParticipant } from './recording.ts';
import { Scene } from './testing.ts';

beforeAll(loadMlsInNode);

test('a record has a line for each step, valid and without a secret, and authenticators only to compare', () => {
  const room = new Scene();
  const lines: RecordLine[] = [];
  const [a, b] = [room.join('a'), room.join('b')];
  const stops = [a, b].map((it) => recordParticipant(it.participant, (line) => void lines.push(line)));
  room.settle();
  a.participant.handOver();
  room.flush(a);
  room.settle();
  const c = room.join('c');
  room.deliver(a);
  a.participant.claim();
  room.flush(a);
  room.settle();
  const keys = [a, b].map((it) => it.authenticator);
  room.append({ header: new Uint8Array(1), signature: new Uint8Array(), payload: new Uint8Array() });
  room.leaves(c);
  room.settle();
  b.participant.leave();
  room.leaves(b);
  room.settle();
  for (const stop of stops) stop();
  const before = lines.length;
  a.participant.leave();
  expect(lines.length).toBe(before);

  for (const line of lines) expect(v.safeParse(RecordLineSchema, line).issues ?? []).toEqual([]);
  expect(new Set(lines.map((it) => it.action))).toEqual(
    new Set(['Join', 'Read', 'Found', 'Commit', 'HandOver', 'Claim', 'Leave']),
  );
  const text = lines.map((it) => JSON.stringify(it)).join('\n');
  for (const key of keys) expect(text).not.toContain(key.slice(0, 16));
  const own = lines.filter((it) => it.participant === a.id);
  expect(own.map((it) => it.line)).toEqual(own.map((_, i) => i + 1));
  const at = (id: string) =>
    new Map(lines.filter((it) => it.participant === id).map((it) => [it.view.position, it]));
  const [mine, others] = [at(a.id), at(b.id)];
  let compared = 0;
  for (const [position, line] of mine) {
    const other = others.get(position);
    if (other === undefined || line.authenticator === null || other.authenticator === null) continue;
    expect([other.authenticator, other.view]).toEqual([line.authenticator, line.view]);
    compared++;
  }
  expect(compared).toBeGreaterThan(5);
});
