import { WebSocket } from 'ws';
import { loadMlsInNode } from '../../../src/mls/node.ts';
import { createMlsGroup } from '../../../src/mls/wasm.ts';
import { type PersonKey } from '../../../src/participant/person.ts';
import { Session, type Socket } from '../../../src/participant/Session.ts';
import { inviteOf } from '../../../src/protocol/wire/invite.ts';
import { secretIn } from '../../src/link.ts';
import { NEVER } from './service.ts';

/** The secret in a link. */
export function secretOf(link: string): Uint8Array {
  const secret = secretIn(new URL(link).hash);
  if (secret === null) throw new Error('a link without a secret');
  return secret;
}

/** A real participant in Node, without media and without timers, whose entries can be held back: a committer that hangs. */
export class NodeMember {
  readonly session: Session;
  #socket: WebSocket | null = null;
  #held: string[] | null = null;

  constructor(link: string, name: string, person?: PersonKey) {
    loadMlsInNode();
    const { host } = new URL(link);
    const invite = inviteOf(secretOf(link));
    this.session = new Session({
      invite,
      name,
      ...(person && { person }),
      connect: () => this.#connect(`ws://${host}/rooms/${invite.room}`),
      periods: { rotationMs: NEVER, silenceMs: NEVER },
      createMls: (participant) => createMlsGroup({ participant, now: Math.floor(Date.now() / 1_000) }),
      onEvent: () => undefined,
    });
  }

  get members(): number {
    return this.session.participant?.view.roster.length ?? 0;
  }

  /** Holds what it drafts from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** How many drafts are held. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const text of held) this.#socket?.send(text);
  }

  leave(): void {
    this.session.leave();
  }

  #connect(url: string): Socket {
    const socket = new WebSocket(url);
    this.#socket = socket;
    const through: Socket = {
      send: (text) => {
        if (this.#held !== null && (JSON.parse(text) as { type: string }).type === 'append')
          this.#held.push(text);
        else socket.send(text);
      },
      close: (code) => socket.close(code),
      onmessage: null,
      onclose: null,
    };
    socket.on('message', (data) => through.onmessage?.({ data: (data as Buffer).toString('utf8') }));
    socket.on('close', (code, reason) => through.onclose?.({ code, reason: reason.toString() }));
    socket.on('error', () => undefined);
    return through;
  }
}
