import type { MlsGroup } from '../mls/MlsGroup.ts';
import type { LogId } from '../protocol/ids.ts';
import { sealName } from './names.ts';
import { introduce, type PersonKey } from './person.ts';
import type { SessionOptions } from './SessionOptions.ts';

/** The sealed name of a new participant: with the proof of its person; without, where there is none to be had. */
export async function sealIntroduction(
  { invite, name, onEvent }: Pick<SessionOptions, 'invite' | 'name' | 'onEvent'>,
  person: PersonKey,
  mls: MlsGroup,
  log: LogId,
): Promise<Uint8Array> {
  try {
    const proof = await introduce(invite, log, mls, name, person);
    return await sealName(invite.nameKey, mls.participant, name, proof);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    onEvent({ type: 'error', code: 'no_person_proof', message });
    return sealName(invite.nameKey, mls.participant, name);
  }
}
