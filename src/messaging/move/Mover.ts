import { initialTransition } from 'xstate';
import type { ParticipantId } from '../../protocol/ids.ts';
import { hex, unhex } from '../../protocol/wire/bytes.ts';
import type { Content, MoveContent } from '../content.ts';
import { newBoxKey, sealBox, SECRET_BYTES, type BoxKey } from './box.ts';
import { MOVE_LIMITS } from './limits.ts';
import {
  advanceMove,
  moveMachine,
  type MoveEffect,
  type MoveEvent,
  type MoveFailure,
  type MoveSnapshot,
  type MoveState,
} from './move.machine.ts';
import { boxInfo, OFFER_NONCE_BYTES, offerHash, type Offer, type OfferTerms } from './offer.ts';

/** A move as the page shows it. Nothing here is a secret. */
export interface MoveView {
  readonly state: MoveState;
  /** The offer that stands. */
  readonly offer: Offer | null;
  /** How many have answered the own one. */
  readonly answered: number;
  /** Somebody else wants other people left out: nobody follows by itself. */
  readonly contested: boolean;
  readonly failure: MoveFailure | null;
}

/** Where a move led to. */
export interface Moved {
  /** Of the new room's link. */
  readonly secret: Uint8Array;
  readonly offer: Offer;
  /** Who was asked and has got no secret, as far as who asked knows: they are still in the old room. */
  readonly missing: readonly ParticipantId[];
}

export interface MoverOptions {
  readonly self: ParticipantId;
  /** To all members, sealed and signed. Rejects where nobody got it. */
  readonly say: (content: Content) => Promise<void>;
  readonly changed: (view: MoveView) => void;
  /** Goes to the new room, and ends this one. */
  readonly enter: (moved: Moved) => void;
  readonly clock: { readonly after: (milliseconds: number, what: () => void) => () => void };
}

/** Carries out what the machine of a move asks for. Keys and the secret stay in here until it is time to go. */
export class Mover {
  readonly #options: MoverOptions;
  #snapshot: MoveSnapshot;
  #stopWait: (() => void) | null = null;
  /** Of the offer that was answered. */
  #key: { readonly offer: string; readonly pair: Promise<BoxKey> } | null = null;
  /** Of those who have answered the own offer. */
  readonly #theirKeys = new Map<ParticipantId, Uint8Array>();
  #box: Uint8Array | null = null;
  #secret: Uint8Array | null = null;
  #told: ParticipantId[] = [];
  #shown = '';

