/** Why TLC could not be run, or what it wrote could not be read. What TLC *says* is a result and no error. */
export type TlcErrorCode =
  | 'tlc/jar-missing'
  | 'tlc/java-missing'
  | 'tlc/bad-request'
  | 'tlc/aborted'
  | 'tlc/output-too-large'
  | 'tlc/output-malformed'
  | 'dot/malformed'
  | 'dot/truncated'
  | 'dot/too-large'
  | 'simulation/malformed';

export class TlcError extends Error {
  readonly code: TlcErrorCode;

  constructor(code: TlcErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlcError';
    this.code = code;
  }
}
