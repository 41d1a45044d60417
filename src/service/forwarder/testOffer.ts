/** An SDP offer of the shape that the page makes, for tests. */
export function testOffer(slots: number): string {
  const section = (index: number): string[] => {
    const kind = index % 2 === 0 ? 'audio' : 'video';
    const send = index < 2;
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? '111' : '96'}`,
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
      kind === 'audio' ? 'a=rtpmap:111 opus/48000/2' : 'a=rtpmap:96 VP8/90000',
      ...(kind === 'audio' ? [] : ['a=rtcp-fb:96 transport-cc', 'a=rtcp-fb:96 ccm fir', 'a=rtcp-fb:96 nack']),
      ...(kind === 'audio' ? [] : ['a=rtcp-fb:96 nack pli', 'a=rtcp-fb:96 goog-remb']),
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
