/** Why a message was not sent. Stable codes. */
export type MessageErrorCode =
  /** The own participant has no keys: it waits to be let in, or can no longer follow. */
  | 'no_keys'
  | 'not_connected'
  | 'too_long'
  /** More than `MESSAGE_LIMITS` lets out: later. */
  | 'too_fast'
  /** Nothing is left of a text but what cannot be seen. */
  | 'empty';

/** What was to be said was not sent, and nobody got anything of it. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
  readonly code: MessageErrorCode;

  constructor(code: MessageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why a message that came was dropped. Stable codes. */
export const MESSAGE_REFUSALS = [
  /** Not of the form of a sealed message. */
  'malformed',
  /** It names another sender than the service does. */
  'wrong_sender',
  /** Its sender is no member of the current epoch: not admitted, or removed. */
  'not_member',
  /** The keys of its epoch are gone, or were never had. */
  'older_epoch',
  /** Its epoch was not reached in time, or too many wait already. */
  'newer_epoch',
  /** It does not open with the key of its epoch: it was changed, or made by somebody without that key. */
  'not_opened',
  /** It opens, and is not signed by whose name it bears: another member made it. */
  'bad_signature',
  'replayed',
  /** It is authentic, and not of a kind or form that is known here. */
  'unknown_content',
  /** More come than can be opened. */
  'too_many',
] as const;

export type MessageRefusal = (typeof MESSAGE_REFUSALS)[number];
