import { stateOf } from '../../participant/recording.ts';
import { believedCommitter } from '../../protocol/committer.ts';
import { designatedCommitter } from '../../protocol/view.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import type { Epochs, History } from './epochs.ts';
import { entryText, type Driver } from './participant.ts';
import type { Place } from './world.ts';

/** What can be seen of a participant from outside. */
export interface Sight {
  readonly name: string;
  /** The machine's state node; `crashed` where there is none any more. */
  readonly state: string;
  readonly position: number;
  /** Of the MLS group; null without one. */
  readonly epoch: bigint | null;
  /** Hex; null without a group. */
  readonly authenticator: string | null;
  /** What led the group there. */
  readonly history: History;
  /** What the view says of it. */
  readonly viewHistory: History;
  /** The members by its view, by seniority. */
  readonly roster: readonly string[];
  /** It takes itself for a member. */
  readonly isMember: boolean;
  /** It takes itself for the designated committer. */
  readonly believes: boolean;
  /** The designated committer by its view; null where there is none. */
  readonly designated: string | null;
  /** What it has drafted and not read back; null where there is nothing. */
  readonly draft: string | null;
  /** What it has sent and the service not appended. */
  readonly outbox: readonly string[];
}

/** Who is outside, or has ended. */
const AWAY = {
  position: 0,
  epoch: null,
  authenticator: null,
  history: [],
  viewHistory: [],
  roster: [],
  isMember: false,
  believes: false,
  designated: null,
  draft: null,
  outbox: [],
} as const;

export function sightOf<Content>(
  place: Place<Content>,
  inCall: boolean,
  epochs: Epochs,
  driver: Pick<Driver<Content>, 'nameOf'>,
): Sight {
  const { name, participant, crashed } = place;
  if (participant === null) return { ...AWAY, name, state: crashed ? 'crashed' : 'outside' };
  const state = stateOf(participant.snapshot);
  if (!inCall) return { ...AWAY, name, state };
  const { protocol, view, self, pending } = participant.snapshot.context;
  const group = participant.mls.hasGroup ? participant.mls : null;
  const isMember = state.startsWith('member');
  const designated = designatedCommitter(view);
  return {
    name,
    state,
    position: view.position,
    epoch: group?.epoch ?? null,
    authenticator: group === null ? null : hex(group.epochAuthenticator),
    history: group === null ? [] : epochs.historyOf(group),
    viewHistory: participant.viewHistory,
    roster: view.roster.map((id) => driver.nameOf(id)),
    isMember,
    believes: isMember && believedCommitter(protocol, view, self) === self,
    designated: designated === null ? null : driver.nameOf(designated),
    draft: pending === null ? null : place.drafted === null ? pending.kind : entryText(place.drafted.value),
    outbox: place.outbox.map(({ value }) => entryText(value)),
  };
}
