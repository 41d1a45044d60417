import { step } from '../../protocol/step.ts';
import { emptyView, type View } from '../../protocol/view.ts';
import type { ModelConstants } from '../model/constants.ts';
import type { History } from './epochs.ts';
import type { Driver } from './participant.ts';

/** What follows from the log as it is, whoever has read it. */
export interface EndOfLog {
  /** By seniority. */
  readonly roster: readonly string[];
  readonly history: History;
}

/** Folds the log of a replay as it grows. All of its entries are the participants' own, so none is verified again. */
export class LogView<Content> {
  readonly #driver: Driver<Content>;
  readonly #protocol: Pick<ModelConstants, 'rules' | 'batchLimit'>;
  #view: View;

  constructor(driver: Driver<Content>, { rules, batchLimit }: ModelConstants) {
    this.#driver = driver;
    this.#protocol = { rules, batchLimit };
    this.#view = emptyView(driver.origin);
  }

  append(content: Content): void {
    this.#view = step(this.#protocol, this.#view, this.#driver.placed(this.#view, content)).view;
  }

  get end(): EndOfLog {
    return {
      roster: this.#view.roster.map((id) => this.#driver.nameOf(id)),
      history: this.#driver.historyOf(this.#view),
    };
  }
}
