import { sumOf } from './counters.ts';
import { type SenderReport, type SenderState, type SlotReport } from './types.ts';

/** All states, worst first: what somebody sends is as good as the worst part of it. */
const WORST_FIRST = [
  'browser not supported',
  'codec not supported',
  'forged or forked',
  'replayed',
  'malformed',
  'failed',
  'behind',
  'older epoch',
  'newer epoch',
  'no key yet',
  'idle',
  'open',
] as const satisfies readonly SenderState[];

/** One state for several; 'idle' for none. */
export const worstOf = (states: readonly SenderState[]): SenderState =>
  WORST_FIRST.find((state) => states.includes(state)) ?? 'idle';

/** Reports of one sender's slots as one. */
export function senderReport(
  participant: string | null,
  slots: readonly SlotReport[],
  browserSupported = true,
): SenderReport {
  return {
    participant,
    state: browserSupported ? worstOf(slots.map(({ state }) => state)) : 'browser not supported',
    slots: slots.map(({ slot }) => slot),
    counters: sumOf(slots.map(({ counters }) => counters)),
    held: slots.reduce((sum, { held }) => sum + held, 0),
    keyFrameRequests: slots.reduce((sum, { keyFrameRequests }) => sum + keyFrameRequests, 0),
  };
}

/** Every sender that has a slot, this participant first. A slot that nobody was heard or announced in is nobody's. */
export function senderReports(slots: readonly SlotReport[], browserSupported: boolean): SenderReport[] {
  const own = slots.filter(({ direction }) => direction === 'send');
  const others = new Map<string, SlotReport[]>();
  for (const slot of slots) {
    const sender = slot.expected ?? slot.participant;
    if (slot.direction === 'send' || sender === null) continue;
    others.set(sender, [...(others.get(sender) ?? []), slot]);
  }
  return [
    senderReport(null, own, browserSupported),
    ...[...others].map(([participant, theirs]) => senderReport(participant, theirs, browserSupported)),
  ];
}
