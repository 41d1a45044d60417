import type { Call } from '../Call.ts';
import { ChatView } from './chat.ts';
import { el, text } from './dom.ts';
import { MoveBar } from './move.ts';
import { Panel } from './panel.ts';
import { Tiles } from './tiles.ts';

const CONNECTION: Record<Call['connection'], string> = {
  connecting: 'connecting…',
  open: 'connected',
  lost: 'connection lost, trying again…',
  closed: 'closed',
};

export interface CallActions {
  readonly leave: () => void;
  readonly setMicrophone: (on: boolean) => void;
  readonly setCamera: (on: boolean) => void;
  readonly compare: (on: boolean) => void;
  readonly download: () => void;
  readonly say: (text: string) => Promise<string | null>;
  readonly move: (to: readonly string[], without: readonly string[]) => void;
  readonly answerMove: (word: 'go' | 'stay' | 'dismiss') => void;
}

/** The call: tiles, buttons and the panel. */
export class CallScreen {
  readonly element: HTMLElement;
  readonly #tiles = new Tiles();
  readonly #panel: Panel;
  readonly #chat: ChatView;
  readonly #move: MoveBar;
  readonly #standing = el('strong', { 'data-testid': 'standing', role: 'status' });
  readonly #connection = el('span', { 'data-testid': 'connection' });
  readonly #media = el('span', { 'data-testid': 'media' });
  readonly #problem = el('p', { class: 'alert', role: 'alert', 'data-testid': 'problem', hidden: true });
  readonly #split = el('p', { class: 'alert', role: 'alert', 'data-testid': 'split', hidden: true });
  readonly #badCommit = el('p', { class: 'alert', role: 'alert', 'data-testid': 'bad-commit', hidden: true });
  readonly #cutOff = el('p', { class: 'note', role: 'status', 'data-testid': 'cut-off', hidden: true });
  readonly #anew = el('p', { class: 'note', 'data-testid': 'anew', hidden: true });
  readonly #microphone = el('button', { 'data-testid': 'microphone' });
  readonly #camera = el('button', { 'data-testid': 'camera' });

  constructor(link: string, actions: CallActions) {
    this.#move = new MoveBar(actions);
    this.#panel = new Panel(link, { ...actions, aside: this.#move.button });
    this.#chat = new ChatView(actions.say);
    this.#panel.element.prepend(this.#chat.element);
    const toggles = [
      [this.#microphone, actions.setMicrophone],
      [this.#camera, actions.setCamera],
    ] as const;
    for (const [button, set] of toggles)
      button.addEventListener('click', () => set(button.getAttribute('aria-pressed') !== 'true'));
    this.element = el(
      'div',
      { class: 'call', 'data-testid': 'call' },
      el(
        'header',
        {},
        this.#standing,
        el('span', { class: 'quiet' }, 'Service: ', this.#connection, ' · Media: ', this.#media),
      ),
      el(
        'main',
        {},
        this.#move.element,
        this.#problem,
        this.#split,
        this.#badCommit,
        this.#cutOff,
        this.#anew,
        this.#tiles.element,
      ),
      this.#panel.element,
      el(
        'footer',
        {},
        this.#microphone,
        this.#camera,
        this.#chat.jump,
        el('button', { class: 'leave', onclick: actions.leave, 'data-testid': 'leave' }, 'Leave'),
      ),
    );
  }

  show(call: Call): void {
    const { view } = call;
    const inGroup = view !== null && view.epoch !== null;
    const alone = inGroup && view.people.length === 1;
    text(
      this.#standing,
      !inGroup ? 'Waiting to be let in' : alone ? 'Nobody else is here yet' : 'End-to-end encrypted',
    );
    this.#standing.dataset['in'] = String(inGroup);
    text(this.#connection, CONNECTION[call.connection]);
    text(this.#media, call.media ?? 'none');
    text(this.#problem, call.problem ?? '');
    this.#problem.hidden = call.problem === null;
    this.#showSplit(call);
    this.#showBadCommit(call);
    text(
      this.#cutOff,
      'The keys should have changed by now. You may be cut off from the others; or their committer is comparing codes. Ask them for their safety code: where it is not yours, leave and join again.',
    );
    this.#cutOff.hidden = !call.maybeCutOff;
    text(
      this.#anew,
      'The call went on without you for a while. You joined it anew, as a new participant with new keys.',
    );
    this.#anew.hidden = call.attempt < 2;
    this.#button(this.#microphone, 'Microphone', call.microphone?.enabled === true);
    this.#button(this.#camera, 'Camera', call.camera !== null);
    this.#tiles.show(call);
    this.#move.show(call);
    this.#panel.show(call);
    this.#chat.show(call);
  }

  #showSplit(call: Call): void {
    const { split } = call;
    this.#split.hidden = split === null;
    if (split === null) return;
    const who = call.nameOf(split.author);
    text(
      this.#split,
      `The call is split: ${who} wrote entry ${split.position} on another log than yours. Either the service shows different people different calls, or ${who} does not follow the protocol. The entry counts for nothing here. Compare the safety code with the others before you go on.`,
    );
    this.#split.dataset['author'] = split.author;
    this.#split.dataset['position'] = String(split.position);
  }

  #showBadCommit(call: Call): void {
    const { badCommit } = call;
    this.#badCommit.hidden = badCommit === null;
    if (badCommit === null) return;
    const who = call.nameOf(badCommit.author);
    text(
      this.#badCommit,
      `${who} made a commit that does not hold what it says (${badCommit.reason}): either ${who} does not follow the protocol, or its device is broken. You joined anew because of it.`,
    );
    this.#badCommit.dataset['author'] = badCommit.author;
    this.#badCommit.dataset['position'] = String(badCommit.position);
  }

  #button(button: HTMLButtonElement, what: string, on: boolean): void {
    text(button, `${what} ${on ? 'on' : 'off'}`);
    button.setAttribute('aria-pressed', String(on));
  }
}
