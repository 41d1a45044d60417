import { TlaValueError } from './errors.ts';
import type { TlaValueErrorCode } from './errors.ts';
import { fcn, record, sequence, set } from './value.ts';
import type { TlaState, TlaValue } from './value.ts';

/** Limits of what is read as one value or state. */
export const VALUE_LIMITS = { characters: 64 * 1024 * 1024, depth: 200, interval: 100_000 } as const;

const SPACE = new Set([' ', '\t', '\n', '\r', '\f'].map((c) => c.charCodeAt(0)));
const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
};
const WORD = /[A-Za-z0-9_]+/y;
const PLAIN = /[^"\\\n]*/y;

/**
 * Reads one value as TLC prints it: integers, intervals `1..3`, strings with escapes, TRUE and FALSE, model values,
 * `{..}`, `<<..>>`, `[a |-> 1]` and `(1 :> 2 @@ 3 :> 4)`, with white space anywhere between tokens. Linear in the length
 * of the text but for the sorting of sets and functions. Throws TlaValueError.
 */
export function parseValue(text: string): TlaValue {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/** Reads a state as TLC prints it: `/\ x = 1 /\ y = {}`, or `x = 1` where there is one variable. */
export function parseState(text: string): TlaState {
  const reader = new Reader(text);
  const state: Record<string, TlaValue> = {};
  do {
    reader.accept('/\\');
    const name = reader.name();
    if (name === '__proto__' || Object.hasOwn(state, name))
      reader.fail('value/duplicate', 'a variable comes twice');
    reader.expect('=');
    state[name] = reader.value();
  } while (!reader.atEnd());
  return state;
}

class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    if (text.length > VALUE_LIMITS.characters) this.fail('value/too-large', `${text.length} characters`);
  }

  value(): TlaValue {
    this.depth += 1;
    if (this.depth > VALUE_LIMITS.depth)
      this.fail('value/too-deep', `more than ${VALUE_LIMITS.depth} levels`);
    const value = this.anyValue();
    this.depth -= 1;
    return value;
  }

  private anyValue(): TlaValue {
    if (this.accept('<<')) return sequence(this.list('>>', () => this.value()));
    if (this.accept('{')) return set(this.list('}', () => this.value()));
    if (this.accept('['))
      return this.checked(() => record(this.list(']', () => this.pair(this.name(), '|->'))));
    if (this.accept('(')) return this.functionValue();
    if (this.accept('"')) return this.string();
    if (this.accept('-')) return this.numberOrInterval(-this.natural());
    const word = this.word();
    if (/^[0-9]+$/.test(word)) return this.numberOrInterval(this.safe(word));
    if (word === 'TRUE') return true;
    if (word === 'FALSE') return false;
    this.identifier(word);
    return { kind: 'model', name: word };
  }

  private functionValue(): TlaValue {
    const pairs: (readonly [TlaValue, TlaValue])[] = [];
    do pairs.push(this.pair(this.value(), ':>'));
    while (this.accept('@@'));
    this.expect(')');
    return this.checked(() => fcn(pairs));
  }

  private pair<K>(key: K, between: string): readonly [K, TlaValue] {
    this.expect(between);
    return [key, this.value()];
  }

  private list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.accept(close)) return items;
    do items.push(item());
    while (this.accept(','));
    this.expect(close);
    return items;
  }

  private numberOrInterval(low: number): TlaValue {
    const from = low === 0 ? 0 : low;
    if (!this.accept('..')) return from;
    const to = this.accept('-') ? -this.natural() : this.natural();
    const size = to - from + 1;
    if (size > VALUE_LIMITS.interval) this.fail('value/too-large', `an interval of ${size} integers`);
    return set(Array.from({ length: Math.max(0, size) }, (_, i) => from + i));
  }

  private natural(): number {
    const word = this.word();
    if (!/^[0-9]+$/.test(word)) this.fail('value/unexpected', 'expected an integer');
    return this.safe(word);
  }

  private safe(digits: string): number {
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.fail('value/unsafe-integer', 'an integer beyond 2^53');
    return value;
  }

  /** The rest of a string after its opening quote. */
  private string(): string {
    let read = '';
    for (;;) {
      PLAIN.lastIndex = this.at;
      read += PLAIN.exec(this.text)?.[0] ?? '';
      this.at = PLAIN.lastIndex;
      const stop = this.text[this.at];
      if (stop === '"') {
        this.at += 1;
        return read;
      }
      if (stop !== '\\') this.fail('value/unterminated', 'a string without its closing quote');
      const escaped = ESCAPED[this.text[this.at + 1] ?? ''];
      if (escaped === undefined) this.fail('value/bad-escape', 'an unknown escape in a string');
      read += escaped;
      this.at += 2;
    }
  }

  name(): string {
    const word = this.word();
    this.identifier(word);
    return word;
  }

  private identifier(word: string): void {
    if (!/[A-Za-z]/.test(word)) this.fail('value/not-an-identifier', 'expected a name');
  }

  private word(): string {
    this.space();
    WORD.lastIndex = this.at;
    const match = WORD.exec(this.text);
    if (match === null) this.fail('value/unexpected', 'expected a value or a name');
    this.at = WORD.lastIndex;
    return match[0];
  }

  private space(): void {
    while (SPACE.has(this.text.charCodeAt(this.at))) this.at += 1;
  }

  accept(token: string): boolean {
    this.space();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail('value/unexpected', `expected ${token}`);
  }

  atEnd(): boolean {
    this.space();
    return this.at >= this.text.length;
  }

  end(): void {
    if (!this.atEnd()) this.fail('value/unexpected', 'text after the value');
  }

  /** Runs a constructor of a value, giving its error the place in the text. */
  private checked<T>(build: () => T): T {
    try {
      return build();
    } catch (error) {
      if (error instanceof TlaValueError && error.offset === undefined) this.fail(error.code, error.message);
      throw error;
    }
  }

  fail(code: TlaValueErrorCode, message: string): never {
    throw new TlaValueError(code, message, this.at);
  }
}
