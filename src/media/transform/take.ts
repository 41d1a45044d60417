import { checkPayloadTypes, type PayloadTypes } from './codecs.ts';
import { type MediaTransforms } from './media-transforms.ts';
import { TransformError } from './options.ts';
import { type EncodedTransformer, type TransformOptions } from './types.ts';

/** Streams of createEncodedStreams, transferred to the worker. They take the way that a transformer's streams take. */
export interface EncodedStreamsMessage {
  readonly type: 'encodedStreams';
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
  readonly options: TransformOptions;
}

/** What the page negotiated, for browsers whose frames tell only their payload type. Replaces what it said before. */
export interface CodecsMessage {
  readonly type: 'codecs';
  readonly codecs: PayloadTypes;
}

/** The page found that its browser has no encoded transforms. */
export interface BrowserNotSupportedMessage {
  readonly type: 'browserNotSupported';
}

/** What the page's side of the transforms posts to the worker. */
export type TransformMessage = EncodedStreamsMessage | CodecsMessage | BrowserNotSupportedMessage;

/** The part of a DedicatedWorkerGlobalScope that is used. */
interface Scope {
  addEventListener: (type: 'rtctransform' | 'message', listener: (event: Event) => void) => void;
}

function take(transforms: MediaTransforms, data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  const message = data as Partial<Record<string, unknown>>;
  switch (message['type']) {
    case 'encodedStreams': {
      const { readable, writable, options } = message;
      if (!(readable instanceof ReadableStream) || !(writable instanceof WritableStream))
        throw new TransformError('transform-options-invalid', 'encodedStreams without streams');
      return transforms.attach({ readable, writable, options });
    }
    case 'codecs': {
      const codecs = checkPayloadTypes(message['codecs']);
      if (codecs === undefined) throw new TransformError('transform-options-invalid', 'codecs that are none');
      return transforms.negotiated(codecs);
    }
    case 'browserNotSupported':
      return transforms.browserNotSupported();
  }
}

/**
 * Takes up every transform that the page makes for this worker, by whichever of the two APIs. To be called when the
 * worker starts. Other messages are left to whom they are for. `refused` is told why a transform was not taken:
 * nothing is read from it then, so nothing leaves it.
 */
export function takeTransforms(
  scope: Scope,
  transforms: MediaTransforms,
  refused: (error: unknown) => void,
): void {
  const listen = (type: 'rtctransform' | 'message', work: (event: Event) => void): void =>
    scope.addEventListener(type, (event) => {
      try {
        work(event);
      } catch (error) {
        refused(error);
      }
    });
  listen('rtctransform', (event) =>
    transforms.attach((event as Event & { readonly transformer: EncodedTransformer }).transformer),
  );
  listen('message', (event) => take(transforms, (event as MessageEvent<unknown>).data));
}
