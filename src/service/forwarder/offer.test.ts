import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AcceptedOffer, checkOffer, type OfferRefusal } from './offer.ts';
import { testOffer } from './testOffer.ts';

function accepted(sdp: string, previous: AcceptedOffer | null = null): AcceptedOffer {
  const check = checkOffer(sdp, 4, previous);
  if ('refusal' in check) throw new Error(check.refusal);
  return check.offer;
}

test('the shape that the page makes is accepted and reduced to what is negotiated', () => {
  const offer = accepted(testOffer(2));
  expect(offer.sections.map(({ kind, direction }) => `${kind} ${direction}`)).toEqual([
    'audio send',
    'video send',
    'audio receive',
    'video receive',
    'audio receive',
    'video receive',
  ]);
  expect(offer.sdp).not.toMatch(/candidate|extmap|transport-cc|ccm fir/);
  expect(offer.sdp).toMatch(/nack pli/);
});

test('a later offer may add slots and change nothing else', () => {
  const first = accepted(testOffer(1));
  expect(accepted(testOffer(2), first).sections).toHaveLength(6);
  expect(checkOffer(testOffer(1), 4, accepted(testOffer(2)))).toEqual({ refusal: 'section_changed' });
  expect(checkOffer(testOffer(1).replaceAll('ufrag:abcd', 'ufrag:efgh'), 4, first)).toEqual({
    refusal: 'transport_changed',
  });
});

const cases: readonly (readonly [OfferRefusal, string, (sdp: string) => string])[] = [
  ['control_character', 'a zero byte', (sdp) => sdp.replace('s=-', 's=\0')],
  ['control_character', 'a letter beyond ASCII', (sdp) => sdp.replace('s=-', 's=é')],
  ['no_section', 'no media', (sdp) => sdp.slice(0, sdp.indexOf('m='))],
  [
    'section_kind',
    'a data channel',
    (sdp) =>
      sdp.replace('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel'),
  ],
  ['section_kind', 'a rejected section', (sdp) => sdp.replace('m=video 9', 'm=video 0')],
  ['section_kind', 'media without encryption', (sdp) => sdp.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
  [
    'section_order',
    'one section',
    (sdp) => sdp.slice(0, sdp.indexOf('m=video')).replace('BUNDLE 0 1 2 3', 'BUNDLE 0'),
  ],
  ['section_order', 'two microphones', (sdp) => sdp.replace('m=video 9', 'm=audio 9')],
  ['section_count', 'too many slots', () => testOffer(5)],
  ['direction', 'a page that sends in a slot', (sdp) => sdp.replace('a=recvonly', 'a=sendrecv')],
  ['direction', 'two directions', (sdp) => sdp.replace('a=sendonly', 'a=sendonly\r\na=inactive')],
  ['mid', 'the same mid twice', (sdp) => sdp.replace('a=mid:3', 'a=mid:2')],
  ['mid', 'no mid', (sdp) => sdp.replace('a=mid:1\r\n', '')],
  ['bundle', 'no bundle', (sdp) => sdp.replace(/a=group.*\r\n/, '')],
  ['bundle', 'a section outside of the bundle', (sdp) => sdp.replace('BUNDLE 0 1 2 3', 'BUNDLE 0 1 2')],
  [
    'transport',
    'two DTLS fingerprints',
    (sdp) => sdp.replace('a=fingerprint:sha-256 AB', 'a=fingerprint:sha-256 CD'),
  ],
  ['transport', 'no fingerprint', (sdp) => sdp.replaceAll(/a=fingerprint.*\r\n/g, '')],
  ['transport', 'no ICE password', (sdp) => sdp.replaceAll(/a=ice-pwd.*\r\n/g, '')],
  ['ssrc', 'no SSRC', (sdp) => sdp.replaceAll(/a=ssrc:1000.*\r\n/g, '')],
  ['ssrc', 'SSRCs in a slot', (sdp) => sdp.replace('a=recvonly', 'a=recvonly\r\na=ssrc:7 cname:x')],
  ['ssrc', 'an SSRC that is no number', (sdp) => sdp.replaceAll('ssrc:1000', 'ssrc:__proto__')],
  ['simulcast', 'simulcast', (sdp) => sdp.replace('a=sendonly', 'a=sendonly\r\na=rid:h send')],
  ['codec', 'no VP8', (sdp) => sdp.replace('VP8/90000', 'H264/90000')],
];

test.each(cases)('refused as %s: %s', (refusal, _name, change) => {
  const sdp = testOffer(1);
  const changed = change(sdp);
  expect(changed).not.toBe(sdp);
  expect(checkOffer(changed, 4, null)).toEqual({ refusal });
});

test('no text makes it throw', () => {
  const lines = testOffer(1).split('\r\n');
  const line = fc.oneof(fc.constantFrom(...lines), fc.string({ maxLength: 60 }));
  let accepts = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80 }), (some) => {
      if ('offer' in checkOffer(some.join('\r\n'), 4, null)) accepts += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(accepts).toBe(0);
});
