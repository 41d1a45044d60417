import type { ParticipantId } from '../../protocol/ids.ts';

/** Participants of a model, and the ids that they go by in MLS groups and headers: the same in every replay. */
export class Ids {
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  id(name: string): ParticipantId {
    return (this.#names.indexOf(name) + 1).toString(16).padStart(32, '0');
  }

  /** The id itself where no participant has it. */
  name(id: ParticipantId): string {
    return this.#names[Number.parseInt(id, 16) - 1] ?? id;
  }
}
