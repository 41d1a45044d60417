/** The limit of ts-mls that the schedules go around, so that it is known when it is none any more. */
import { beforeAll, expect, test } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { TsMlsMember } from '../../src/checking/interop/TsMlsMember.ts';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { codeOf, id, member } from '../../src/mls/testing.ts';
import { leftHalfIsBlank } from './limits.ts';

beforeAll(loadMlsInNode);

test('a path in a tree whose left half is blank: our members agree, and ts-mls is one derivation further', async () => {
  const [a, b, c, d] = [member(), member(), member(), member()] as const;
  const theirs = await TsMlsMember.create({ participant: id(), now: Date.now() / 1000 });
  a.found(Uint8Array.of(1));
  a.merge();
  const begins = a.commit(
    [b, c, d, theirs].map((it) => it.keyPackage),
    [],
    false,
  );
  a.merge();
  for (const it of [b, c, d]) it.welcome(begins.welcome);
  await theirs.welcome(begins.welcome);
  // Leaves 0 to 3 are in the left half; c is at 2, theirs at 4: everybody left of it goes.
  const e = member();
  const added = a.commit([e.keyPackage], [], true);
  const adds = [{ participant: e.participant, keyPackageHash: sha256(e.keyPackage) }];
  for (const it of [b, c, d])
    it.process(added.commit, { committer: a.participant, adds, removes: [], path: true });
  await theirs.process(added.commit);
  a.merge();
  e.welcome(added.welcome);
  expect(e.ownLeafIndex).toBe(5);

  const removes = [a, b, c, d].map((it) => it.participant);
  const staying = e.roster.filter((it) => !removes.includes(it.participant)).map((it) => it.leafIndex);
  expect([leftHalfIsBlank([0, ...staying]), leftHalfIsBlank(staying)]).toEqual([false, true]);
  const byThem = await theirs.commit([], removes);
  theirs.discard();
  const expected = { committer: theirs.participant, adds: [], removes, path: true };
  expect(codeOf(() => e.process(byThem.commit, expected))).toBe('bad_tag');
  const byUs = e.commit([], removes, true);
  await expect(theirs.process(byUs.commit)).rejects.toThrow('confirmation tag');
});
