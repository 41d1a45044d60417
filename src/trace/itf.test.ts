import { describe, expect, it } from 'vitest';
import { ItfError, parseState, parseValue, readItf, writeItf } from './index.ts';
import type { ItfTrace } from './index.ts';

const trace: ItfTrace = {
  meta: { format: 'ITF', description: 'two lines\nof text' },
  vars: ['a', 'b'],
  states: [
    { meta: { action: 'Initial predicate' }, values: parseState('a = <<>> /\\ b = {1, <<2, "x">>}') },
    {
      meta: { action: 'Next', parameters: [] },
      values: parseState('a = [f |-> TRUE, g |-> -1] /\\ b = (alice :> 0 @@ bob :> ("a b" :> 1))'),
    },
  ],
  loop: 1,
};

function errorOf(json: unknown): string {
  try {
    readItf(typeof json === 'string' ? json : JSON.stringify(json));
  } catch (error) {
    if (error instanceof ItfError) return `${error.code} ${error.path}`;
    throw error;
  }
  return 'no error';
}

const one = (value: unknown): unknown => ({ vars: ['x'], states: [{ x: value }] });

describe('ITF', () => {
  it('reads what it writes', () => {
    expect(readItf(writeItf(trace))).toEqual(trace);
  });

  it('writes the forms of ADR-015', () => {
    const json = JSON.parse(writeItf(trace)) as { states: unknown[] };
    expect(json).toMatchObject({ '#meta': { format: 'ITF' }, vars: ['a', 'b'], loop: 1 });
    expect(json.states).toEqual([
      {
        '#meta': { index: 0, action: 'Initial predicate' },
        a: { '#tup': [] },
        b: { '#set': [{ '#bigint': '1' }, { '#tup': [{ '#bigint': '2' }, 'x'] }] },
      },
      {
        '#meta': { index: 1, action: 'Next', parameters: [] },
        a: { f: true, g: { '#bigint': '-1' } },
        b: {
          '#map': [
            [{ '#unserializable': 'alice' }, { '#bigint': '0' }],
            [{ '#unserializable': 'bob' }, { '#map': [['a b', { '#bigint': '1' }]] }],
          ],
        },
      },
    ]);
  });

  it('reads the other forms too: lists, plain integers, maps over strings and over 1..n', () => {
    const values = [
      [1, 'a'],
      7,
      { '#map': [['k', 1]] },
      {
        '#map': [
          [2, 'b'],
          [1, 'a'],
        ],
      },
    ];
    const read = readItf(JSON.stringify(one({ '#tup': values })));
    expect(read.states[0]!.values['x']).toEqual(parseValue('<< <<1, "a">>, 7, [k |-> 1], <<"a", "b">> >>'));
  });

  it('names the place of what is wrong', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      ['{', 'itf/not-json '],
      ['[]', 'itf/malformed '],
      [{ vars: 'x', states: [] }, 'itf/malformed vars'],
      [{ vars: ['x', 'x'], states: [{ x: 1 }] }, 'itf/malformed vars'],
      [{ vars: ['x'], states: [] }, 'itf/malformed states'],
      [{ vars: ['x'], states: [{}] }, 'itf/malformed states[0].x'],
      [{ vars: ['x'], states: [{ x: 1, y: 2 }] }, 'itf/malformed states[0].y'],
      [{ vars: ['x'], states: [{ x: 1, '#meta': { index: 1 } }] }, 'itf/malformed states[0]["#meta"].index'],
      [{ vars: ['x'], states: [{ x: 1 }], loop: 1 }, 'itf/malformed loop'],
      [{ vars: ['toString'], states: [{}] }, 'itf/malformed states[0].toString'],
      [one(null), 'itf/bad-value states[0].x'],
      [one(1.5), 'itf/bad-value states[0].x'],
      [one({ '#bigint': 1 }), 'itf/bad-value states[0].x["#bigint"]'],
      [one({ '#bigint': '99999999999999999' }), 'itf/bad-value states[0].x["#bigint"]'],
      [one({ '#set': {} }), 'itf/bad-value states[0].x["#set"]'],
      [one({ '#set': [], y: 1 }), 'itf/bad-value states[0].x'],
      [one({ '#other': [] }), 'itf/bad-value states[0].x["#other"]'],
      [one({ '#map': [[1]] }), 'itf/bad-value states[0].x["#map"][0]'],
      [
        one({
          '#map': [
            [1, 1],
            [1, 2],
          ],
        }),
        'itf/bad-value states[0].x["#map"]',
      ],
      [one({ f: [{ '#tup': [null] }] }), 'itf/bad-value states[0].x.f[0]["#tup"][0]'],
      [one({ '#unserializable': 'a b' }), 'itf/bad-value states[0].x["#unserializable"]'],
    ];
    for (const [json, expected] of cases) expect(errorOf(json)).toBe(expected);
    expect(errorOf(`{"vars":["x"],"states":[{"x":${'['.repeat(1_000)}${']'.repeat(1_000)}}]}`)).toMatch(
      /^itf\/too-large/,
    );
  });

  it('does not write a state that lacks a variable', () => {
    expect(() => writeItf({ ...trace, vars: ['a', 'c'] })).toThrow(ItfError);
  });
});
