/** All that the service hears and says on its WebSockets, as it has it: without masks, in the process of the test. */
import { vi } from 'vitest';
import { WebSocket } from 'ws';

export interface Tap {
  /** Messages as text, in order, both ways. */
  readonly texts: string[];
  /** What was relayed beside the log, decoded. */
  relayed(): Buffer[];
  stop(): void;
}

export function tapService(): Tap {
  const texts: string[] = [];
  const { emit, send } = WebSocket.prototype;
  const hears = vi.spyOn(WebSocket.prototype, 'emit').mockImplementation(function (this: WebSocket, ...args) {
    const [event, data] = args as [string, unknown];
    if (event === 'message' && Buffer.isBuffer(data)) texts.push(data.toString('utf8'));
    return Reflect.apply(emit, this, args);
  });
  const says = vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, ...args) {
    const [data] = args as unknown[];
    if (typeof data === 'string') texts.push(data);
    Reflect.apply(send, this, args);
  });
  return {
    texts,
    relayed: () =>
      texts.flatMap((text) => {
        const { type, data } = JSON.parse(text) as { type: string; data?: string };
        return type === 'message' && data !== undefined ? [Buffer.from(data, 'base64url')] : [];
      }),
    stop: () => {
      hears.mockRestore();
      says.mockRestore();
    },
  };
}
