/** Why records could not be judged. What TLC says of a record that it can judge is a result and no error. */
export type ValidationErrorCode = 'validation/empty' | 'validation/too-large' | 'validation/tlc';

export class ValidationError extends Error {
  readonly code: ValidationErrorCode;

  constructor(code: ValidationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ValidationError';
    this.code = code;
  }
}
