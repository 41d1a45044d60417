/** What can be wrong with a value's text or with the parts it is built from. */
export type TlaValueErrorCode =
  | 'value/unexpected'
  | 'value/unterminated'
  | 'value/bad-escape'
  | 'value/unsafe-integer'
  | 'value/not-an-identifier'
  | 'value/duplicate'
  | 'value/too-deep'
  | 'value/too-large';

/** A value that is not TLA+, or is beyond the limits. `offset` is the character where the text went wrong. */
export class TlaValueError extends Error {
  readonly code: TlaValueErrorCode;
  readonly offset: number | undefined;

  constructor(code: TlaValueErrorCode, message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at character ${offset})`);
    this.name = 'TlaValueError';
    this.code = code;
    this.offset = offset;
  }
}

/** What can be wrong with a trace file. */
export type ItfErrorCode = 'itf/not-json' | 'itf/malformed' | 'itf/too-large' | 'itf/bad-value';

/** A trace file that is not ITF. `path` leads to the place, as in `states[2].log["#tup"][0]`. */
export class ItfError extends Error {
  readonly code: ItfErrorCode;
  readonly path: string;

  constructor(code: ItfErrorCode, path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`);
    this.name = 'ItfError';
    this.code = code;
    this.path = path;
  }
}
