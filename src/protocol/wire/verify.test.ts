import { describe, expect, test } from 'vitest';
import { step } from '../step.ts';
import { PROTOCOL } from '../testing.ts';
import { emptyView, type View } from '../view.ts';
import { utf8 } from './bytes.ts';
import { commitIdOf, nextHash, originOf, type WireEntry } from './hashes.ts';
import { encodeHeader, type Header } from './header.ts';
import { encodeCommitPayload, encodeJoinPayload, payloadDigest, withholdParts } from './payload.ts';
import { BARE_CHECKS, bareKeyPackage, bytesOf, joinOf, keyOf, NOTHING, signed } from './testing.ts';
import { ServiceFault, verifyEntry, type Border } from './verify.ts';

const LOG = bytesOf(1, 16);
const [ALICE, BOB] = [bytesOf(0xa, 16), bytesOf(0xb, 16)];
/** Seeds. */
const [INVITE, A, B] = [1, 2, 3];
const BORDER: Border = { log: LOG, inviteKey: keyOf(INVITE), ...BARE_CHECKS };
const EMPTY = emptyView(originOf(LOG));

const entryOf = (view: View, wire: WireEntry) => verifyEntry(BORDER, view, wire).placed.entry;
function reasonOf(view: View, wire: WireEntry): string {
  const entry = entryOf(view, wire);
  return entry.kind === 'void' ? entry.reason : `counts as a ${entry.kind}`;
}
const follow = (view: View, wire: WireEntry): View =>
  step(PROTOCOL, view, verifyEntry(BORDER, view, wire).placed).view;

const joined = follow(EMPTY, joinOf(LOG, ALICE, A, INVITE));
const draft = { log: LOG, author: ALICE, at: 1, on: joined.hashes.at(-1) ?? '' };
const claim: Header = { kind: 'claim', ...draft, accused: BOB };

describe('an entry that verifies', () => {
  test('has the fields of its header, its place, and the hash of the log with it', () => {
    const wire = joinOf(LOG, ALICE, A, INVITE);
    const { placed, header } = verifyEntry(BORDER, EMPTY, wire);
    expect(placed.entry).toEqual({ ...header, hpkeKeys: [], invited: true });
    expect(placed.position).toBe(1);
    expect(placed.hash).toBe(nextHash(originOf(LOG), wire));
    expect(joined.joined[ALICE]).toEqual({ at: 1, signatureKey: keyOf(A) });
  });

  test('is named by its header, where it leads to an epoch', () => {
    const header: Header = { kind: 'found', ...draft, authenticator: bytesOf(4, 32) };
    expect(entryOf(joined, signed(header, A))).toMatchObject({
      kind: 'found',
      id: commitIdOf(encodeHeader(header)),
    });
    const payload = encodeCommitPayload({ commit: utf8('commit'), welcome: utf8('Welcome') });
    const commit: Header = {
      kind: 'commit',
      ...draft,
      parent: bytesOf(5, 32),
      adds: [BOB],
      removes: [],
      authenticator: bytesOf(4, 32),
      payload: payloadDigest(payload),
    };
    expect(entryOf(joined, signed(commit, A, payload))).toMatchObject({
      kind: 'commit',
      id: commitIdOf(encodeHeader(commit)),
      adds: [BOB],
    });
    expect(entryOf(joined, signed({ kind: 'handover', ...draft }, A))).toEqual({
      kind: 'handover',
      ...draft,
    });
    expect(entryOf(joined, signed(claim, A))).toEqual(claim);
  });

  // "Alone it speaks only in `leave`."
  test('a leave is not signed', () => {
    const header = encodeHeader({ kind: 'leave', log: LOG, author: ALICE });
    expect(entryOf(joined, { header, signature: NOTHING, payload: NOTHING }).kind).toBe('leave');
  });
});

// "An entry whose header does not verify counts for nothing."
describe('an entry is void', () => {
  const leaveHeader: Header = { kind: 'leave', log: LOG, author: ALICE };
  const cases: readonly (readonly [string, View, WireEntry])[] = [
    ['another log', joined, signed({ ...claim, log: bytesOf(2, 16) }, A)],
    ['another log', EMPTY, joinOf(bytesOf(2, 16), ALICE, A, INVITE)],
    ['signed leave', joined, signed(leaveHeader, A)],
    ['unknown author', joined, signed({ ...claim, author: BOB }, B)],
    ['signature', joined, signed(claim, B)],
    ['signature', joined, { ...signed(claim, A), signature: NOTHING }],
    [
      'signature',
      joined,
      { ...signed(claim, A), header: encodeHeader({ ...claim, accused: bytesOf(9, 16) }) },
    ],
  ];
  test.each(cases)('%s (%#)', (reason, view, wire) => {
    expect(reasonOf(view, wire)).toBe(reason);
    const { placed } = verifyEntry(BORDER, view, wire);
    expect(step(PROTOCOL, view, placed).refusal).toBe('void');
  });

  test.each([
    ['truncated', new Uint8Array([1])],
    ['truncated', NOTHING],
    ['version', new Uint8Array(34)],
    ['kind', new Uint8Array(34).fill(1).fill(99, 1, 2)],
    ['trailing', new Uint8Array(35).fill(1).fill(2, 1, 2)],
    ['too_long', new Uint8Array(5_000)],
  ])('%s: it has no header, no author, and still its place and hash', (reason, header) => {
    const wire = { header, signature: NOTHING, payload: utf8('any') };
    const verified = verifyEntry(BORDER, joined, wire);
    expect(verified.header).toBe(null);
    expect(verified.placed).toMatchObject({ position: 2, hash: nextHash(draft.on, wire) });
    expect(verified.placed.entry).toMatchObject({ kind: 'void', author: '' });
    expect(reasonOf(joined, wire)).toMatch(new RegExp(`^${reason}: `));
  });
});

