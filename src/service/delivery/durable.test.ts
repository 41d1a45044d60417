/** Logs that outlive the service, and logs that fail it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { LogError, type LogStore } from '../../log/DeliveryLog.ts';
import { LibsqlLogStore } from '../../log/libsql/LibsqlLogStore.ts';
import { MemoryLog, MemoryLogStore } from '../../log/memory.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { startService, type Service } from '../server.ts';
import { Client, hexBytes, newInvite, storeOf, until } from '../testing.ts';
import type { ServiceLimits } from './limits.ts';
import { resumeToken, sameToken } from './resumeToken.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
async function start(store: LogStore, limits: Partial<ServiceLimits> = {}): Promise<Service> {
  const service = await startService({ store, limits: { graceMs: 60_000, ...limits } });
  services.push(service);
  return service;
}
const invite = newInvite();
const client = ({ url }: Service, id?: string, of = invite): Client => new Client(url, of, id);
const kinds = (it: Client): readonly string[] => it.entries.map(({ kind }) => kind);

/** A log that takes nothing while it fails. */
class FailingLog extends MemoryLog {
  fails = false;
  override append(entry: WireEntry, at?: number): Promise<number> {
    if (!this.fails) return super.append(entry, at);
    return Promise.reject(new LogError('log_unavailable', 'the disk of /secret/path is full'));
  }
}

describe('after a restart of the service', () => {
  test('who has not left resumes with the token of before; who has, does not; nobody has to be there', async () => {
    const store = new MemoryLogStore();
    const first = await start(store);
    const [a, b, c] = [client(first), client(first), client(first)];
    const [tokenA, tokenB, tokenC] = [await a.joins(), await b.joins(), await c.joins()];
    c.socket.close(1000);
    await until(() => kinds(a).includes('leave'));
    await first.close();

    const second = await start(store);
    const again = client(second, a.id);
    expect(await again.log()).toBe(await a.log());
    await again.resumes(tokenA, 5);
    expect((await again.first('joined')).token).toBe(tokenA);
    await again.appends(await again.drafts());
    await until(() => again.entries.length === 1);
    expect(again.entries).toEqual([{ position: 5, kind: 'handover' }]);
    for (const [id, token] of [
      [c.id, tokenC],
      [b.id, tokenA],
      [hexBytes(16), tokenB],
    ] as const) {
      const wrong = client(second, id);
      await wrong.resumes(token, 1);
      expect(await wrong.refusal()).toBe('unknown_participant, closed 1008');
    }
    const late = client(second, b.id);
    await late.resumes(tokenB, 1);
    await until(() => late.entries.length === 5);
    const next = client(second);
    await next.joins();
    await until(() => next.entries.length === 6);
    expect(kinds(next)).toEqual(['join', 'join', 'join', 'leave', 'handover', 'join']);
  });

  test('an id of before joins no second time', async () => {
    const store = new MemoryLogStore();
    const first = await start(store);
    const a = client(first);
    await a.joins();
    await first.close();
    const again = client(await start(store), a.id);
    await again.asks();
    expect(await again.refusal()).toBe('id_used, closed 1008');
  });

  // "a restart of the service counts anew"
  test('who does not come back has left when a whole grace is over', async () => {
    const store = new MemoryLogStore();
    const first = await start(store, { graceMs: 400 });
    const [a, b] = [client(first), client(first)];
    const token = await a.joins();
    await b.joins();
    b.socket.terminate();
    await first.close();
    const second = await start(store, { graceMs: 400 });
    const began = performance.now();
    const again = client(second, a.id);
    await again.resumes(token, 3);
    await until(() => kinds(again).includes('leave'));
    expect(performance.now() - began).toBeGreaterThan(350);
    expect(again.entries).toEqual([{ position: 3, kind: 'leave' }]);
  });

  test('a room to which nobody comes back is dropped, and one to which somebody does is not', async () => {
    const store = new MemoryLogStore();
    const first = await start(store);
    const other = newInvite();
    const [a, b] = [client(first), client(first, undefined, other)];
    const token = await a.joins();
    await b.joins();
    await first.close();
    const second = await start(store, { keptRoomMs: 300 });
    const again = client(second, a.id);
    await again.resumes(token, 1);
    await again.first('joined');
    expect(await store.rooms()).toHaveLength(2);
    await until(() => second.stats().rooms === 1);
    await expect.poll(() => store.rooms()).toEqual([invite.room]);
    expect(again.closedBy).toBe(null);
  });

  test('tokens are of one log, one participant and one secret', () => {
    const [secret, log, id] = [Buffer.alloc(32, 1), hexBytes(16), hexBytes(16)];
    const token = resumeToken(secret, log, id);
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(sameToken(token, resumeToken(secret, log, id))).toBe(true);
    for (const other of [
      resumeToken(Buffer.alloc(32, 2), log, id),
      resumeToken(secret, hexBytes(16), id),
      resumeToken(secret, log, hexBytes(16)),
      token.slice(2),
    ])
      expect(sameToken(token, other)).toBe(false);
  });
});

describe('a log that takes nothing', () => {
  test('everybody in the call is told, stays, and goes on when it takes entries again', async () => {
    const log = new FailingLog();
    const service = await start(storeOf(() => Promise.resolve(log)));
    const [a, b] = [client(service), client(service)];
    await a.joins();
    await b.joins();
    log.fails = true;
    await a.appends(await a.drafts());
    expect(await a.refusal()).toBe('log_unavailable');
    expect(await b.refusal()).toBe('log_unavailable');
    expect(a.all('error')[0]?.message).not.toContain('secret');
    const late = client(service);
    await late.asks();
    expect(await late.refusal()).toBe('log_unavailable, closed 1008');
    log.fails = false;
    await a.appends(await a.drafts());
    await until(() => kinds(b).includes('handover'));
    expect([a.closedBy, b.closedBy, kinds(b)]).toEqual([null, null, ['join', 'join', 'handover']]);
  });

  test('who leaves has left as soon as it does', async () => {
    const log = new FailingLog();
    const service = await start(
      storeOf(() => Promise.resolve(log)),
      { graceMs: 100 },
    );
    const [a, b] = [client(service), client(service)];
    const token = await a.joins();
    await b.joins();
    log.fails = true;
    a.socket.close(1000);
    expect(await b.refusal()).toBe('log_unavailable');
    const again = client(service, a.id);
    await again.resumes(token, 1);
    expect(await again.refusal()).toBe('unknown_participant, closed 1008');
    log.fails = false;
    await until(() => kinds(b).includes('leave'));
    expect(kinds(b)).toEqual(['join', 'join', 'leave']);
  });

  test('does not open: whoever comes is told, and other rooms feel nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'committer-durable-'));
    try {
      const first = await LibsqlLogStore.open({ folder });
      const service = await start(first);
      const other = newInvite();
      const [a, b] = [client(service), client(service, undefined, other)];
      await a.joins();
      await b.joins();
      await services.pop()?.close();
      await first.close();
      const file = join(folder, 'calls.db');
      const bytes = readFileSync(file);
      const at = bytes.indexOf(Buffer.from(a.id, 'hex'));
      expect(at).toBeGreaterThan(0);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);

      const store = await LibsqlLogStore.open({ folder });
      const again = await start(store);
      const damaged = client(again);
      expect(await damaged.refusal()).toBe('log_corrupt, closed 1013');
      expect(damaged.all('log')).toEqual([]);
      const whole = client(again, undefined, other);
      await whole.joins();
      await until(() => whole.entries.length === 2);
      expect(again.stats().refused).toEqual({ log_corrupt: 1 });
      await services.pop()?.close();
      await store.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
