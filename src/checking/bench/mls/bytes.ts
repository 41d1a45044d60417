/** The bytes of one commit and its Welcome, with the ratchet tree in it and without. */
import { treeBytesIn } from '../../interop/openWelcome.ts';
import { row, type Row } from '../row.ts';
import { newReference, type Crowd, type Room } from './room.ts';

/** Joiners of one commit. */
const JOINERS = [1, 10, 64];

/** The reference of these rows is the Welcome without the tree. */
export async function byteRows({ members, committer }: Room, crowd: Crowd): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const joiners of JOINERS) {
    const scale = await newReference();
    const others = crowd.take(members, members + joiners - 1).map((it) => it.keyPackage);
    const { commit, welcome } = committer.commit([scale.keyPackage, ...others], [], false);
    committer.discard();
    const without = welcome.length - (await treeBytesIn(welcome, scale));
    const of = `${joiners} joining ${members} members`;
    const point = { curve: `Welcome of ${joiners}`, members };
    rows.push(
      row({
        case: `Welcome of ${of}, to one without the tree`,
        unit: 'bytes',
        ours: welcome.length,
        reference: without,
        repetitions: [1, 1],
        point,
      }),
      row({
        case: `commit of ${of}`,
        unit: 'bytes',
        ours: commit.length,
        reference: null,
        repetitions: [1, 0],
      }),
    );
  }
  return rows;
}
