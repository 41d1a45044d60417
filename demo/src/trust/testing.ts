/** What unit tests of this folder hand in: lines, views and codes. */
import type { SafetyCode } from '../../../src/verification/safety-code.ts';
import type { CallView, LogLine, Person } from '../messages.ts';
import { entryRead, viewSeen, type CodeHistory } from './codeHistory.ts';
import type { Store } from './knownPeople.ts';

export const codeNamed = (text: string): SafetyCode => ({ groups: [text], text, bits: 199, words: [] });

export const line = (kind: LogLine['kind'], author: string, rest: Partial<LogLine> = {}): LogLine => ({
  position: 1,
  kind,
  author,
  adds: [],
  removes: [],
  accused: null,
  refusal: null,
  ...rest,
});

export const people = (ids: string, standing: Person['standing'] = 'member'): Person[] =>
  ids === '' ? [] : ids.split(' ').map((id) => ({ id, standing }));

/** @param code null without keys. */
export const viewOf = (
  self: string,
  members: string,
  epoch: number | null,
  code = epoch === null ? null : `code ${epoch}`,
): CallView => ({
  self,
  machine: 'member.follower.idle',
  position: 1,
  people: people(members),
  committer: null,
  epoch,
  safetyCode: code === null ? null : codeNamed(code),
});

/** As the worker posts it: an entry, and the view after it. */
export const step = (history: CodeHistory, entry: LogLine, view: CallView, now = 0): CodeHistory =>
  viewSeen(entryRead(history, entry), view, now);

/** Eight groups, all this number. */
export const personCodeNumber = (number: number): string =>
  Array.from({ length: 8 }, () => String(number).padStart(5, '0')).join(' ');

/** What a browser stores, of one test. */
export function storage(): () => Store {
  const kept = new Map<string, string>();
  const store: Store = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
  return () => store;
}
