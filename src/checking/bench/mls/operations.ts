/**
 * What members of a group do, over the number of members: ours, and the same by ts-mls in a group of the same shape. Milliseconds are
 * of the processor; an export is too short for that clock.
 */
import type { MlsGroup } from '../../../mls/MlsGroup.ts';
import { BASE_KEY_LABEL } from '../../../media/sframe/index.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { TsMlsMember } from '../../interop/TsMlsMember.ts';
import { measure, processorTime, type Effort, type Measured } from '../measure.ts';
import { row, type Row } from '../row.ts';
import { expectedAdds, newMember, newReference, type Crowd, type Room } from './room.ts';

const NOTHING = new Uint8Array();

interface Operation {
  readonly name: string;
  readonly unit: 'ms' | 'µs';
  readonly ours: () => Promise<Measured>;
  readonly reference: () => Promise<Measured>;
}

/** A copy of a group for each repetition of what changes it. */
const onCopies = (effort: Effort, mls: MlsGroup, run: (it: MlsGroup) => void): Promise<Measured> =>
  measure(effort, { prepare: () => mls.copy(), run, done: (it) => it.close() }, processorTime);

const onReferences = (
  effort: Effort,
  it: TsMlsMember,
  run: (it: TsMlsMember) => unknown,
): Promise<Measured> => measure(effort, { prepare: () => it.copy(), run }, processorTime);

/** Making a commit, with what its maker needs to go on from it. It is dropped again. */
const making = (
  effort: Effort,
  mls: MlsGroup,
  adds: readonly Uint8Array[],
  removes: readonly string[],
  path: boolean,
): Promise<Measured> =>
  measure(
    effort,
    { prepare: () => mls, run: (it) => it.commit(adds, removes, path), done: (it) => it.discard() },
    processorTime,
  );

/** In a group of two: who is removed is another one in each of the two groups, and nobody is there to process it. */
function removingTheOther(room: Room, [ours, theirs]: readonly [Effort, Effort]): Operation {
  const { committer, bystander, reference, committerOfReference } = room;
  return {
    name: 'remove',
    unit: 'ms',
    ours: () => making(ours, committer, [], [bystander.participant], false),
    reference: () =>
      onReferences(theirs, reference, (it) => it.commit([], [committerOfReference.participant])),
  };
}

/** The operations in one room. `efforts`: ours, the reference's. */
export async function operationRows(
  room: Room,
  crowd: Crowd,
  [ours, theirs]: readonly [Effort, Effort],
  onRow: (row: Row) => void,
): Promise<void> {
  const { members, committer, bystander, reference, committerOfReference, leaver } = room;
  const batch = crowd.take(members, members + LIMITS.batch);
  const packages = batch.map((it) => it.keyPackage);
  const first = packages.slice(0, 1);

  /** One commit, as the committer of each of the two groups makes it. */
  const pairOf = (
    adds: readonly Uint8Array[],
    removes: readonly string[],
  ): readonly [Uint8Array, Uint8Array] => {
    const commitOf = (mls: MlsGroup): Uint8Array => {
      const { commit } = mls.commit(adds, removes, false);
      mls.discard();
      return commit;
    };
    return [commitOf(committer), commitOf(committerOfReference)];
  };
  const processing = (name: string, count: number, removes: readonly string[]): Operation => {
    const joiners = batch.slice(0, count);
    const [mine, other] = pairOf(
      joiners.map((it) => it.keyPackage),
      removes,
    );
    const expected = { committer: committer.participant, adds: expectedAdds(joiners), removes, path: false };
    return {
      name,
      unit: 'ms',
      ours: () => onCopies(ours, bystander, (it) => it.process(mine, expected)),
      reference: () => onReferences(theirs, reference, (it) => it.process(other)),
    };
  };
  const committing = (name: string, adds: readonly Uint8Array[], removes: readonly string[]): Operation => ({
    name,
    unit: 'ms',
    ours: () => making(ours, committer, adds, removes, false),
    reference: () => onReferences(theirs, reference, (it) => it.commit(adds, removes)),
  });

  const joiner = newMember();
  const theirJoiner = await newReference();
  const { welcome } = committer.commit([joiner.keyPackage, theirJoiner.keyPackage], [], false);
  committer.discard();
  const removal: readonly Operation[] =
    leaver === null
      ? [removingTheOther(room, [ours, theirs])]
      : [committing('remove', [], [leaver]), processing('process a remove', 0, [leaver])];
  const operations: readonly Operation[] = [
    committing('add', first, []),
    ...removal.slice(0, 1),
    committing('rotate', [], []),
    processing('process an add', 1, []),
    ...removal.slice(1),
    {
      name: 'join',
      unit: 'ms',
      ours: () => onCopies(ours, joiner, (it) => it.welcome(welcome)),
      reference: () => onReferences(theirs, theirJoiner, (it) => it.welcome(welcome)),
    },
    committing(`add ${LIMITS.batch} at once`, packages, []),
    processing(`process ${LIMITS.batch} adds`, LIMITS.batch, []),
    {
      name: 'export',
      unit: 'µs',
      ours: () =>
        measure(ours, {
          prepare: () => committer,
          run: (it) => it.exportSecret(BASE_KEY_LABEL, NOTHING, 16),
        }),
      reference: () =>
        measure(theirs, {
          prepare: () => reference,
          run: (it) => it.exportSecret(BASE_KEY_LABEL, NOTHING, 16),
        }),
    },
  ];
  for (const { name, unit, ours: mine, reference: other } of operations) {
    const factor = unit === 'ms' ? 1 : 1000;
    const [a, b] = [await mine(), await other()];
    onRow(
      row({
        case: `${name}, ${members} members`,
        unit,
        ours: a.median * factor,
        reference: b.median * factor,
        repetitions: [a.repetitions, b.repetitions],
        point: { curve: name, members },
      }),
    );
  }
  joiner.close();
}
