import { itemAt } from '../../trace/itemAt.ts';
import { TlaValueError } from '../../trace/errors.ts';
import type { Lasso, Trace, TraceStep } from '../../trace/trace.ts';
import { MESSAGE } from './codes.ts';
import { TlcError } from './errors.ts';
import type { TlcMessage } from './messages.ts';
import { outcomeOf, violationOf } from './outcome.ts';
import type { Violation } from './outcome.ts';
import { OUTPUT_LINES } from './result.ts';
import type { ActionCoverage, TlcProgress, TlcResult } from './result.ts';
import { parseInitialState, parseStateMessage } from './stateMessage.ts';

const TRACE_STEPS_LIMIT = 100_000;
const ERRORS_LIMIT = 20;
const EXPLANATION_LINES = 20;
const TEXT_LIMIT = 8_000;
const COUNTS =
  /([\d,]+) states generated(?: \([^)]*\))?(?:, (-?[\d,]+) distinct states found)?(?: \([^)]*\))?(?:, (-?[\d,]+) states left)?/;

export interface CollectorOptions {
  readonly simulate: boolean;
  /** Names of the temporal properties of the configuration: TLC 2.18 does not tell which of them it found violated. */
  readonly temporalProperties: readonly string[];
  readonly onProgress?: (progress: TlcProgress) => void;
}

/** What a module prints that tells how many distinct states there are so far. */
const TOLD = /^<<"states so far", (\d+)>>$/;

/** Takes TLC's messages in their order and makes a result of them. Bounded in everything but the states of the trace. */
export class TlcCollector {
  private readonly options: CollectorOptions;
  private readonly violations: Violation[] = [];
  private readonly errors: string[] = [];
  private readonly warnings: string[] = [];
  private readonly lines: string[] = [];
  private readonly steps: TraceStep[] = [];
  private traceOver = false;
  private lasso: Lasso | undefined;
  private version: string | undefined;
  private initialStates: number | undefined;
  private generated = 0;
  private distinct = 0;
  private depth: number | undefined;
  private success = false;
  private coverage: Map<string, ActionCoverage> | undefined;

  constructor(options: CollectorOptions) {
    this.options = options;
  }

  /** A line outside of messages. One that a module prints to tell how many states there are is progress. */
  line(line: string): void {
    const told = TOLD.exec(line);
    if (told !== null) {
      this.options.onProgress?.({ statesGenerated: this.generated, statesDistinct: Number(told[1]) });
      return;
    }
    this.lines.push(line.slice(0, TEXT_LIMIT));
    if (this.lines.length > OUTPUT_LINES) this.lines.shift();
  }

  message(message: TlcMessage): void {
    try {
      this.take(message);
    } catch (error) {
      if (!(error instanceof TlaValueError)) throw error;
      throw new TlcError('tlc/output-malformed', `message ${message.code}: ${error.message}`, {
        cause: error,
      });
    }
    const { code, severity, text } = message;
    if (code === MESSAGE.behaviorUpToHere || code === MESSAGE.counterexample) return;
    if ((severity === 1 || severity === 2) && this.errors.length < ERRORS_LIMIT)
      this.errors.push(brief(text));
    if (severity === 3 && this.warnings.length < ERRORS_LIMIT) this.warnings.push(brief(text));
  }

  /** `exitCode` is undefined where the process was killed. */
  result(exitCode: number | undefined, seconds: number): TlcResult {
    const outcome = outcomeOf({
      exitCode,
      simulate: this.options.simulate,
      success: this.success,
      violations: this.violations,
      messages: this.explanation(),
    });
    return {
      exitCode,
      outcome,
      version: this.version,
      initialStates: this.initialStates,
      statesGenerated: this.generated,
      statesDistinct: this.distinct,
      depth: this.depth,
      seconds,
      ...(this.steps.length > 0 && { trace: this.trace() }),
      ...(this.coverage !== undefined && { coverage: Object.fromEntries(this.coverage) }),
      output: this.lines,
      warnings: this.warnings,
    };
  }

  /** TLC's error messages, and what its parser said outside of messages. */
  private explanation(): readonly string[] {
    const start = this.lines.findIndex((line) => /^\*{3} ?(?:Parse Error|Errors)/.test(line));
    if (start !== -1) return [...this.errors, ...this.lines.slice(start, start + EXPLANATION_LINES)];
    return this.errors.length > 0 ? this.errors : this.lines.slice(-EXPLANATION_LINES);
  }

