const SECTIONS = new Set([
  ...['CONSTANT', 'CONSTANTS', 'CONSTRAINT', 'CONSTRAINTS', 'ACTION_CONSTRAINT', 'ACTION_CONSTRAINTS'],
  ...[
    'INVARIANT',
    'INVARIANTS',
    'INIT',
    'NEXT',
    'VIEW',
    'SYMMETRY',
    'SPECIFICATION',
    'PROPERTY',
    'PROPERTIES',
  ],
  ...['TYPE', 'TYPE_CONSTRAINT', 'ALIAS', 'CHECK_DEADLOCK', 'POSTCONDITION'],
]);

/** The names under a section of a TLC configuration, for example `namesUnder(cfg, 'PROPERTY', 'PROPERTIES')`. */
export function namesUnder(config: string, ...sections: readonly string[]): readonly string[] {
  const names: string[] = [];
  let section = '';
  for (const word of withoutComments(config).split(/\s+/)) {
    if (SECTIONS.has(word)) section = word;
    else if (word !== '' && sections.includes(section)) names.push(word);
  }
  return names;
}

/** The names of what a configuration has TLC check: invariants, and properties with time in them. */
export function checkedNames(config: string): readonly string[] {
  return namesUnder(config, 'INVARIANT', 'INVARIANTS', 'PROPERTY', 'PROPERTIES');
}

/**
 * A configuration, without its comments, in which constants have other values. `missing` names those that it does not
 * assign a value to.
 */
export function withConstants(
  config: string,
  values: Readonly<Record<string, string>>,
): { readonly config: string; readonly missing: readonly string[] } {
  let text = withoutComments(config);
  const missing: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const assignment = new RegExp(`(?<!\\w)(${name}\\s*=\\s*)(\\{[^}]*\\}|[^\\s{}]+)`);
    if (assignment.test(text)) text = text.replace(assignment, (_, head: string) => `${head}${value}`);
    else missing.push(name);
  }
  return { config: `${text.trim()}\n`, missing };
}

/** A configuration or module text without `\*` and `(* *)` comments, which may be nested. */
function withoutComments(text: string): string {
  let depth = 0;
  let kept = '';
  for (const part of text.split(/(\(\*|\*\)|\\\*.*)/)) {
    if (part === '(*') depth += 1;
    else if (part === '*)') depth = Math.max(0, depth - 1);
    else if (depth === 0 && !part.startsWith('\\*')) kept += part;
  }
  return kept;
}
