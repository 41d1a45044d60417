import { describe, expect, it } from 'vitest';
import { parseState, parseValue, printSteps, shortValue } from './index.ts';
import type { Trace } from './index.ts';

describe('a short value', () => {
  it.each([
    ['[kind |-> "join", author |-> p1]', 'join p1'],
    ['[kind |-> "found", author |-> p1, at |-> 1]', 'found p1@1'],
    [
      '[kind |-> "commit", author |-> p1, at |-> 4, parent |-> <<<<p1, 1>>, <<p1, 2>>>>, adds |-> <<p2>>, removes |-> <<p3>>]',
      'commit p1@4 on p1@2 +p2 -p3',
    ],
    ['[kind |-> "claim", author |-> p2, at |-> 4, accused |-> p1]', 'claim p2@4 against p1'],
    ['[kind |-> "join", author |-> p1, forged |-> TRUE]', 'join p1 forged: TRUE'],
    ['<<<<p1, 1>>, <<p2, 3>>>>', '<<p1@1, p2@3>>'],
    ['[gone |-> 0, lost |-> 1]', '[gone: 0, lost: 1]'],
    ['(p1 :> "member" @@ p2 :> "not yet")', '(p1: member, p2: "not yet")'],
    ['{p1, 2}', '{2, p1}'],
  ])('%s is %s', (text, short) => {
    expect(shortValue(parseValue(text))).toBe(short);
  });
});

const states = [
  '/\\ log = <<>> /\\ pos = (p1 :> 0 @@ p2 :> 0)',
  '/\\ log = <<[kind |-> "join", author |-> p1]>> /\\ pos = (p1 :> 1 @@ p2 :> 0)',
  '/\\ log = <<[kind |-> "join", author |-> p1], [kind |-> "leave", author |-> p1]>> /\\ pos = (p1 :> 1 @@ p2 :> 0)',
];

describe('the steps of a trace', () => {
  const trace: Trace = {
    variables: ['log', 'pos'],
    steps: ['Initial predicate', 'Join', 'DeclareGone'].map((action, i) => ({
      action,
      state: parseState(states[i]!),
    })),
  };

  it('say who acts where nothing but the change tells', () => {
    expect(printSteps(trace).split('\n')).toEqual([
      '1      Init         log = <<>>; pos = (p1: 0, p2: 0)',
      '2  p1  Join         log: + join p1; pos: 0 -> 1',
      '3  p1  DeclareGone  log: + leave p1',
    ]);
    expect(
      printSteps(trace, { leaveOut: ['log'] })
        .split('\n')
        .at(-1),
    ).toBe('3  p1  DeclareGone  (nothing changes)');
  });

  it('say who acts, what and to whom by the action variable', () => {
    const acts = ['[name |-> "Init"]', '<<"Join", p2>>', '[name |-> "Tell", participant |-> p1, to |-> p2]'];
    const steps = trace.steps.map((step, i) => ({
      action: 'Next',
      state: { ...step.state, act: parseValue(acts[i]!) },
    }));
    expect(printSteps({ variables: ['act', 'pos'], steps }).split('\n')).toEqual([
      '1      Init      pos = (p1: 0, p2: 0)',
      '2  p2  Join      pos[p1]: 0 -> 1',
      '3  p1  Tell(p2)  (nothing changes)',
    ]);
  });

  it('say how it goes on for ever', () => {
    const last = (lasso: NonNullable<Trace['lasso']>): string | undefined =>
      printSteps({ ...trace, lasso })
        .split('\n')
        .at(-1);
    expect(last(2)).toBe('4  goes back to state 2, and round again for ever');
    expect(last('stuttering')).toBe('4  nothing happens any more, for ever');
  });
});
