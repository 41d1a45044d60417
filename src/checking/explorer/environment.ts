import type { JoinEntry } from '../../protocol/entry.ts';
import type { ModelConstants } from '../model/constants.ts';
import type { Action } from './actions.ts';
import { Cells, type NumberedStep } from './cells.ts';
import type { CellStep, Standing } from './cell.ts';
import { Interner } from './interner.ts';
import { EMPTY_LOG, LogTree } from './logTree.ts';

/** The whole world, by numbers: the log, each participant, what each has sent and the service not appended, faults. */
export interface World {
  readonly log: number;
  readonly cells: readonly number[];
  readonly outboxes: readonly number[];
  readonly gone: number;
  readonly claims: number;
  readonly handovers: number;
  readonly lost: number;
  readonly resent: number;
}

/** A step of the world. */
export interface WorldStep {
  readonly action: Action;
  /** The index of the participant that takes it or that it happens to. */
  readonly participant: number;
  readonly world: World;
  /** The entry that it drafts, appends, sends again or reads, by number; null where there is none. */
  readonly entry: number | null;
  /** What its machine did; null where the step is not the participant's. */
  readonly step: CellStep | null;
}

const EMPTY_OUTBOX = 0;

/**
 * The delivery service, the network and the faults of the spec: Join, AppendEntry, DeclareGone, Lose, Resend, Crash, and
 * how often each fault may happen. What a participant does, and whether it may, is its machine's to say.
 */
export class Environment {
  readonly constants: ModelConstants;
  readonly logs: LogTree;
  readonly cells: Cells;
  readonly outboxes = new Interner<readonly number[]>();
  /** By participant. */
  private readonly joinEntries: readonly number[];
  private readonly leaveEntries: readonly number[];

  constructor(constants: ModelConstants) {
    this.constants = constants;
    this.logs = new LogTree(constants.participants);
    this.cells = new Cells(constants, this.logs);
    this.joinEntries = constants.participants.map((author) =>
      this.logs.entry({ entry: joinEntry(author, !constants.uninvited.includes(author)), led: null }),
    );
    this.leaveEntries = constants.participants.map((author) =>
      this.logs.entry({ entry: { kind: 'leave', author }, led: null }),
    );
    this.outbox([]);
  }

  initial(): World {
    const { participants } = this.constants;
    const cells = participants.map((name) => this.cells.outside(name));
    const outboxes = participants.map(() => EMPTY_OUTBOX);
    return { log: EMPTY_LOG, cells, outboxes, gone: 0, claims: 0, handovers: 0, lost: 0, resent: 0 };
  }

  steps(world: World): WorldStep[] {
    const steps: WorldStep[] = [];
    world.cells.forEach((cell, i) => {
      const standing = this.cells.standing(cell);
      const inCall = standing === 'waiting' || standing === 'member';
      if (standing === 'outside') this.join(world, i, steps);
      this.append(world, i, steps);
      this.declareGone(world, i, inCall, steps);
      if (!inCall) return;
      this.lose(world, i, steps);
      this.resend(world, i, steps);
      for (const command of this.cells.commands(cell)) this.command(world, i, command, steps);
      this.read(world, i, steps);
      this.crash(world, i, steps);
    });
    return steps;
  }

  private join(world: World, i: number, steps: WorldStep[]): void {
    if ((this.logs.joined(world.log) & (1 << i)) !== 0) return;
    const log = this.logs.append(world.log, this.joinEntries[i]!);
    const joined = this.cells.join(world.cells[i]!, log);
    if (joined === null) return;
    const stays = this.cells.standing(joined.cell) === 'outside';
    // Who is not invited reads on as before, and nobody sees it.
    const after = { ...world, log };
    if (stays) steps.push({ action: 'Join', participant: i, world: after, entry: null, step: joined.step });
    else steps.push(this.took(after, i, joined));
  }

  private append(world: World, i: number, steps: WorldStep[]): void {
    const [first, ...rest] = this.outboxes.get(world.outboxes[i]!);
    if (first === undefined) return;
    const outboxes = put(world.outboxes, i, this.outbox(rest));
    const after = { ...world, outboxes, log: this.logs.append(world.log, first) };
    steps.push({ action: 'AppendEntry', participant: i, world: after, entry: first, step: null });
  }

