/**
 * In place of production's key ring, in the benchmark's page alone: frames stay as they are, and whose they are is what the forwarding
 * server says. All else of the call is production's, so the difference is what encryption costs.
 */
import type {
  Bytes,
  EpochInput,
  KeyRing as Production,
  Opened,
  Protected,
  Sender,
  Suite,
} from '../../../../media/sframe/index.ts';

const CONTEXTS = [0, 1];

export class KeyRing implements Pick<Production, keyof Production> {
  readonly suite: Suite;
  #input: EpochInput | undefined;

  constructor(suite: Suite) {
    this.suite = suite;
  }

  get currentEpoch(): bigint | undefined {
    return this.#input?.epoch;
  }

  get size(): number {
    return this.#input === undefined ? 0 : 1;
  }

  async setEpoch(input: EpochInput): Promise<boolean> {
    this.#input = input;
    return true;
  }

  clear(): void {
    this.#input = undefined;
  }

  prune(): void {
    // There are no keys.
  }

  async protect(_context: number, plaintext: Bytes): Promise<Protected> {
    return this.#input === undefined ? { ok: false, refusal: 'no key yet' } : { ok: true, bytes: plaintext };
  }

  async open(
    frame: Bytes,
    _metadata: Uint8Array,
    _now: number,
    expects: (sender: Sender) => boolean = () => true,
  ): Promise<Opened> {
    if (this.#input === undefined) return { ok: false, refusal: 'no key yet' };
    const { epoch, members } = this.#input;
    for (const member of members)
      for (const context of CONTEXTS) {
        const sender = { ...member, context };
        if (expects(sender)) return { ok: true, bytes: frame, sender, epoch };
      }
    return { ok: false, refusal: 'forged or forked' };
  }
}
