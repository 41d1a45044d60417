/** What a caller did wrong. Frames from the network never cause one of these: they get a `Refusal`. */
export type SFrameErrorCode =
  | 'header-value-out-of-range'
  | 'kid-out-of-range'
  | 'base-key-length'
  | 'group-id-length'
  | 'members-invalid'
  | 'epoch-not-newer'
  | 'too-many-foundings';

/** A mistake of the calling code, with a stable `code`. */
export class SFrameError extends Error {
  readonly code: SFrameErrorCode;

  constructor(code: SFrameErrorCode, message: string) {
    super(message);
    this.name = 'SFrameError';
    this.code = code;
  }
}

/** Why a frame was not protected or not opened. */
export type Refusal =
  'no key yet' | 'older epoch' | 'newer epoch' | 'forged or forked' | 'replayed' | 'malformed';
