import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { stateOf } from '../../participant/recording.ts';
import { believedCommitter } from '../../protocol/committer.ts';
import { designatedCommitter, gone } from '../../protocol/view.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import type { Epochs, History } from './epochs.ts';
import { entryText, type Driver } from './participant.ts';
import { inCall, type Place } from './place.ts';

/** What can be seen of a participant from outside. */
export interface Sight {
  readonly name: string;
  /** The machine's state node; `crashed` where there is none any more, `dishonest` where there never is one. */
  readonly state: string;
  /** The log that it reads: 1 or 2. */
  readonly side: number;
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
  /** The members by its MLS group. */
  readonly group: readonly string[];
  /** Those of them who never joined, by its view. */
  readonly strangers: readonly string[];
  /** It takes itself for a member. */
  readonly isMember: boolean;
  /** It has left, by its view. */
  readonly isGone: boolean;
  /** It takes itself for the designated committer. */
  readonly believes: boolean;
  /** The designated committer by its view; null where there is none. */
  readonly designated: string | null;
  /** It was shown an entry of another log than its own. */
  readonly seesSplit: boolean;
  /** Why it is dead, by MLS; null where it is not, or by its machine alone. */
  readonly cause: string | null;
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
  group: [],
  strangers: [],
  isMember: false,
  isGone: false,
  believes: false,
  designated: null,
  seesSplit: false,
  cause: null,
  draft: null,
  outbox: [],
} as const;

/** The state that is shown of who follows no rule. */
export const DISHONEST = 'dishonest';

/** @param group the MLS group that it has, or null. */
export function sightOf<Content>(
  place: Place<Content>,
  group: MlsGroup | null,
  epochs: Epochs,
  driver: Pick<Driver<Content>, 'nameOf'>,
): Sight {
  const { name, side, participant, crashed } = place;
  const members = group?.roster.map(({ participant: id }) => driver.nameOf(id)) ?? [];
  const held = {
    epoch: group?.epoch ?? null,
    authenticator: group === null ? null : hex(group.epochAuthenticator),
    history: group === null ? [] : epochs.historyOf(group),
    group: members,
  };
  const away = { ...AWAY, name, side };
  if (place.insider !== null) return { ...away, ...held, state: DISHONEST };
  if (participant === null) return { ...away, state: crashed ? 'crashed' : 'outside' };
  const state = stateOf(participant.snapshot);
  if (!inCall(place)) return { ...away, state, cause: participant.cause };
  const { protocol, view, self, pending } = participant.snapshot.context;
  const isMember = state.startsWith('member');
  const designated = designatedCommitter(view);
  const joined = Object.keys(view.joined).map((id) => driver.nameOf(id));
  return {
    name,
    state,
    side,
    position: view.position,
    ...held,
    viewHistory: participant.viewHistory,
    roster: view.roster.map((id) => driver.nameOf(id)),
    strangers: members.filter((other) => !joined.includes(other)),
    isMember,
    isGone: gone(view, self),
    believes: isMember && believedCommitter(protocol, view, self) === self,
    designated: designated === null ? null : driver.nameOf(designated),
    seesSplit: participant.seesSplit,
    cause: null,
    draft: pending === null ? null : place.drafted === null ? pending.kind : entryText(place.drafted.value),
    outbox: place.outbox.map(({ value }) => entryText(value)),
  };
}
