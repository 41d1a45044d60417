import type { Expression } from './sany.ts';

/** What is done to the spec, one thing at one place. */
export type Mutator =
  | 'conjunct dropped'
  | 'disjunct dropped'
  | 'action dropped'
  | 'condition taken for granted'
  | 'condition never met'
  | 'comparison turned round'
  | 'bound moved'
  | 'negation dropped'
  | 'number changed'
  | 'truth turned round';

/** A module that is wrong in one place. */
export interface SpecMutant {
  readonly mutator: Mutator;
  /** The top-level definition that it is in. */
  readonly definition: string;
  /** From 1. */
  readonly line: number;
  /** That line, without the spaces around. */
  readonly source: string;
  /** What stood there, and what stands there now. */
  readonly before: string;
  readonly after: string;
  /** The whole module. */
  readonly text: string;
}

interface Edit {
  readonly mutator: Mutator;
  readonly from: number;
  readonly to: number;
  readonly after: string;
}

/** Operators, by SANY's names, as they are written, with what they are turned into. */
const TURNED: Readonly<Partial<Record<string, readonly [RegExp, string, Mutator]>>> = {
  '=': [/=/, '#', 'comparison turned round'],
  '/=': [/#|\/=/, '=', 'comparison turned round'],
  '\\in': [/\\in/, '\\notin', 'comparison turned round'],
  '\\notin': [/\\notin/, '\\in', 'comparison turned round'],
  '<': [/</, '=<', 'bound moved'],
  '>': [/>/, '>=', 'bound moved'],
  '\\leq': [/=<|<=|\\leq/, '<', 'bound moved'],
  '\\geq': [/>=|\\geq/, '>', 'bound moved'],
};

/** Whether an expression speaks of one state: what speaks of the next one is no guard, and TLC refuses a step without it. */
const isGuard = ({ level }: Expression): boolean => level <= 1;

const put = (mutator: Mutator, { from, to }: Expression, after: string): Edit => ({ mutator, from, to, after });

const guards = (mutator: Mutator, operands: readonly Expression[], after: string): Edit[] =>
  operands.filter(isGuard).map((operand) => put(mutator, operand, after));

/** The operator stands right before its second operand; where the first is, SANY does not say of the `@` of an EXCEPT. */
function turned(text: string, operator: string, [, right]: readonly Expression[]): Edit[] {
  const turn = TURNED[operator];
  if (right === undefined || turn === undefined) return [];
  const [written, after, mutator] = turn;
  const before = text.slice(0, right.from).replace(/[\s(]+$/, '');
  const found = new RegExp(`(?:${written.source})$`).exec(before);
  if (found === null) throw new RangeError(`no ${operator} before ${text.slice(right.from, right.to)}`);
  return [{ mutator, from: found.index, to: before.length, after }];
}

/** What can be done to one expression, leaving those in it alone. */
function editsOf(text: string, expression: Expression, isNext: boolean): readonly Edit[] {
  const { operator, operands } = expression;
  const [first] = operands;
  switch (operator) {
    case '$ConjList':
    case '\\land':
      return guards('conjunct dropped', operands, 'TRUE');
    case '$DisjList':
    case '\\lor':
      return operands.map((operand) =>
        put(isNext ? 'action dropped' : 'disjunct dropped', operand, 'FALSE'),
      );
    case '=>':
      return [
        ...(first === undefined ? [] : [put('condition taken for granted', first, 'TRUE')]),
        put('condition never met', expression, 'TRUE'),
      ];
    case '$IfThenElse':
      return first === undefined || !isGuard(first)
        ? []
        : [put('condition taken for granted', first, 'TRUE'), put('condition never met', first, 'FALSE')];
    case '\\lnot':
      return first === undefined ? [] : [put('negation dropped', expression, text.slice(first.from, first.to))];
    case 'TRUE':
      return [put('truth turned round', expression, 'FALSE')];
    case 'FALSE':
      return [put('truth turned round', expression, 'TRUE')];
    default:
      if (/^\d+$/.test(operator)) return [put('number changed', expression, String(Number(operator) + 1))];
      return isGuard(expression) ? turned(text, operator, operands) : [];
  }
}

const allOf = (expression: Expression): readonly Expression[] => [
  expression,
  ...expression.operands.flatMap(allOf),
];

/**
 * Every mutant of a module that is wrong in one place: a conjunct, a disjunct or an action dropped, a guard weaker, a comparison
 * turned round, and so on. In the order of the text, without doubles.
 */
export function mutantsOf(
  text: string,
  expressions: readonly Expression[],
  definitionAt: (line: number) => string,
): readonly SpecMutant[] {
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const lines = text.split('\n');
  const edits = new Map<string, Edit>();
  for (const outermost of expressions) {
    const isNext = definitionAt(lineAt(outermost.from)) === 'Next';
    for (const expression of allOf(outermost))
      for (const edit of editsOf(text, expression, isNext))
        edits.set(`${edit.from} ${edit.to} ${edit.after}`, edit);
  }
  return [...edits.values()]
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map(({ mutator, from, to, after }) => ({
      ...{ mutator, after, before: text.slice(from, to), line: lineAt(from) },
      ...{ definition: definitionAt(lineAt(from)), source: (lines[lineAt(from) - 1] ?? '').trim() },
      text: text.slice(0, from) + after + text.slice(to),
    }));
}
