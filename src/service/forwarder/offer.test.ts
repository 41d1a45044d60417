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
  expect(offer.sections.map(({ payloadTypes }) => [...payloadTypes].join(' ')).slice(0, 2)).toEqual([
    'audio/opus,111',
    'video/vp8,96 video/vp9,98 video/h264,109 video/av1,45',
  ]);
  expect(offer.sdp).toMatch(/nack pli/);
});

/** The same offer as Firefox says it: one fingerprint for all, one port for the bundle, and an SSRC in each slot. */
const asFirefox = (sdp: string): string => {
  const [fingerprint = ''] = /a=fingerprint.*\r\n/.exec(sdp) ?? [];
  const [session = '', ...sections] = sdp.replaceAll(fingerprint, '').split(/^(?=m=)/m);
  const bundled = sections.map((section, index) =>
    (index === 0 ? section : section.replace(/^(m=\w+) 9 (.*\r\n)/, '$1 0 $2a=bundle-only\r\n')).replace(
      'a=recvonly\r\n',
      `a=recvonly\r\na=ssrc:${2_000 + index} cname:test\r\n`,
    ),
  );
  return [session, fingerprint, ...bundled].join('');
};

test('the shape that Firefox makes is reduced to the same', () => {
  const [chromium, firefox] = [accepted(testOffer(2)), accepted(asFirefox(testOffer(2)))];
  expect(asFirefox(testOffer(2))).toMatch(/m=video 0 [\s\S]*a=bundle-only[\s\S]*a=ssrc:2005/);
  expect(firefox.sections).toEqual(chromium.sections);
  expect(firefox.transport).toBe(chromium.transport);
  const withoutFingerprints = (sdp: string): string => sdp.replaceAll(/a=fingerprint.*\r\n/g, '');
  expect(withoutFingerprints(firefox.sdp)).toBe(withoutFingerprints(chromium.sdp));
  expect(firefox.sdp.match(/a=fingerprint/g)).toHaveLength(1);
});

test('other formats are left out, with all their lines, and the order of the page stays', () => {
  const sdp = testOffer(1, [45, 96])
    .replaceAll('SAVPF 45 96', 'SAVPF 102 45 97 96 98 100')
    .replaceAll(
      'a=rtpmap:96',
      [
        'a=rtpmap:102 H264/90000',
        'a=fmtp:102 packetization-mode=0;profile-level-id=42e01f',
        'a=rtcp-fb:102 nack',
        'a=rtcp-fb:* nack',
        'a=rtpmap:97 rtx/90000',
        'a=fmtp:97 apt=96',
        'a=rtpmap:98 VP9/90000',
        'a=fmtp:98 profile-id=2',
        'a=rtpmap:100 VP8/90000',
        'a=fmtp:35 nobody=listed-this',
        'a=rtpmap:96',
      ].join('\r\n'),
    );
  const offer = accepted(sdp);
  expect([...offer.sections[3]!.payloadTypes]).toEqual([
    ['video/av1', 45],
    ['video/vp8', 96],
  ]);
  const formats = offer.sdp.match(/^a=(?:rtpmap|fmtp|rtcp-fb):\S+/gm)!;
  expect(new Set(formats.map((line) => line.split(':')[1]))).toEqual(new Set(['111', '45', '96']));
  expect(offer.sdp.match(/^m=video.*/gm)).toEqual(Array(2).fill('m=video 9 UDP/TLS/RTP/SAVPF 45 96'));
});

test('a later offer may change the order of the codecs, but not what a payload type means', () => {
  const first = accepted(testOffer(1));
  expect(accepted(testOffer(1, [45, 109, 98, 96]), first).sections).toHaveLength(4);
  expect(accepted(testOffer(1, [96, 45]), first).sections).toHaveLength(4);
  for (const other of [
    testOffer(1).replaceAll(':98', ':99').replaceAll(' 98', ' 99'),
    testOffer(1).replaceAll('VP9/', 'VPX/').replaceAll('AV1/', 'VP9/').replaceAll('VPX/', 'AV1/'),
  ])
    expect(checkOffer(other, 4, first)).toEqual({ refusal: 'payload_type' });
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
  ['section_kind', 'a bundle without a port', (sdp) => asFirefox(sdp).replace('m=audio 9', 'm=audio 0')],
  ['section_kind', 'a port that is not used', (sdp) => asFirefox(sdp).replace('m=video 0', 'm=video 9')],
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
  [
    'transport',
    'a fingerprint of its own beside that of the session',
    (sdp) => asFirefox(sdp).replace('a=mid:1', 'a=fingerprint:sha-256 CD\r\na=mid:1'),
  ],
  ['transport', 'no fingerprint', (sdp) => sdp.replaceAll(/a=fingerprint.*\r\n/g, '')],
  ['transport', 'no ICE password', (sdp) => sdp.replaceAll(/a=ice-pwd.*\r\n/g, '')],
  ['ssrc', 'no SSRC', (sdp) => sdp.replaceAll(/a=ssrc:1000.*\r\n/g, '')],
  [
    'ssrc',
    'three SSRCs in a slot',
    (sdp) => sdp.replace('a=recvonly', 'a=recvonly\r\na=ssrc:7 cname:x\r\na=ssrc:8\r\na=ssrc:9'),
  ],
  [
    'ssrc',
    'an SSRC in a slot that is no number',
    (sdp) => sdp.replace('a=recvonly', 'a=recvonly\r\na=ssrc:x'),
  ],
  ['ssrc', 'an SSRC that is no number', (sdp) => sdp.replaceAll('ssrc:1000', 'ssrc:__proto__')],
  ['simulcast', 'simulcast', (sdp) => sdp.replace('a=sendonly', 'a=sendonly\r\na=rid:h send')],
  ['codec', 'no VP8', (sdp) => sdp.replace('VP8/90000', 'H265/90000')],
  ['codec', 'no Opus', (sdp) => sdp.replace('opus/48000/2', 'opus/48000')],
  ['codec', 'a payload type of RTCP', (sdp) => sdp.replaceAll(':98', ':72').replaceAll(' 98', ' 72')],
  ['codec', 'a payload type of 8 bits', (sdp) => sdp.replaceAll(':98', ':198').replaceAll(' 98', ' 198')],
  ['codec', 'the same payload type twice', (sdp) => sdp.replace('SAVPF 96', 'SAVPF 96 96')],
  ['codec', 'two meanings of a payload type', (sdp) => sdp.replace('a=rtpmap:98', 'a=rtpmap:96')],
  ['codec', 'two sets of parameters', (sdp) => sdp.replace('a=fmtp:98', 'a=fmtp:98 a=1\r\na=fmtp:98')],
  [
    'payload_type',
    'a payload type that differs by section',
    (sdp) => sdp.replace(/98(?=[\s\S]*m=audio)/g, '99'),
  ],
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
