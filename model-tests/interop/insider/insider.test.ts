/**
 * An insider signs wrong content: a member whose keys do whatever it likes. Each of its messages is refused with a code, leaves no
 * trace in who read it, and does not keep it from the commit that the log calls for.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { GroupKeeper, Mismatch, type Announced } from '../../../src/participant/GroupKeeper.ts';
import { loadMlsInNode } from '../../../src/mls/node.ts';
import { codeOf, observable } from '../../../src/mls/testing.ts';
import { digest, hex } from '../../../src/protocol/wire/bytes.ts';
import { emptyView } from '../../../src/protocol/view.ts';
import { table } from '../../../src/cli/output.ts';
import { READERS, type Attack } from './attack.ts';
import { CONTENT } from './content.ts';
import type { Forged } from './forge.ts';
import { FRAMING } from './framing.ts';
import { PATH } from './path.ts';
import { GROUP_ID, Scene } from './scene.ts';
import { forgeWelcome } from './welcome.ts';
import { OTHER_GROUPS, WELCOMES } from './welcomes.ts';

let scene: Scene;
/** What the log calls for, made below the API of ts-mls as well, and its Welcome. */
let genuine: Forged;
let welcome: Uint8Array;

beforeAll(async () => {
  loadMlsInNode();
  scene = await Scene.make();
  genuine = await scene.forge(scene.honest);
  welcome = await forgeWelcome(genuine.next, scene.signer, scene.insider.cipherSuite);
});

const arrives = (): string => hex(genuine.next.secrets.keySchedule.epochAuthenticator);

/** The commit that the log calls for is still taken: by a copy, so that the next attack meets the same group. */
function takesTheGenuineCommit(reader: Scene['own']): void {
  const copy = reader.copy();
  copy.process(genuine.commit, scene.expected);
  expect(hex(copy.epochAuthenticator)).toBe(arrives());
  copy.close();
}

function takesTheGenuineWelcome(): void {
  const copy = scene.joiner.copy();
  copy.welcome(welcome);
  expect(hex(copy.epochAuthenticator)).toBe(arrives());
  copy.close();
}

const rows: (readonly [kind: string, attack: string, code: string])[] = [];

async function attempt(
  kind: string,
  { name, code, make, expected, readers = READERS }: Attack,
): Promise<void> {
  const bytes = await make(scene);
  for (const reader of readers) {
    const mls = scene[reader];
    const before = observable(mls);
    const got = codeOf(() => mls.process(bytes, { ...scene.expected, ...expected?.(scene) }));
    expect(got, `${name}, ${reader}`).toBe(code);
    expect(observable(mls), `${name}, ${reader}`).toEqual(before);
    takesTheGenuineCommit(mls);
  }
  rows.push([kind, name, code]);
}

test('without a lie it is the commit and the Welcome that ts-mls would make', () => {
  for (const reader of READERS) takesTheGenuineCommit(scene[reader]);
  takesTheGenuineWelcome();
});

describe('a commit', () => {
  test.each(CONTENT)('content: $name', (it) => attempt('content', it));
  test.each(FRAMING)('framing: $name', (it) => attempt('framing', it));
  test.each(PATH)('path: $name', (it) => attempt('path', it));
});

describe('a Welcome', () => {
  test.each(WELCOMES)('$name', async ({ name, code, make }) => {
    const bytes = await make(scene);
    const before = observable(scene.joiner);
    expect(codeOf(() => scene.joiner.welcome(bytes))).toBe(code);
    expect(observable(scene.joiner)).toEqual(before);
    takesTheGenuineWelcome();
    rows.push(['Welcome', name, code]);
  });

  test.each(OTHER_GROUPS)('to a group that MLS has nothing against, but %s', async (name, code, make) => {
    const people = [scene.own, scene.other, scene.last, scene.joiner, scene.insider];
    const keys = people.map((it) => ({
      participant: it.participant,
      signatureKey: hex(
        'signatureKey' in it ? it.signatureKey : it.publicPackage.leafNode.signaturePublicKey,
      ),
    }));
    const announced: Announced = {
      authenticator: digest(genuine.next.secrets.keySchedule.epochAuthenticator),
      payload: { commit: genuine.commit, welcome: await make(scene) },
      groupId: GROUP_ID,
      view: {
        ...emptyView(''),
        roster: keys.map((it) => it.participant),
        joined: Object.fromEntries(
          keys.map(({ participant, signatureKey }) => [participant, { at: 1, signatureKey }]),
        ),
      },
      path: true,
    };
    const keeper = new GroupKeeper(scene.joiner.copy());
    const joins = (): void => keeper.welcome({ id: 'a commit' }, announced);
    expect(joins).toThrow(Mismatch);
    expect(joins).toThrow(/group_exists/);
    keeper.mls.close();
    const again = new GroupKeeper(scene.joiner.copy());
    expect(codeOfMismatch(() => again.welcome({ id: 'a commit' }, announced))).toBe(code);
    again.mls.close();
    takesTheGenuineWelcome();
    rows.push(['another group', name, `Mismatch ${code}`]);
  });
});

function codeOfMismatch(step: () => void): Mismatch['code'] | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof Mismatch) return error.code;
    throw error;
  }
}

/** How many there are at least; a list that lost its attacks does not pass. */
const FLOOR = 110;

test('the table of attacks', () => {
  console.log(`${rows.length} attacks\n${table(['what', 'attack', 'refused with'], rows)}`);
  expect(rows.length).toBeGreaterThanOrEqual(FLOOR);
});
