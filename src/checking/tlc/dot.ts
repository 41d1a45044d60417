import { createReadStream } from 'node:fs';
import { parseState } from '../../trace/parseValue.ts';
import type { TlaState } from '../../trace/value.ts';
import { TlcError } from './errors.ts';

/** A state of the graph. `id` is its fingerprint, a signed 64-bit integer in decimal. */
export class DotNode {
  readonly kind = 'node';
  readonly id: string;
  readonly initial: boolean;
  private readonly escaped: string;

  constructor(id: string, initial: boolean, escaped: string) {
    this.id = id;
    this.initial = initial;
    this.escaped = escaped;
  }

  /** The state as TLC printed it. */
  get label(): string {
    return unescape(this.escaped);
  }

  /** Parses the label; not kept, so that a graph of many nodes stays small. Throws TlaValueError. */
  state(): TlaState {
    return parseState(this.label);
  }
}

/** A step of the graph: `label` is the action's name, empty in a dump without `actionlabels`. */
export interface DotEdge {
  readonly kind: 'edge';
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The longest line that is read, in bytes: one state, or the identities of all states of one depth. */
export const DOT_LINE_LIMIT = 256 * 1024 * 1024;

const NEWLINE = 10;
const QUOTE = 34;
const MINUS = 45;
const BACKSLASH = 92;
const CHUNK = 1024 * 1024;

/**
 * Reads a state graph that TLC wrote with `-dump dot,actionlabels`, piece by piece and in the file's order, in which an
 * edge can come before the node that it leads to. Several parameters of one action that lead to the same state are
 * several equal edges; states that a CONSTRAINT leaves out are not there, nor are the edges to them. Labels are parsed
 * when asked for only. Throws TlcError: `dot/malformed` with the line, `dot/truncated` where TLC did not finish the file,
 * `dot/too-large`.
 */
export async function* readDot(path: string): AsyncGenerator<DotNode | DotEdge, void, undefined> {
  const interned = new Map<string, string>();
  let rest: Buffer[] = [];
  let restSize = 0;
  let line = 0;
  let closed = false;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      const whole = restSize === 0 ? chunk : Buffer.concat([...rest, chunk.subarray(from, to)]);
      const [start, end] = restSize === 0 ? [from, to] : [0, whole.length];
      from = to + 1;
      line += 1;
      if (restSize !== 0) [rest, restSize] = [[], 0];
      if (line === 1 && !whole.toString('latin1', start, end).startsWith('strict digraph'))
        throw malformed(line);
      const first = whole[start];
      if (isDigit(first) || first === MINUS) yield readLine(whole, start, end, line, interned);
      else if (first === 125) closed = true; // }
    }
    if (from < chunk.length) {
      rest.push(chunk.subarray(from));
      restSize += chunk.length - from;
      if (restSize > DOT_LINE_LIMIT)
        throw new TlcError('dot/too-large', `line ${line + 1} is beyond ${DOT_LINE_LIMIT} bytes`);
    }
  }
  if (!closed && !Buffer.concat(rest).toString('latin1').startsWith('}')) {
    throw new TlcError('dot/truncated', `the graph ends after line ${line} without its closing brace`);
  }
}

/** `id [label="…"…]` or `from -> to [label="…",…];` */
function readLine(
  bytes: Buffer,
  start: number,
  end: number,
  line: number,
  interned: Map<string, string>,
): DotNode | DotEdge {
  const idEnd = endOfId(bytes, start, end, line);
  const id = bytes.toString('latin1', start, idEnd);
  if (bytes[idEnd + 1] === MINUS) {
    const toStart = idEnd + 4;
    const toEnd = endOfId(bytes, toStart, end, line);
    const label = labelBounds(bytes, toEnd, end, line);
    const text = label === undefined ? '' : unescape(bytes.toString('utf8', label[0], label[1]));
    const known = interned.get(text) ?? text;
    if (interned.size < 10_000) interned.set(known, known);
    return { kind: 'edge', from: id, to: bytes.toString('latin1', toStart, toEnd), label: known };
  }
  const label = labelBounds(bytes, idEnd, end, line);
  if (label === undefined) throw malformed(line);
  const initial = bytes.toString('latin1', label[1], end).includes('style = filled');
  return new DotNode(id, initial, bytes.toString('utf8', label[0], label[1]));
}

function endOfId(bytes: Buffer, start: number, end: number, line: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  const digits = at;
  while (at < end && isDigit(bytes[at])) at += 1;
  if (at === digits || at - digits > 19) throw malformed(line);
  return at;
}

/** Where the text between the quotes of `[label="…"` begins and ends; undefined for a line without a label. */
function labelBounds(
  bytes: Buffer,
  from: number,
  end: number,
  line: number,
): readonly [number, number] | undefined {
  const open = bytes.toString('latin1', from, Math.min(end, from + 9));
  if (open !== ' [label="') {
    if (open.startsWith(';')) return undefined;
    throw malformed(line);
  }
  const start = from + 9;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return [start, at];
  }
  throw malformed(line);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function unescape(escaped: string): string {
  if (!escaped.includes('\\')) return escaped;
  return escaped.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

function malformed(line: number): TlcError {
  return new TlcError('dot/malformed', `line ${line} is not what TLC writes`);
}
