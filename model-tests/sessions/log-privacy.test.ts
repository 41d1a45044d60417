/** A call with the log of the service at its most talkative: nothing that names anybody, and nothing secret, gets into it. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryLogStore } from '../../src/log/memory.ts';
import { testOffer } from '../../src/service/forwarder/testOffer.ts';
import { pinoLog } from '../../src/service/logging/pinoLog.ts';
import { startService } from '../../src/service/server.ts';
import { Guest, together, until } from './Guest.ts';

afterEach(() => vi.restoreAllMocks());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every text in a message, the words of SDP one by one. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    if (!value.includes('\r\n')) return [value];
    const words = value.split(/[\r\n ,;=]+/);
    // `fingerprint:…` and `ice-pwd:…` as well as what is behind the first colon.
    return words.flatMap((word) => [word, word.slice(word.indexOf(':') + 1)]);
  }
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** All that both sides say on all WebSockets of this process, as it is sent. */
function wiretap(): { readonly said: string[]; readonly texts: Set<string> } {
  const heard = { said: [] as string[], texts: new Set<string>() };
  const send = WebSocket.prototype.send as (this: WebSocket, ...args: unknown[]) => void;
  vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, ...args: unknown[]) {
    const text = String(args[0]);
    heard.said.push(text);
    for (const it of textsIn(JSON.parse(text))) heard.texts.add(it);
    send.apply(this, args);
  });
  return heard;
}

/** What may be in a log although it was said: codes and types of ours, and the words of SDP. */
const OURS = /^[a-z_]{1,24}$/i;

test('trace level, a call, media, faults and refusals: not one id, key, token, name, address or fingerprint', async () => {
  const lines: string[] = [];
  const log = pinoLog('trace', { write: (line) => void lines.push(line) });
  const store = new MemoryLogStore();
  const failing = { next: null as Error | null };
  const open = store.open.bind(store);
  store.open = async (room) => {
    if (failing.next !== null) throw failing.next;
    return open(room);
  };
  const heard = wiretap();
  const service = await startService({
    store,
    log,
    trustedProxies: ['127.0.0.1'],
    forwarder: { listenAddresses: ['127.0.0.1'] },
    limits: { graceMs: 60_000 },
  });

  // A call: three join, the role goes on, one leaves.
  const secret = randomBytes(32);
  const names = ['Annabel Lee-4711', 'Benjamin Ümlaut', 'Caroline 珈琲'];
  const guests: Guest[] = [];
  for (const name of names) guests.push(await Guest.join(name, service.url, secret));
  const [anna, ben, carol] = guests as [Guest, Guest, Guest];
  const invite = anna.modules.inviteOf(secret);
  const first = await together(guests);
  await until(() => anna.state === 'member.designated.idle');
  expect(anna.session.participant?.handOver()).toBe(true);
  await until(() => guests.every(({ authenticator }) => authenticator !== first));

  // Media: an answer with fingerprints and addresses, and offers that are refused.
  const rtc = (guest: Guest) => guest.events.filter(({ type }) => type === 'rtc').length;
  for (const guest of guests) guest.session.sendRtc({ type: 'offer', id: 1, sdp: testOffer(2) });
  await until(() => guests.every((guest) => rtc(guest) > 0));
  ben.session.sendRtc({ type: 'offer', id: 2, sdp: `v=0\r\no=${names[1] ?? ''} 203.0.113.77\r\n` });
  ben.session.sendRtc({ [names[2] ?? '']: ben.id });

  // Refusals, each with something to give away; a log that does not open and says which.
  const url = service.url.replace('http', 'ws');
  const ids = guests.map(({ id }) => id);
  const odd = [`/rooms/${invite.room}`, `/rooms/${invite.key}?name=Annabel`, `/${hex(secret)}`];
  const headers = { 'x-forwarded-for': '198.51.100.23', origin: 'https://giveaway.example' };
  for (const path of odd) {
    const socket = new WebSocket(url + path, { headers });
    socket.on('error', () => undefined);
    await until(() => socket.readyState === WebSocket.CLOSED);
  }
  failing.next = new Error(`cannot open ${invite.room} for ${ids.join()} at 198.51.100.23`);
  const lost = new WebSocket(`${url}/rooms/${hex(randomBytes(32))}`);
  await until(() => lost.readyState === WebSocket.CLOSED);
  failing.next = null;
  const wrong = new WebSocket(`${url}/rooms/${invite.room}`);
  await until(() => wrong.readyState === WebSocket.OPEN);
  wrong.send(JSON.stringify({ type: 'join', name: names[0], id: ids[0] }));
  await until(() => wrong.readyState === WebSocket.CLOSED);
  await new Promise<void>((done) => {
    request(`${service.url}/${invite.room}?${names[0]?.slice(0, 7) ?? ''}`, (response) => {
      response.resume();
      response.on('end', done);
    }).end();
  });
  carol.session.leave();
  await until(() => anna.roster.length === 2);
  for (const guest of guests) guest.session.leave();
  await service.stop(2_000);

  const text = lines.join('');
  const events = new Set(lines.map((line) => (JSON.parse(line) as { event: string }).event));
  const needles = new Set(
    [...heard.texts, ...names, ...ids, invite.room, invite.key, hex(invite.seed), hex(secret)]
      .concat(
        Buffer.from(secret).toString('base64url'),
        first,
        ...names.flatMap((name) => name.split(/[ -]/)),
      )
      .concat('127.0.0.1', '198.51.100.23', '203.0.113.77', 'giveaway')
      .filter((it) => it.length >= 3 && !OURS.test(it) && !/^\d{1,5}$/.test(it)),
  );
  for (const name of names.flatMap((it) => it.split(/[ -]/))) needles.add(name);
  needles.add('giveaway');
  const leaked = [...needles].filter((needle) => text.includes(needle));
  const fingerprints = [...needles].filter((it) => /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(it)).length;
  console.log(
    `${lines.length} lines of ${events.size} events, ${heard.said.length} messages, ${needles.size} texts searched for, ${fingerprints} fingerprints`,
  );
  expect(leaked).toEqual([]);
  expect(fingerprints).toBeGreaterThanOrEqual(2);
  // And whatever was not thought of: nothing long in hex or base64url, no address.
  expect(text.match(/[0-9a-f]{16,}/gi)).toBeNull();
  expect(text.match(/[A-Za-z0-9_-]{25,}/g)).toBeNull();
  expect(text.match(/\d+\.\d+\.\d+\.\d+/g)).toBeNull();
  expect(text.match(/([0-9A-F]{2}:){3}/gi)).toBeNull();
  // It has seen something.
  expect(lines.length).toBeGreaterThan(60);
  expect(needles.size).toBeGreaterThan(100);
  expect([...events].sort()).toEqual(
    expect.arrayContaining([
      ...['connected', 'disconnected', 'listening', 'received', 'refused', 'room_not_opened'],
      ...['rtc_joined', 'rtc_left', 'rtc_refused', 'sent', 'stopped', 'stopping'],
    ]),
  );
});
