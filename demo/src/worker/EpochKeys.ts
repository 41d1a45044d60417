import { BASE_KEY_LABEL } from '../../../src/media/sframe/index.ts';
import type { MediaTransforms } from '../../../src/media/transform/index.ts';
import type { MlsGroup } from '../../../src/mls/MlsGroup.ts';
import type { Participant } from '../../../src/participant/Participant.ts';
import { hex } from '../../../src/protocol/wire/bytes.ts';

/** Suite 4 (RFC 9605 section 4.5). */
const BASE_KEY_BYTES = 16;

/** Keeps the keys of the media those of the participant's epoch: none where it has none. */
export class EpochKeys {
  readonly #transforms: MediaTransforms;
  #current: string | null = null;

  constructor(transforms: MediaTransforms) {
    this.#transforms = transforms;
  }

  /**
   * To be called after each step of the participant. Rejects with what the MLS core or `setEpoch` refuses; then there
   * are no keys until the next epoch: nothing goes on in an epoch that the group has left.
   */
  async follow(participant: Pick<Participant, 'id' | 'hasKeys' | 'mls'> | null): Promise<void> {
    if (!participant?.hasKeys) {
      if (this.#current !== null) this.#transforms.clear();
      this.#current = null;
      return;
    }
    try {
      const { groupId, epoch } = participant.mls;
      const current = `${participant.id} ${hex(groupId)} ${epoch}`;
      if (current === this.#current) return;
      this.#current = current;
      await this.#set(participant.mls);
    } catch (error) {
      this.#transforms.clear();
      throw error;
    }
  }

  async #set(mls: MlsGroup): Promise<void> {
    const { groupId, epoch, ownLeafIndex, roster } = mls;
    const baseKey = mls.exportSecret(BASE_KEY_LABEL, new Uint8Array(), BASE_KEY_BYTES);
    try {
      await this.#transforms.setEpoch({ groupId, epoch, baseKey, ownLeafIndex, members: roster });
    } finally {
      baseKey.fill(0);
    }
  }
}
