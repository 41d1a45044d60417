import type { MlsGroup } from '../../mls/MlsGroup.ts';
import type { Person, Scene } from '../../participant/testing.ts';
import { digest, unhex } from '../../protocol/wire/bytes.ts';
import { decodeCommitPayload } from '../../protocol/wire/payload.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import { keysOf } from './epochKeys.ts';
import type { EpochKeys, Thief } from './world.ts';

/** An adversary with the keys that a member had when it dropped out, and with all that is in the log. */
export class RealThief implements Thief {
  readonly name: string;
  readonly id: ParticipantId;
  readonly keys: MlsGroup;
  readonly #scene: Scene;

  constructor({ name, id }: Person, scene: Scene, keys: MlsGroup) {
    this.name = name;
    this.id = id;
    this.keys = keys;
    this.#scene = scene;
  }

  get epoch(): EpochKeys {
    return keysOf(this.keys);
  }

  follow(position: number, reader: ParticipantId): void {
    const { keys } = this;
    const step = this.#scene.people.find((it) => it.id === reader)?.steps.at(-1);
    const entry = step?.placed?.entry;
    const wire = this.#scene.entries[position - 1];
    if (entry?.kind !== 'commit' || wire === undefined) return;
    const { commit, welcome } = decodeCommitPayload(wire.payload);
    const adds = entry.adds.map((participant) => {
      const added = this.#scene.people.find((it) => it.id === participant);
      return { participant, keyPackageHash: unhex(digest(added?.mls.keyPackage ?? new Uint8Array())) };
    });
    const { author: committer, removes } = entry;
    const expected = { committer, adds, removes, authenticatedData: unhex(entry.on) };
    const path = step?.before.context.view.refresh ?? false;
    for (const attempt of [
      () => keys.process(commit, { ...expected, path }),
      () => keys.process(commit, { ...expected, removes: [], path: false }),
      () => keys.welcome(welcome),
    ]) {
      try {
        attempt();
        return;
      } catch {
        // Refused, as it should be where the thief is removed; what it knows afterwards is what counts.
      }
    }
  }
}
