import { CUT_OFF_ROTATIONS, PERIODS } from '../../src/participant/timers/periods.ts';
import type { Row } from './Case.ts';

/** How long it is silent before a member is told that it may be cut off. Milliseconds. */
export const CUT_OFF_MS = CUT_OFF_ROTATIONS * PERIODS.rotationMs;

/** Of which there is nothing to read: what is seen of it is that nothing comes. */
export const BY_SILENCE: readonly Row[] = [
  {
    action: 'ShowElsewhere',
    by: 'service',
    does: 'shows a member nothing more of what the others do',
    guard: null,
    without: null,
    seen: '',
    then: 'told: you may be cut off',
    when: `${CUT_OFF_MS / 1000} s (${CUT_OFF_ROTATIONS} rotation periods)`,
    remains: 'the two halves talk on, each among its own; the safety codes differ',
    spec: 'NoForkOnASide',
  },
];
