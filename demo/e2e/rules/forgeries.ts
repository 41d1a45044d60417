/** Joins that are not an invited participant's, whole in all but that. */
import { loadMlsInNode } from '../../../src/mls/node.ts';
import { createMlsGroup } from '../../../src/mls/wasm.ts';
import { sealName } from '../../../src/participant/names.ts';
import { Participant } from '../../../src/participant/Participant.ts';
import { PARTICIPANT_ID_BYTES } from '../../../src/protocol/ids.ts';
import { hex } from '../../../src/protocol/wire/bytes.ts';
import { type WireEntry } from '../../../src/protocol/wire/hashes.ts';
import { type Invite } from '../../../src/protocol/wire/invite.ts';

/** The `join` that a participant with this invite makes: a real key package, a sealed name. */
export async function joinBy(invite: Invite, log: string, name: string): Promise<WireEntry> {
  loadMlsInNode();
  const participant = hex(crypto.getRandomValues(new Uint8Array(PARTICIPANT_ID_BYTES)));
  const { join } = new Participant({
    invite,
    log,
    mls: createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) }),
    sealedName: await sealName(invite.nameKey, participant, name),
    send: () => undefined,
    sendLeave: () => undefined,
  });
  return join;
}

/** A join that lacks an invitation to `log`, what is wrong with it, and how an honest service refuses it by code. */
export interface Forgery {
  readonly what: string;
  readonly join: WireEntry;
  readonly refusal: string;
  /** What a page makes of it. */
  readonly shown: string;
}

/** @param other the invite of another link. */
export async function forgeries(
  invite: Invite,
  other: Invite,
  log: string,
  otherLog: string,
): Promise<readonly Forgery[]> {
  const genuine = await joinBy(invite, log, 'Mallory');
  return [
    {
      what: 'signed by the key of another link',
      join: await joinBy(other, log, 'Mallory'),
      refusal: 'not_invited, closed 1008',
      shown: 'join: Invited',
    },
    {
      what: 'signed by nobody',
      join: { ...genuine, signature: new Uint8Array(64) },
      refusal: 'not_invited, closed 1008',
      shown: 'join: Invited',
    },
    {
      what: 'made for another log',
      join: await joinBy(invite, otherLog, 'Mallory'),
      refusal: 'entry_refused',
      shown: 'void: void',
    },
  ];
}
