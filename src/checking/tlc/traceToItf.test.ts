import { describe, expect, it } from 'vitest';
import { parseState, readItf, writeItf } from '../../trace/index.ts';
import type { Trace } from '../../trace/index.ts';
import { namesUnder, traceToItf } from './index.ts';

const description = {
  source: 'spec/M.tla',
  config: 'spec/M.cfg',
  rule: 'Atomic',
  description: 'Two sentences.',
  property: 'Inv',
};
const steps = [
  { action: 'Initial predicate', state: parseState('act = [name |-> "Init"] /\\ x = 0') },
  { action: 'Next', state: parseState('act = [name |-> "Draw", who |-> alice] /\\ x = 1') },
];
const trace: Trace = { variables: ['act', 'x'], steps };

describe('a trace as ITF', () => {
  it('says where it comes from and what each step is', () => {
    const itf = traceToItf(trace, description);
    expect(itf.meta).toMatchObject({ format: 'ITF', ...description });
    expect(itf.states.map(({ meta }) => meta)).toEqual([
      { action: 'Init' },
      { action: 'Draw', parameters: [{ name: 'who', value: { '#unserializable': 'alice' } }] },
    ]);
    expect(itf.loop).toBeUndefined();
    expect(readItf(writeItf(itf))).toEqual(itf);
  });

  it('says how it goes on', () => {
    expect(traceToItf({ ...trace, lasso: 2 }, description).loop).toBe(1);
    const stuttering = traceToItf({ ...trace, lasso: 'stuttering' }, description);
    expect([stuttering.loop, stuttering.meta['stuttering']]).toEqual([1, true]);
  });
});

describe('a configuration', () => {
  it('has names under sections, without comments', () => {
    const config =
      'SPECIFICATION Spec \\* PROPERTY No\nPROPERTIES A (* B (* C *) *) D\nINVARIANT I\nPROPERTY\n  E\n';
    expect(namesUnder(config, 'PROPERTY', 'PROPERTIES')).toEqual(['A', 'D', 'E']);
    expect(namesUnder(config, 'INVARIANT')).toEqual(['I']);
  });
});
