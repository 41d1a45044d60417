/**
 * How many cases a step of a suite saw, and how they went.
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Counts
 */

/** @returns {Counts} */
export const none = () => ({ passed: 0, failed: 0, skipped: 0, notes: [] });

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = none();
  for (const one of all) {
    total.passed += one.passed;
    total.failed += one.failed;
    total.skipped += one.skipped;
    total.notes.push(...one.notes);
  }
  return total;
}

/** `7 passed, 0 failed`, and what was skipped, if anything was. @param {Counts} counts */
export function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** How much of what a failed case said its note repeats. */
const NOTED = { lines: 12, characters: 1200 };

/** The name of a failed case and the beginning of what it said, indented. */
function noteOfFailed(file, { fullName, failureMessages = [] }) {
  const said = (failureMessages[0] ?? '').slice(0, NOTED.characters).split('\n').slice(0, NOTED.lines);
  return [`${file}: ${fullName}`, ...said.map((line) => `    ${line}`)].join('\n');
}

/** vitest's JSON report. A file that could not be loaded counts as one failed case. */
function countVitest(report) {
  const counts = none();
  for (const file of report.testResults) {
    if (file.assertionResults.length === 0 && file.status === 'failed') {
      counts.failed += 1;
      counts.notes.push(`${file.name} could not be run`);
    }
    for (const one of file.assertionResults) {
      if (one.status === 'passed') counts.passed += 1;
      else if (one.status === 'failed') {
        counts.failed += 1;
        counts.notes.push(noteOfFailed(file.name, one));
      } else counts.skipped += 1;
    }
  }
  return counts;
}

/**
 * One case for each row of a command's JSON: model, trace or figure; or for each schedule of a soak, and its memory; or for each
 * mutant, of which those that nobody caught have failed.
 */
function countRows({ models, traces, rows: figures, ...rest }) {
  const { schedules, forks, stuck, memoryGrows, mutants, killed, explained, survived, problems } = rest;
  const counts = none();
  if (mutants !== undefined) {
    counts.passed += killed + explained;
    counts.failed += survived + problems;
  }
  if (schedules !== undefined) {
    counts.passed += schedules;
    counts.failed += forks + stuck + (memoryGrows ? 1 : 0);
  }
  for (const { ours } of figures ?? []) counts[Number.isFinite(ours) ? 'passed' : 'failed'] += 1;
  for (const row of models ?? traces ?? []) {
    const good =
      'equal' in row
        ? row.equal === true
        : 'verdict' in row
          ? row.asExpected === true
          : row.expected !== undefined && row.expected === row.found && !(row.surprises?.length > 0);
    if (good) counts.passed += 1;
    else {
      counts.failed += 1;
      counts.notes.push(`${row.name ?? row.file}: not as expected`);
    }
  }
  return counts;
}

/** The result lines of `cargo test`, one for each test binary. */
function countCargo(output) {
  const counts = none();
  for (const match of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    counts.passed += Number(match[1]);
    counts.failed += Number(match[2]);
    counts.skipped += Number(match[3]);
  }
  return counts;
}

function read(kind, result) {
  if (kind === 'tool') return { ...none(), passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1 };
  if (kind === 'cargo') return countCargo(result.output);
  const text = kind === 'vitest' ? result.report : result.output.trimEnd().split(/\r?\n/).at(-1);
  try {
    return kind === 'vitest' ? countVitest(JSON.parse(text)) : countRows(JSON.parse(text));
  } catch {
    return { ...none(), notes: [kind === 'vitest' ? 'vitest left no report' : 'its last line is no JSON'] };
  }
}

/**
 * Counts what a step did. A step that ended badly has at least one failed case, and one that saw no case has failed.
 * @param {'tool' | 'vitest' | 'json' | 'cargo'} kind
 * @param {{ ok: boolean, why?: string, output: string, report?: string }} result
 * @returns {Counts}
 */
export function count(kind, result) {
  const counts = read(kind, result);
  if (counts.passed + counts.failed === 0) {
    counts.failed = 1;
    counts.notes.push('it passed no case');
  }
  if (!result.ok && counts.failed === 0) counts.failed = 1;
  if (!result.ok && result.why !== undefined) counts.notes.push(result.why);
  return counts;
}
