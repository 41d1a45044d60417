import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import type { Session, SessionEvent, SessionOptions, Socket } from '../../src/participant/Session.ts';
import type { RecordLine } from '../../src/trace/record.ts';

/** 2026-11-22, in seconds since 1970. */
export const NOW = 1_795_305_600;

/** The modules of one guest: loaded afresh, so that its wasm instance is its own, as that of a page's worker is. */
async function load() {
  vi.resetModules();
  return {
    ...(await import('../../src/participant/Session.ts')),
    ...(await import('../../src/mls/wasm.ts')),
    ...(await import('../../src/mls/node.ts')),
    ...(await import('../../src/protocol/wire/invite.ts')),
    ...(await import('../../src/participant/recording.ts')),
    ...(await import('../../src/participant/timers/periods.ts')),
  };
}
type Modules = Awaited<ReturnType<typeof load>>;

export interface GuestOptions extends Partial<Pick<SessionOptions, 'periods'>> {
  /** Seconds since 1970, by the clock of its device. */
  readonly now?: () => number;
  /** Stands between a participant and its group; `count` from 1. */
  readonly core?: (mls: MlsGroup, count: number) => MlsGroup;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Somebody in a call, over a real WebSocket, with a wasm instance of its own. */
export class Guest {
  readonly name: string;
  readonly modules: Modules;
  readonly session: Session;
  readonly events: SessionEvent[] = [];
  readonly lines: RecordLine[] = [];
  /** Groups that were made, one for each participant. */
  readonly cores: MlsGroup[] = [];
  /** Called within a step, before anything else hears of it. */
  onStep: (event: Extract<SessionEvent, { type: 'step' }>) => void = () => undefined;

  private constructor(
    name: string,
    modules: Modules,
    url: string,
    secret: Uint8Array,
    options: GuestOptions,
  ) {
    this.name = name;
    this.modules = modules;
    const { now = () => NOW, core = (mls: MlsGroup) => mls } = options;
    const invite = modules.inviteOf(secret);
    this.session = new modules.Session({
      invite,
      name,
      connect: () => new WebSocket(`${url.replace('http', 'ws')}/rooms/${invite.room}`) as unknown as Socket,
      createMls: (participant) => {
        // As the worker of the demo does: nothing while the instance lives, a fresh one after a trap.
        modules.loadMlsInNode();
        const mls = core(modules.createMlsGroup({ participant, now: now() }), this.cores.length + 1);
        this.cores.push(mls);
        return mls;
      },
      onEvent: (event) => this.#follow(event),
      ...(options.periods && { periods: options.periods }),
    });
  }

  static async join(
    name: string,
    url: string,
    secret: Uint8Array,
    options: GuestOptions = {},
  ): Promise<Guest> {
    return new Guest(name, await load(), url, secret, options);
  }

  #follow(event: SessionEvent): void {
    this.events.push(event);
    if (event.type === 'participant')
      this.modules.recordParticipant(event.participant, (line) => void this.lines.push(line));
    if (event.type === 'step') this.onStep(event);
  }

  get id(): string {
    return this.session.participant?.id ?? '';
  }

  get state(): string {
    const { participant } = this.session;
    return participant === null ? 'none' : this.modules.stateOf(participant.snapshot);
  }

  get roster(): readonly string[] {
    return this.session.participant?.view.roster ?? [];
  }

  /** Of the epoch that it is in; null where it has no keys. */
  get authenticator(): string | null {
    const { participant } = this.session;
    return participant?.hasKeys === true ? hex(participant.mls.epochAuthenticator) : null;
  }

  /** Code and flaw of what it was told went wrong. */
  get codes(): readonly string[] {
    return this.events.flatMap((it) =>
      it.type === 'error' ? [[it.code, it.flaw].filter(Boolean).join(' ')] : [],
    );
  }

  /** In words. */
  get told(): readonly string[] {
    return this.events.flatMap((it) => (it.type === 'error' ? [it.message] : []));
  }

  /** Why entries that it read counted for nothing. */
  get refusals(): readonly string[] {
    return this.events.flatMap((it) =>
      it.type === 'step' && it.step.refusal !== null ? [it.step.refusal] : [],
    );
  }

  /** How many participants it has been. */
  get lives(): number {
    return this.events.filter(({ type }) => type === 'participant').length;
  }
}

const PATIENCE = { timeout: 20_000, interval: 20 };

/** All are members of one group, which has nobody else, with the same authenticator and view. Gives the authenticator. */
export async function together(guests: readonly Guest[]): Promise<string> {
  return vi.waitFor(() => {
    const [first, ...others] = guests.map((it) => ({
      members: it.roster.toSorted().join(' '),
      authenticator: it.authenticator,
    }));
    const members = guests
      .map(({ id }) => id)
      .toSorted()
      .join(' ');
    if (typeof first?.authenticator !== 'string' || first.members !== members)
      throw new Error(`not yet: ${guests.map((it) => `${it.name} ${it.state}`).join(', ')}`);
    for (const it of others)
      if (it.authenticator !== first.authenticator || it.members !== members)
        throw new Error('not one epoch');
    return first.authenticator;
  }, PATIENCE);
}

/** Waits until `what` holds. */
export const until = (what: () => boolean): Promise<void> =>
  vi.waitFor(() => {
    if (!what()) throw new Error(`not yet: ${what.toString()}`);
  }, PATIENCE);
