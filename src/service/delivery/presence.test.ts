import { afterEach, describe, expect, test } from 'vitest';
import { startService, type Service } from '../server.ts';
import type { ServiceLimits } from './limits.ts';
import { Client, hexBytes, newInvite, until } from '../testing.ts';

let service: Service | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});
async function start(limits: Partial<ServiceLimits> = {}): Promise<Service> {
  service = await startService({ limits: { graceMs: 60_000, ...limits } });
  return service;
}
const invite = newInvite();
const client = ({ url }: Service, id?: string): Client => new Client(url, invite, id);
const kinds = (it: Client): readonly string[] => it.entries.map(({ kind }) => kind);

describe('who comes back before its leave', () => {
  // "before it, the same participant resumes from its position"
  test('resumes from its position with its token, and lacks and repeats nothing', async () => {
    const room = await start();
    const [a, b] = [client(room), client(room)];
    const token = await a.joins();
    await b.joins();
    await until(() => a.entries.length === 2);
    a.socket.terminate();
    await until(() => room.stats().connections === 1);
    await b.appends(await b.drafts());
    const again = client(room, a.id);
    await again.resumes(token, 3);
    expect((await again.first('joined')).token).toBe(token);
    await again.appends(await again.drafts());
    await until(() => again.entries.length === 2);
    expect(again.entries).toEqual([
      { position: 3, kind: 'handover' },
      { position: 4, kind: 'handover' },
    ]);
    await until(() => kinds(b).length === 4);
    expect(kinds(b)).toEqual(['join', 'join', 'handover', 'handover']);
  });

  test('takes the place of its older connection', async () => {
    const room = await start();
    const a = client(room);
    const token = await a.joins();
    const again = client(room, a.id);
    await again.resumes(token, 1);
    await again.first('joined');
    expect(await a.refusal()).toBe('replaced, closed 1008');
    await again.appends(await again.drafts());
    await until(() => again.entries.length === 2);
    expect(kinds(again)).toEqual(['join', 'handover']);
  });

  test.each([
    ['another token', 'right id', 1],
    ['an id that never joined', 'wrong id', 1],
  ])('with %s is nobody', async (_, which) => {
    const room = await start();
    const a = client(room);
    const token = await a.joins();
    const again = client(room, which === 'right id' ? a.id : hexBytes(16));
    await again.resumes(which === 'right id' ? hexBytes(16) : token, 1);
    expect(await again.refusal()).toBe('unknown_participant, closed 1008');
    await a.appends(await a.drafts());
    await until(() => a.entries.length === 2);
  });

  test('from behind the end gets what comes; from 0 everything', async () => {
    const room = await start();
    const a = client(room);
    const token = await a.joins();
    const ahead = client(room, a.id);
    await ahead.resumes(token, 100);
    await ahead.first('joined');
    const zero = client(room, a.id);
    await zero.resumes(token, 0);
    await until(() => zero.entries.length === 1);
    expect(ahead.entries).toEqual([]);
  });
});

describe('who goes', () => {
  // "a closed tab says so at once"
  test.each([1000, 1001])('with close %d has left at once', async (code) => {
    const room = await start();
    const [a, b] = [client(room), client(room)];
    const token = await a.joins();
    await b.joins();
    a.socket.close(code);
    await until(() => kinds(b).at(-1) === 'leave');
    const again = client(room, a.id);
    await again.resumes(token, 1);
    expect(await again.refusal()).toBe('unknown_participant, closed 1008');
  });

  test('with a leave reads it, and appends nothing more', async () => {
    const room = await start();
    const [a, b] = [client(room), client(room)];
    await a.joins();
    await b.joins();
    const draft = await a.drafts();
    a.say({ type: 'leave' });
    await a.appends(draft);
    expect(await a.closed()).toBe(1000);
    expect(kinds(a)).toEqual(['join', 'join', 'leave']);
    await until(() => kinds(b).length === 3);
    expect(kinds(b)).toEqual(['join', 'join', 'leave']);
  });

  // "grace before a lost connection becomes a `leave`"
  test('without a word has left after the grace, and not while it is back', async () => {
    const room = await start({ graceMs: 150 });
    const [a, b, c] = [client(room), client(room), client(room)];
    const token = await a.joins();
    await b.joins();
    await c.joins();
    a.socket.terminate();
    const again = client(room, a.id);
    await again.resumes(token, 1);
    await again.first('joined');
    b.socket.terminate();
    await until(() => kinds(c).includes('leave'));
    await again.appends(await again.drafts());
    await until(() => kinds(c).at(-1) === 'handover');
    expect(kinds(c)).toEqual(['join', 'join', 'join', 'leave', 'handover']);
  });

  // "Liveness pings are answered by the worker that runs the machine"
  test('and does not answer pings is lost', async () => {
    const room = await start({ pingMs: 40, graceMs: 40 });
    const [frozen, b] = [client(room), client(room)];
    await frozen.joins();
    await b.joins();
    frozen.answersPings = false;
    await until(() => kinds(b).at(-1) === 'leave');
    expect(await frozen.closed()).toBe(1006);
    expect(frozen.all('ping').length).toBeGreaterThanOrEqual(2);
    expect(b.closedBy).toBe(null);
  });
});

test('a room without connections ends, and the next one there has another log', async () => {
  const room = await start({ emptyRoomMs: 30, graceMs: 10 });
  const a = client(room);
  await a.joins();
  const log = await a.log();
  a.socket.close(1000);
  await until(() => room.stats().rooms === 0);
  const b = client(room);
  expect(await b.log()).not.toBe(log);
  await b.joins();
  await until(() => b.entries.length === 1);
});
