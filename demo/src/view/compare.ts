import { createActor } from 'xstate';
import type { Call } from '../Call.ts';
import { compareMachine } from '../trust/compare.machine.ts';
import type { CodeHistory, PastCode } from '../trust/codeHistory.ts';
import { agreedText, DIFFERED, movedOnText, OVERTAKEN } from '../trust/compareWords.ts';
import { epochName, reason } from '../trust/timelineWords.ts';
import { clockTime } from './codes.ts';
import { el, fill, text } from './dom.ts';
import { SafetyCodeView } from './safetyCode.ts';

const button = (id: string, words: string, onclick: () => void): HTMLButtonElement =>
  el('button', { type: 'button', 'data-testid': id, onclick }, words);

/** The button that begins a comparison, and the comparison: one epoch's code, which stays while the call moves on. */
export class CompareView {
  readonly element: HTMLElement;
  readonly #actor;
  readonly #begin = button('comparing', 'Compare codes', () => this.#toggle());
  readonly #title = el('h3', { id: 'compare-title', tabindex: '-1', 'data-testid': 'pinned-epoch' });
  readonly #why = el('p', { class: 'quiet' });
  readonly #code = new SafetyCodeView('pinned');
  readonly #moved = el('p', { class: 'note', role: 'status', 'data-testid': 'compare-moved', hidden: true });
  readonly #hold = el('p', { class: 'quiet', 'data-testid': 'compare-hold' });
  readonly #epochs = el('select', { 'data-testid': 'compare-epoch' });
  readonly #comparing: HTMLElement;
  readonly #outcome = el('p', { role: 'status', 'data-testid': 'compare-outcome', hidden: true });
  readonly #again = button('compare-again', 'Compare again', () => this.#actor.send({ type: 'open' }));
  readonly #dialog: HTMLDialogElement;
  #call: Call | null = null;
  #history: CodeHistory | null = null;
  #listed = '';

  /** @param hold has rotation wait, or go on. */
  constructor(hold: (on: boolean) => void) {
    const answered = (pinned: PastCode | null, same: boolean): void => {
      if (pinned === null) return;
      this.#call?.judge((trust) => (same ? trust.agree(pinned) : trust.disagree(pinned)));
    };
    this.#actor = createActor(
      compareMachine.provide({
        actions: {
          hold: () => hold(true),
          release: () => hold(false),
          agree: (_, { pinned }) => answered(pinned, true),
          disagree: (_, { pinned }) => answered(pinned, false),
        },
      }),
    );
    this.#epochs.addEventListener('change', () =>
      this.#actor.send({ type: 'choose', key: this.#epochs.value }),
    );
    this.#comparing = el(
      'div',
      {},
      this.#why,
      this.#code.element,
      this.#moved,
      el('label', { class: 'epochs' }, 'The other one is at another epoch? Take the same: ', this.#epochs),
      this.#hold,
      el(
        'div',
        { class: 'answers' },
        button('codes-same', 'They are the same', () => this.#actor.send({ type: 'same' })),
        button('codes-differ', 'They differ', () => this.#actor.send({ type: 'differ' })),
      ),
    );
    this.#dialog = el(
      'dialog',
      { class: 'compare', 'data-testid': 'compare', 'aria-labelledby': 'compare-title' },
      this.#title,
      this.#comparing,
      this.#outcome,
      el(
        'div',
        { class: 'answers' },
        this.#again,
        button('compare-close', 'Close', () => this.#close()),
      ),
    );
    this.#dialog.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#close();
    });
    this.element = el('div', {}, this.#begin, this.#dialog);
    this.#actor.subscribe(() => this.#show());
    this.#actor.start();
  }

  /** Begins to compare this code, or has the comparison that is going on go over to it. */
  open(key: string): void {
    const open = this.#actor.getSnapshot().matches('comparing');
    this.#actor.send({ type: open ? 'choose' : 'open', key });
  }

  show(call: Call): void {
    this.#call = call;
    const { history } = call.trust;
    if (this.#history !== history) {
      this.#actor.send({ type: 'codes', codes: history.codes });
      const isAnew = this.#history !== null && this.#history.attempt !== history.attempt;
      if (isAnew || !history.current) this.#actor.send({ type: 'anew' });
      this.#history = history;
    }
    this.#show();
  }

  #toggle(): void {
    if (this.#dialog.open) this.#close();
    else this.#actor.send({ type: 'open' });
  }

  #close(): void {
    this.#actor.send({ type: 'close' });
    this.#begin.focus();
  }

  #show(): void {
    const snapshot = this.#actor.getSnapshot();
    const { pinned, codes } = snapshot.context;
    this.#begin.disabled = codes.length === 0 && pinned === null;
    this.#begin.setAttribute('aria-pressed', String(!snapshot.matches('closed')));
    if (snapshot.matches('closed') || pinned === null || this.#call === null) {
      this.#dialog.close();
      return;
    }
    const call = this.#call;
    const nameOf = (id: string): string => call.nameOf(id);
    const comparing = snapshot.matches('comparing');
    text(this.#title, `The code of ${epochName(pinned)}`);
    this.#dialog.dataset['state'] = snapshot.value;
    this.#comparing.hidden = !comparing;
    this.#outcome.hidden = comparing;
    this.#again.hidden = comparing || codes.length === 0;
    this.#code.show(comparing ? pinned.code : null);
    text(
      this.#why,
      `${reason(pinned, nameOf)} (${clockTime(pinned.at)}). In it: ${pinned.members.map(nameOf).join(', ')}. Read it to each other, or hold up the QR code. Both of you take the same epoch.`,
    );
    this.#moved.hidden = codes[0]?.key === pinned.key;
    text(this.#moved, codes[0] === undefined ? '' : movedOnText(pinned, codes[0]));
    this.#showHold(call);
    this.#showEpochs(codes, pinned);
    const covered = [...call.trust.verified.keys()].filter((id) => pinned.members.includes(id)).map(nameOf);
    text(
      this.#outcome,
      snapshot.matches('agreed')
        ? agreedText(pinned, covered)
        : snapshot.matches('differed')
          ? DIFFERED
          : OVERTAKEN,
    );
    if (this.#dialog.open) return;
    this.#dialog.show();
    this.#title.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
  }

  #showHold({ comparing, view }: Call): void {
    const held =
      'You keep the role for two minutes at most, so that the code changes only where somebody comes or goes.';
    const free = 'The call may move on meanwhile. This code stays here.';
    text(this.#hold, comparing && view !== null && view.committer === view.self ? held : free);
  }

  #showEpochs(codes: readonly PastCode[], pinned: PastCode): void {
    const listed = codes.some(({ key }) => key === pinned.key) ? codes : [...codes, pinned];
    const keys = listed.map(({ key }) => key).join();
    if (keys !== this.#listed)
      fill(
        this.#epochs,
        ...listed.map((it) => el('option', { value: it.key }, `${epochName(it)}, ${clockTime(it.at)}`)),
      );
    this.#listed = keys;
    this.#epochs.value = pinned.key;
  }
}
