import { describe, expect, test } from 'vitest';
import { loadMlsInNode } from '../../mls/node.ts';
import type { Step } from '../../participant/Participant.ts';
import { Scene } from '../../participant/testing.ts';
import { CallWatch } from './CallWatch.ts';

const core = (authenticator: number, mediaKey = authenticator) =>
  ({
    mls: {
      epochAuthenticator: new Uint8Array(32).fill(authenticator),
      exportSecret: () => new Uint8Array(16).fill(mediaKey),
    },
  }) as unknown as Parameters<CallWatch['isIn']>[1];

describe('what all bots see', () => {
  test('one authenticator and one media key an epoch: no surprise; else it is told', () => {
    const cases: readonly (readonly [
      string,
      readonly (readonly [string, number, number?])[],
      RegExp | null,
    ])[] = [
      [
        'the same',
        [
          ['a', 1],
          ['a', 1],
          ['b', 2],
        ],
        null,
      ],
      [
        'another authenticator',
        [
          ['a', 1],
          ['a', 2],
        ],
        /^two authenticators of the epoch of a$/,
      ],
      [
        'another exporter',
        [
          ['a', 1, 5],
          ['a', 1, 6],
        ],
        /^two media keys of the epoch of a$/,
      ],
      [
        'two epochs alike',
        [
          ['a', 1],
          ['b', 1],
        ],
        /^one authenticator of two epochs, and of the epoch of b$/,
      ],
    ];
    for (const [name, seen, told] of cases) {
      const watch = new CallWatch(0);
      for (const [head, authenticator, mediaKey] of seen) watch.isIn(head, core(authenticator, mediaKey));
      const [surprise = null] = watch.surprises;
      if (told === null) expect([name, surprise]).toEqual([name, null]);
      else expect(surprise, name).toMatch(told);
      expect(watch.comparisons).toBe(seen.length);
    }
  });

  test('each entry is counted once, from where they came; a log that is another for somebody is told', () => {
    loadMlsInNode();
    const scene = new Scene();
    const people = ['a', 'b', 'c'].map((name) => scene.join(name));
    scene.settle();
    const watch = new CallWatch(1);
    const steps = people.flatMap((it) => it.steps);
    for (const step of steps) watch.reads(step);
    expect(watch.log).toEqual({ entries: 4, counted: { join: 2, found: 1, commit: 1 }, refused: {} });
    expect(watch.surprises).toEqual([]);
    const placed = steps.find((it) => it.placed?.position === 3)?.placed;
    watch.reads({ placed: { ...placed!, hash: 'another' }, refusal: null } as unknown as Step);
    expect(watch.surprises).toEqual(['the log is split at position 3']);
  });
});
