import { BASE_KEY_LABEL } from '../../media/sframe/epoch-input.ts';
import type { Participant, Step } from '../../participant/Participant.ts';
import type { Entry } from '../../protocol/entry.ts';
import { hex } from '../../protocol/wire/bytes.ts';

const MEDIA_KEY_BYTES = 16;
const NO_CONTEXT = new Uint8Array();

/** What the log has come to. */
export interface LogCounts {
  /** Entries since the bots came. */
  readonly entries: number;
  /** Those of them that counted, by kind. */
  readonly counted: Readonly<Partial<Record<Entry['kind'], number>>>;
  /** Those that counted for nothing, by the rule that refused them. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * What all bots together see of a call. Everybody reads the same log, or it is told; an epoch has one authenticator and
 * one media key, and an authenticator one epoch, or it is told.
 */
export class CallWatch {
  readonly #from: number;
  readonly #hashes: string[] = [];
  readonly #counted: Partial<Record<Entry['kind'], number>> = {};
  readonly #refused: Record<string, number> = {};
  /** The keys of each founding or commit that somebody stood at; of each authenticator its founding or commit. */
  readonly #keys = new Map<string, { readonly authenticator: string; readonly mediaKey: string }>();
  readonly #epochs = new Map<string, string>();
  readonly #surprises = new Set<string>();
  #comparisons = 0;

  /** @param from entries that the log had before the bots came. */
  constructor(from: number) {
    this.#from = from;
  }

  /** A bot has read an entry. */
  reads({ placed, refusal }: Step): void {
    if (placed === null) return;
    const { position, hash, entry } = placed;
    const known = this.#hashes[position];
    if (known !== undefined) {
      if (known !== hash) this.#surprises.add(`the log is split at position ${position}`);
      return;
    }
    this.#hashes[position] = hash;
    if (position <= this.#from) return;
    if (refusal === null) this.#counted[entry.kind] = (this.#counted[entry.kind] ?? 0) + 1;
    else this.#refused[refusal] = (this.#refused[refusal] ?? 0) + 1;
  }

  /** A bot is in the epoch behind `head`. Gives its authenticator (RFC 9420, section 8.7), hex. */
  isIn(head: string, { mls }: Pick<Participant, 'mls'>): string {
    const authenticator = hex(mls.epochAuthenticator);
    const mediaKey = hex(mls.exportSecret(BASE_KEY_LABEL, NO_CONTEXT, MEDIA_KEY_BYTES));
    const keys = this.#keys.get(head) ?? { authenticator, mediaKey };
    const other = this.#epochs.get(authenticator) ?? head;
    this.#comparisons++;
    this.#keys.set(head, keys);
    this.#epochs.set(authenticator, other);
    const epoch = `the epoch of ${head.slice(0, 8)}`;
    if (keys.authenticator !== authenticator) this.#surprises.add(`two authenticators of ${epoch}`);
    if (keys.mediaKey !== mediaKey) this.#surprises.add(`two media keys of ${epoch}`);
    if (other !== head) this.#surprises.add(`one authenticator of two epochs, and of ${epoch}`);
    return authenticator;
  }

  /** Epochs that somebody was in. */
  get epochs(): number {
    return this.#keys.size;
  }

  /** How often an epoch was held against those that others had come to. */
  get comparisons(): number {
    return this.#comparisons;
  }

  /** What should never be. */
  get surprises(): readonly string[] {
    return [...this.#surprises];
  }

  get log(): LogCounts {
    const entries = Math.max(0, this.#hashes.length - 1 - this.#from);
    return { entries, counted: { ...this.#counted }, refused: { ...this.#refused } };
  }
}
