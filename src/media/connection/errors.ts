import { type ForwarderErrorCode } from './messages.ts';

export type MediaConnectionErrorCode =
  /** The browser has neither RTCRtpScriptTransform nor createEncodedStreams: frames could not be encrypted. */
  | 'encoded_transform_unsupported'
  /** The server said something that is not one of its messages. */
  | 'malformed_message'
  /** The browser refused an offer, an answer or a track. */
  | 'negotiation_failed'
  /** The server refused something; `server` says what. */
  | 'refused'
  /** Packets do not get through to the server any more. */
  | 'connection_failed'
  /** Used after close. */
  | 'closed';

/** All errors of the media connection; `code` is stable. */
export class MediaConnectionError extends Error {
  override readonly name = 'MediaConnectionError';
  readonly code: MediaConnectionErrorCode;
  readonly server: ForwarderErrorCode | null;

  constructor(
    code: MediaConnectionErrorCode,
    options: { readonly server?: ForwarderErrorCode; readonly cause?: unknown } = {},
  ) {
    super(options.server === undefined ? code : `${code}: ${options.server}`, { cause: options.cause });
    this.code = code;
    this.server = options.server ?? null;
  }
}
