/** Why bytes were refused at the border. Stable codes. */
export type ParseErrorCode =
  'truncated' | 'trailing' | 'too_long' | 'out_of_range' | 'version' | 'kind' | 'withheld';

/** Bytes that are not what they should be. Thrown by the decoders of `wire/`, and by nothing else. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly code: ParseErrorCode;

  constructor(code: ParseErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
