import { TlcError } from './errors.ts';

/** A message of TLC's `-tool` output: `@!@!@STARTMSG code:class @!@!@`, text, `@!@!@ENDMSG code @!@!@`. */
export interface TlcMessage {
  /** As in TLC's `EC` class, for example 2110: an invariant is violated. */
  readonly code: number;
  /** 0 information, 1 error, 2 a bug in TLC, 3 warning, 4 state. */
  readonly severity: number;
  /** With the texts of messages nested in it, which are also messages of their own and come first. */
  readonly text: string;
}

/** The longest message that is read, in characters: one state of a trace. */
export const MESSAGE_LIMIT = 64 * 1024 * 1024;
const NESTING_LIMIT = 16;
const START = /^(.*)@!@!@STARTMSG (\d{1,6}):(\d{1,2}) @!@!@$/s;
const END = /^@!@!@ENDMSG (\d{1,6}) @!@!@$/;

interface Open {
  readonly code: number;
  readonly severity: number;
  readonly lines: string[];
  size: number;
}

/**
 * Reads TLC's output piece by piece, however it is cut. Messages go to `onMessage`, lines outside of messages (what the
 * parser says, what `Print` prints) to `onLine`. Throws `tlc/output-too-large` beyond MESSAGE_LIMIT.
 */
export class TlcMessageReader {
  private readonly onMessage: (message: TlcMessage) => void;
  private readonly onLine: (line: string) => void;
  private readonly open: Open[] = [];
  private partial: string[] = [];
  private partialSize = 0;

  constructor(onMessage: (message: TlcMessage) => void, onLine: (line: string) => void) {
    this.onMessage = onMessage;
    this.onLine = onLine;
  }

  push(chunk: string): void {
    let from = 0;
    for (let to = chunk.indexOf('\n'); to !== -1; to = chunk.indexOf('\n', from)) {
      this.keep(chunk.slice(from, to));
      this.flush();
      from = to + 1;
    }
    if (from < chunk.length) this.keep(chunk.slice(from));
  }

  /** The output is over. A message that is still open, as where TLC was killed, is dropped. */
  end(): void {
    if (this.partialSize > 0) this.flush();
  }

  private keep(part: string): void {
    this.partial.push(part);
    this.partialSize += part.length;
    if (this.partialSize > MESSAGE_LIMIT) throw tooLarge();
  }

  private flush(): void {
    const whole = this.partial.join('');
    this.partial = [];
    this.partialSize = 0;
    this.line(whole.endsWith('\r') ? whole.slice(0, -1) : whole);
  }

  private line(line: string): void {
    if (!line.includes('@!@!@')) {
      this.text(line);
      return;
    }
    const start = START.exec(line);
    if (start !== null) {
      // TLC prints an exception that is itself a message as `: @!@!@STARTMSG …`.
      const before = start[1] ?? '';
      if (before !== '') this.text(before);
      if (this.open.length >= NESTING_LIMIT)
        throw new TlcError('tlc/output-malformed', 'messages nested too deeply');
      this.open.push({ code: Number(start[2]), severity: Number(start[3]), lines: [], size: 0 });
      return;
    }
    const end = END.exec(line);
    if (end === null) {
      this.text(line);
      return;
    }
    const message = this.open.pop();
    if (message?.code !== Number(end[1])) {
      throw new TlcError(
        'tlc/output-malformed',
        `message ${end[1]} ends, but ${message?.code ?? 'none'} was open`,
      );
    }
    const text = message.lines.join('\n');
    this.onMessage({ code: message.code, severity: message.severity, text });
    if (this.open.length > 0) this.text(text);
  }

  private text(line: string): void {
    const message = this.open.at(-1);
    if (message === undefined) {
      this.onLine(line);
      return;
    }
    message.size += line.length + 1;
    if (message.size > MESSAGE_LIMIT) throw tooLarge();
    message.lines.push(line);
  }
}

function tooLarge(): TlcError {
  return new TlcError('tlc/output-too-large', `a message of TLC beyond ${MESSAGE_LIMIT} characters`);
}
