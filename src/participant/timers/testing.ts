/** What tests of timers share: a clock that stands still, and a room whose people have timers. `loadMlsInNode` comes first. */
import { Scene, type Person } from '../testing.ts';
import type { Clock } from './clock.ts';
import type { Periods } from './periods.ts';
import { Timers, type Notice } from './Timers.ts';

/** Stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly what: () => void }>();

  now = (): number => this.#now;

  after = (milliseconds: number, what: () => void): (() => void) => {
    const timer = { at: this.#now + milliseconds, what };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** Fires the next timer that is due up to `until`. Gives whether there was one. */
  next(until: number): boolean {
    const [timer] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    this.#now = Math.max(this.#now, timer?.at ?? until);
    if (timer === undefined) return false;
    this.#timers.delete(timer);
    timer.what();
    return true;
  }

  /** Time passes, and no timer fires: the machine sleeps. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** A person with timers. While it hangs it reads nothing, does nothing, and none of its timers fires in time. */
export class TimedPerson {
  readonly person: Person;
  readonly timers: Timers;
  readonly notices: Notice[] = [];
  readonly clock = new FakeClock();
  hangs = false;
  caughtUp = true;

  constructor(person: Person, periods: Partial<Periods>) {
    this.person = person;
    this.timers = new Timers({
      participant: person.participant,
      isReady: () => this.caughtUp,
      onNotice: (notice) => void this.notices.push(notice),
      periods,
      clock: this.clock,
    });
  }
}

/** Milliseconds that the service takes between two pings. */
const PING_MS = 3_000;
/** Entries of one test: more are a loop. */
const ENTRIES = 500;

/** A room whose people have timers, each a clock of its own, all going at one speed. */
export class TimedRoom {
  readonly scene = new Scene();
  readonly people: TimedPerson[] = [];
  readonly #periods: Partial<Periods>;
  #passed = 0;

  constructor(periods: Partial<Periods> = {}) {
    this.#periods = periods;
  }

  /** Somebody joins, and everybody settles; it may hang from the start. */
  join(name: string, hangs = false): TimedPerson {
    const it = new TimedPerson(this.scene.join(name), this.#periods);
    it.hangs = hangs;
    this.people.push(it);
    this.settle();
    return it;
  }

  /** The kinds of the entries that were appended behind position `from`, with who wrote them. */
  since(from: number): string[] {
    const [reader] = this.people.filter(({ hangs, person }) => !hangs && !person.participant.ended);
    return (reader?.person.steps ?? []).flatMap(({ placed, refusal }) => {
      if (placed === null || placed.position <= from) return [];
      const name = this.people.find(({ person }) => person.id === placed.entry.author)?.person.name;
      return [`${name ?? '?'} ${placed.entry.kind}${refusal === null ? '' : ` (${refusal})`}`];
    });
  }

  get length(): number {
    return this.scene.entries.length;
  }

  /** Everybody who does not hang reads, does what is due and its duty, until nothing moves any more. */
  settle(): void {
    for (let length = -1; length !== this.length;) {
      length = this.length;
      if (length > ENTRIES) throw new Error('this room does not settle');
      for (const it of this.people) if (!it.hangs) this.#turn(it);
    }
  }

  #turn({ person, timers }: TimedPerson): void {
    this.scene.deliver(person);
    if (person.participant.ended) return;
    timers.run();
    person.participant.act();
    this.scene.flush(person);
  }

  /** Time passes, a tenth of a second at a time; the service pings those who do not hang. */
  pass(milliseconds: number): void {
    const step = 100;
    for (let passed = 0; passed < milliseconds; passed += step) {
      this.#passed += step;
      for (const it of this.people) {
        const until = it.clock.now() + step;
        if (it.hangs) it.clock.sleep(step);
        else for (let fired = 0; it.clock.next(until); fired++) if (fired > 100) throw new Error('a loop');
        if (!it.hangs && this.#passed % PING_MS === 0) it.timers.heard();
      }
      this.settle();
    }
  }
}
