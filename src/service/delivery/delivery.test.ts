import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryLog, MemoryLogStore } from '../../log/memory.ts';
import { packEntry, SERVICE_VERSION } from '../../log/messages.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { utf8 } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { encodeCommitPayload, withholdParts } from '../../protocol/wire/payload.ts';
import { startService, type Service, type ServiceOptions } from '../server.ts';
import { Client, entryOf, hexBytes, joinOf, newInvite, storeOf, until } from '../testing.ts';

let service: Service | undefined;
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

async function start(options: ServiceOptions = {}): Promise<Service> {
  service = await startService({ ...options, limits: { graceMs: 60_000, ...options.limits } });
  return service;
}

afterEach(async () => {
  await service?.close();
  service = undefined;
  // Whatever a client says, nothing is thrown out of the service.
  expect(unhandled).toEqual([]);
});

const invite = newInvite();
const client = ({ url }: Service, id?: string): Client => new Client(url, invite, id);

describe('joining', () => {
  // "`join`: the service, when a participant connects"; "All participants read it from its start, in order"
  test('appends the join and gives the log from its start, to everybody in one order', async () => {
    const room = await start();
    const clients = [client(room), client(room), client(room)];
    for (const it of clients) await it.joins();
    await clients[1]!.appends(await clients[1]!.drafts());
    await until(() => clients.every((it) => it.entries.length === 4));
    const [first] = clients;
    for (const it of clients) expect(it.all('entry')).toEqual(first!.all('entry'));
    expect(first!.entries.map(({ kind }) => kind)).toEqual(['join', 'join', 'join', 'handover']);
    expect(first!.entries.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(new Set(await Promise.all(clients.map((it) => it.log()))).size).toBe(1);
    expect(room.stats()).toMatchObject({ rooms: 1, connections: 3, refused: {} });
  });

  // "the service and everybody else verify joins, and neither can forge one"
  test('is refused with the invite key of another room, or without its signature', async () => {
    const room = await start();
    const other = newInvite();
    const [a, b] = [client(room), client(room)];
    await a.asks(joinOf(await a.log(), other, a.id), other.key);
    expect(await a.refusal()).toBe('not_invited, closed 1008');
    await b.asks(joinOf(await b.log(), other, b.id), invite.key);
    expect(await b.refusal()).toBe('not_invited, closed 1008');
    expect(room.stats().refused).toEqual({ not_invited: 2 });
    const c = client(room);
    expect((await c.first('log')).length).toBe(0);
  });

  // "A participant id is used once"
  test('is refused for an id that was used, also after its leave', async () => {
    const room = await start();
    const a = client(room);
    await a.joins();
    const again = client(room, a.id);
    await again.asks();
    expect(await again.refusal()).toBe('id_used, closed 1008');
    a.say({ type: 'leave' });
    expect(await a.closed()).toBe(1000);
    const later = client(room, a.id);
    await later.asks();
    expect(await later.refusal()).toBe('id_used, closed 1008');
  });

  test('is refused for another log, an odd header, or a payload that is not the header’s', async () => {
    const room = await start();
    const a = client(room);
    const log = await a.log();
    const good = joinOf(log, invite, a.id);
    const odd = [
      joinOf(hexBytes(16), invite, a.id),
      { ...good, header: good.header.subarray(1) },
      { ...good, header: new Uint8Array() },
      { ...good, payload: new Uint8Array(5) },
      joinOf(log, invite, a.id, { payload: new Uint8Array(LIMITS.entry) }),
    ];
    for (const entry of odd) await a.asks(entry);
    await until(() => a.all('error').length === odd.length);
    for (const it of a.all('error')) expect([it.code, it.fatal]).toEqual(['entry_refused', false]);
    expect(a.all('error').at(-1)?.message).toMatch(/^an entry of \d+ bytes$/);
    await a.joins();
    await until(() => a.entries.length === 1);
  });

  test('comes first, once, and is a join', async () => {
    const room = await start();
    const [a, b, c] = [client(room), client(room), client(room)];
    await a.log();
    a.say({ type: 'leave' });
    expect(await a.refusal()).toBe('message_order, closed 1008');
    await b.joins();
    await b.asks(joinOf(await b.log(), invite));
    expect(await b.refusal()).toBe('message_order, closed 1008');
    await c.asks(await c.drafts());
    expect(await c.refusal()).toBe('message_order, closed 1008');
  });

  test('waits for a log that takes time to open, with all that was said meanwhile', async () => {
    const log = new MemoryLog();
    let open: (log: MemoryLog) => void = () => undefined;
    const store = storeOf(() => new Promise<MemoryLog>((resolve) => (open = resolve)));
    const room = await start({ store });
    const a = client(room);
    await until(() => a.socket.readyState === WebSocket.OPEN);
    const entry = packEntry(joinOf(log.id, invite, a.id));
    a.say({ type: 'join', version: SERVICE_VERSION, inviteKey: invite.key, entry });
    await until(() => a.socket.bufferedAmount === 0);
    // By the time that the service has answered something else, it has been handed the join.
    for (let i = 0; i < 3; i++) expect((await fetch(room.url)).status).toBe(404);
    open(log);
    await a.first('joined');
    expect(a.entries).toEqual([{ position: 1, kind: 'join' }]);
  });
});

describe('appending', () => {
  // "The service stamps authors from connections besides. Alone it speaks only in `leave`."
  test('is for what the participant itself drafted', async () => {
    const room = await start();
    const [a, b] = [client(room), client(room)];
    await a.joins();
    await b.joins();
    const log = await a.log();
    const draft = await a.drafts();
    const large = new Uint8Array(1_000);
    const odd = [
      await a.drafts(undefined, b.id),
      entryOf({ kind: 'leave', log, author: b.id }, invite),
      entryOf({ kind: 'leave', log, author: a.id }, invite),
      joinOf(log, invite),
      { ...draft, payload: new Uint8Array(1) },
      { ...draft, header: new Uint8Array([...draft.header, 0]) },
      await a.drafts(new Uint8Array(LIMITS.entry)),
      await a.drafts(utf8('no parts')),
      await a.drafts(withholdParts(encodeCommitPayload({ commit: large, welcome: large }), [])),
    ];
    for (const entry of odd) await a.appends(entry);
    await until(() => a.all('error').length === odd.length);
    for (const it of a.all('error')) expect([it.code, it.fatal]).toEqual(['entry_refused', false]);
    await a.appends(draft);
    await until(() => b.entries.length === 2 + 1 || b.entries.at(-1)?.kind === 'handover');
    expect(a.entries.map(({ kind }) => kind)).toEqual(['join', 'join', 'handover']);
    expect(room.stats().refused).toEqual({ entry_refused: odd.length });
  });

  test('takes an entry of the largest size', async () => {
    const room = await start();
    const a = client(room);
    await a.joins();
    const probe = await a.drafts(
      encodeCommitPayload({ commit: new Uint8Array(), welcome: new Uint8Array() }),
    );
    const overhead = probe.header.length + probe.signature.length + probe.payload.length;
    await a.appends(
      await a.drafts(
        encodeCommitPayload({ commit: new Uint8Array(LIMITS.entry - overhead), welcome: new Uint8Array() }),
      ),
    );
    await until(() => a.entries.at(-1)?.kind === 'commit');
    expect(a.all('error')).toEqual([]);
  });

  test('ends where the log is full, and so does leaving, without harm', async () => {
    const store = new MemoryLogStore(2);
    const room = await start({ store });
    const [a, b, c] = [client(room), client(room), client(room)];
    await a.joins();
    await b.joins();
    await c.asks();
    expect(await c.refusal()).toBe('log_full, closed 1008');
    await a.appends(await a.drafts());
    expect(await a.refusal()).toBe('log_full, closed 1008');
    b.socket.close(1001);
    await b.closed();
    await until(() => room.stats().connections === 0);
    const d = client(room);
    expect((await d.first('log')).length).toBe(2);
  });
});

describe('a connection that says what is no message', () => {
  const odd: readonly (readonly [string, string | Buffer])[] = [
    ['no JSON', 'hello'],
    ['another type', '{"type":"evict"}'],
    ['another version', '{"type":"join","version":2}'],
    ['no object', 'null'],
    ['bytes', Buffer.from('{"type":"pong"}')],
    ['no base64url', `{"type":"append","entry":{"header":"A","signature":"","payload":""}}`],
  ];
  test.each(odd)('%s: it is closed, and the room goes on', async (name, data) => {
    const room = await start();
    const [a, b] = [client(room), client(room)];
    await a.joins();
    await b.joins();
    a.socket.send(data);
    expect(await a.refusal()).toBe('malformed_message, closed 1008');
    await b.appends(await b.drafts());
    await until(() => b.entries.at(-1)?.kind === 'handover');
    expect(room.stats().refused, name).toEqual({ malformed_message: 1 });
  });

  test('a message that is too long for any entry', async () => {
    const room = await start();
    const a = client(room);
    await a.joins();
    a.socket.send('x'.repeat(3 << 20));
    expect(await a.closed()).toBe(1009);
    expect(room.stats().refused).toEqual({ malformed_message: 1 });
    const b = client(room);
    await b.joins();
  });

  test('frames that are no WebSocket frames', async () => {
    const room = await start();
    const a = client(room);
    await a.joins();
    (a.socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(
      Buffer.alloc(100, 0xff),
    );
    expect([1002, 1006]).toContain(await a.closed());
    expect(room.stats().refused).toEqual({ malformed_message: 1 });
    const b = client(room);
    await b.joins();
  });

  test('more messages than its burst', async () => {
    const room = await start({ limits: { messageBurst: 5, messagesPerSecond: 0 } });
    const a = client(room);
    await a.joins();
    for (let i = 0; i < 10; i++) a.say({ type: 'pong' });
    expect(await a.refusal()).toBe('too_many_messages, closed 1008');
    const b = client(room);
    await b.joins();
  });
});

describe('limits', () => {
  test('a connection over the limit, a room over the limit', async () => {
    const room = await start({ limits: { connections: 2, rooms: 1 } });
    const a = client(room);
    await a.joins();
    const other = new Client(room.url, newInvite());
    expect(await other.closed()).toBe(1013);
    const b = client(room);
    await b.joins();
    const c = client(room);
    expect(await c.closed()).toBe(1006);
    expect(room.stats().refused).toEqual({ server_full: 1, too_many_connections: 1 });
  });

  /** Counts for nothing, and is handed on whole to everybody: what a join says is for all. */
  const largeJoin = (log: string): WireEntry =>
    joinOf(log, invite, hexBytes(16), {
      payload: encodeCommitPayload({
        commit: new Uint8Array(LIMITS.entry - 4_096),
        welcome: new Uint8Array(),
      }),
    });

  // A newcomer reads a log that is larger than its queue: the service waits for it.
  test('a long log is read to its end, however small the queue', async () => {
    const log = new MemoryLog();
    const store = storeOf(() => Promise.resolve(log));
    const room = await start({ store, limits: { queueBytes: 2 << 20 } });
    for (let i = 0; i < 24; i++) await log.append(largeJoin(log.id));
    const a = client(room);
    await a.joins();
    await until(() => a.entries.length === 25);
    expect(a.entries.map(({ position }) => position)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(room.stats().refused).toEqual({});
  });

  test('a slow reader is cut off, and the others are not', async () => {
    const log = new MemoryLog();
    const store = storeOf(() => Promise.resolve(log));
    const room = await start({ store, limits: { queueBytes: 1 << 20 } });
    const [slow, quick] = [client(room), client(room)];
    await slow.joins();
    await quick.joins();
    slow.socket.pause();
    let sent = 0;
    while (room.stats().refused.queue_full === undefined && sent < 64) {
      await log.append(largeJoin(log.id));
      sent++;
      await until(() => quick.entries.length === 2 + sent);
    }
    expect(room.stats().refused).toEqual({ queue_full: 1 });
    await until(() => room.stats().connections === 1);
    slow.socket.resume();
    expect(await slow.closed()).toBe(1006);
    expect(quick.closedBy).toBe(null);
  });

  test('who says nothing is closed, also where it only answers pings', async () => {
    const room = await start({ limits: { helloMs: 300, pingMs: 50 } });
    const a = client(room);
    const b = client(room);
    await b.asks({ ...joinOf(await b.log(), invite, b.id), payload: new Uint8Array(9) });
    expect(await a.refusal()).toBe('message_order, closed 1008');
    expect(await b.closed()).toBe(1008);
    expect(b.all('error').map(({ code }) => code)).toEqual(['entry_refused', 'message_order']);
  });
});
