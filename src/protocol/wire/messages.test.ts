/** What errors of the border say: for people, and the same everywhere. */
import { describe, expect, test } from 'vitest';
import { ParseError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import {
  HASH_BYTES,
  LOG_ID_BYTES,
  PARTICIPANT_ID_BYTES,
  SIGNATURE_BYTES,
  SIGNATURE_KEY_BYTES,
} from '../ids.ts';
import { step } from '../step.ts';
import { join, next, ORIGIN, PROTOCOL } from '../testing.ts';
import { emptyView } from '../view.ts';
import { Reader, Writer } from './bytes.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import { inviteOf } from './invite.ts';
import { flawText, KEY_PACKAGE_FLAW_CODES, KEY_PACKAGE_FLAWS, type JoinFlaw } from './keyPackage.ts';
import {
  decodeCommitPayload,
  decodeJoinPayload,
  encodeCommitPayload,
  isWithheld,
  withholdParts,
} from './payload.ts';
import { bytesOf, joinOf, keyOf, NOTHING, signed, BARE_CHECKS } from './testing.ts';
import { originOf } from './hashes.ts';
import { isPayloadOf, ServiceFault, verifyEntry, type Border } from './verify.ts';

const errorOf = (run: () => unknown): Error => {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it throws nothing');
};

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const withheld = withholdParts(encodeCommitPayload({ commit: new Uint8Array(40), welcome: NOTHING }), []);

describe('bytes that do not parse', () => {
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['truncated: 2 bytes short', () => new Reader(bytes(1, 2)).uint(4)],
    ['too_long: 3 bytes, at most 2', () => new Reader(bytes(0, 0, 0, 3, 1, 1, 1)).opaque(2)],
    ['too_long: 2 values, at most 1', () => new Reader(bytes(0, 2, 7, 7)).list(1, 1)],
    ['trailing: 2 bytes behind the end', () => new Reader(bytes(1, 2)).end()],
    ['too_long: header of 4097 bytes', () => decodeHeader(new Uint8Array(4_097))],
    ['version: wire version 9', () => decodeHeader(bytes(9))],
    ['kind: entry kind 7', () => decodeHeader(bytes(1, 7))],
    ['trailing: more parts than a payload has', () => decodeCommitPayload(new Uint8Array(15))],
    ['kind: no part of a payload: 2', () => decodeCommitPayload(bytes(2))],
    ['truncated: a part is missing', () => decodeCommitPayload(bytes(0, 0, 0, 0, 0))],
    ['withheld: a part of a commit', () => decodeCommitPayload(withheld)],
    ['withheld: a part of a join', () => decodeJoinPayload(withheld)],
  ];
  test.each(cases)('%s', (message, run) => {
    const error = errorOf(run);
    expect(error).toBeInstanceOf(ParseError);
    expect([error.name, error.message]).toEqual(['ParseError', message]);
    expect(error).toHaveProperty('code', message.split(':')[0]);
  });
});

test('bytes that are no payload withhold nothing and are of no header; any other error goes on', () => {
  const header = decodeHeader(joinOf(bytesOf(1, 16), bytesOf(2, 16), 2, 1).header);
  expect(isWithheld(bytes(2), 'commit')).toBe(false);
  expect(isPayloadOf(header, bytes(2))).toBe(false);
  const nothing = undefined as unknown as Uint8Array;
  expect(() => isWithheld(nothing, 'commit')).toThrow(TypeError);
  expect(() => isPayloadOf(header, nothing)).toThrow(TypeError);
});

