import { SHORT_GROUPS } from '../../../src/verification/person-code.ts';
import type { Call } from '../Call.ts';
import type { Person } from '../messages.ts';
import { verifiedTitle } from '../trust/compareWords.ts';
import type { NameWarning } from '../trust/nameRule.ts';
import { nameWarningText } from '../trust/nameWords.ts';
import { epochName } from '../trust/timelineWords.ts';
import type { Comparison } from '../trust/verified.ts';
import { el, fill } from './dom.ts';

const STANDING: Record<Person['standing'], string> = {
  member: '',
  departed: 'left, keys not yet changed',
  waiting: 'waits to be let in',
};

/** A person code: short in the list, whole when it is opened. Null where nobody vouches for the name. */
function codeOf(groups: readonly string[] | null, kept: string): HTMLElement {
  if (groups === null)
    return el(
      'span',
      { class: 'quiet', 'data-testid': 'no-person-code' },
      'no person code: nothing vouches for this name',
    );
  return el(
    'details',
    { class: 'person' },
    el('summary', { class: 'quiet' }, `Person code ${groups.slice(0, SHORT_GROUPS).join(' ')} …${kept}`),
    el(
      'span',
      { class: 'code', 'data-testid': 'person-code' },
      ...groups.map((group) => el('span', {}, group)),
    ),
    el('span', { class: 'quiet' }, 'Compare all of it: the beginning alone can be imitated.'),
  );
}

/** Whether the codes were compared with this person in the group. */
function verifiedMark(comparison: Comparison | undefined): HTMLElement {
  if (comparison === undefined)
    return el('span', { class: 'quiet', 'data-testid': 'not-compared' }, ' not compared yet');
  const words = `verified at ${epochName(comparison)}`;
  return el('span', { class: 'mark', 'data-testid': 'verified', title: verifiedTitle(comparison) }, words);
}

/** What is wrong with a name. The user can say that a code of another call is out of date. */
function warned(warning: NameWarning, name: string, own: boolean, accept: (() => void) | null): HTMLElement {
  return el(
    'p',
    { class: 'alert', 'data-testid': 'name-warning', 'data-flaw': warning.flaw },
    nameWarningText(warning, name, own),
    accept === null || warning.flaw !== 'other key' || warning.seen !== 'earlier call'
      ? null
      : el(
          'button',
          { type: 'button', 'data-testid': 'accept-code', onclick: accept },
          `It is the same ${name}: keep this code too`,
        ),
  );
}

/** Who is in the call, with the code of each person, whether codes were compared, and what is wrong with a name. */
export class People {
  readonly element = el('ul', { class: 'people', 'data-testid': 'roster' });
  /** Kept, so that what is open stays open. */
  readonly #codes = new Map<string, { readonly shown: string; readonly element: HTMLElement }>();
  #shown = '';
  readonly #aside: (participant: string) => Node | null;

  /** @param aside what else stands at somebody else who is in the call. */
  constructor(aside: (participant: string) => Node | null = () => null) {
    this.#aside = aside;
  }

  show(call: Call): void {
    const { view } = call;
    if (view === null) return;
    const people = view.people.map(({ id, standing }) => {
      const own = id === view.self;
      const kept =
        !own || call.personKept === null ? '' : call.personKept ? ' (kept here)' : ' (this call only)';
      const warning = call.trust.warningOf(id);
      const verified = call.trust.verified.get(id);
      const name = call.nameOf(id);
      return { id, standing, own, committer: id === view.committer, name, kept, warning, verified };
    });
    const shown = JSON.stringify([
      people,
      people.map(({ id }) => call.personCodes.get(id)),
      call.trust.known === null,
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    for (const id of this.#codes.keys()) if (!people.some((it) => it.id === id)) this.#codes.delete(id);
    fill(
      this.element,
      ...people.map(({ id, standing, own, committer, name, kept, warning, verified }) =>
        el(
          'li',
          { 'data-participant': id, 'data-standing': standing },
          el('span', { class: 'who' }, name),
          own ? el('span', { class: 'quiet' }, ' (you)') : null,
          committer
            ? el(
                'span',
                { class: 'mark', 'data-testid': 'committer', title: 'Lets people in and changes the keys' },
                'designated committer',
              )
            : null,
          own || standing === 'waiting' ? null : verifiedMark(verified),
          STANDING[standing] === '' ? null : el('span', { class: 'quiet' }, ` ${STANDING[standing]}`),
          this.#code(id, call.personCodes.get(id), kept),
          warning === null || warning.flaw === 'unproven'
            ? null
            : warned(warning, name, own, call.trust.known && (() => call.judge((trust) => trust.accept(id)))),
          own || standing !== 'member' ? null : this.#aside(id),
        ),
      ),
    );
  }

  /** Nothing as long as the name was not opened. */
  #code(id: string, groups: readonly string[] | null | undefined, kept: string): HTMLElement | null {
    if (groups === undefined) return null;
    const shown = JSON.stringify([groups, kept]);
    const known = this.#codes.get(id);
    if (known?.shown === shown) return known.element;
    const element = el('div', {}, codeOf(groups, kept));
    this.#codes.set(id, { shown, element });
    return element;
  }
}
