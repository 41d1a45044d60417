/** Why a configuration is not taken. */
export type ConfigErrorCode =
  | 'config/unreadable'
  | 'config/bad_json'
  | 'config/unknown_field'
  | 'config/bad_value'
  | 'config/contradiction';

/** The message names the field, and where it was said. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
