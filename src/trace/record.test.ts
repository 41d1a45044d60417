import { describe, expect, test } from 'vitest';
import {
  MAX_RECORD_NAMES,
  parseRecord,
  parseRecordFile,
  printName,
  printRecord,
  RECORD_VERSION,
  RecordError,
  type RecordLine,
} from './record.ts';

const line = (number: number): RecordLine => ({
  v: RECORD_VERSION,
  participant: 'anna',
  line: number,
  action: 'Read',
  entry: { kind: 'leave', author: 'ben' },
  state: 'member.follower.idle',
  view: {
    position: 1,
    changedAt: 0,
    roster: ['anna'],
    departed: [],
    waiting: [],
    refresh: false,
    epochs: 1,
    head: null,
  },
  pending: null,
  authenticator: null,
});
const named = (participant: string, name: string): string =>
  printName({ v: RECORD_VERSION, participant, name });

describe('names in a record', () => {
  test('are told apart from lines wherever they stand, and lines keep their place in the file', () => {
    const text =
      named('anna', 'Anna') + printRecord([line(1)]) + named('ben', '$& "Ben"\n') + printRecord([line(2)]);
    const { lines, names } = parseRecordFile(text);
    expect(lines).toEqual([
      { fileLine: 2, line: line(1) },
      { fileLine: 4, line: line(2) },
    ]);
    expect([...names]).toEqual([
      ['anna', 'Anna'],
      ['ben', '$& "Ben"\n'],
    ]);
    expect(parseRecord(text)).toEqual([line(1), line(2)]);
    expect(parseRecord(named('anna', ''))).toEqual([]);
  });

  test('a name in another form, too long, of another version, or one too many is refused with its line', () => {
    const good = printRecord([line(1)]);
    const odd = [
      JSON.stringify({ v: 1, participant: 'anna', name: 7 }),
      JSON.stringify({ v: 1, participant: 'anna', name: 'x'.repeat(129) }),
      JSON.stringify({ v: 2, participant: 'anna', name: 'Anna' }),
      JSON.stringify({ v: 1, participant: 'an na', name: 'Anna' }),
      JSON.stringify({ v: 1, participant: 'anna', name: 'Anna', code: '1' }),
      JSON.stringify({ ...line(2), name: 'Anna' }),
    ];
    for (const it of odd) expect(() => parseRecordFile(`${good}${it}\n`), it).toThrow(/^line 2: /);
    const many = Array.from({ length: MAX_RECORD_NAMES }, (_, i) => named(`p${i}`, 'x')).join('');
    expect(parseRecordFile(many).names.size).toBe(MAX_RECORD_NAMES);
    expect(() => parseRecordFile(many + named('one-more', 'x'))).toThrow(RecordError);
  });
});
