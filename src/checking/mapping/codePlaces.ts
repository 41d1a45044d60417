import ts from 'typescript';

/** A function, method, constant or type of the code that names definitions or rules of the spec. */
export interface CodePlace {
  /** Relative to the repository, with slashes. */
  readonly file: string;
  readonly name: string;
  /** From 1; `end` is its last line. */
  readonly line: number;
  readonly end: number;
  readonly doc: string;
  readonly text: string;
  /** The names in backticks in its doc comment that begin with a capital letter. */
  readonly names: readonly string[];
  /** The rules that its doc comment names, or that it asks for itself (`rules.Name`). */
  readonly rules: readonly string[];
}

const NAMES = /`([A-Z][A-Za-z0-9]*)`/g;
const RULE_WORDS = /\brule ([A-Z][A-Za-z]*)/g;
/** Of a parameter that is the rules, or of a protocol's. */
const RULE_ASKED = /\brules\.([A-Z][A-Za-z]*)/g;

const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name ?? '');

function nameOf(node: ts.Node, source: ts.SourceFile): string | null {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0]?.name.getText(source) ?? null;
  const { name } = node as { name?: ts.Node };
  return name?.getText(source) ?? null;
}

/** Functions, methods and constants: what holds others asks for nothing itself. */
const isLeaf = (node: ts.Node): boolean =>
  ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableStatement(node);

/** The text of a doc comment without its stars. */
const wordsOf = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/\n\s*\* ?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The places of one source file. */
export function placesIn(file: string, code: string): readonly CodePlace[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ESNext, true);
  const places: CodePlace[] = [];
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    const name = nameOf(node, source);
    const comments = name === null ? [] : (ts.getLeadingCommentRanges(code, node.getFullStart()) ?? []);
    const last = comments.at(-1);
    const comment = last === undefined ? '' : code.slice(last.pos, last.end);
    const doc = comment.startsWith('/**') ? wordsOf(comment) : '';
    const text = code.slice(node.getStart(source), node.getEnd());
    const names = [...new Set(found(doc, NAMES))];
    const asked = isLeaf(node) ? found(text, RULE_ASKED) : [];
    const rules = [...new Set([...found(doc, RULE_WORDS), ...asked])];
    if (name !== null && names.length + rules.length > 0) {
      const [line, end] = [lineAt(node.getStart(source)), lineAt(node.getEnd())];
      places.push({ file, name, line, end, doc, text, names, rules });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return places;
}
