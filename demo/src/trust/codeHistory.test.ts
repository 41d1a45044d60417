import { describe, expect, test } from 'vitest';
import { begun, entryRead, KEPT_CODES, NO_CODES, viewSeen, type CodeHistory } from './codeHistory.ts';
import { line, people, step, viewOf } from './testing.ts';

const founded = (self = 'anna'): CodeHistory =>
  step(begun(NO_CODES, self), line('found', 'anna', { position: 2 }), viewOf(self, 'anna', 0), 10);
const epochs = ({ codes }: CodeHistory): number[] => codes.map(({ epoch }) => epoch);

describe('the codes of the last epochs', () => {
  test('each has its number, members, time and reason: who founded, let in, removed, refreshed', () => {
    let history = founded();
    history = step(history, line('join', 'ben', { position: 3 }), viewOf('anna', 'anna', 0));
    history = step(
      history,
      line('commit', 'anna', { position: 4, adds: ['ben'] }),
      viewOf('anna', 'anna ben', 1),
      20,
    );
    history = step(history, line('leave', 'ben', { position: 5 }), viewOf('anna', 'anna ben', 1));
    history = step(
      history,
      line('commit', 'anna', { position: 6, removes: ['ben'] }),
      viewOf('anna', 'anna', 2),
      30,
    );
    history = step(history, line('commit', 'anna', { position: 7 }), viewOf('anna', 'anna', 3), 40);
    const told = history.codes.map(({ epoch, position, members, at, cause: { kind, by, adds, removes } }) =>
      [epoch, position, members.join(), at, kind, by, adds.join(), removes.join()].join(' '),
    );
    expect(told).toEqual([
      '3 7 anna 40 commit anna  ',
      '2 6 anna 30 commit anna  ben',
      '1 4 anna,ben 20 commit anna ben ',
      '0 2 anna 10 found anna  ',
    ]);
    expect(history.current).toBe(true);
  });

  test('a role that passed on is part of the reason, once; a refused entry is part of none', () => {
    let history = founded();
    history = step(history, line('handover', 'anna'), viewOf('anna', 'ben anna', 0));
    history = step(
      history,
      line('claim', 'carol', { accused: 'ben', refusal: 'Takeover' }),
      viewOf('anna', 'ben anna', 0),
    );
    history = step(
      history,
      line('commit', 'anna', { adds: ['eve'], refusal: 'Designated' }),
      viewOf('anna', 'ben anna', 0),
    );
    history = step(history, line('commit', 'ben'), viewOf('anna', 'ben anna', 1));
    expect(history.codes[0]?.cause).toEqual({
      kind: 'commit',
      by: 'ben',
      adds: [],
      removes: [],
      role: { kind: 'handover', author: 'anna', accused: null },
    });
    history = step(history, line('claim', 'anna', { accused: 'ben' }), viewOf('anna', 'anna ben', 1));
    history = step(history, line('commit', 'anna', { adds: ['dave'] }), viewOf('anna', 'anna ben dave', 2));
    expect(history.codes[0]?.cause).toMatchObject({
      adds: ['dave'],
      role: { kind: 'claim', accused: 'ben' },
    });
    history = step(history, line('commit', 'anna'), viewOf('anna', 'anna ben dave', 3));
    expect(history.codes[0]?.cause.role).toBeNull();
    expect(epochs(history)).toEqual([3, 2, 1, 0]);
  });

  test('of several commits that are read at once none is lost, and the last eight are kept', () => {
    let history = founded();
    for (let epoch = 1; epoch <= 20; epoch += 1)
      history = step(
        history,
        line('commit', 'anna', { position: epoch + 2 }),
        viewOf('anna', 'anna', epoch),
        10,
      );
    expect(epochs(history)).toEqual([20, 19, 18, 17, 16, 15, 14, 13]);
    expect(history.codes).toHaveLength(KEPT_CODES);
    expect(new Set(history.codes.map(({ position }) => position)).size).toBe(KEPT_CODES);
  });

  test('who joins has the codes from its own admission on, with the role that passed on before it', () => {
    let history = begun(NO_CODES, 'carol');
    for (const entry of [
      line('found', 'anna'),
      line('handover', 'anna'),
      line('commit', 'ben'),
      line('join', 'carol'),
    ])
      history = step(history, entry, viewOf('carol', 'ben anna', null));
    expect(history).toMatchObject({ codes: [], current: false });
    history = step(history, line('commit', 'ben', { adds: ['carol'] }), viewOf('carol', 'ben anna carol', 2));
    expect(epochs(history)).toEqual([2]);
    expect(history.codes[0]?.cause).toEqual({
      kind: 'commit',
      by: 'ben',
      adds: ['carol'],
      removes: [],
      role: null,
    });
  });

  test('who waits is no member; who left and was not removed yet is one', () => {
    const view = {
      ...viewOf('anna', '', 1),
      people: [...people('anna'), ...people('ben', 'departed'), ...people('carol', 'waiting')],
    };
    expect(step(founded(), line('commit', 'anna'), view).codes[0]?.members).toEqual(['anna', 'ben']);
  });

  test('a new participant of the page begins anew, and a new founding is counted as such', () => {
    let history = step(founded(), line('commit', 'anna'), viewOf('anna', 'anna', 1));
    history = begun(history, 'anna again');
    expect(history).toMatchObject({ attempt: 2, codes: [], current: false });
    // What the former participant's worker still says does not count.
    const late = entryRead(history, line('found', 'anna'));
    expect(viewSeen(late, viewOf('anna', 'anna', 1), 0).codes).toEqual([]);
    for (const entry of [line('found', 'anna'), line('found', 'ben', { refusal: 'Founding' })])
      history = step(history, entry, viewOf('anna again', 'anna', null));
    history = step(
      history,
      line('found', 'anna again', { position: 9 }),
      viewOf('anna again', 'anna again', 0, 'other'),
    );
    expect(history.codes).toHaveLength(1);
    expect(history.codes[0]).toMatchObject({ epoch: 0, founding: 2, position: 9, cause: { kind: 'found' } });
  });

  test('without keys no code is the present one; the last ones stay to be looked at', () => {
    const history = step(founded(), line('leave', 'anna'), viewOf('anna', 'anna', null));
    expect(history.current).toBe(false);
    expect(epochs(history)).toEqual([0]);
    // A commit that this page could not follow led to no code of its own.
    const dead = entryRead(history, line('commit', 'ben'));
    expect(epochs(viewSeen(dead, viewOf('anna', 'anna', null), 0))).toEqual([0]);
  });
});
