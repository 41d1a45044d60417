import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  EMPTY_SEQUENCE,
  TlaValueError,
  VALUE_LIMITS,
  apply,
  equalValues,
  fcn,
  modelValue,
  parseState,
  parseValue,
  printState,
  printValue,
  record,
  sequence,
  set,
} from './index.ts';
import type { TlaValue } from './index.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const name = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,5}$/);
const values = fc.letrec<{ value: TlaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.maxSafeInteger(),
    text,
    fc.boolean(),
    name.map(modelValue),
    fc.array(tie('value'), { maxLength: 4 }).map(set),
    fc.array(tie('value'), { maxLength: 4 }).map(sequence),
    fc
      .dictionary(fc.oneof(name, text), tie('value'), { maxKeys: 4 })
      .map((fields) => record(Object.entries(fields))),
    fc
      .uniqueArray(fc.tuple(tie('value'), tie('value')), {
        maxLength: 4,
        selector: ([key]) => printValue(key),
      })
      .map(fcn),
  ),
})).value;

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof TlaValueError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('canonical form', () => {
  it('makes a function over 1..n a sequence, and one over strings a record', () => {
    expect(parseValue('(1 :> "a" @@ 2 :> "b")')).toEqual(parseValue('<<"a", "b">>'));
    expect(parseValue('("x" :> 1 @@ "y" :> 2)')).toEqual(parseValue('[y |-> 2, x |-> 1]'));
    expect(printValue(parseValue('("a b" :> 1 @@ "c" :> 2)'))).toBe('("a b" :> 1 @@ "c" :> 2)');
    expect(parseValue('(0 :> 1 @@ 1 :> 2)')).toMatchObject({ kind: 'function' });
    expect([fcn([]), record({}), sequence([]), parseValue('<< >>')]).toEqual(Array(4).fill(EMPTY_SEQUENCE));
  });

  it('sorts sets and drops what comes twice', () => {
    expect(printValue(parseValue('{10, 9, 2, 10, -3}'))).toBe('{-3, 2, 9, 10}');
    expect(printValue(parseValue('{<<2>>, {}, a, "a", TRUE, 1}'))).toBe('{TRUE, 1, "a", a, <<2>>, {}}');
    expect(parseValue('1..3')).toEqual(parseValue('{3, 2, 1}'));
    expect(parseValue('3..1')).toEqual(set([]));
  });

  it('tells a model value from the string of its name', () => {
    expect(equalValues(parseValue('alice'), parseValue('"alice"'))).toBe(false);
    expect(codeOf(() => modelValue('not a name'))).toBe('value/not-an-identifier');
  });

  it('applies functions of every form', () => {
    expect(apply(parseValue('<<5, 6>>'), 2)).toBe(6);
    expect(apply(parseValue('[a |-> 5]'), 'a')).toBe(5);
    expect(apply(parseValue('(alice :> 5 @@ bob :> 6)'), modelValue('bob'))).toBe(6);
    expect(apply(parseValue('<<5, 6>>'), 3)).toBeUndefined();
  });

  it('prints equal values, and only them, the same, and reads back what it prints', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(parseValue(printValue(a))).toEqual(a);
        expect(equalValues(a, b)).toBe(printValue(a) === printValue(b));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what TLC prints', () => {
  it('reads values broken over lines', () => {
    const value = parseValue(
      '( <<0, 3>> :>\n      [ q |-> {FALSE, TRUE},\n        r |->\n            "long" ] @@\n  a :> << >> )',
    );
    expect(printValue(value)).toBe('(a :> <<>> @@ <<0, 3>> :> [q |-> {FALSE, TRUE}, r |-> "long"])');
  });

  it('reads escapes in strings', () => {
    expect(parseValue(String.raw`"a \"b\" \\ \t\n\f\r"`)).toBe('a "b" \\ \t\n\f\r');
  });

  it('reads states of one and of several variables', () => {
    expect(parseState('colour = -1\n')).toEqual({ colour: -1 });
    const state = parseState('/\\ log = <<>>\n/\\ act = [name |-> "Init"]\n\n');
    expect(printState(state)).toBe('/\\ act = [name |-> "Init"] /\\ log = <<>>');
    expect(printState(state, ['act'])).toBe('/\\ log = <<>>');
  });
});

describe('what is no value', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['', 'value/unexpected'],
    ['<<1, 2', 'value/unexpected'],
    ['<<1,>>', 'value/unexpected'],
    ['1 2', 'value/unexpected'],
    ['(1 :> 2', 'value/unexpected'],
    ['(1)', 'value/unexpected'],
    ['[a = 1]', 'value/unexpected'],
    ['-x', 'value/unexpected'],
    ['"abc', 'value/unterminated'],
    ['"a\nb"', 'value/unterminated'],
    [String.raw`"\q"`, 'value/bad-escape'],
    ['99999999999999999999', 'value/unsafe-integer'],
    ['1..99999999', 'value/too-large'],
    ['___', 'value/not-an-identifier'],
    ['[a |-> 1, a |-> 2]', 'value/duplicate'],
    ['(x :> 1 @@ x :> 2)', 'value/duplicate'],
    ['{'.repeat(VALUE_LIMITS.depth + 1), 'value/too-deep'],
  ];
  it.each(bad)('%s', (input, code) => {
    expect(codeOf(() => parseValue(input))).toBe(code);
  });

  it('also as a state', () => {
    expect(codeOf(() => parseState('/\\ x = 1 /\\ x = 2'))).toBe('value/duplicate');
    expect(codeOf(() => parseState('/\\ __proto__ = 1'))).toBe('value/duplicate');
    expect(codeOf(() => parseState(''))).toBe('value/unexpected');
  });

  it('never fails in another way', () => {
    const pieces = fc.constantFrom(
      '<<',
      '>>',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      ':>',
      '@@',
      '|->',
      ',',
      '"',
      '\\',
      '-',
      '1',
      '..',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        expect(codeOf(() => parseValue(parts.join('')))).toMatch(/^(no error|value\/.*)$/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('numbers that are no safe integers', () => {
    expect(codeOf(() => printValue(0.5))).toBe('value/unsafe-integer');
    expect(printValue(-0)).toBe('0');
  });
});
