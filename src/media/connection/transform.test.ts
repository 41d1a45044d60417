import { afterEach, describe, expect, it, vi } from 'vitest';
import { codecsIn, createGuardedPeerConnection, encodedTransformApi } from './transform.ts';

/** What a browser may have of the two APIs, on senders and on receivers. */
interface Browser {
  readonly script?: boolean;
  readonly transform?: readonly [sender: boolean, receiver: boolean];
  readonly streams?: readonly [sender: boolean, receiver: boolean];
  readonly transferable?: boolean;
}

function pretend({
  script = false,
  transform = [false, false],
  streams = [false, false],
  ...more
}: Browser): {
  connections: number;
} {
  const made = { connections: 0 };
  const owner = (index: 0 | 1) => ({
    prototype: {
      ...(transform[index] ? { transform: null } : {}),
      ...(streams[index] ? { createEncodedStreams: () => undefined } : {}),
    },
  });
  vi.stubGlobal('RTCRtpSender', owner(0));
  vi.stubGlobal('RTCRtpReceiver', owner(1));
  vi.stubGlobal('RTCRtpScriptTransform', script ? Object : undefined);
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      readonly configuration: object;
      constructor(configuration: object) {
        made.connections += 1;
        this.configuration = configuration;
      }
    },
  );
  if (more.transferable === false)
    vi.stubGlobal(
      'MessageChannel',
      class {
        readonly port1 = {
          postMessage: () => {
            throw new DOMException('', 'DataCloneError');
          },
          close: () => undefined,
        };
        readonly port2 = this.port1;
      },
    );
  return made;
}

afterEach(() => vi.unstubAllGlobals());

describe('which API makes the transforms', () => {
  const both = [true, true] as const;
  it.each([
    ['today', { script: true, transform: both, streams: both }, 'RTCRtpScriptTransform'],
    ['the standard alone', { script: true, transform: both }, 'RTCRtpScriptTransform'],
    ['Chromium before 141', { streams: both }, 'createEncodedStreams'],
    ['the constructor without the attribute', { script: true, streams: both }, 'createEncodedStreams'],
    ['the attribute on one side', { script: true, transform: [true, false] }, null],
    ['streams on one side', { streams: [false, true] }, null],
    ['streams that stay on the page', { streams: both, transferable: false }, null],
    ['neither', {}, null],
  ] as const)('%s', (_case, browser, api) => {
    const made = pretend(browser);
    expect(encodedTransformApi()).toBe(api);
    if (api === null) {
      expect(() => createGuardedPeerConnection()).toThrow(
        expect.objectContaining({ code: 'encoded_transform_unsupported' }),
      );
      expect(made.connections).toBe(0);
    } else {
      // The flag with which Chromium sends nothing before a transform is there.
      expect(createGuardedPeerConnection()).toMatchObject({
        configuration: { encodedInsertableStreams: true },
      });
    }
  });

  it('is none outside of a browser', () => {
    expect(encodedTransformApi()).toBeNull();
  });
});

describe('codecs of an SDP', () => {
  it('are MIME types by payload type, of all sections', () => {
    const sdp = [
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:63 red/48000/2',
      'a=fmtp:63 111/111',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=rtpmap:96 VP8/90000',
      'a=rtpmap:97 rtx/90000',
      '',
    ].join('\r\n');
    expect([...codecsIn(sdp)]).toEqual([
      [111, 'audio/opus'],
      [63, 'audio/red'],
      [96, 'video/VP8'],
      [97, 'video/rtx'],
    ]);
    expect(codecsIn('').size).toBe(0);
  });
});
