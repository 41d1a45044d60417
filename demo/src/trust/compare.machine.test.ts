import { createActor } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { expect, test } from 'vitest';
import { begun, NO_CODES, type PastCode } from './codeHistory.ts';
import { compareMachine, type CompareEvent } from './compare.machine.ts';
import { line, step, viewOf } from './testing.ts';

let history = begun(NO_CODES, 'anna');
for (let epoch = 0; epoch < 3; epoch += 1)
  history = step(history, line(epoch === 0 ? 'found' : 'commit', 'anna'), viewOf('anna', 'anna ben', epoch));
/** Of epochs 2, 1 and 0. */
const CODES = history.codes;

/** A comparison, with what it had done. */
function compare() {
  const done: string[] = [];
  const told =
    (what: string) =>
    (_: unknown, { pinned }: { readonly pinned: PastCode | null }) =>
      void done.push(`${what} ${pinned?.epoch ?? 'nothing'}`);
  const actor = createActor(
    compareMachine.provide({
      actions: {
        hold: () => void done.push('hold'),
        release: () => void done.push('release'),
        agree: told('agree'),
        disagree: told('disagree'),
      },
    }),
  ).start();
  const send = (...events: readonly (CompareEvent | CompareEvent['type'])[]): string => {
    for (const event of events)
      actor.send(typeof event === 'string' ? ({ type: event } as CompareEvent) : event);
    const { value, context } = actor.getSnapshot();
    return `${value} ${context.pinned?.epoch ?? '-'}`;
  };
  return { send, done };
}
const codes = (from: number): CompareEvent => ({ type: 'codes', codes: CODES.slice(from) });
const key = (epoch: number): string => CODES[2 - epoch]!.key;

test('nothing opens before there is a code', () => {
  const { send, done } = compare();
  expect(send('open', 'same', 'differ', 'anew')).toBe('closed -');
  expect(done).toEqual([]);
});

test('the pinned code stays while the call moves on, and the answer is about it', () => {
  const { send, done } = compare();
  expect(send(codes(1), 'open')).toBe('comparing 1');
  expect(send(codes(0))).toBe('comparing 1');
  // Also when it is no longer among those kept.
  expect(send({ type: 'codes', codes: CODES.slice(0, 1) })).toBe('comparing 1');
  expect(send('same')).toBe('agreed 1');
  expect(done).toEqual(['hold', 'release', 'agree 1']);
  expect(send('close')).toBe('closed -');
});

test('another of the kept epochs can be chosen, one that is not kept cannot', () => {
  const { send, done } = compare();
  send(codes(1), 'open');
  expect(send({ type: 'choose', key: key(0) })).toBe('comparing 0');
  expect(send({ type: 'choose', key: key(2) })).toBe('comparing 0');
  expect(send('differ')).toBe('differed 0');
  expect(done).toEqual(['hold', 'release', 'disagree 0']);
  expect(send(codes(0), 'open')).toBe('comparing 2');
  expect(send('close', { type: 'open', key: key(1) })).toBe('comparing 1');
  expect(done).toEqual(['hold', 'release', 'disagree 0', 'hold', 'release', 'hold']);
});

test('a new participant of the page ends it without an answer', () => {
  const { send, done } = compare();
  send(codes(0), 'open');
  expect(send({ type: 'codes', codes: [] }, 'anew')).toBe('overtaken 2');
  expect(send('same', 'differ', 'open')).toBe('overtaken 2');
  expect(done).toEqual(['hold', 'release']);
});

test('over the whole graph: rotation is held exactly while comparing, and an answer is only given there', () => {
  const events: CompareEvent[] = [
    ...(['open', 'anew', 'same', 'differ', 'close'] as const).map((type) => ({ type })),
    ...[0, 1, 2].map((epoch): CompareEvent => ({ type: 'choose', key: key(epoch) })),
    ...[0, 1, 3].map(codes),
  ];
  const paths = getShortestPaths(compareMachine, { events });
  let held = 0;
  for (const { steps, state } of paths) {
    const { send, done } = compare();
    let value = 'closed -';
    for (const { event } of steps) {
      if (event.type.startsWith('xstate.')) continue;
      const before = value;
      const answers = done.length;
      value = send(event);
      const answered = done.slice(answers).some((it) => /agree/.test(it));
      expect(answered).toBe(before.startsWith('comparing') && ['same', 'differ'].includes(event.type));
    }
    const balance = done.reduce((sum, it) => sum + Number(it === 'hold') - Number(it === 'release'), 0);
    expect(balance).toBe(state.value === 'comparing' ? 1 : 0);
    held += balance;
    expect(state.context.pinned === null).toBe(state.value === 'closed');
  }
  const values = new Set(paths.map(({ state }) => state.value));
  console.log(`${paths.length} states of the comparison, ${held} of them hold rotation`);
  expect([...values].sort()).toEqual(['agreed', 'closed', 'comparing', 'differed', 'overtaken']);
  expect(paths.length).toBeGreaterThanOrEqual(30);
  expect(held).toBeGreaterThanOrEqual(6);
});
