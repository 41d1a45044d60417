/** Runs of real sessions against the real service, on loopback, that record what they do. */
import { WebSocket } from 'ws';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { recordParticipant } from '../../src/participant/recording.ts';
import { Session, type Socket } from '../../src/participant/Session.ts';
import { inviteOf } from '../../src/protocol/wire/invite.ts';
import { startService, type Service } from '../../src/service/server.ts';
import { printRecord, type RecordLine } from '../../src/trace/record.ts';

/** Seconds since 1970; dates key packages. */
const NOW = 1_795_305_600;

/** Milliseconds. */
const HOUR = 3_600_000;

/** Nobody listens there, and a connection to it is refused at once. */
const NOWHERE = 'ws://127.0.0.1:1/';

/** A person in the run. */
export class Person {
  readonly name: string;
  readonly lines: RecordLine[] = [];
  readonly session: Session;
  #socket: WebSocket | null = null;
  #killed = false;
  #cut = false;
  #online = false;

  constructor(name: string, service: Service, invite: ReturnType<typeof inviteOf>) {
    this.name = name;
    this.session = new Session({
      invite,
      name,
      connect: () => this.#connect(`${service.url.replace('http', 'ws')}/rooms/${invite.room}`),
      createMls: (participant) => createMlsGroup({ participant, now: NOW }),
      // The run says itself who claims and hands over, and when.
      periods: { silenceMs: HOUR, rotationMs: HOUR },
      onEvent: (event) => {
        if (event.type === 'connection') this.#online = event.state === 'open';
        if (event.type === 'participant') {
          recordParticipant(event.participant, (line) => {
            if (!this.#killed) this.lines.push(line);
          });
        }
      },
    });
  }

  #connect(url: string): Socket {
    // A killed tab connects to nothing any more.
    if (this.#killed)
      return { send: () => undefined, close: () => undefined, onmessage: null, onclose: null };
    this.#socket = new WebSocket(this.#cut ? NOWHERE : url);
    return this.#socket as unknown as Socket;
  }

  get state(): unknown {
    return this.session.participant?.snapshot.value;
  }

  get members(): number {
    const { participant } = this.session;
    return participant?.hasKeys === true ? participant.mls.roster.length : 0;
  }

  /** Nothing is drafted and not read back, and nothing is left to do. */
  get settled(): boolean {
    const { participant } = this.session;
    return participant !== null && participant.hasKeys && participant.snapshot.context.pending === null;
  }

  /** Whether the service has taken it in, or back, on the connection that it has. */
  get online(): boolean {
    return this.#online;
  }

  /** Its connection is lost, with what is under way, and there is no other until `mend`. */
  cut(): void {
    this.#cut = true;
    this.#socket?.terminate();
  }

  mend(): void {
    this.#cut = false;
  }

  /** The tab is gone from one moment to the next: no more lines, no word to the service. */
  kill(): void {
    this.#killed = true;
    this.#socket?.terminate();
  }
}

export class Run {
  readonly service: Service;
  readonly people: Person[] = [];
  readonly #invite = inviteOf(crypto.getRandomValues(new Uint8Array(32)));

  constructor(service: Service) {
    this.service = service;
  }

  static async start(graceMs: number): Promise<Run> {
    loadMlsInNode();
    return new Run(await startService({ limits: { graceMs, silenceMs: 0 } }));
  }

  join(name: string): Person {
    const person = new Person(name, this.service, this.#invite);
    this.people.push(person);
    return person;
  }

  /** One record a person. */
  records(): { readonly name: string; readonly text: string }[] {
    return this.people.map(({ name, lines }) => ({ name: `${name}.ndjson`, text: printRecord(lines) }));
  }
}

/** Milliseconds after which something has gone wrong for good. */
const PATIENCE = 60_000;

/** Waits until `condition` holds of all of `people`; says where they are where that never comes. */
export async function until(
  people: readonly Person[],
  condition: (person: Person) => boolean,
): Promise<void> {
  const start = performance.now();
  while (!people.every(condition)) {
    if (performance.now() - start > PATIENCE) {
      const where = people.map((p) => `${p.name} ${JSON.stringify(p.state)} of ${p.members}`);
      throw new Error(`waited in vain: ${where.join(', ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
