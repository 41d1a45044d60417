import type { Bot } from './Bot.ts';
import type { CallWatch, LogCounts } from './CallWatch.ts';
import { apart, isStaying, type Standing } from './together.ts';

/** What is told of a bot. */
export type Reported = Standing &
  Pick<Bot, 'name' | 'state' | 'connectedAt' | 'memberAt' | 'bytesReceived' | 'troubles'>;

/** Seconds of each bot, from its connection to its first epoch. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A bot that was to be admitted and was not, or is not with the others. */
export interface Missing {
  readonly bot: string;
  /** The machine's state node. */
  readonly state: string;
  /** The code of what went wrong last; null where nothing did. */
  readonly code: string | null;
  readonly message: string;
}

/** What the process of the bots has used, in all. */
export interface Usage {
  /** Processor time, user and system. */
  readonly cpuSeconds: number;
  /** Resident memory that was added, MiB. */
  readonly memoryMiB: number;
  /** The longest time for which nothing else could run, seconds. */
  readonly stallSeconds: number;
}

/** What a run of bots came to. */
export interface BotsReport {
  /** Everybody who stays was admitted, and all are at one authenticator in one epoch. */
  readonly ok: boolean;
  readonly bots: number;
  readonly left: number;
  readonly crashed: number;
  /** Of those who stay. */
  readonly staying: number;
  readonly admitted: number;
  /** From the start until the last of those who stay was a member; null where one never was. */
  readonly admittedSeconds: number | null;
  /** Until nothing was under way any more, and all stood at one authenticator; null where that never came. */
  readonly togetherSeconds: number | null;
  /** Of those who were admitted; null for nobody. */
  readonly joining: Distribution | null;
  readonly log: LogCounts;
  /** Commits that counted. */
  readonly commits: number;
  readonly handovers: number;
  readonly claims: number;
  /** Epochs that a bot was in. */
  readonly epochs: number;
  /** How often a bot's authenticator was held against that of its epoch. */
  readonly comparisons: number;
  /** Different authenticators among those who stay, at the end. */
  readonly authenticators: number;
  /** Participants that had to join anew. */
  readonly rejoins: number;
  /** What went wrong, by code. */
  readonly troubles: Readonly<Record<string, number>>;
  readonly bytesReceived: { readonly mean: number; readonly max: number };
  readonly usage: Usage;
  /** What keeps the bots apart at the end; null where nothing does. */
  readonly apart: string | null;
  /** What should never be: a split log, two authenticators of one epoch. */
  readonly surprises: readonly string[];
  readonly missing: readonly Missing[];
}

/** The `share` quantile (0 to 1) by nearest rank: a value that occurred. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile of nothing');
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function distributionOf(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1)! };
}

const tally = (codes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

function missing(bots: readonly Reported[]): readonly Missing[] {
  const staying = bots.filter(isStaying);
  const common = Object.entries(tally(staying.map((it) => it.authenticator ?? '')));
  const [most] = common.filter(([it]) => it !== '').sort(([, a], [, b]) => b - a)[0] ?? [null];
  return staying
    .filter((it) => it.gaveUp || it.authenticator === null || it.authenticator !== most)
    .map(({ name, state, troubles, authenticator }) => {
      const last = troubles.at(-1);
      const other = authenticator === null ? 'not admitted' : 'in another epoch than most';
      return { bot: name, state, code: last?.code ?? null, message: last?.message ?? other };
    });
}

/** Times are milliseconds of `performance.now`. */
export interface Times {
  readonly startedAt: number;
  readonly togetherAt: number | null;
}

/** What the bots have come to by now. To be called before those who stay leave. */
export function reportOf(
  bots: readonly Reported[],
  watch: CallWatch,
  times: Times,
  usage: Usage,
): BotsReport {
  const staying = bots.filter(isStaying);
  const members = staying.flatMap((it) => (it.memberAt === null ? [] : [it.memberAt]));
  const joining = bots.flatMap((it) =>
    it.memberAt === null ? [] : [(it.memberAt - it.connectedAt) / 1_000],
  );
  const since = (at: number): number => (at - times.startedAt) / 1_000;
  const { log, epochs, comparisons, surprises } = watch;
  const authenticators = new Set(staying.flatMap((it) => it.authenticator ?? [])).size;
  const between = apart(bots);
  const lacking = missing(bots);
  const bytes = bots.map((it) => it.bytesReceived);
  const went = bots.filter((it) => it.part !== null && it.gone);
  return {
    ok: staying.length > 0 && between === null && lacking.length === 0 && surprises.length === 0,
    bots: bots.length,
    left: went.filter((it) => it.part?.going === 'leaves').length,
    crashed: went.filter((it) => it.part?.going === 'crashes').length,
    staying: staying.length,
    admitted: members.length,
    admittedSeconds: members.length < staying.length ? null : since(Math.max(...members)),
    togetherSeconds: times.togetherAt === null ? null : since(times.togetherAt),
    joining: distributionOf(joining),
    log,
    commits: log.counted.commit ?? 0,
    handovers: log.counted.handover ?? 0,
    claims: log.counted.claim ?? 0,
    ...{ epochs, comparisons, authenticators },
    rejoins: bots.reduce((sum, { ids }) => sum + Math.max(0, ids.length - 1), 0),
    troubles: tally(bots.flatMap(({ troubles }) => troubles.map(({ code }) => code))),
    bytesReceived: { mean: bytes.reduce((sum, it) => sum + it, 0) / bytes.length, max: Math.max(...bytes) },
    usage,
    apart: between,
    surprises,
    missing: lacking,
  };
}
