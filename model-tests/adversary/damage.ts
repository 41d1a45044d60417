import { exported, mediaKeysOf } from '../../src/checking/replay/frame.ts';
import type { Person } from '../../src/participant/testing.ts';
import type { Step } from '../../src/participant/Participant.ts';
import { designatedCommitter } from '../../src/protocol/view.ts';
import { originOf, type WireEntry } from '../../src/protocol/wire/hashes.ts';
import { hex } from '../../src/protocol/wire/bytes.ts';
import { decodeHeader } from '../../src/protocol/wire/header.ts';
import { ParseError } from '../../src/protocol/errors.ts';
import type { Damage } from './Case.ts';
import type { Stage } from './Stage.ts';

const isMember = (person: Person): boolean =>
  !person.participant.ended && person.state.startsWith('member') && person.mls.hasGroup;

const hasLeft = (stage: Stage, reader: Person, id: string): boolean =>
  stage.logOf(reader).some((wire) => {
    const header = headerOf(wire);
    return header?.kind === 'leave' && header.author === id;
  });

function headerOf({ header }: WireEntry): ReturnType<typeof decodeHeader> | null {
  try {
    return decodeHeader(header);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** The entry that a step read; null where it read none. */
export const readIn = (stage: Stage, person: Person, { placed }: Step): WireEntry | null =>
  placed === null ? null : (stage.logOf(person)[placed.position - 1] ?? null);

/** Whether `step` is the reading of a misdeed. */
export function isOfMisdeed(stage: Stage, person: Person, step: Step): boolean {
  const wire = readIn(stage, person, step);
  return wire !== null && stage.misdeeds.includes(wire);
}

/** Pairs of honest members who read the same log, each way round. */
function pairs(stage: Stage): readonly (readonly [Person, Person])[] {
  const members = stage.honest.filter(isMember);
  return members.flatMap((p) =>
    members
      .filter((q) => q !== p && stage.onOther.has(q) === stage.onOther.has(p))
      .map((q) => [p, q] as const),
  );
}

function isOut(stage: Stage, person: Person): boolean {
  const { participant, id, state } = person;
  if (hasLeft(stage, person, id) || state === 'dead') return false;
  if (state === 'evicted') return true;
  return person.state.startsWith('member') && !participant.view.roster.includes(id);
}

/** Whether it is in an epoch whose commit was drafted on another log than it read. */
function isOverTwoLogs(stage: Stage, { steps }: Person): boolean {
  const hashes = new Map([[0, originOf(stage.log.id)]]);
  let found = false;
  for (const { placed, refusal, effects } of steps) {
    if (placed === null) continue;
    hashes.set(placed.position, placed.hash);
    const { entry } = placed;
    const follows = effects.some(({ type }) => type === 'welcome' || type === 'process' || type === 'merge');
    if (refusal === null && entry.kind === 'commit' && follows) found ||= hashes.get(entry.at) !== entry.on;
  }
  return found;
}

function losesTheRole(stage: Stage, person: Person): boolean {
  return person.steps.some((step) => {
    const { before, after, refusal } = step;
    if (refusal !== null || after.status === 'done' || !isOfMisdeed(stage, person, step)) return false;
    return designatedCommitter(before.context.view) !== designatedCommitter(after.context.view);
  });
}

/** An honest member's commit counts for nothing, and not because of what the service did to it. */
function losesACommit(stage: Stage, person: Person): boolean {
  const ids = stage.honest.map(({ id }) => id);
  return person.steps.some((step) => {
    const { placed, refusal } = step;
    if (placed?.entry.kind !== 'commit' || refusal === null) return false;
    return ids.includes(placed.entry.author) && !isOfMisdeed(stage, person, step);
  });
}

interface Holder {
  readonly name: string;
  readonly mls: Person['mls'];
  readonly isOutside: boolean;
}

/**
 * Everybody who holds a group tries to open a frame of each honest member: who is in its epoch opens it, and nobody else. Counts
 * the tries, and how often somebody outside of the call opened one.
 */
async function frames(stage: Stage): Promise<{ opened: number; tried: number }> {
  const counts = { opened: 0, tried: 0 };
  const inside = stage.people.filter(isMember).map(({ name, mls }) => ({ name, mls, isOutside: false }));
  const outside = stage.outsiders.filter(({ mls }) => mls.hasGroup).map((it) => ({ ...it, isOutside: true }));
  const holders: readonly Holder[] = [...inside, ...outside];
  const keysOf = async ({ mls }: Holder): ReturnType<typeof mediaKeysOf> =>
    mediaKeysOf(mls, exported(mls).baseKey);
  const keys = new Map(await Promise.all(holders.map(async (it) => [it, await keysOf(it)] as const)));
  const honest = new Set(stage.honest.map(({ mls }) => mls));
  for (const sender of holders.filter(({ mls }) => honest.has(mls)))
    for (const receiver of holders) {
      const opens = await keys.get(sender)!.frame.opensWith(keys.get(receiver)!.held).result;
      const alike = hex(sender.mls.epochAuthenticator) === hex(receiver.mls.epochAuthenticator);
      if (opens !== alike)
        throw new Error(`${receiver.name} and a frame of ${sender.name}: ${String(opens)}`);
      counts.tried += 1;
      if (opens && receiver.isOutside) counts.opened += 1;
    }
  return counts;
}

/** All the damage that was done to honest people, and how often somebody tried to open a frame. */
export async function damageIn(stage: Stage): Promise<{ damage: readonly Damage[]; tried: number }> {
  const { honest } = stage;
  const known = honest.map(({ id }) => id).concat([...stage.dishonest].map(({ id }) => id));
  const isGhost = (reader: Person, id: string): boolean => !known.includes(id) || hasLeft(stage, reader, id);
  const isLingering = (reader: Person): boolean =>
    reader.participant.view.roster.some((id) => hasLeft(stage, reader, id));
  const { opened, tried } = await frames(stage);
  const done: readonly (readonly [Damage, boolean])[] = [
    ['somebody dead', honest.some(({ state }) => state === 'dead')],
    ['authenticators part', pairs(stage).some(([p, q]) => p.authenticator !== q.authenticator)],
    [
      'a ghost in the group',
      honest.some(
        (p) => isMember(p) && !isLingering(p) && p.mls.roster.some((q) => isGhost(p, q.participant)),
      ),
    ],
    ['a frame is opened', opened > 0],
    ['a live member is out', honest.some((p) => isOut(stage, p))],
    ['an epoch over two logs', honest.some((p) => isOverTwoLogs(stage, p))],
    ['the role is taken', honest.some((p) => losesTheRole(stage, p))],
    ['a commit is lost', honest.some((p) => losesACommit(stage, p))],
  ];
  return { damage: done.flatMap(([damage, is]) => (is ? [damage] : [])), tried };
}
