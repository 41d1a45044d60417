/** Columns as wide as they need; headings over them. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    widths
      .map((width, i) => (row[i] ?? '').padEnd(width))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

/** A number with commas: 112,507. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US');
}

export interface ProgressLine {
  /** Replaces the line on a terminal; elsewhere, as in CI, a line now and then says that something still moves. */
  show(text: string): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

/** Milliseconds between lines where there is no terminal. */
const LINE_MS = 60_000;

/** Progress for people, on standard error: standard output is for results. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const clear = (): void => {
    if (stream.isTTY) stream.write('\r\x1b[K');
  };
  let lineAt = performance.now();
  return {
    show: (text) => {
      clear();
      if (stream.isTTY) stream.write(text.slice(0, (stream.columns || 80) - 1));
      else if (performance.now() - lineAt >= LINE_MS) {
        lineAt = performance.now();
        stream.write(`${text}\n`);
      }
    },
    say: (text) => {
      clear();
      stream.write(`${text}\n`);
    },
    end: clear,
  };
}
