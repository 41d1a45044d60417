import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { XMLParser } from 'fast-xml-parser';
import { findJava, findTlcJar } from '../../tlc/index.ts';

/** What an expression may speak of: constants, one state, a step, behaviours (Specifying Systems, section 17.2). */
export type Level = 0 | 1 | 2 | 3;

/** An expression of a module, as SANY parsed it: an operator and what it is applied to. */
export interface Expression {
  /** SANY's name of the operator; the digits of a number; empty for what is neither. */
  readonly operator: string;
  readonly level: Level;
  /** Where it begins in the module's text, and where it ends: the offset behind it. */
  readonly from: number;
  readonly to: number;
  readonly operands: readonly Expression[];
}

/** An element as the parser gives it: its tag, and its children in their order. */
type Element = Readonly<Record<string, readonly Element[]>> & { readonly '#text'?: string | number };

const XML_LIMIT = 64 << 20;
const MINUTE = 60_000;

const tagOf = (element: Element): string => Object.keys(element).find((key) => key !== ':@') ?? '';
const childrenOf = (element: Element): readonly Element[] => {
  const children: unknown = element[tagOf(element)];
  return Array.isArray(children) ? (children as readonly Element[]) : [];
};
const child = (element: Element, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>(
    (at, tag) => at && childrenOf(at).find((inner) => tagOf(inner) === tag),
    element,
  );
const textAt = (element: Element, ...path: readonly string[]): string => {
  const at = child(element, ...path);
  return at === undefined ? '' : String(childrenOf(at)[0]?.['#text'] ?? '');
};

/** Every expression of a module that is in no other, with what is in it. Throws Error where SANY refuses the module. */
export async function expressionsOf(path: string, text: string): Promise<readonly Expression[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sany-'));
  try {
    const java = ['-Djava.io.tmpdir=' + folder, '-cp', findTlcJar(), 'tla2sany.xml.XMLExporter', '-o', path];
    const { stdout } = await promisify(execFile)(findJava(), java, { maxBuffer: XML_LIMIT, timeout: MINUTE });
    return read(stdout, text);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function read(xml: string, text: string): readonly Expression[] {
  const module = /MODULE (\w+)/.exec(text)?.[1] ?? '';
  const document = new XMLParser({ preserveOrder: true }).parse(xml.slice(xml.indexOf('<?xml'))) as Element[];
  const root = document.find((element) => tagOf(element) === 'modules');
  const context = root && child(root, 'context');
  if (context === undefined) throw new Error(`SANY did not parse ${module}`);
  const names = new Map<string, string>();
  const definitions: Element[] = [];
  for (const entry of childrenOf(context)) {
    const node = childrenOf(entry)[1];
    if (node === undefined) continue;
    names.set(textAt(entry, 'UID'), textAt(node, 'uniquename'));
    if (tagOf(node) === 'UserDefinedOpKind' && textAt(node, 'location', 'filename') === module)
      definitions.push(node);
  }
  const reader = new Reader(names, text);
  return definitions.flatMap((node) => childrenOf(child(node, 'body') ?? node).map((body) => reader.read(body)));
}

class Reader {
  private readonly names: ReadonlyMap<string, string>;
  private readonly lineStarts: readonly number[];

  constructor(names: ReadonlyMap<string, string>, text: string) {
    this.names = names;
    let at = 0;
    this.lineStarts = text.split('\n').map((line) => (at += line.length + 1) - line.length - 1);
  }

  read(element: Element): Expression {
    const place = (end: 'begin' | 'end'): number =>
      (this.lineStarts[Number(textAt(element, 'location', 'line', end)) - 1] ?? NaN) +
      Number(textAt(element, 'location', 'column', end));
    const level = Number(textAt(element, 'level') || 0) as Level;
    return { ...this.said(element), level, from: place('begin') - 1, to: place('end') };
  }

  private said(element: Element): Pick<Expression, 'operator' | 'operands'> {
    const tag = tagOf(element);
    if (tag === 'NumeralNode') return { operator: textAt(element, 'IntValue'), operands: [] };
    if (tag !== 'OpApplNode') return { operator: '', operands: this.inside(element) };
    const reference = childrenOf(child(element, 'operator') ?? element)[0];
    const operator = (reference && this.names.get(textAt(reference, 'UID'))) ?? '';
    return { operator, operands: this.inside(element) };
  }

  /** The expressions next below an element, whatever they are wrapped in. */
  private inside(element: Element): readonly Expression[] {
    return childrenOf(element).flatMap((inner) => {
      if (child(inner, 'location') !== undefined && /Node$/.test(tagOf(inner))) return [this.read(inner)];
      return this.inside(inner);
    });
  }
}
