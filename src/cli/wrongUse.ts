/** The command was called wrongly, or something that it needs is missing: exit code 2. The message says what to do. */
export class WrongUse extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WrongUse';
  }
}
