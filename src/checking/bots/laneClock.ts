import { systemClock, type Clock } from '../../participant/timers/clock.ts';
import type { Lane } from './Turns.ts';

/**
 * The clock of one bot. What is due takes its turn behind all that the bot has heard by then, as a timer of a tab does
 * behind the messages that wait: a bot that is behind does not take others for silent.
 */
export const laneClock = (lane: Lane): Clock => ({
  now: systemClock.now,
  after: (milliseconds, what) => {
    let stopped = false;
    const stop = systemClock.after(milliseconds, () =>
      lane.push(() => {
        if (!stopped) what();
      }),
    );
    return () => {
      stopped = true;
      stop();
    };
  },
});
