import { type VideoEncoding } from './videoEncoding.ts';

/** What W3C WebRTC Extensions adds to setParameters; a browser without it ignores it. */
interface SetParameters {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>;
}

/**
 * The parameters of one sender of pictures. One change at a time: a browser refuses parameters that it gave out before the last
 * change (W3C WebRTC section 5.2, `transactionId`), and each change begins with those that the last one left. Browser code.
 */
export class SenderParameters {
  readonly #sender: RTCRtpSender;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sender: RTCRtpSender) {
    this.#sender = sender;
  }

  /** Makes the next picture a key frame. A browser without that option makes one when a receiver asks for it by PLI. */
  keyFrame(): Promise<void> {
    return this.#change((parameters) => {
      const sender: SetParameters = this.#sender;
      return sender.setParameters(parameters, {
        encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })),
      });
    });
  }

  /** Does nothing where it is sent like that already. Rejects as the browser does. */
  encode({ maxBitrate, scaleResolutionDownBy }: VideoEncoding): Promise<void> {
    return this.#change(async (parameters) => {
      const others = parameters.encodings.filter(
        (it) => it.maxBitrate !== maxBitrate || (it.scaleResolutionDownBy ?? 1) !== scaleResolutionDownBy,
      );
      if (others.length === 0) return;
      for (const encoding of others) Object.assign(encoding, { maxBitrate, scaleResolutionDownBy });
      await this.#sender.setParameters(parameters);
    });
  }

  #change(change: (parameters: RTCRtpSendParameters) => Promise<void>): Promise<void> {
    const changed = this.#last.then(() => change(this.#sender.getParameters()));
    this.#last = changed.catch(() => undefined);
    return changed;
  }
}
