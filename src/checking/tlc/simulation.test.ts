import { describe, expect, it } from 'vitest';
import { fixtureText } from './fixtures/index.ts';
import { parseSimulation } from './index.ts';

describe('a simulation file', () => {
  const text = fixtureText('output/simulation.txt');

  it('is a trace with the actions of its action variable', () => {
    const trace = parseSimulation(text);
    expect(trace.variables).toEqual(['next', 'held', 'act', 'served', 'log']);
    expect(trace.steps.map(({ action }) => action)).toEqual([
      'Initial predicate',
      'Draw',
      'Draw',
      'Serve',
      'Serve',
    ]);
    expect(trace.steps[1]?.parameters).toEqual([{ name: 'who', value: { kind: 'model', name: 'alice' } }]);
    expect(parseSimulation(text, 'none').steps[1]?.action).toBe('Next');
  });

  it('is refused where it is cut off or something else', () => {
    expect(() => parseSimulation('')).toThrow(/not a trace/);
    expect(() => parseSimulation(text.slice(0, text.indexOf('====')))).toThrow(/cut off/);
    expect(() => parseSimulation(text.replace('STATE_3', 'STATE_4'))).toThrow(/expected STATE_3/);
  });
});
