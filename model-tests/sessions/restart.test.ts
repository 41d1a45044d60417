/** The service is killed in the middle of a call and starts again on the same logs: sessions of production, real MLS. */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import type { ServiceLimits } from '../../src/service/delivery/limits.ts';
import { printRecord } from '../../src/trace/record.ts';
import { Guest, together, until } from './Guest.ts';
import { ServiceProcess } from './ServiceProcess.ts';

const guests: Guest[] = [];
let service: ServiceProcess | undefined;
afterEach(async () => {
  for (const guest of guests.splice(0)) guest.session.leave();
  await service?.end();
});

async function call(limits: Partial<ServiceLimits>, ...names: readonly string[]) {
  const running = (service = new ServiceProcess(limits));
  await running.start();
  const secret = randomBytes(32);
  const join = async (name: string): Promise<Guest> => {
    const guest = await Guest.join(name, running.url, secret);
    guests.push(guest);
    return guest;
  };
  const joined: Guest[] = [];
  for (const name of names) joined.push(await join(name));
  const authenticator = await together(joined);
  return { service: running, join, joined, authenticator };
}

const isOpen = (guest: Guest): boolean => {
  const states = guest.events.flatMap((it) => (it.type === 'connection' ? [it.state] : []));
  return states.at(-1) === 'open';
};
const lengthOf = (guest: Guest): number => guest.session.participant?.view.position ?? 0;

test('the call goes on: the same participants in the same epoch, and the next one is admitted', async () => {
  const { service, join, joined, authenticator } = await call({ graceMs: 60_000 }, 'anna', 'ben', 'carol');
  const ids = joined.map(({ id }) => id);
  const length = Math.max(...joined.map(lengthOf));
  await service.kill();
  await until(() => joined.every((it) => !isOpen(it)));
  await service.start();
  await until(() => joined.every(isOpen));
  expect(joined.map(({ id }) => id)).toEqual(ids);
  expect(joined.map((it) => it.authenticator)).toEqual(Array<string>(3).fill(authenticator));
  expect(joined.map(lengthOf)).toEqual(Array<number>(3).fill(length));

  const dave = await join('dave');
  const all = [...joined, dave];
  expect(await together(all)).not.toBe(authenticator);
  expect(joined.map(({ id }) => id)).toEqual(ids);
  for (const it of all) expect([it.codes, it.refusals, it.lives]).toEqual([[], [], 1]);
  const judged = await validateRecords(all.map(({ name, lines }) => ({ name, text: printRecord(lines) })));
  expect([judged.refused, judged.crashes]).toEqual([null, []]);
});

test('who does not come back has left, once the grace that began with the restart is over', async () => {
  const graceMs = 2_000;
  const { service, joined } = await call({ graceMs }, 'anna', 'ben', 'carol');
  const [anna, ben, carol] = joined as [Guest, Guest, Guest];
  await service.kill();
  await until(() => joined.every((it) => !isOpen(it)));
  // Nobody is there to be told of it.
  anna.session.leave();
  await service.start();
  await until(() => isOpen(ben) && isOpen(carol));
  expect(ben.roster).toContain(anna.id);
  await together([ben, carol]);
  for (const it of [ben, carol]) expect([it.codes, it.lives]).toEqual([[], 1]);
});