  private trace(): Trace {
    const variables = Object.keys(itemAt(this.steps, 0).state);
    return { variables, steps: this.steps, ...(this.lasso !== undefined && { lasso: this.lasso }) };
  }

  private take(message: TlcMessage): void {
    const { code, text } = message;
    switch (code) {
      case MESSAGE.version:
        this.version = text;
        return;
      case MESSAGE.initialStates:
      case MESSAGE.initialStatesMany:
        this.initialStates = integerIn(/(\d[\d,]*) (?:distinct )?states? generated/, text);
        return;
      case MESSAGE.success:
        this.success = true;
        return;
      case MESSAGE.searchDepth:
        this.depth = integerIn(/(\d[\d,]*)\.?\s*$/, text);
        return;
      case MESSAGE.statistics:
      case MESSAGE.progress:
      case MESSAGE.progressSimulation:
        this.counts(text);
        return;
      case MESSAGE.statisticsSimulation:
        this.generated = integerIn(/generated: (\d[\d,]*)/, text) ?? this.generated;
        return;
      case MESSAGE.coverageStart:
        this.coverage = new Map();
        return;
      case MESSAGE.coverageInit:
      case MESSAGE.coverageNext:
        this.actionCoverage(text);
        return;
      case MESSAGE.state:
        this.state(text);
        return;
      case MESSAGE.stuttering:
        if (!this.traceOver) this.lasso = 'stuttering';
        return;
      case MESSAGE.backToState:
        if (!this.traceOver) this.lasso = integerIn(/^(\d+): Back to state|Back to state (\d+)/, text);
        return;
      default:
        this.violation(message);
        return;
    }
  }

  private violation(message: TlcMessage): void {
    const violation = violationOf(message, this.options.temporalProperties);
    if (violation === undefined || this.violations.length >= ERRORS_LIMIT) return;
    this.violations.push(violation);
    if (violation.initially && this.steps.length === 0) this.steps.push(parseInitialState(message.text));
  }

  private state(text: string): void {
    if (this.traceOver) return;
    const { number, step } = parseStateMessage(text);
    // With several workers a second counterexample can follow: the first is kept.
    if (number === 1 && this.steps.length > 0) {
      this.traceOver = true;
      return;
    }
    if (number !== this.steps.length + 1) {
      throw new TlcError('tlc/output-malformed', `state ${number} follows state ${this.steps.length}`);
    }
    if (number > TRACE_STEPS_LIMIT)
      throw new TlcError('tlc/output-too-large', `a trace beyond ${TRACE_STEPS_LIMIT} states`);
    this.steps.push(step);
  }

  private counts(text: string): void {
    const counts = COUNTS.exec(text);
    if (counts === null) return;
    this.generated = integer(counts[1] ?? '');
    // In a simulation TLC says -1 for what it does not count.
    const distinct = counts[2] === undefined ? -1 : integer(counts[2]);
    const left = counts[3] === undefined ? -1 : integer(counts[3]);
    if (distinct >= 0) this.distinct = distinct;
    this.options.onProgress?.({
      statesGenerated: this.generated,
      ...(distinct >= 0 && { statesDistinct: distinct }),
      ...(left >= 0 && { statesLeft: left }),
    });
  }

  private actionCoverage(text: string): void {
    const [, name, distinct = '', generated = ''] = /^<(\S+) .*>: ([\d,]+):([\d,]+)/.exec(text) ?? [];
    if (name === undefined) return;
    const before = this.coverage?.get(name) ?? { distinct: 0, generated: 0 };
    this.coverage?.set(name, {
      distinct: before.distinct + integer(distinct),
      generated: before.generated + integer(generated),
    });
  }
}

function integerIn(pattern: RegExp, text: string): number | undefined {
  const groups: readonly (string | undefined)[] = pattern.exec(text)?.slice(1) ?? [];
  const found = groups.find((group) => group !== undefined);
  return found === undefined ? undefined : integer(found);
}

function integer(text: string): number {
  return Number(text.replaceAll(',', ''));
}

function brief(text: string): string {
  return text.trim().slice(0, TEXT_LIMIT);
}
