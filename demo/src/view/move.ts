import type { Moved, MoveView } from '../../../src/messaging/move/Mover.ts';
import type { MoveFailure } from '../../../src/messaging/move/move.machine.ts';
import { MOVE_LIMITS } from '../../../src/messaging/move/limits.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { Call } from '../Call.ts';
import { el, text } from './dom.ts';

type Names = Pick<Call, 'nameOf'>;

const list = (call: Names, ids: readonly ParticipantId[]): string =>
  new Intl.ListFormat('en').format(ids.map((id) => call.nameOf(id)));

const FAILURES: Readonly<Record<MoveFailure, string>> = {
  nobody_answered: 'Nobody answered, so nobody moves. Try again, or send the others a new link another way.',
  not_sent: 'Nobody moves: the service did not take what was to be sent. Try again in a moment.',
  initiator_gone:
    'Who asked you to move has left before you got the way there. Ask the others for the new link.',
  no_secret: 'The way to the new room did not come. Ask the others for the new link.',
  not_opened: 'What came as the way to the new room was none. Ask the others for the new link.',
};

/** What the page says of a move; null where nothing is to be said. `self` may be left out, or not be asked. */
export function moveText(call: Names, self: ParticipantId, view: MoveView): string | null {
  const { state, offer, failure } = view;
  if (offer === null) return failure === null ? null : FAILURES[failure];
  const who = call.nameOf(offer.initiator);
  const without = list(
    call,
    offer.without.filter((it) => it !== self),
  );
  const doubt = view.contested
    ? ' Somebody else asks for something else, so you are not moved by itself: talk to the others before you choose.'
    : '';
  switch (state) {
    case 'idle':
    case 'moved':
      return null;
    case 'asking':
    case 'telling':
      return `You ask ${list(call, offer.to)} to move to a new room without ${without}: ${view.answered} of ${offer.to.length} have answered.${doubt}`;
    case 'asked':
    case 'opening':
      return `${who} asks you to move to a new room, because ${without} should not be here.${doubt}`;
    case 'deciding':
      return `${who} moves to a new room and asks you to follow, because ${without} should not be here. Everybody but ${without} is asked. Stay if you do not believe ${who}: who asks may also want to part you from the others.${doubt}`;
    case 'leftOut':
      return offer.without.includes(self)
        ? `You are left behind: ${who} has asked ${list(call, offer.to)} to move to a new room without you. You do not get the way there, and nothing of what is said there.`
        : `${who} has asked ${list(call, offer.to)} to move to a new room without ${without}. You were not asked: perhaps you came after that. Ask them for the new link.`;
  }
}

/** What somebody reads who has just come from another room. */
export function arrivalText(call: Names, { offer, missing }: Moved): string {
  const without = list(call, offer.without);
  const told = `You are in a new room with a new link, without ${without}.`;
  if (missing.length === 0) return `${told} Whoever should come later needs the new link.`;
  return `${told} ${list(call, missing)} did not answer and ${missing.length === 1 ? 'is' : 'are'} still in the old room: send them the new link another way.`;
}

export interface MoveActions {
  readonly move: (to: readonly ParticipantId[], without: readonly ParticipantId[]) => void;
  readonly answerMove: (word: 'go' | 'stay' | 'dismiss') => void;
}

/** Moving without somebody: a button at each person, what it does before it is done, and what the others are asked. */
export class MoveBar {
  readonly element: HTMLElement;
  readonly #said = el('p', { role: 'alert', 'data-testid': 'move-text' });
  readonly #countdown = el('p', { class: 'quiet', 'data-testid': 'move-countdown' });
  readonly #go = el('button', { class: 'primary', 'data-testid': 'move-go' }, 'Go now');
  readonly #stay = el('button', { 'data-testid': 'move-stay' }, 'Stay');
  readonly #dismiss = el('button', { 'data-testid': 'move-dismiss' }, 'OK');
  readonly #arrival = el('p', { class: 'note', role: 'status', 'data-testid': 'move-arrival', hidden: true });
  readonly #bar: HTMLElement;
  readonly #question = el('h2', { id: 'move-question' });
  readonly #consequences = el('p', { 'data-testid': 'move-consequences' });
  readonly #confirm = el('button', { class: 'leave', 'data-testid': 'move-confirm' });
  readonly #dialog: HTMLDialogElement;
  #call: Call | null = null;
  #terms: { to: readonly ParticipantId[]; without: readonly ParticipantId[] } | null = null;
  #ticking: ReturnType<typeof setInterval> | undefined;
  /** The offer that is counted down for, and when it ends. */
  #counted: { readonly offer: string; readonly until: number } | null = null;

