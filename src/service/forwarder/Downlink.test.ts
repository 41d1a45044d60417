import { type RTCRtpTransceiver, RtpHeader, RtpPacket } from 'werift';
import { expect, test } from 'vitest';
import { type Codec } from '../../media/connection/codecs.ts';
import { Downlink } from './Downlink.ts';
import { Uplink } from './Uplink.ts';

interface Sent {
  readonly payloadType: number | undefined;
  readonly sequenceNumber: number;
  readonly payload: string;
}

/** A slot of a page that has these payload types, and what the stack was given to send. */
function slot(payloadTypes: ReadonlyMap<Codec, number>): { downlink: Downlink; sent: Sent[] } {
  const sent: Sent[] = [];
  const sender: { ssrc: number; codec?: { payloadType: number }; sendRtp: (p: RtpPacket) => Promise<void> } =
    {
      ssrc: 7,
      sendRtp: async ({ header, payload }) =>
        void sent.push({
          payloadType: sender.codec?.payloadType,
          sequenceNumber: header.sequenceNumber,
          payload: payload.toString(),
        }),
    };
  const codecs = [...payloadTypes.values()].map((payloadType) => ({ payloadType }));
  const transceiver = { codecs, sender, dtlsTransport: { state: 'connected' } };
  const section = { mid: '3', kind: 'video', direction: 'receive', payloadTypes } as const;
  const downlink = new Downlink(section, transceiver as unknown as RTCRtpTransceiver, {
    packets: 0,
    bytes: 0,
  });
  return { downlink, sent };
}

/** A camera as it arrives, whose page has these payload types. */
function camera(owner: string, payloadTypes: ReadonlyMap<Codec, number>) {
  const uplink = new Uplink(owner, 'video', 500);
  const listeners: ((packet: RtpPacket) => void)[] = [];
  const onReceiveRtp = { subscribe: (listener: (packet: RtpPacket) => void) => listeners.push(listener) };
  const transceiver = { receiver: { tracks: [{ onReceiveRtp }] }, dtlsTransport: { state: 'new' } };
  uplink.bind(transceiver as unknown as RTCRtpTransceiver, payloadTypes);
  const receive = (payloadType: number, sequenceNumber: number, payload: string): void => {
    const packet = new RtpPacket(new RtpHeader({ payloadType, sequenceNumber }), Buffer.from(payload));
    for (const listener of listeners) listener(packet);
    // What came in is as it was: others get it too.
    expect(packet.header).toMatchObject({ payloadType, sequenceNumber });
  };
  return { uplink, receive };
}

test('a packet goes out with the payload type that its codec has at the page that receives it', () => {
  const { downlink, sent } = slot(
    new Map([
      ['video/vp8', 120],
      ['video/vp9', 121],
      ['video/av1', 45],
    ]),
  );
  const ben = camera(
    'ben',
    new Map([
      ['video/vp9', 96],
      ['video/vp8', 98],
    ]),
  );
  const carol = camera(
    'carol',
    new Map([
      ['video/av1', 98],
      ['video/h264', 96],
    ]),
  );
  downlink.setSource(ben.uplink);
  ben.receive(96, 10, 'ben in VP9');
  ben.receive(98, 11, 'ben in VP8');
  ben.receive(99, 12, 'ben in what was not negotiated');
  downlink.setSource(carol.uplink);
  carol.receive(98, 500, 'carol in AV1');
  carol.receive(96, 501, 'carol in H.264, which this page does not receive');
  ben.receive(96, 13, 'ben, who is in the slot no more');
  carol.receive(98, 502, 'carol in AV1');
  expect(sent).toEqual([
    { payloadType: 121, sequenceNumber: 10, payload: 'ben in VP9' },
    { payloadType: 120, sequenceNumber: 11, payload: 'ben in VP8' },
    { payloadType: 45, sequenceNumber: 12, payload: 'carol in AV1' },
    { payloadType: 45, sequenceNumber: 13, payload: 'carol in AV1' },
  ]);
  expect(downlink.undecodable).toBe(1);
  for (const { uplink } of [ben, carol]) uplink.close();
});
