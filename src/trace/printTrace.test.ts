import { describe, expect, it } from 'vitest';
import { changesOf, parseState, parseValue, printTrace } from './index.ts';
import type { Trace } from './index.ts';

const change = (before: string, after: string): string =>
  changesOf('v', parseValue(before), parseValue(after)).join('; ');

describe('changes', () => {
  it('are told where they are', () => {
    expect(change('1', '1')).toBe('');
    expect(change('1', '2')).toBe('v: 1 -> 2');
    expect(change('(alice :> 0 @@ bob :> 0)', '(alice :> 0 @@ bob :> 2)')).toBe('v[bob]: 0 -> 2');
    expect(change('[p |-> [x |-> 1, y |-> 1]]', '[p |-> [x |-> 1, y |-> 2]]')).toBe('v.p.y: 1 -> 2');
    expect(change('<<1, 2>>', '<<1, 3>>')).toBe('v[2]: 2 -> 3');
    expect(change('[a |-> 1]', '[b |-> 1]')).toBe('v.a: gone; v.b: new 1');
    expect(change('<<>>', '[b |-> 1]')).toBe('v.b: new 1');
    expect(change('[a |-> 1]', '{}')).toBe('v: [a |-> 1] -> {}');
  });

  it('of sequences and sets are what came and went', () => {
    expect(change('<<1>>', '<<1, 2, 3>>')).toBe('v: + <<2, 3>>');
    expect(change('<<1, 2, 3>>', '<<1, 2>>')).toBe('v: - <<3>>');
    expect(change('<<1, 2, 3>>', '<<2, 3>>')).toBe('v: - <<1>> at the front');
    expect(change('<<1, 2>>', '<<3>>')).toBe('v: <<1, 2>> -> <<3>>');
    expect(change('{1, 2}', '{2, 3}')).toBe('v: + {3} - {1}');
  });
});

describe('a trace', () => {
  const trace: Trace = {
    variables: ['n', 'act', 'log'],
    steps: [
      { action: 'Initial predicate', state: parseState('n = 0 /\\ act = <<"Init">> /\\ log = <<>>') },
      { action: 'Next', state: parseState('n = 1 /\\ act = <<"Add", alice, 1>> /\\ log = <<"a">>') },
      {
        action: 'Next',
        state: parseState('n = 1 /\\ act = [name |-> "Wait", who |-> bob] /\\ log = <<"a">>'),
      },
    ],
  };

  it('is a line a step', () => {
    expect(printTrace(trace).split('\n')).toEqual([
      '1. Init  n = 0; log = <<>>',
      '2. Add(alice, 1)  n: 0 -> 1; log: + <<"a">>',
      '3. Wait(who: bob)  (nothing changes)',
    ]);
    expect(printTrace(trace, { withoutInitialState: true }).split('\n')).toHaveLength(2);
  });

  it('ends with what happens for ever', () => {
    expect(printTrace({ ...trace, lasso: 2 })).toMatch(/\n4\. \(back to state 2\)$/);
    expect(printTrace({ ...trace, lasso: 'stuttering' })).toMatch(/\n4\. \(nothing happens any more\)$/);
  });

  it('has the parameters that the trace itself tells', () => {
    const steps = [{ action: 'Draw', parameters: [{ value: 3 }], state: parseState('n = 0') }];
    expect(printTrace({ variables: ['n'], steps })).toBe('1. Draw(3)  n = 0');
  });
});
