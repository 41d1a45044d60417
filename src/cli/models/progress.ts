import type { CheckedModel } from '../../checking/model/checkModel.ts';
import type { TlcProgress } from '../../checking/tlc/index.ts';
import { progressLine, seconds, thousands } from '../output.ts';

const REFRESH_MILLISECONDS = 500;

/** How far a set of models is: on a terminal one line that changes, and everywhere a line for each that is done. */
export interface ModelsProgress {
  start(name: string): void;
  update(name: string, progress: TlcProgress): void;
  done(result: CheckedModel): void;
  end(): void;
}

interface Running {
  readonly since: number;
  states?: number;
  /** Of the states, at that time. */
  perSecond?: number;
}

export function modelsProgress(count: number, stream: NodeJS.WriteStream = process.stderr): ModelsProgress {
  const line = progressLine(stream);
  const running = new Map<string, Running>();
  let finished = 0;
  const show = (): void => {
    const parts = [...running].map(([name, { since, states, perSecond }]) => {
      const took = seconds((performance.now() - since) / 1000);
      return states === undefined
        ? `${name} ${took}`
        : `${name} ${thousands(states)} states, ${thousands(perSecond ?? 0)} a second, ${took}`;
    });
    line.show(`${finished} of ${count} models done; ${parts.join('; ')}`);
  };
  const timer = stream.isTTY ? setInterval(show, REFRESH_MILLISECONDS) : undefined;
  return {
    start: (name) => {
      running.set(name, { since: performance.now() });
      show();
    },
    update: (name, { statesDistinct, statesGenerated }) => {
      const one = running.get(name);
      if (one === undefined) return;
      one.states = statesDistinct ?? statesGenerated;
      one.perSecond = Math.round((one.states * 1000) / Math.max(1, performance.now() - one.since));
      show();
    },
    done: ({ model, found, states, seconds: took, surprises }) => {
      running.delete(model.name);
      finished += 1;
      const verdict = surprises.length === 0 ? '' : ', a SURPRISE';
      const rate = thousands(Math.round(states / Math.max(took, 0.001)));
      line.say(
        `${finished} of ${count}: ${model.name}: ${found}, ${thousands(states)} states, ${rate} a second, ` +
          `${seconds(took)}${verdict}`,
      );
    },
    end: () => {
      clearInterval(timer);
      line.end();
    },
  };
}
