/** Admitting many joiners in commits of B: what it costs who commits, and everybody who reads it, in time and in bytes. */
import { TsMlsMember } from '../../interop/TsMlsMember.ts';
import { treeBytesIn } from '../../interop/openWelcome.ts';
import { processorTime } from '../measure.ts';
import { row, type Row } from '../row.ts';
import { expectedAdds, newId, newMember, newReference, type Crowd } from './room.ts';

/** All of one admission. Times in milliseconds of processor, bytes as they go over the wire. */
export interface Admission {
  readonly batch: number;
  readonly joiners: number;
  readonly commits: number;
  readonly committer: number;
  readonly bystander: number;
  /** What the committer sends: commits and Welcomes. */
  readonly sent: number;
  /** What all members and joiners read, where a Welcome with its tree goes to everybody: as it is. */
  readonly readAsItIs: number;
  /** Where a Welcome goes to those alone whom it adds. */
  readonly readByJoiners: number;
  /** Where the tree is apart from the Welcome, and joiners alone fetch it. */
  readonly readTreeApart: number;
}

/** From a group of two: the committer, and one who reads all of it. */
export async function admit(joiners: number, batch: number, crowd: Crowd): Promise<Admission> {
  const [committer, bystander] = [newMember(), newMember()];
  committer.found(Uint8Array.of(1));
  committer.merge();
  bystander.welcome(committer.commit([bystander.keyPackage], [], false).welcome);
  committer.merge();
  let [members, commits, making, reading] = [2, 0, 0, 0];
  let [sent, asItIs, byJoiners, treeApart] = [0, 0, 0, 0];
  for (let at = 0; at < joiners; at += batch) {
    const count = Math.min(batch, joiners - at);
    // One of each commit is a reference's, whose keys open the Welcome: its tree can be weighed then.
    const scale = await newReference();
    const added = [scale, ...crowd.take(at + 1, at + count)];
    const packages = added.map((it) => it.keyPackage);
    const before = processorTime();
    const made = committer.commit(packages, [], false);
    committer.merge();
    making += processorTime() - before;
    const adds = expectedAdds(added);
    const started = processorTime();
    bystander.process(made.commit, { committer: committer.participant, adds, removes: [], path: false });
    reading += processorTime() - started;
    const tree = await treeBytesIn(made.welcome, scale);
    const [commit, welcome] = [made.commit.length, made.welcome.length];
    const readers = members + count;
    sent += commit + welcome;
    asItIs += readers * (commit + welcome);
    byJoiners += readers * commit + count * welcome;
    treeApart += readers * (commit + welcome - tree) + count * tree;
    members += count;
    commits++;
  }
  committer.close();
  bystander.close();
  return {
    batch,
    joiners,
    commits,
    committer: making,
    bystander: reading,
    sent,
    readAsItIs: asItIs,
    readByJoiners: byJoiners,
    readTreeApart: treeApart,
  };
}

/** The same by ts-mls alone; times only. */
export async function admitByReference(
  joiners: number,
  batch: number,
  crowd: Crowd,
): Promise<Pick<Admission, 'committer' | 'bystander'>> {
  const now = Date.now() / 1000;
  const [committer, bystander] = [
    await TsMlsMember.create({ participant: newId(), now }),
    await TsMlsMember.create({ participant: newId(), now }),
  ];
  await committer.found(Uint8Array.of(1));
  const begins = await committer.commit([bystander.keyPackage], []);
  committer.merge();
  await bystander.welcome(begins.welcome);
  let [making, reading] = [0, 0];
  for (let at = 0; at < joiners; at += batch) {
    const packages = crowd.take(at, Math.min(at + batch, joiners)).map((it) => it.keyPackage);
    const before = processorTime();
    const made = await committer.commit(packages, []);
    committer.merge();
    making += processorTime() - before;
    const started = processorTime();
    await bystander.process(made.commit);
    reading += processorTime() - started;
  }
  return { committer: making, bystander: reading };
}

/** Of repeated admissions in commits of one size: the lowest times of each, since what makes a long run dearer is the machine. */
export function admissionRows(
  runs: readonly Admission[],
  reference: Pick<Admission, 'committer' | 'bystander'> | null,
): readonly Row[] {
  const [first] = runs;
  if (first === undefined) throw new RangeError('no admission was measured');
  const { joiners, batch } = first;
  const name = `admit ${joiners} joiners in commits of ${batch}`;
  const timed = (who: 'committer' | 'bystander', text: string): Row =>
    row({
      case: `${name}: ${text}`,
      unit: 'ms a joiner',
      ours: Math.min(...runs.map((it) => it[who])) / joiners,
      reference: reference && reference[who] / joiners,
      repetitions: [runs.length, reference ? 1 : 0],
      point: { curve: text, members: batch },
    });
  const bytes = (text: string, reference: number): Row =>
    row({
      case: `${name}: read by all, ${text}`,
      unit: 'bytes a joiner',
      ours: first.readAsItIs / joiners,
      reference: reference / joiners,
      repetitions: [1, 1],
    });
  return [
    timed('committer', 'committer'),
    timed('bystander', 'bystander'),
    row({
      case: `${name}: sent`,
      unit: 'bytes a joiner',
      ours: first.sent / joiners,
      reference: null,
      repetitions: [1, 0],
    }),
    bytes('to the Welcome for joiners alone', first.readByJoiners),
    bytes('to the tree for joiners alone', first.readTreeApart),
  ];
}
