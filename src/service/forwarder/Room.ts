import { VIDEO_CODECS } from '../../media/connection/codecs.ts';
import { type MediaKind } from '../../media/connection/messages.ts';
import { type Participant } from './Participant.ts';

const KINDS: readonly MediaKind[] = ['audio', 'video'];

/** The participants of one call, each of whom receives all others. */
export class Room {
  readonly participants = new Map<string, Participant>();

  /**
   * Gives each participant a slot for each other one, as far as it has slots. Who sits in a slot stays there;
   * newcomers take free ones, those with the lowest number first. Each participant is told what all others receive.
   */
  assignSlots(): void {
    for (const receiver of this.participants.values()) {
      const others = [...this.participants.values()].filter((other) => other !== receiver);
      for (const kind of KINDS) {
        const own = receiver.downlinks.filter((downlink) => downlink.kind === kind);
        const streams = others.map((other) => other.uplink(kind));
        for (const downlink of own) {
          if (downlink.source !== null && !streams.includes(downlink.source)) downlink.setSource(null);
        }
        for (const stream of streams) {
          if (own.some(({ source }) => source === stream)) continue;
          own.find(({ source }) => source === null)?.setSource(stream);
        }
      }
      // More slots only once the connection stands: a second offer while DTLS is shaking hands buys nothing.
      const have = receiver.downlinks.filter(({ kind }) => kind === 'audio').length;
      receiver.sendSlots(receiver.connected ? Math.max(have, others.length) : have);
      receiver.sendVideoCodecs(
        VIDEO_CODECS.filter((codec) => others.every(({ received }) => received.includes(codec))),
      );
    }
  }
}
