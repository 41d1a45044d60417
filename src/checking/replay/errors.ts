/** Why a trace cannot be replayed. What a replay shows is a result and no error. */
export type ReplayErrorCode =
  | 'replay/no-trace'
  | 'replay/no-config'
  | 'replay/no-action'
  | 'replay/no-start'
  | 'replay/no-wire'
  | 'replay/bad-record'
  | 'replay/too-large'
  | 'replay/simulation';

export class ReplayError extends Error {
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReplayError';
    this.code = code;
  }
}