describe('what has no encoding', () => {
  const draft = { log: bytesOf(1, 16), author: bytesOf(2, 16), at: 1, on: bytesOf(3, 32) };
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['256 is no uint8', () => new Writer().uint(256, 1)],
    ['-1 is no uint16', () => new Writer().uint(-1, 2)],
    ['0.5 is no uint32', () => new Writer().uint(0.5, 4)],
    ['1 bytes where 2 belong', () => new Writer().fixed('ab', 2)],
    ['15 bytes where 16 belong', () => encodeHeader({ kind: 'handover', ...draft, author: bytesOf(2, 15) })],
    ['an invite secret has 32 bytes', () => inviteOf(NOTHING)],
    [
      'entry 3 does not follow position 0',
      () => step(PROTOCOL, emptyView(ORIGIN), { ...next(emptyView(ORIGIN), join('a')), position: 3 }),
    ],
  ];
  test.each(cases)('%s', (message, run) => {
    const error = errorOf(run);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(message);
  });
  test('and what just has one', () => {
    const w = new Writer().uint(0, 1).uint(255, 1).uint(65_535, 2).uint(0xffff_ffff, 4).fixed('abcd', 2);
    expect([...w.bytes()]).toEqual([0, 255, 255, 255, 255, 255, 255, 255, 0xab, 0xcd]);
  });
});

describe('the service’s fault', () => {
  const log = bytesOf(1, 16);
  const border: Border = { log, inviteKey: keyOf(1), ...BARE_CHECKS };
  const view = emptyView(originOf(log));
  const wire = joinOf(log, bytesOf(2, 16), 2, 1);
  test.each([
    ['entry 1: the payload is not the one of its header', { ...wire, payload: NOTHING }],
    ['entry 1: a part of the join is missing', { ...wire, payload: withholdParts(wire.payload, []) }],
    [
      'entry 1: the payload is not the one of its header',
      signed({ kind: 'leave', log, author: bytesOf(2, 16) }, 2, bytes(1)),
    ],
  ])('%s (%#)', (message, entry) => {
    const error = errorOf(() => verifyEntry(border, view, entry));
    expect(error).toBeInstanceOf(ServiceFault);
    expect([error.name, error.message]).toEqual(['ServiceFault', message]);
  });
});

// What people read in the timeline and in the service's log. A code is stable, its words are these.
test('why a join is refused, in words', () => {
  const said = Object.fromEntries(
    (['not_signed', ...KEY_PACKAGE_FLAW_CODES] as const).map((flaw: JoinFlaw) => [flaw, flawText(flaw)]),
  );
  expect(KEY_PACKAGE_FLAW_CODES).toEqual(Object.keys(KEY_PACKAGE_FLAWS));
  expect(said).toEqual({
    not_signed: 'the join is not signed by the invite key',
    malformed: 'the key package is refused: its bytes are not one MLS 1.0 key package',
    too_large: 'the key package is refused: it is too large',
    wrong_suite: 'the key package is refused: it is for another cipher suite',
    unexpected_content: 'the key package is refused: it holds more than this profile has',
    bad_lifetime: 'the key package is refused: its lifetime is negative or too long',
    bad_credential: 'the key package is refused: its credential is not a participant id',
    bad_key:
      'the key package is refused: one of its keys is zero, of small order, no point, or used for two things',
    bad_signature: 'the key package is refused: a signature in it does not verify',
    invalid: 'the key package is refused: it breaks another rule of RFC 9420',
    join_payload: 'the key package is refused: the join holds no key package',
    wrong_hash: 'the key package is refused: it is not the one that the join names',
    wrong_participant: 'the key package is refused: it is of another participant',
    wrong_signature_key: 'the key package is refused: it has another signature key than the join',
    repeated: 'the key package is refused: it, or one of its keys, was used before',
    core_lost: 'the key package is refused: its check came to no end',
  });
});

// protocol.md, "Limits"; a limit that moves is a change of the protocol.
test('limits and lengths', () => {
  expect(LIMITS).toEqual({
    ...{ batch: 64, participants: 1_000, entry: 1_048_576, header: 4_096, keyPackage: 1_024 },
    ...{ sealed: 512, entries: 1_000_000 },
  });
  expect(Object.isFrozen(LIMITS)).toBe(true);
  expect({ PARTICIPANT_ID_BYTES, LOG_ID_BYTES, HASH_BYTES, SIGNATURE_KEY_BYTES, SIGNATURE_BYTES }).toEqual({
    ...{ PARTICIPANT_ID_BYTES: 16, LOG_ID_BYTES: 16, HASH_BYTES: 32, SIGNATURE_KEY_BYTES: 32 },
    SIGNATURE_BYTES: 64,
  });
});
