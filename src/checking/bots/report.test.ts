import { beforeAll, expect, test } from 'vitest';
import { loadMlsInNode } from '../../mls/node.ts';
import { Scene, type Person } from '../../participant/testing.ts';
import { CallWatch } from './CallWatch.ts';
import { distributionOf, quantile, reportOf, type BotsReport, type Reported } from './report.ts';

const scene = new Scene();
let people: Person[] = [];
beforeAll(() => {
  loadMlsInNode();
  people = ['a', 'b', 'c'].map((name) => scene.join(name));
  scene.settle();
});

const reported = ({ name, id, participant, authenticator, state }: Person, i: number): Reported => ({
  ...{ name, state, participant, authenticator, part: null, gone: false, gaveUp: false, ids: [id] },
  ...{ connectedAt: 1_000, memberAt: 2_000 + 1_000 * i, bytesReceived: 10 * i, troubles: [] },
});

const USAGE = { cpuSeconds: 1, memoryMiB: 1, stallSeconds: 0 };
const TIMES = { startedAt: 500, togetherAt: 5_000 };
const GONE = { part: { going: 'crashes', moment: 'waiting' }, gone: true } as const;

/** What is told of three bots of which the last is otherwise. */
function told(change: Partial<Reported>, watch = new CallWatch(0)): BotsReport {
  const bots = people.map((person, i) => ({ ...reported(person, i), ...(i === 2 && change) }));
  return reportOf(bots, watch, TIMES, USAGE);
}

test('all is well', () => {
  expect(told({})).toMatchObject({
    ...{ ok: true, bots: 3, staying: 3, admitted: 3, authenticators: 1, rejoins: 0, missing: [] },
    ...{ admittedSeconds: 3.5, togetherSeconds: 4.5, joining: { p50: 2, p99: 3, max: 3 } },
    bytesReceived: { mean: 10, max: 20 },
  });
});

test('it is not, where a surprise was seen and the bots are together all the same', () => {
  const watch = new CallWatch(0);
  const [a, b] = people as [Person, Person];
  watch.isIn('one', a.participant);
  watch.isIn('two', b.participant);
  expect(told({}, watch)).toMatchObject({
    ok: false,
    apart: null,
    missing: [],
    surprises: [expect.any(String)],
  });
});

test('who is missing is named, with what went wrong last', () => {
  const troubles = ['connection', 'room_full'].map((code) => ({ code, message: `says ${code}` }));
  const gaveUp = {
    gaveUp: true,
    authenticator: null,
    memberAt: null,
    participant: null,
    state: 'none',
    troubles,
  };
  expect(told(gaveUp)).toMatchObject({
    ...{ ok: false, admitted: 2, admittedSeconds: null, troubles: { connection: 1, room_full: 1 } },
    missing: [{ bot: 'c', state: 'none', code: 'room_full', message: 'says room_full' }],
  });
  expect(told({ authenticator: 'another' })).toMatchObject({
    ...{ ok: false, authenticators: 2, apart: 'there are 2 authenticators' },
    missing: [{ bot: 'c', code: null, message: 'in another epoch than most' }],
  });
});

test('who was to go is not missed', () => {
  expect(told({ ...GONE, participant: null, authenticator: null, memberAt: null, ids: [] })).toMatchObject({
    ...{ ok: true, bots: 3, crashed: 1, left: 0, staying: 2, admitted: 2, missing: [] },
  });
});

test('quantiles are values that occurred', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([0, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100]);
  expect(distributionOf([3, 1, 2])).toEqual({ p50: 2, p99: 3, max: 3 });
  expect(distributionOf([])).toBeNull();
});
