/** Runs in each page before its own scripts. Text, since what a loader has made of a function may not run elsewhere. */

/** Pictures small enough for four people on two cores; the peer connections, to ask what went through them. */
export const PREPARE = `(() => {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const video = { width: 320, height: 180, frameRate: 15 };
  mediaDevices.getUserMedia = (wanted) => open({ ...wanted, ...(wanted.video && { video }) });
  const peers = [];
  globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, args) {
      const peer = new target(...args);
      peers.push(peer);
      return peer;
    },
  });
  globalThis.flow = async () => {
    const total = { sent: 0, decoded: 0, pictures: 0, sounds: 0, audioPackets: 0, audioBytes: 0 };
    for (const it of (await peers.at(-1)?.getStats())?.values() ?? []) {
      if (it.type === 'outbound-rtp' && it.kind === 'video') total.sent += it.framesSent ?? 0;
      if (it.type === 'outbound-rtp' && it.kind === 'audio') {
        total.audioPackets += it.packetsSent;
        total.audioBytes += it.bytesSent;
      }
      if (it.type !== 'inbound-rtp') continue;
      if (it.kind === 'video') {
        total.decoded += it.framesDecoded ?? 0;
        total.pictures += (it.framesDecoded ?? 0) > 0;
      } else total.sounds += (it.totalAudioEnergy ?? 0) > 0;
    }
    return total;
  };
})()`;

/** What went through one page since its call began. */
export interface Flow {
  /** Frames of the own camera. */
  readonly sent: number;
  /** Frames of others' cameras. */
  readonly decoded: number;
  /** How many others are seen, and heard. */
  readonly pictures: number;
  readonly sounds: number;
  /** Of the own microphone: RTP packets, and bytes of their payload. */
  readonly audioPackets: number;
  readonly audioBytes: number;
}

export const ASK_FLOW = 'flow()';
