/** The service is killed again and again while people join and the role goes round: nobody has to join a second time. */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import { printRecord } from '../../src/trace/record.ts';
import { Guest, together, until } from './Guest.ts';
import { ServiceProcess } from './ServiceProcess.ts';

const KILLS = 12;
const JOINS_EVERY = 3;

const guests: Guest[] = [];
const service = new ServiceProcess({ graceMs: 120_000 });
afterEach(async () => {
  for (const guest of guests.splice(0)) guest.session.leave();
  await service.end();
});

test(
  'killed again and again, the call goes on with the same participants',
  { timeout: 20 * 60_000 },
  async () => {
    await service.start();
    const secret = randomBytes(32);
    const join = async (): Promise<void> => {
      const periods = { rotationMs: 300, silenceMs: 3_600_000 };
      guests.push(await Guest.join(`guest ${guests.length}`, service.url, secret, { periods }));
    };
    const position = (): number => guests[0]?.session.participant?.view.position ?? 0;
    await join();
    await join();
    await together(guests);
    const ids = new Map(guests.map((it) => [it.name, it.id]));
    for (let kill = 1; kill <= KILLS; kill++) {
      if (kill % JOINS_EVERY === 0) await join();
      // In the middle of whatever they do: commits, handovers, a join.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
      await service.kill();
      await service.start();
      const before = position();
      await until(() => position() > before);
    }
    await until(() => guests.every(({ roster }) => roster.length === guests.length));
    const entries = position();
    console.log(`${KILLS} kills, ${entries} entries, ${guests.length} participants`);
    for (const [name, id] of ids) expect(guests.find((it) => it.name === name)?.id).toBe(id);
    for (const it of guests) expect([it.name, it.codes, it.lives]).toEqual([it.name, [], 1]);
    expect(entries).toBeGreaterThan(4 * KILLS);
    const judged = await validateRecords(
      guests.map(({ name, lines }) => ({ name, text: printRecord(lines) })),
    );
    expect([judged.refused, judged.crashes]).toEqual([null, []]);
  },
);
