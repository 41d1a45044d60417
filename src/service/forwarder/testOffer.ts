/** An SDP offer of the shape that the page makes, for tests. */
const VIDEO_FORMATS: Readonly<Record<number, readonly string[]>> = {
  96: ['a=rtpmap:96 VP8/90000'],
  98: ['a=rtpmap:98 VP9/90000', 'a=fmtp:98 profile-id=0'],
  109: [
    'a=rtpmap:109 H264/90000',
    'a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  ],
  45: ['a=rtpmap:45 AV1/90000', 'a=fmtp:45 level-idx=5;profile=0;tier=0'],
};

/** @param video payload types of the video sections, in this order: 96 VP8, 98 VP9, 109 H.264, 45 AV1 */
export function testOffer(slots: number, video: readonly number[] = [96, 98, 109, 45]): string {
  const videoLines = video.flatMap((payloadType) => [
    ...(VIDEO_FORMATS[payloadType] ?? []),
    ...['transport-cc', 'ccm fir', 'nack', 'nack pli', 'goog-remb'].map(
      (feedback) => `a=rtcp-fb:${payloadType} ${feedback}`,
    ),
  ]);
  const section = (index: number): string[] => {
    const kind = index % 2 === 0 ? 'audio' : 'video';
    const send = index < 2;
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? '111' : video.join(' ')}`,
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      'a=candidate:1 1 udp 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:abcdefghijklmnopqrstuvwx',
      'a=ice-options:trickle',
      `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
      'a=setup:actpass',
      `a=mid:${index}`,
      'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
      send ? 'a=sendonly' : 'a=recvonly',
      'a=rtcp-mux',
      ...(kind === 'audio' ? ['a=rtpmap:111 opus/48000/2'] : videoLines),
      ...(send ? [`a=ssrc:${1000 + index} cname:test`, `a=ssrc:${1000 + index} msid:- track${index}`] : []),
    ];
  };
  const indexes = Array.from({ length: 2 + 2 * slots }, (_, index) => index);
  return [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${indexes.join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
    ...indexes.flatMap(section),
    '',
  ].join('\r\n');
}
