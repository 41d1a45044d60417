import { setTimeout as pause } from 'node:timers/promises';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { createMlsGroup } from '../../mls/wasm.ts';
import type { SessionOptions } from '../../participant/Session.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import { inviteOf } from '../../protocol/wire/invite.ts';
import type { RecordLine } from '../../trace/record.ts';
import { Bot } from './Bot.ts';
import { CallWatch } from './CallWatch.ts';
import { startMeter } from './meter.ts';
import { planOf, type PlanOptions } from './plan.ts';
import { probeRoom } from './probe.ts';
import { reportOf, type BotsReport } from './report.ts';
import { apart, isStaying } from './together.ts';
import { Turns } from './Turns.ts';

/** What a run of bots is made of. */
export interface BotsOptions extends PlanOptions {
  /** Where the service is: `http://host:port`. */
  readonly service: string;
  /** The secret of the room's link, 32 bytes. */
  readonly secret: Uint8Array;
  /** How long they stay once they are together. Default 0. */
  readonly staySeconds?: number;
  /** After so long without being together it has failed. Default 300. */
  readonly withinSeconds?: number;
  /** Milliseconds; default those of production. */
  readonly periods?: SessionOptions['periods'];
  /** Stands between a participant and its group. `bot` counts from 0. */
  readonly core?: (mls: MlsGroup, bot: number) => MlsGroup;
  /** Gets each line of the records; `bot` counts from 0. */
  readonly record?: (bot: number, line: RecordLine) => void;
  /** Told from time to time. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** How far they are. */
export interface Progress {
  readonly seconds: number;
  readonly admitted: number;
  readonly staying: number;
  readonly entries: number;
  readonly epochs: number;
  /** Why they are not together; null where they are. */
  readonly apart: string | null;
}

/** Milliseconds between two looks at the bots. */
const LOOK_MS = 100;

function createMls(participant: ParticipantId): MlsGroup {
  loadMlsInNode();
  return createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) });
}

/**
 * Has bots join one room at the same moment, some go in between, and the others stay; then all leave.
 *
 * @throws ProbeError where there is no room to join; RangeError for a plan in which nobody stays.
 */
export async function runBots(options: BotsOptions): Promise<BotsReport> {
  const { record, periods } = options;
  const core = options.core ?? ((mls: MlsGroup): MlsGroup => mls);
  const parts = planOf(options);
  const invite = inviteOf(options.secret);
  const url = `${options.service.replace(/^http/, 'ws')}/rooms/${invite.room}`;
  loadMlsInNode();
  const watch = new CallWatch(await probeRoom(url));
  const turns = new Turns();
  const meter = startMeter();
  const startedAt = performance.now();
  const bots = parts.map(
    (part, i) =>
      new Bot({
        ...{ name: `bot ${i + 1}`, invite, url, part, watch, lane: turns.lane() },
        createMls: (participant) => core(createMls(participant), i),
        ...(periods && { periods }),
        ...(record && { record: (line: RecordLine) => record(i, line) }),
      }),
  );
  try {
    const within = (options.withinSeconds ?? 300) * 1_000;
    const togetherAt = await untilTogether(bots, watch, startedAt, within, options);
    if (togetherAt !== null && (options.staySeconds ?? 0) > 0) {
      await pause((options.staySeconds ?? 0) * 1_000, undefined, signalOf(options)).catch(() => undefined);
      await untilTogether(bots, watch, startedAt, within, options);
    }
    return reportOf(bots, watch, { startedAt, togetherAt }, meter.used());
  } finally {
    meter.stop();
    for (const bot of bots) if (!bot.gone) bot.leave();
  }
}

const signalOf = ({ signal }: BotsOptions): { signal?: AbortSignal } => (signal ? { signal } : {});

/** When they were together; null where that did not come in time, or cannot come any more. Milliseconds. */
async function untilTogether(
  bots: readonly Bot[],
  watch: CallWatch,
  startedAt: number,
  within: number,
  { onProgress, signal }: BotsOptions,
): Promise<number | null> {
  const began = performance.now();
  for (;;) {
    const between = apart(bots);
    const now = performance.now();
    const staying = bots.filter(isStaying);
    onProgress?.({
      seconds: (now - startedAt) / 1_000,
      admitted: staying.filter(({ memberAt }) => memberAt !== null).length,
      staying: staying.length,
      entries: watch.log.entries,
      epochs: watch.epochs,
      apart: between,
    });
    if (between === null) return now;
    const hopeless = watch.surprises.length > 0 || staying.every(({ gaveUp }) => gaveUp);
    if (hopeless || signal?.aborted === true || now - began > within) return null;
    await pause(LOOK_MS);
  }
}
