import { loadConfig } from './load.ts';
import { LEAVES } from './schema.ts';
import { optionOf, variableOf } from './sources.ts';

/** The settings as a table of Markdown, without the limits: what the guide of the service shows. */
export function settingsTable(): string {
  const defaults = loadConfig({});
  const rows = LEAVES.filter(({ path }) => path[0] !== 'limits').map((leaf) => {
    const value = leaf.path.reduce<unknown>(
      (inner, name) => (inner as Readonly<Record<string, unknown>>)[name],
      defaults,
    );
    const shown = value === null ? '' : `\`${JSON.stringify(value)}\``;
    const option = optionOf(leaf);
    const cells = [
      `\`${leaf.path.join('.')}\``,
      option === null ? '' : `\`--${option}\``,
      `\`${variableOf(leaf)}\``,
    ];
    return [...cells, shown, leaf.description ?? ''];
  });
  const all = [['setting', 'option', 'environment', 'default', 'what it is'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