  constructor(actions: MoveActions) {
    for (const [button, word] of [
      [this.#go, 'go'],
      [this.#stay, 'stay'],
      [this.#dismiss, 'dismiss'],
    ] as const)
      button.addEventListener('click', () => actions.answerMove(word));
    this.#confirm.addEventListener('click', () => {
      this.#dialog.close();
      if (this.#terms !== null) actions.move(this.#terms.to, this.#terms.without);
    });
    const cancel = el('button', { autofocus: true, onclick: () => this.#dialog.close() }, 'Cancel');
    this.#dialog = el(
      'dialog',
      { class: 'move', 'aria-labelledby': 'move-question', 'data-testid': 'move-dialog' },
      this.#question,
      this.#consequences,
      el('div', { class: 'buttons' }, this.#confirm, cancel),
    );
    this.#bar = el(
      'div',
      { class: 'note move', 'data-testid': 'move', hidden: true },
      this.#said,
      this.#countdown,
      el('div', { class: 'buttons' }, this.#go, this.#stay, this.#dismiss),
    );
    this.element = el('div', {}, this.#arrival, this.#bar, this.#dialog);
  }

  /** Stands at a person in the list. */
  readonly button = (participant: ParticipantId): HTMLElement =>
    el(
      'button',
      {
        type: 'button',
        class: 'unwanted',
        'aria-label': `This person should not be here: ${this.#call?.nameOf(participant) ?? ''}`,
        'data-testid': 'unwanted',
        onclick: () => this.#ask(participant),
      },
      'This person should not be here',
    );

  /** Says what will happen. Who comes while it is read is not moved. */
  #ask(participant: ParticipantId): void {
    const call = this.#call;
    if (call?.view === null || call === null) return;
    const { self, people } = call.view;
    const members = people.filter(({ standing }) => standing === 'member').map(({ id }) => id);
    const to = members.filter((id) => id !== self && id !== participant).slice(0, MOVE_LIMITS.asked);
    const name = call.nameOf(participant);
    this.#terms = { to, without: [participant] };
    this.#confirm.disabled = to.length === 0;
    text(this.#question, `Move everybody but ${name} to a new room?`);
    text(this.#confirm, `Move without ${name}`);
    text(
      this.#consequences,
      to.length === 0
        ? `There is nobody here besides you and ${name}. Leave, and begin a new call with a new link.`
        : `You and ${list(call, to)} go to a new room with a new secret, which ${name} is not given. All are told that it is you who asks, ${name} too; whoever does not believe you can stay. ${name} keeps the old link, and whoever comes by it is with ${name}. If somebody gave ${name} the link, they can do so again.`,
    );
    this.#dialog.showModal();
  }

  show(call: Call): void {
    this.#call = call;
    this.#arrival.hidden = call.arrival === null;
    text(this.#arrival, call.arrival ?? '');
    const { moving, view } = call;
    const said = moving === null || view === null ? null : moveText(call, view.self, moving);
    this.#bar.hidden = said === null;
    text(this.#said, said ?? '');
    if (moving === null) return;
    const { state, offer, contested } = moving;
    this.#bar.dataset['state'] = state;
    this.#go.hidden = state !== 'deciding';
    this.#stay.hidden = !['asking', 'asked', 'opening', 'deciding'].includes(state);
    this.#dismiss.hidden = state !== 'leftOut' && state !== 'idle';
    if (state !== 'deciding' || offer === null || contested) this.#counted = null;
    else if (this.#counted?.offer !== offer.hash) {
      this.#counted = { offer: offer.hash, until: performance.now() + MOVE_LIMITS.followMs };
      clearInterval(this.#ticking);
      this.#ticking = setInterval(() => this.#count(), 500);
    }
    this.#count();
  }

  #count(): void {
    this.#countdown.hidden = this.#counted === null;
    const left = Math.max(0, Math.ceil(((this.#counted?.until ?? 0) - performance.now()) / 1_000));
    if (left === 0) clearInterval(this.#ticking);
    text(this.#countdown, `You follow by yourself in ${left} seconds.`);
  }
}
