export type ExplorerErrorCode = 'explorer/draft-lost' | 'explorer/too-large' | 'explorer/unknown-standing';

/** The explorer cannot go on: the machine did something that the model has no words for, or the world is too large. */
export class ExplorerError extends Error {
  readonly code: ExplorerErrorCode;

  constructor(code: ExplorerErrorCode, message: string) {
    super(message);
    this.name = 'ExplorerError';
    this.code = code;
  }
}
