import { describe, expect, it } from 'vitest';
import { mutantsIn } from './report.ts';

const reported = (status: string, killedBy?: readonly string[]) => ({
  files: {
    'src/a.ts': {
      source: 'const one = 1;\nif (one <\n  two) go();\n',
      mutants: [
        {
          ...{ id: '7', mutatorName: 'ConditionalExpression', replacement: 'true', status, killedBy },
          location: { start: { line: 2, column: 5 }, end: { line: 3, column: 6 } },
        },
      ],
    },
  },
  testFiles: { 'src/a.test.ts': { tests: [{ id: 't1', name: 'goes' }] } },
});

describe("StrykerJS's report", () => {
  it('says what stood where, what stands there, and which test file saw it', () => {
    expect(mutantsIn(reported('Killed', ['t1']))).toEqual([
      {
        ...{ file: 'src/a.ts', line: 2, source: 'if (one <', mutator: 'ConditionalExpression' },
        ...{ before: 'one <\n  two', after: 'true', caughtBy: 'src/a.test.ts' },
      },
    ]);
  });

  it.each([
    ['Survived', null],
    ['NoCoverage', null],
    ['Timeout', 'Timeout'],
    ['RuntimeError', 'RuntimeError'],
  ])('%s', (status, caughtBy) => {
    expect(mutantsIn(reported(status))[0]?.caughtBy).toBe(caughtBy);
  });

  it.each(['Ignored', 'CompileError', 'Pending'])('leaves none out: %s', (status) => {
    expect(() => mutantsIn(reported(status))).toThrow(`src/a.ts:2: ConditionalExpression was left out`);
  });

  it('is a report', () => {
    expect(() => mutantsIn({ files: { 'a.ts': {} } })).toThrow();
  });
});