  private declareGone(world: World, i: number, inCall: boolean, steps: WorldStep[]): void {
    const bit = 1 << i;
    if ((this.logs.joined(world.log) & bit) === 0 || (this.logs.left(world.log) & bit) !== 0) return;
    if (inCall && world.gone >= this.constants.limits.gone) return;
    const log = this.logs.append(world.log, this.leaveEntries[i]!);
    const fault = inCall ? { gone: world.gone + 1, outboxes: put(world.outboxes, i, EMPTY_OUTBOX) } : {};
    const after = { ...world, log, ...fault };
    steps.push({ action: 'DeclareGone', participant: i, world: after, entry: null, step: null });
  }

  private lose(world: World, i: number, steps: WorldStep[]): void {
    if (world.lost >= this.constants.limits.lost) return;
    if (world.outboxes[i] === EMPTY_OUTBOX && this.cells.pending(world.cells[i]!) === null) return;
    const outboxes = put(world.outboxes, i, EMPTY_OUTBOX);
    const after = { ...world, outboxes, lost: world.lost + 1 };
    steps.push({ action: 'Lose', participant: i, world: after, entry: null, step: null });
  }

  /** The session's step and not the machine's, which does not hear of connections. */
  private resend(world: World, i: number, steps: WorldStep[]): void {
    const pending = this.cells.pending(world.cells[i]!);
    if (!this.constants.rules.Atomic || world.resent >= world.lost || pending === null) return;
    const outboxes = put(world.outboxes, i, this.sending(world, i, [pending]));
    const after = { ...world, outboxes, resent: world.resent + 1 };
    steps.push({ action: 'Resend', participant: i, world: after, entry: pending, step: null });
  }

  private command(world: World, i: number, command: NumberedStep, steps: WorldStep[]): void {
    const { limits } = this.constants;
    switch (command.action) {
      case 'HandOver':
        if (world.handovers >= limits.handovers) return;
        steps.push(this.took({ ...world, handovers: world.handovers + 1 }, i, command));
        return;
      case 'Claim':
        if (world.claims >= limits.claims) return;
        steps.push(this.took({ ...world, claims: world.claims + 1 }, i, command));
        return;
      case 'Leave':
        if (this.number(world, 'left') < limits.leaves) steps.push(this.took(world, i, command));
        return;
      default:
        steps.push(this.took(world, i, command));
    }
  }

  private read(world: World, i: number, steps: WorldStep[]): void {
    const read = this.cells.read(world.cells[i]!, world.log);
    if (read !== null) steps.push(this.took(world, i, read));
  }

  private crash(world: World, i: number, steps: WorldStep[]): void {
    if (this.number(world, 'crashed') >= this.constants.limits.crashes) return;
    const cells = put(world.cells, i, this.cells.crashed(this.name(i)));
    const outboxes = put(world.outboxes, i, EMPTY_OUTBOX);
    const after = { ...world, cells, outboxes };
    steps.push({ action: 'Crash', participant: i, world: after, entry: null, step: null });
  }

  /** The outbox after more is sent. What is sent on a connection that the service has closed gets nowhere. */
  private sending(world: World, i: number, sent: readonly number[]): number {
    const before = world.outboxes[i]!;
    const connected = (this.logs.left(world.log) & (1 << i)) === 0;
    return connected && sent.length > 0 ? this.outbox([...this.outboxes.get(before), ...sent]) : before;
  }

  /** The world after a step of a participant. */
  private took(world: World, i: number, { action, cell, sent, entry, step }: NumberedStep): WorldStep {
    const cells = put(world.cells, i, cell);
    const ended = !['waiting', 'member'].includes(this.cells.standing(cell));
    const outbox = ended ? EMPTY_OUTBOX : this.sending(world, i, sent);
    const outboxes = put(world.outboxes, i, outbox);
    return { action, participant: i, world: { ...world, cells, outboxes }, entry, step };
  }

  private number(world: World, standing: Standing): number {
    return world.cells.filter((cell) => this.cells.standing(cell) === standing).length;
  }

  private outbox(entries: readonly number[]): number {
    return this.outboxes.intern(entries.join(' '), () => entries);
  }

  private name(i: number): string {
    const name = this.constants.participants[i];
    if (name === undefined) throw new RangeError(`no participant has the index ${i}`);
    return name;
  }
}

function joinEntry(author: string, invited: boolean): JoinEntry {
  const keys = { signatureKey: `key of ${author}`, keyPackage: `package of ${author}`, hpkeKeys: [] };
  return { kind: 'join', author, ...keys, invited };
}

function put(list: readonly number[], i: number, item: number): readonly number[] {
  if (list[i] === item) return list;
  const copy = list.slice();
  copy[i] = item;
  return copy;
}
