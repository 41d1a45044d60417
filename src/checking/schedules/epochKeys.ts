import { BASE_KEY_LABEL } from '../../media/sframe/index.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import type { EpochKeys } from './world.ts';

/** What a member of an epoch knows of it: its authenticator, and the base key of its media for AES-128-GCM. */
export const keysOf = (mls: MlsGroup): EpochKeys => ({
  authenticator: hex(mls.epochAuthenticator),
  key: hex(mls.exportSecret(BASE_KEY_LABEL, new Uint8Array(), 16)),
});
