import { WebSocket } from 'ws';
import type { ClientMessage } from '../../log/messages.ts';
import type { Socket } from '../../participant/Session.ts';
import type { Lane } from './Turns.ts';

const PONG = JSON.stringify({ type: 'pong' } satisfies ClientMessage);
/** Longer than a ping, and shorter than anything else that the service says often. */
const SHORT = 32;

/**
 * The WebSocket of one of many sessions in a process. What is heard is handed on in turn with what the others hear. Pings
 * are answered as they arrive: where a bot is behind, it is this machine that is slow, which all share, and no participant.
 */
export class BotSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly #socket: WebSocket;
  readonly #lane: Lane;

  /** @param heard gets the bytes of each message; `failed` what a connection failed by, for people. */
  constructor(url: string, lane: Lane, heard: (bytes: number) => void, failed: (message: string) => void) {
    this.#lane = lane;
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('error', ({ message }) => failed(message));
    this.#socket.on('message', (data: Buffer) => {
      heard(data.length);
      this.#hear(data.toString());
    });
    this.#socket.on('close', (code, reason) =>
      lane.push(() => this.onclose?.({ code, reason: reason.toString() })),
    );
  }

  #hear(text: string): void {
    if (text.length < SHORT && text.includes('"ping"')) this.#socket.send(PONG);
    this.#lane.push(() => this.onmessage?.({ data: text }));
  }

  send(text: string): void {
    // The answer to a ping has gone.
    if (text !== PONG) this.#socket.send(text);
  }

  close(code?: number): void {
    this.#lane.clear();
    this.#socket.close(code);
  }

  /** Without a word. */
  terminate(): void {
    this.#lane.clear();
    this.#socket.terminate();
  }
}