// Invited: "signed by the invite key over log id, participant and key package, and if the key package passes a fixed check"
describe('a join that is not an invited one counts for nothing, and says why', () => {
  const keyPackage = bareKeyPackage(ALICE, keyOf(A));
  const long = encodeJoinPayload({ keyPackage: new Uint8Array(1_025), sealed: NOTHING });
  const cases: readonly (readonly [string, WireEntry])[] = [
    ['not_signed', joinOf(LOG, ALICE, A, B)],
    ['not_signed', { ...joinOf(LOG, ALICE, A, INVITE), signature: NOTHING }],
    ['not_signed', joinOf(LOG, ALICE, A, B, { keyPackage: utf8('none') })],
    ['join_payload', joinOf(LOG, ALICE, A, INVITE, { payload: NOTHING })],
    ['join_payload', joinOf(LOG, ALICE, A, INVITE, { payload: long })],
    ['wrong_hash', joinOf(LOG, ALICE, A, INVITE, { named: bytesOf(0, 32) })],
    ['malformed', joinOf(LOG, ALICE, A, INVITE, { keyPackage: utf8('none') })],
    ['wrong_participant', joinOf(LOG, BOB, A, INVITE, { keyPackage, signatureKey: keyOf(A) })],
    ['wrong_signature_key', joinOf(LOG, ALICE, A, INVITE, { signatureKey: keyOf(B) })],
  ];
  test.each(cases)('%s (%#)', (flaw, wire) => {
    const { placed } = verifyEntry(BORDER, EMPTY, wire);
    expect(placed.entry).toMatchObject({ kind: 'join', invited: false, hpkeKeys: [], flaw });
    const { view, refusal } = step(PROTOCOL, EMPTY, placed);
    expect(refusal).toBe('Invited');
    expect(view).toEqual({ ...EMPTY, position: 1, hashes: [...EMPTY.hashes, placed.hash] });
  });
});

describe('a payload that its header does not speak of is the service’s fault', () => {
  const fault = (view: View, wire: WireEntry): unknown => {
    try {
      return verifyEntry(BORDER, view, wire);
    } catch (error) {
      return error;
    }
  };
  test.each([
    ['of a join', EMPTY, { ...joinOf(LOG, ALICE, A, INVITE), payload: utf8('odd') }],
    ['none', EMPTY, { ...joinOf(LOG, ALICE, A, INVITE), payload: NOTHING }],
    ['where there is none', joined, { ...signed(claim, A), payload: utf8('odd') }],
  ])('%s', (_, view, wire) => {
    const error = fault(view, wire);
    expect(error).toBeInstanceOf(ServiceFault);
    expect(error).toMatchObject({ code: 'payload_digest' });
  });

  // A view must not depend on it: without the key package the join would count for nothing.
  test('or lacks a part of a join', () => {
    const wire = joinOf(LOG, ALICE, A, INVITE);
    const error = fault(EMPTY, { ...wire, payload: withholdParts(wire.payload, []) });
    expect(error).toBeInstanceOf(ServiceFault);
    expect(error).toMatchObject({ code: 'payload_withheld' });
  });

  test('a commit is the same entry, whatever is withheld of it', () => {
    const payload = encodeCommitPayload({ commit: new Uint8Array(50), welcome: new Uint8Array(60) });
    const header = { kind: 'commit', ...draft, parent: bytesOf(5, 32), adds: [BOB], removes: [] } as const;
    const named = { ...header, authenticator: bytesOf(4, 32), payload: payloadDigest(payload) };
    const wire = signed(named, A, payload);
    const verified = verifyEntry(BORDER, joined, wire);
    expect(verified.placed.entry.kind).toBe('commit');
    for (const needed of [[], ['commit'], ['welcome']] as const)
      expect(verifyEntry(BORDER, joined, { ...wire, payload: withholdParts(payload, needed) })).toEqual(
        verified,
      );
  });
});
