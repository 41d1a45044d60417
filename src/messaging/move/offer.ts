import type { ParticipantId } from '../../protocol/ids.ts';
import { PARTICIPANT_ID_BYTES } from '../../protocol/ids.ts';
import { hex, labelledHash, utf8, Writer } from '../../protocol/wire/bytes.ts';

/** What somebody asks for: that these go to a new room, and those are not told where it is. */
export interface OfferTerms {
  /** Who is asked, besides the initiator. */
  readonly to: readonly ParticipantId[];
  /** Who should not be here. */
  readonly without: readonly ParticipantId[];
}

/** An offer that a member made. */
export interface Offer extends OfferTerms {
  /** Stands for all of it (`offerHash`): answers and secrets name it. */
  readonly hash: string;
  readonly initiator: ParticipantId;
}

export const OFFER_NONCE_BYTES = 16;

/** Covers who asks, whom, without whom, and 16 bytes of chance, so that no offer is another one. */
export const offerHash = (initiator: ParticipantId, { to, without }: OfferTerms, nonce: string): string =>
  hex(
    labelledHash(
      'DC 1.0 move',
      new Writer()
        .fixed(initiator, PARTICIPANT_ID_BYTES)
        .fixed(nonce, OFFER_NONCE_BYTES)
        .list(to, PARTICIPANT_ID_BYTES)
        .list(without, PARTICIPANT_ID_BYTES)
        .bytes(),
    ),
  );

/** Somebody is asked, somebody is left out, nobody is both or twice, and the initiator is neither. */
export function isSound(initiator: ParticipantId, { to, without }: OfferTerms): boolean {
  const everybody = [initiator, ...to, ...without];
  return to.length > 0 && without.length > 0 && new Set(everybody).size === everybody.length;
}

/** What a box for one recipient is bound to, besides both keys: HPKE's `info` (RFC 9180 section 5.1). */
export const boxInfo = ({ hash, initiator }: Offer, recipient: ParticipantId): Uint8Array =>
  labelledHash('DC 1.0 move secret', utf8(`${hash} ${initiator} ${recipient}`));
