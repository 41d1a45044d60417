/**
 * Each misdeed of a service or a member, on real participants over real MLS: what is prevented, what is seen and when, and what
 * remains; and again with its guard off, when it must do damage.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readModels, SPEC_FOLDER } from '../../src/checking/model/models.ts';
import type * as counts from '../../src/protocol/counts.ts';
import type * as payload from '../../src/protocol/wire/payload.ts';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { BY_MEMBER } from './byMember.ts';
import { BY_SERVICE } from './byService.ts';
import { BY_SILENCE } from './silence.ts';
import { goesOn, play } from './run.ts';
import { tableInGuide, tableOf } from './table.ts';

vi.mock('../../src/protocol/counts.ts', async (original) => {
  const real = await original<typeof counts>();
  const { switches } = await import('./switches.ts');
  const refusal: typeof real.refusal = (...of) => {
    const found = real.refusal(...of);
    return found !== null && switches.ignored.has(found) ? null : found;
  };
  return { ...real, refusal };
});

vi.mock('../../src/protocol/wire/payload.ts', async (original) => {
  const real = await original<typeof payload>();
  const { switches } = await import('./switches.ts');
  const isWithheld: typeof real.isWithheld = (...of) => switches.parts && real.isWithheld(...of);
  const payloadDigest: typeof real.payloadDigest = (bytes) =>
    switches.digests ? real.payloadDigest(bytes) : '00'.repeat(32);
  return { ...real, isWithheld, payloadDigest };
});

beforeAll(loadMlsInNode);

const CASES = [...BY_SERVICE, ...BY_MEMBER];
const ROWS = [...BY_SERVICE, ...BY_SILENCE, ...BY_MEMBER];
const named = CASES.map((it) => [`${it.action ?? it.by}: ${it.does}`, it] as const);
const totals = { cases: 0, entries: 0, read: 0, refused: 0, tried: 0, damage: 0 };

describe('a misdeed', () => {
  test.each(named)('%s', async (_, it) => {
    const { stage, outcome } = await play(it, true);
    expect(outcome.damage).toEqual(it.anyway ?? []);
    const { seen, later, unseenBy } = outcome;
    expect({ seen, later, unseenBy }).toEqual({ seen: it.seen, later: 0, unseenBy: it.unseenBy ?? [] });
    expect(goesOn(stage)).toBe(null);
    totals.cases += 1;
    for (const key of ['entries', 'read', 'refused', 'tried'] as const) totals[key] += outcome[key];
  });
});

describe('without its guard, a misdeed does damage', () => {
  test.each(named.filter(([, { guard }]) => guard !== null))('%s', async (_, it) => {
    const { outcome } = await play(it, false);
    expect(outcome.damage).toContain(it.without);
    totals.damage += 1;
    totals.tried += outcome.tried;
  });
});

describe('the table', () => {
  test('is the one in the guide', async () => {
    const table = tableOf(ROWS);
    console.log(table);
    expect(await tableInGuide()).toBe(table);
  });

  test('has each misdeed of the spec, and names what the spec has', async () => {
    const spec = await readFile(join(SPEC_FOLDER, 'Adversary.tla'), 'utf8');
    const models = await readModels();
    const misdeeds = /MemberMisdeed\(p\) ==[\s\S]*?AdversaryNext/.exec(spec)?.[0] ?? '';
    const inSpec = [...misdeeds.matchAll(/\\\/ (\w+)\(p\)/g)].map(([, name]) => name);
    expect(inSpec.length).toBeGreaterThanOrEqual(20);
    const shown = new Set(ROWS.map(({ action }) => action));
    expect(inSpec.filter((name) => !shown.has(name ?? ''))).toEqual([]);
    for (const { spec: name } of ROWS)
      expect(
        spec.includes(`${name} ==`) || models.some((it) => it.name === name) || name === 'MlsIsView',
        name,
      ).toBe(true);
  });
});

afterAll(() => {
  const { cases, entries, read, refused, tried, damage } = totals;
  console.log(
    `${cases} cases, ${damage} with damage without their guard; ${entries} entries, read ${read} times, ` +
      `${refused} times for nothing; ${tried} tries to open a frame`,
  );
  expect(cases).toBeGreaterThanOrEqual(24);
  expect(damage).toBeGreaterThanOrEqual(23);
  expect(refused).toBeGreaterThanOrEqual(40);
  expect(tried).toBeGreaterThanOrEqual(150);
});
