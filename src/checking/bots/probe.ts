import { WebSocket } from 'ws';
import { parseServiceMessage } from '../../log/messages.ts';

/** Why there is no room at an address. Stable codes. */
export type ProbeErrorCode =
  /** Nobody listens there. */
  | 'unreachable'
  /** The certificate is not one that this machine trusts. */
  | 'certificate'
  /** Somebody answers, and it is no delivery service, or not one of this version. */
  | 'no_service'
  /** The service has as much to do as it takes. */
  | 'busy'
  /** Nothing was said in time. */
  | 'silent';

export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly code: ProbeErrorCode;

  constructor(code: ProbeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const BUSY = ['429', '503'];
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

function failure(error: Error & { readonly code?: unknown }): ProbeError {
  const status = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1];
  const code = typeof error.code === 'string' ? error.code : '';
  const because = { cause: error };
  if (status !== undefined && BUSY.includes(status)) return new ProbeError('busy', `HTTP ${status}`, because);
  if (status !== undefined) return new ProbeError('no_service', `HTTP ${status}`, because);
  if (UNTRUSTED.test(code)) return new ProbeError('certificate', error.message, because);
  // Where a name has several addresses, the reasons are in the errors of an AggregateError, and the code outside.
  return new ProbeError('unreachable', error.message === '' ? code : error.message, because);
}

/**
 * Connects to a room once and reads how many entries its log has.
 *
 * @param url the WebSocket of the room.
 * @param timeout milliseconds.
 * @throws ProbeError
 */
export function probeRoom(url: string, timeout = 10_000): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const end = (done: () => void): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close(1000);
      done();
    };
    const fail = (error: ProbeError): void => end(() => reject(error));
    const timer = setTimeout(
      () => fail(new ProbeError('silent', `nothing in ${timeout / 1_000} s`)),
      timeout,
    );
    socket.on('error', (error) => fail(failure(error)));
    socket.on('close', (code) =>
      fail(new ProbeError(code === 1013 ? 'busy' : 'no_service', `closed with ${code}`)),
    );
    socket.on('message', (data: Buffer) => {
      const message = parseServiceMessage(data.toString());
      if (message?.type === 'log') end(() => resolve(message.length));
      else fail(new ProbeError('no_service', 'the first message is not that of a delivery service'));
    });
  });
}
