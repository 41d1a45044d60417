import { describe, expect, test } from 'vitest';
import type { FromWorker } from '../messages.ts';
import { codesOf, KNOWN_LIMITS, met, readKnown, writeKnown } from './knownPeople.ts';
import { line, people, personCodeNumber, storage, viewOf } from './testing.ts';
import { Trust } from './Trust.ts';

const name = (participant: string, name: string, code: number | null): FromWorker => ({
  type: 'name',
  participant,
  name,
  personCode: code === null ? null : personCodeNumber(code).split(' '),
});
const joins = (trust: Trust, ...ids: readonly string[]): void => {
  for (const id of ids) trust.receive({ type: 'log', line: line('join', id) });
};
const sees = (trust: Trust, members: string, epoch: number | null = 1): void =>
  trust.receive({ type: 'view', view: viewOf('anna', members, epoch) });
/** Anna's page, in a group with Ben. */
function page(kept = false, store = storage()): Trust {
  const trust = new Trust(() => 7, store);
  trust.receive({ type: 'person', kept });
  trust.receive({ type: 'participant', id: 'anna' });
  joins(trust, 'anna');
  trust.receive({ type: 'log', line: line('found', 'anna') });
  sees(trust, 'anna', 0);
  joins(trust, 'ben');
  trust.receive({ type: 'log', line: line('commit', 'anna', { adds: ['ben'] }) });
  sees(trust, 'anna ben');
  return trust;
}
const flaw = (trust: Trust, id: string): string | undefined => trust.warningOf(id)?.flaw;

describe('what was compared', () => {
  test('lasts until its participant goes, codes differ, or this page is a new participant', () => {
    const trust = page();
    const [newest] = trust.history.codes;
    const verified = (): string[] => [...trust.verified.keys()];
    trust.agree(newest!);
    expect(verified()).toEqual(['ben']);
    joins(trust, 'carol');
    sees(trust, 'anna ben carol', 2);
    expect(verified()).toEqual(['ben']);
    trust.disagree(newest!);
    expect([verified(), trust.differed]).toEqual([[], newest]);
    trust.agree(newest!);
    expect([verified(), trust.differed]).toEqual([['ben'], null]);
    sees(trust, 'anna carol', 3);
    expect(verified()).toEqual([]);
    sees(trust, 'anna ben carol', 4);
    trust.agree(trust.history.codes[0]!);
    expect(verified()).toEqual(['ben', 'carol']);
    trust.receive({ type: 'participant', id: 'anna again' });
    expect(verified()).toEqual([]);
    // The answer came too late: it is about who this page was, without keys and with new ones.
    trust.agree(newest!);
    trust.receive({ type: 'log', line: line('commit', 'ben', { adds: ['anna again'] }) });
    trust.receive({ type: 'view', view: viewOf('anna again', 'ben carol', 5) });
    expect(trust.history.current).toBe(true);
    trust.agree(newest!);
    expect(verified()).toEqual([]);
  });

  test('nobody is verified by an answer without keys', () => {
    const trust = page();
    const [newest] = trust.history.codes;
    sees(trust, 'anna ben', null);
    trust.agree(newest!);
    expect(trust.verified.size).toBe(0);
  });
});

describe('names', () => {
  test('are judged in the order of the log, whichever is opened first; a refused join has none', () => {
    const trust = page();
    trust.receive({ type: 'log', line: line('join', 'forged', { refusal: 'Invited' }) });
    joins(trust, 'ben2');
    sees(trust, 'anna ben2', 2);
    trust.receive(name('ben2', 'Ben', 2));
    trust.receive(name('forged', 'Ben', 3));
    trust.receive(name('ben', 'Ben', 1));
    expect([flaw(trust, 'ben'), flaw(trust, 'ben2')]).toEqual([undefined, 'other key']);
    expect([flaw(trust, 'forged'), flaw(trust, 'nobody')]).toEqual([undefined, undefined]);
  });

  test('of who this page was before are its own; of somebody else who has it now are told', () => {
    const trust = page();
    trust.receive(name('anna', 'Anna', 1));
    trust.receive({ type: 'participant', id: 'anna2' });
    joins(trust, 'anna2');
    trust.receive(name('anna2', 'Anna', 5));
    trust.receive({ type: 'view', view: { ...viewOf('anna2', 'anna2', 2), people: people('anna2') } });
    expect(flaw(trust, 'anna2')).toBeUndefined();
    joins(trust, 'eve');
    trust.receive(name('eve', 'Anna', 6));
    trust.receive({ type: 'view', view: { ...viewOf('anna2', 'anna2', 3), people: people('anna2 eve') } });
    expect([flaw(trust, 'anna2'), flaw(trust, 'eve')]).toEqual(['shared', 'shared']);
  });

  test('are kept only where the person key is, the own one not, one that was warned of only when accepted', () => {
    const store = storage();
    const none = page(false, store);
    none.receive(name('ben', 'Ben', 1));
    expect([none.known, readKnown(store)]).toEqual([null, []]);

    const first = page(true, store);
    first.receive(name('anna', 'Anna', 9));
    first.receive(name('ben', 'Ben', 1));
    expect(readKnown(store)).toEqual([{ name: 'ben', codes: [personCodeNumber(1)] }]);
    expect(flaw(first, 'ben')).toBeUndefined();

    const second = page(true, store);
    second.receive(name('ben', 'Ben', 2));
    expect(second.warningOf('ben')).toEqual({ flaw: 'other key', seen: 'earlier call' });
    expect(codesOf(readKnown(store), 'Ben')).toEqual([personCodeNumber(1)]);
    second.accept('ben');
    expect(second.warningOf('ben')).toBeNull();
    expect(codesOf(readKnown(store), 'Ben')).toEqual([1, 2].map(personCodeNumber));
    // Another call of this page on another tab has met somebody meanwhile: that is kept too.
    writeKnown(met(readKnown(store), 'Carol', personCodeNumber(3)), store);
    joins(second, 'dave');
    second.receive(name('dave', 'Dave', 4));
    second.receive(name('eve', 'Eve', null));
    expect(readKnown(store).map((it) => it.name)).toEqual(['ben', 'carol', 'dave']);
  });

  test('one call cannot push out all that are known', () => {
    const store = storage();
    const trust = page(true, store);
    for (let i = 0; i < 100; i += 1) {
      joins(trust, `p${i}`);
      trust.receive(name(`p${i}`, `Guest ${i}`, i));
    }
    expect(readKnown(store)).toHaveLength(KNOWN_LIMITS.perCall);
  });
});