  constructor(options: MoverOptions) {
    this.#options = options;
    [this.#snapshot] = initialTransition(moveMachine, { self: options.self });
  }

  get view(): MoveView {
    const { offer, answered, contested, failure } = this.#snapshot.context;
    return { state: this.#snapshot.value, offer, answered: answered.length, contested, failure };
  }

  /** Asks `to` to go to a new room. False where that cannot be asked now. */
  start(terms: OfferTerms): boolean {
    const { to, without } = terms;
    if (to.length > MOVE_LIMITS.asked || without.length > MOVE_LIMITS.without) return false;
    const nonce = hex(crypto.getRandomValues(new Uint8Array(OFFER_NONCE_BYTES)));
    this.#nonce = nonce;
    this.#do({ type: 'start', offer: offerOf(this.#options.self, terms, nonce) });
    return this.#snapshot.value === 'asking';
  }
  #nonce = '';

  members(members: readonly ParticipantId[]): void {
    const known = this.#snapshot.context.members;
    if (known.length !== members.length || known.some((it, at) => it !== members[at]))
      this.#do({ type: 'members', members });
  }

  /** `from` said this: it is authentic. */
  heard(from: ParticipantId, content: MoveContent): void {
    const { offer } = this.#snapshot.context;
    switch (content.kind) {
      case 'move.offer':
        return this.#do({ type: 'offered', offer: offerOf(from, content, content.nonce) });
      case 'move.answer':
        // The first key counts, as the first answer does.
        if (content.offer === offer?.hash && offer.to.includes(from) && !this.#theirKeys.has(from))
          this.#theirKeys.set(from, unhex(content.key));
        return this.#do({ type: 'answered', from, offer: content.offer });
      case 'move.secret': {
        const box = content.boxes.find(({ to }) => to === this.#options.self);
        if (box === undefined) return;
        if (this.#snapshot.value === 'asked' && content.offer === offer?.hash && from === offer.initiator)
          this.#box = unhex(box.box);
        return this.#do({ type: 'secret', from, offer: content.offer });
      }
    }
  }

  /** What the user says to it. */
  says(word: 'go' | 'stay' | 'dismiss'): void {
    this.#do({ type: word });
  }

  close(): void {
    this.#stopWait?.();
    this.#stopWait = null;
    this.#forget();
  }

  #do(event: MoveEvent): void {
    const before = this.#snapshot;
    const [after, effects] = advanceMove(before, event);
    this.#snapshot = after;
    if (after.value !== before.value || effects.some(({ type }) => type === 'wait')) {
      this.#stopWait?.();
      this.#stopWait = null;
    }
    for (const effect of effects) this.#carryOut(effect);
    const { view } = this;
    const shown = JSON.stringify(view);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#options.changed(view);
  }

  /** Says what came of something that took time, if its offer still stands in that state. */
  #then(offer: Offer, state: MoveState, event: MoveEvent): void {
    if (this.#snapshot.context.offer?.hash === offer.hash && this.#snapshot.value === state) this.#do(event);
  }

  #carryOut(effect: MoveEffect): void {
    switch (effect.type) {
      case 'sendOffer': {
        const { offer } = effect.params;
        const { to, without } = offer;
        this.#forget();
        this.#options
          .say({ kind: 'move.offer', nonce: this.#nonce, to: [...to], without: [...without] })
          .catch(() => this.#then(offer, 'asking', { type: 'failed' }));
        return;
      }
      case 'sendAnswer':
        // Where it cannot be sent, no secret comes, and that is told.
        this.#answer(effect.params.offer).catch(() => undefined);
        return;
      case 'sendSecrets': {
        const { offer, to } = effect.params;
        this.#tell(offer, to).then(
          () => this.#then(offer, 'telling', { type: 'sealed' }),
          () => this.#then(offer, 'telling', { type: 'failed' }),
        );
        return;
      }
      case 'open': {
        const { offer } = effect.params;
        void this.#open(offer).then((isOpen) =>
          this.#then(offer, 'opening', { type: isOpen ? 'opened' : 'notOpened' }),
        );
        return;
      }
      case 'wait':
        this.#stopWait = this.#options.clock.after(effect.params.milliseconds, () =>
          this.#do({ type: 'waited' }),
        );
        return;
      case 'enter':
        return this.#enter(effect.params.offer);
      case 'forget':
        return this.#forget();
    }
  }

  async #answer(offer: Offer): Promise<void> {
    const pair = newBoxKey();
    this.#key = { offer: offer.hash, pair };
    const { publicKey } = await pair;
    await this.#options.say({ kind: 'move.answer', offer: offer.hash, key: hex(publicKey) });
  }

  /** Draws the secret of the new room, and seals it to each who has answered, and to nobody else. */
  async #tell(offer: Offer, to: readonly ParticipantId[]): Promise<void> {
    const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const boxes: { to: ParticipantId; box: string }[] = [];
    for (const recipient of to) {
      const key = this.#theirKeys.get(recipient);
      const box = key && (await sealBox(key, boxInfo(offer, recipient), secret));
      if (box) boxes.push({ to: recipient, box: hex(box) });
    }
    if (boxes.length === 0) throw new Error('nobody answered with a key');
    for (let at = 0; at < boxes.length; at += MOVE_LIMITS.boxes)
      await this.#options.say({
        kind: 'move.secret',
        offer: offer.hash,
        boxes: boxes.slice(at, at + MOVE_LIMITS.boxes),
      });
    this.#told = boxes.map((it) => it.to);
    this.#secret = secret;
  }

  async #open(offer: Offer): Promise<boolean> {
    if (this.#key?.offer !== offer.hash || this.#box === null) return false;
    const [{ pair }, box] = [this.#key, this.#box];
    this.#box = null;
    const secret = await (await pair).open(box, boxInfo(offer, this.#options.self));
    if (secret?.length !== SECRET_BYTES || this.#key.offer !== offer.hash) return false;
    this.#secret = secret;
    return true;
  }

  #enter(offer: Offer): void {
    const secret = this.#secret;
    if (secret === null) return;
    const isOwn = offer.initiator === this.#options.self;
    const missing = isOwn ? offer.to.filter((it) => !this.#told.includes(it)) : [];
    this.#options.enter({ secret: secret.slice(), offer, missing });
    this.#forget();
  }

  #forget(): void {
    this.#secret?.fill(0);
    this.#secret = this.#key = this.#box = null;
    this.#theirKeys.clear();
    this.#told = [];
  }
}

const offerOf = (initiator: ParticipantId, { to, without }: OfferTerms, nonce: string): Offer => ({
  hash: offerHash(initiator, { to, without }, nonce),
  initiator,
  to,
  without,
});
