import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../protocol/limits.ts';
import {
  MAX_MESSAGE_LENGTH,
  packEntry,
  parseClientMessage,
  parseServiceMessage,
  SERVICE_ERROR_CODES,
  SERVICE_VERSION,
  unpackEntry,
} from './messages.ts';

const packed = { header: 'AA', signature: '', payload: '-_8' };
const id = '0f'.repeat(16);
const CLIENT = [
  { type: 'join', version: SERVICE_VERSION, inviteKey: id + id, entry: packed },
  { type: 'resume', version: SERVICE_VERSION, participant: id, token: id, from: 7 },
  { type: 'append', entry: packed },
  { type: 'message', data: 'AAEC' },
  { type: 'leave' },
  { type: 'pong' },
  { type: 'rtc', message: { any: ['thing'] } },
];
const SERVICE = [
  { type: 'log', version: 1, log: id, length: 0 },
  { type: 'joined', token: id },
  { type: 'entry', position: 1, entry: packed },
  { type: 'message', from: id, data: 'AAE' },
  { type: 'ping' },
  { type: 'rtc', message: null },
  ...SERVICE_ERROR_CODES.map((code) => ({ type: 'error', code, message: 'm', fatal: true })),
];

describe('a message', () => {
  test.each([
    ['client', parseClientMessage, CLIENT],
    ['service', parseServiceMessage, SERVICE],
  ] as const)(
    'of the %s is taken as it is, and with nothing missing, changed or added',
    (_, parse, messages) => {
      let tried = 0;
      for (const message of messages) {
        expect(parse(JSON.stringify(message))).toEqual(message);
        const changed: object[] = [{ ...message, more: 1 }];
        for (const key of Object.keys(message)) {
          const { [key]: __, ...rest } = message as Record<string, unknown>;
          if (key !== 'message' || message.type !== 'rtc')
            changed.push(rest, { ...message, [key]: { odd: 1 } });
        }
        for (const odd of changed) {
          expect(parse(JSON.stringify(odd)), JSON.stringify(odd)).toBe(null);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(20);
    },
  );

  test.each([
    ['', null],
    ['{', null],
    ['null', null],
    ['[]', null],
    ['"leave"', null],
    ['{"type":"__proto__"}', null],
    [`{"type":"leave"}${' '.repeat(MAX_MESSAGE_LENGTH)}`, null],
  ])('%# is none', (text, expected) => {
    expect(parseClientMessage(text)).toBe(expected);
    expect(parseServiceMessage(text)).toBe(expected);
  });

  test.each([
    ['join', { inviteKey: id }],
    ['join', { inviteKey: (id + id).toUpperCase() }],
    ['join', { version: SERVICE_VERSION - 1 }],
    ['message', { data: '' }],
    ['message', { data: 'AAAAA' }],
    ['message', { data: 'AA==' }],
    ['resume', { from: -1 }],
    ['resume', { from: 1.5 }],
    ['resume', { from: LIMITS.entries + 1 }],
    ['resume', { participant: `${id}0` }],
    ['append', { entry: { ...packed, payload: 'a+b/' } }],
    ['append', { entry: { ...packed, payload: 'a\n' } }],
    ['append', { entry: { ...packed, more: '' } }],
  ])('%s with %j is none', (type, change) => {
    const message = CLIENT.find((it) => it.type === type);
    expect(parseClientMessage(JSON.stringify({ ...message, ...change }))).toBe(null);
  });

  test('any text: a message or null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseClientMessage(text);
        parseServiceMessage(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an entry in a message', () => {
  test('comes back as it went', () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (header, signature, payload) => {
        const entry = { header, signature, payload };
        expect(unpackEntry(packEntry(entry))).toEqual(entry);
      }),
    );
  });

  test('of the largest size fits a message', () => {
    const third = Math.floor(LIMITS.entry / 3);
    const bytes = new Uint8Array(third).fill(255);
    const entry = { header: bytes, signature: bytes, payload: bytes };
    const text = JSON.stringify({ type: 'append', entry: packEntry(entry) });
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH);
    const message = parseClientMessage(text);
    const unpacked = message?.type === 'append' ? unpackEntry(message.entry) : null;
    expect(Buffer.compare(unpacked?.payload ?? new Uint8Array(), bytes)).toBe(0);
  });

  test('of a length that no bytes have is none', () => {
    expect(unpackEntry({ ...packed, payload: 'A' })).toBe(null);
    expect(unpackEntry({ ...packed, header: 'AAAAA' })).toBe(null);
  });
});
