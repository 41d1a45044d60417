/** A claim that is held back, seen from the connection it came on. Nothing is held back for less than this file runs. */
import { afterEach, expect, test } from 'vitest';
import { originOf, nextHash, type WireEntry } from '../../protocol/wire/hashes.ts';
import { packEntry, unpackEntry } from '../../log/messages.ts';
import { signWithSeed } from '../../protocol/wire/signature.ts';
import { encodeHeader, type Header } from '../../protocol/wire/header.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import { startService, type Service } from '../server.ts';
import { Client, joinOf, newInvite, until } from '../testing.ts';
import { SERVICE_LIMITS } from './limits.ts';

let service: Service | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});
const invite = newInvite();

/** A client that signs its headers, as the view of the service asks for. */
class Signer extends Client {
  readonly seed = crypto.getRandomValues(new Uint8Array(32));

  async enters(): Promise<void> {
    await this.asks(joinOf(await this.log(), this.invite, this.id, { seed: this.seed }));
    await this.first('joined');
  }

  /** What it drafts on all that it has read. */
  async signs(kind: 'found' | 'claim' | 'handover', accused = this.id): Promise<WireEntry> {
    const log = await this.log();
    const read = this.all('entry').map(({ entry }) => unpackEntry(entry)!);
    const on = read.reduce(nextHash, originOf(log));
    const draft = { log, author: this.id, at: read.length, on };
    const fields = { found: { authenticator: hex(this.seed) }, claim: { accused }, handover: {} }[kind];
    const header = encodeHeader({ kind, ...draft, ...fields } as Header);
    return { header, signature: signWithSeed(this.seed, header), payload: new Uint8Array() };
  }
}

/** `a` is the only member, and `b` waits and claims that it is silent. */
async function claimed(): Promise<[Signer, Signer]> {
  service = await startService({ limits: { graceMs: 600_000, silenceMs: 600_000 } });
  const [a, b] = [new Signer(service.url, invite), new Signer(service.url, invite)];
  await a.enters();
  await until(() => a.entries.length === 1);
  await a.appends(await a.signs('found'));
  await b.enters();
  await until(() => b.entries.length === 3);
  await b.appends(await b.signs('claim', a.id));
  return [a, b];
}
const kinds = (it: Client): readonly string[] => it.entries.map(({ kind }) => kind);

test('nothing but what is appended waits behind it: pings, media and the leave go on', async () => {
  const [a, b] = await claimed();
  await b.appends(await b.signs('handover'));
  b.say({ type: 'pong' });
  b.say({ type: 'rtc', message: { type: 'odd' } });
  await b.first('rtc');
  expect(kinds(b)).toEqual(['join', 'found', 'join']);
  b.say({ type: 'leave' });
  expect(await b.closed()).toBe(1000);
  await until(() => a.entries.length === 4);
  expect(kinds(a)).toEqual(['join', 'found', 'join', 'leave']);
});

test('who sends too much behind it is told so, and cut off', async () => {
  const [a, b] = await claimed();
  const more = packEntry(await b.signs('handover'));
  for (let i = 0; i <= SERVICE_LIMITS.heldEntries; i++) b.say({ type: 'append', entry: more });
  expect(await b.refusal()).toBe('outbox_full, closed 1008');
  expect(service!.stats().refused).toEqual({ outbox_full: 1 });
  await a.appends(await a.signs('handover'));
  await until(() => a.entries.length === 4);
  expect(kinds(a)).toEqual(['join', 'found', 'join', 'handover']);
});

test('is dropped where its cause is gone: the role has moved on', async () => {
  const [a, b] = await claimed();
  a.say({ type: 'leave' });
  await until(() => service!.stats().dropped === 1);
  expect(kinds(b)).toEqual(['join', 'found', 'join', 'leave']);
  await b.appends(await b.signs('found'));
  await until(() => b.entries.length === 5);
});
