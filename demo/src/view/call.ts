import type { Call } from '../Call.ts';
import { canShowScreen } from '../devices.ts';
import { CallBadgeView } from './callBadge.ts';
import { ChatView } from './chat.ts';
import { el, text } from './dom.ts';
import { MoveBar } from './move.ts';
import { Panel } from './panel.ts';
import { Tiles } from './tiles.ts';
import { TrustAlerts } from './trustAlerts.ts';

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
  readonly setScreen: (on: boolean) => void;
  readonly compare: (on: boolean) => void;
  readonly download: (withNames: boolean) => void;
  readonly say: (text: string) => Promise<string | null>;
  readonly move: (to: readonly string[], without: readonly string[]) => void;
  readonly answerMove: (word: 'go' | 'stay' | 'dismiss') => void;
}

/** The call: tiles, buttons and the panel. */
export class CallScreen {
  readonly element: HTMLElement;
  readonly #tiles = new Tiles();
  readonly #panel: Panel;
  readonly #badge = new CallBadgeView();
  readonly #trust = new TrustAlerts();
  readonly #chat: ChatView;
  readonly #move: MoveBar;
  readonly #standing = el('strong', { 'data-testid': 'standing', role: 'status' });
  readonly #connection = el('span', { 'data-testid': 'connection', role: 'status' });
  readonly #media = el('span', { 'data-testid': 'media' });
  readonly #problem = el('p', { class: 'alert', role: 'alert', 'data-testid': 'problem', hidden: true });
  readonly #split = el('p', { class: 'alert', role: 'alert', 'data-testid': 'split', hidden: true });
  readonly #badCommit = el('p', { class: 'alert', role: 'alert', 'data-testid': 'bad-commit', hidden: true });
  readonly #cutOff = el('p', { class: 'note', role: 'status', 'data-testid': 'cut-off', hidden: true });
  readonly #anew = el('p', { class: 'note', role: 'status', 'data-testid': 'anew', hidden: true });
  readonly #microphone = el('button', { 'data-testid': 'microphone' });
  readonly #camera = el('button', { 'data-testid': 'camera' });
  readonly #screen = el('button', { 'data-testid': 'screen', hidden: !canShowScreen() });
  #showsScreen = false;

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
    this.#screen.addEventListener('click', () => actions.setScreen(!this.#showsScreen));
    this.element = el(
      'div',
      { class: 'call', 'data-testid': 'call' },
      el(
        'header',
        {},
        el('h1', { class: 'unseen', tabindex: '-1' }, 'Encrypted call'),
        this.#standing,
        this.#badge.element,
        el('span', { class: 'quiet' }, 'Service: ', this.#connection, ' · Media: ', this.#media),
      ),
      // On phones these two scroll together.
      el(
        'div',
        { class: 'body' },
        el(
          'main',
          {},
          this.#move.element,
          this.#problem,
          this.#split,
          this.#badCommit,
          this.#trust.element,
          this.#cutOff,
          this.#anew,
          this.#tiles.element,
        ),
        this.#panel.element,
      ),
      el(
        'footer',
        {},
        this.#microphone,
        this.#camera,
        this.#screen,
        // On phones the panel is below the fold. A link would do, were the fragment not the secret.
        el(
          'button',
          { class: 'to-panel', onclick: () => this.#toPanel(), 'data-testid': 'to-panel' },
          'Details',
        ),
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
      !inGroup ? 'Waiting to be let in' : alone ? 'Nobody else is here yet' : 'You are in the group',
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
    this.#button(this.#camera, 'Camera', call.video.camera !== null);
    this.#showsScreen = call.video.screen !== null;
    text(this.#screen, this.#showsScreen ? 'Stop sharing' : 'Share screen');
    this.#tiles.show(call);
    this.#badge.show(call, this.#tiles.senders);
    this.#trust.show(call);
    this.#move.show(call);
    this.#panel.show(call);
    this.#chat.show(call);
  }

  #toPanel(): void {
    this.#panel.element.focus({ preventScroll: true });
    this.#panel.element.scrollIntoView();
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
