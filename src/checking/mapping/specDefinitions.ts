/** What a definition of the spec is. A rule is a constant that can be switched off. */
export type DefinitionKind = 'rule' | 'definition' | 'action' | 'property';

/** A definition of `DesignatedCommitter.tla`, or one of its rules. */
export interface Definition {
  readonly name: string;
  readonly kind: DefinitionKind;
  /** From 1; `end` is its last line. */
  readonly line: number;
  readonly end: number;
  /** The comment before it, or beside it; empty without one. */
  readonly comment: string;
  readonly text: string;
}

const HEAD = /^([A-Z][A-Za-z0-9]*)(?:\([^)]*\))?\s*==/;
const COMMENT = /^\s*\(\*(.*?)\*\)\s*$/;

/** The rules: the constants between the comment that names them and the one that names the faults. */
function rulesIn(lines: readonly string[]): Definition[] {
  const from = lines.findIndex((line) => line.includes('The rules.'));
  const to = lines.findIndex((line) => line.includes('The faults'));
  return lines.slice(from + 1, to).flatMap((text, i) => {
    const [, name, comment = ''] = /^\s*([A-Z][A-Za-z]*),?\s*(?:\\\*\s*(.*))?$/.exec(text) ?? [];
    const line = from + 2 + i;
    return name === undefined
      ? []
      : [{ name, kind: 'rule', line, end: line, comment: comment.trim(), text: text.trim() }];
  });
}

/** The actions: what `Next` is a choice of. */
const actionsIn = (next: string): ReadonlySet<string> =>
  new Set([...next.matchAll(/:\s*([A-Z][A-Za-z]*)\(p\)/g)].map(([, name]) => name ?? ''));

/** The comment that ends on the line before, its lines joined. */
function commentBefore(lines: readonly string[], index: number): string {
  const found: string[] = [];
  for (let at = index - 1; at >= 0; at--) {
    const [, text] = COMMENT.exec(lines[at] ?? '') ?? [];
    if (text === undefined) break;
    found.unshift(text.trim());
  }
  return found.join(' ');
}

/**
 * The definitions of a module as `DesignatedCommitter.tla` is written: each begins in the first column, and goes on to a line
 * that does not. Rules first, then as they stand.
 */
export function definitionsIn(module: string): readonly Definition[] {
  const lines = module.split('\n');
  const starts = lines.flatMap((line, index) => {
    const [, name] = HEAD.exec(line) ?? [];
    return name === undefined ? [] : [{ name, index }];
  });
  const endOf = (index: number): number => {
    let end = index;
    while (/^\s+\S/.test(lines[end + 1] ?? '')) end++;
    return end;
  };
  const textOf = (index: number): string => lines.slice(index, endOf(index) + 1).join('\n');
  const next = starts.find(({ name }) => name === 'Next');
  const spec = starts.find(({ name }) => name === 'Spec')?.index ?? Infinity;
  const actions = actionsIn(next === undefined ? '' : textOf(next.index));
  const definitions = starts.map(({ name, index }): Definition => {
    const kind = actions.has(name) ? 'action' : index > spec ? 'property' : 'definition';
    const place = { line: index + 1, end: endOf(index) + 1 };
    return { name, kind, ...place, comment: commentBefore(lines, index), text: textOf(index) };
  });
  return [...rulesIn(lines), ...definitions];
}
