/** What can be wrong with a model: its configuration, or the list of models. */
export type ModelErrorCode = 'model/unreadable' | 'model/bad-config' | 'model/bad-list' | 'model/unknown';

export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}
