/** A call in one process and in virtual time, for tests: frames and log entries take a time of their own to each page. */
import { type EpochInput } from '../sframe/index.ts';
import { encodedFrame, startClock, startWorker, type Track, type Worker } from './testing.ts';

/** An epoch that a commit, or a founding, leads to. */
export interface SimulatedEpoch {
  readonly founding: number;
  readonly epoch: number;
  /** Participant by leaf index. */
  readonly members: ReadonlyMap<number, string>;
}

/** One copy of a frame on its way to one page. */
export interface Delivery {
  readonly frame: number;
  readonly sender: string;
  readonly sentIn: SimulatedEpoch;
  readonly receiver: SimulatedPage;
  /** Milliseconds, on the call's clock. */
  readonly arrivesAt: number;
}

/** A browser page: one media worker, and the participant that it is just now. */
export interface SimulatedPage {
  readonly name: string;
  readonly worker: Worker;
  readonly outgoing: Track;
  /** By sending page. */
  readonly incoming: Map<string, Track>;
  /** Epochs that it has merged, and when; `null`: its keys went. */
  readonly history: { readonly at: number; readonly epoch: SimulatedEpoch | null }[];
  participant: string;
  /** Frames that its encoder made while it had no keys. */
  unsent: number;
}

const FRAME_BYTES = 48;
const OPUS = 'audio/opus';

/** The exporter of an epoch: other bytes for each founding and epoch, the same for all members. */
export function baseKeyOf({ founding, epoch }: SimulatedEpoch): Uint8Array {
  const key = new Uint8Array(16).fill(0x5a);
  new DataView(key.buffer).setUint32(0, founding);
  new DataView(key.buffer).setUint32(4, epoch);
  return key;
}

/** What the MLS core of `participant` hands over; null where it is no member. */
export function inputOf(of: SimulatedEpoch, participant: string): EpochInput | null {
  const own = [...of.members].find(([, member]) => member === participant);
  if (own === undefined) return null;
  return {
    groupId: Uint8Array.of(of.founding),
    epoch: BigInt(of.epoch),
    baseKey: baseKeyOf(of),
    ownLeafIndex: own[0],
    members: [...of.members].map(([leafIndex, member]) => ({ leafIndex, participant: member })),
  };
}

export class SimulatedCall {
  readonly clock = startClock();
  readonly pages: SimulatedPage[];
  readonly deliveries: Delivery[] = [];
  readonly #delay: () => readonly number[];
  /** By time, and for one time in the order in which they were planned. */
  readonly #events: { readonly at: number; readonly run: () => Promise<void> }[] = [];
  #frames = 0;

  /** `delay` says how many copies of a frame arrive at a page, and how long each takes, in milliseconds. */
  constructor(names: readonly string[], delay: () => readonly number[]) {
    this.pages = names.map((name) => {
      const worker = startWorker(this.clock);
      const outgoing = worker.attach({ direction: 'send', kind: 'audio', slot: 0 });
      const page = { name, worker, outgoing, incoming: new Map<string, Track>() };
      return { ...page, history: [], participant: name, unsent: 0 };
    });
    for (const page of this.pages)
      for (const [index, { name }] of this.pages.entries())
        if (name !== page.name)
          page.incoming.set(
            name,
            page.worker.attach({ direction: 'receive', kind: 'audio', slot: index + 1 }),
          );
    this.#delay = delay;
  }

  get now(): number {
    return this.clock.now();
  }

  at(time: number, run: () => Promise<void>): void {
    const before = this.#events.findLastIndex(({ at }) => at <= time);
    this.#events.splice(before + 1, 0, { at: time, run });
  }

  /** Has `page` merge `epoch` at a time, as `participant`; where that is no member of it, its keys go. */
  merges(page: SimulatedPage, time: number, epoch: SimulatedEpoch, participant = page.participant): void {
    this.at(time, async () => {
      page.participant = participant;
      const input = inputOf(epoch, participant);
      page.history.push({ at: this.now, epoch: input && epoch });
      if (input === null) page.worker.media.clear();
      else await page.worker.media.setEpoch(input);
      // Held frames are tried in the background, in no time: what comes behind them waits for that.
      const nothing = encodedFrame(new Uint8Array(0), 'nothing/none');
      await Promise.all([...page.incoming.values()].map(async ({ pushRaw }) => pushRaw(nothing)));
    });
  }

  /** Has the encoder of `page` make a frame every `period` milliseconds. */
  sends(page: SimulatedPage, from: number, until: number, period: number): void {
    for (let time = from; time < until; time += period) this.at(time, () => this.#send(page));
  }

  async #send(page: SimulatedPage): Promise<void> {
    const frame = (this.#frames += 1);
    const plain = new Uint8Array(FRAME_BYTES).fill(frame & 0xff);
    new DataView(plain.buffer).setUint32(0, frame);
    const sentIn = page.history.at(-1)?.epoch ?? null;
    await page.outgoing.push(plain, OPUS);
    const wire = page.outgoing.out.splice(0);
    if (wire.length !== (sentIn === null ? 0 : 1)) throw new Error(`${page.name} sent ${wire.length} frames`);
    if (sentIn === null) page.unsent += 1;
    for (const bytes of wire)
      for (const receiver of this.pages) {
        if (receiver === page) continue;
        for (const delay of this.#delay()) {
          const arrivesAt = Math.round(this.now + delay);
          if (sentIn !== null)
            this.deliveries.push({ frame, sender: page.participant, sentIn, receiver, arrivesAt });
          this.at(arrivesAt, async () => {
            await receiver.incoming.get(page.name)?.pushRaw(encodedFrame(bytes, OPUS));
          });
        }
      }
  }

  /** Lets all happen, in order of time. */
  async run(): Promise<void> {
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      if (next.at > this.now) this.clock.pass(next.at - this.now);
      await next.run();
    }
  }

  /** Numbers of the frames that came out at `page`, in order, whoever sent them. */
  opened(page: SimulatedPage): number[] {
    return [...page.incoming.values()].flatMap(({ out }) =>
      out.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)),
    );
  }
}
