/** Growth as a picture: lines over logarithmic axes, as an SVG of its own. */

export interface Curve {
  readonly name: string;
  /** Drawn dashed, in the colour of the curve of ours with the same `colour`. */
  readonly reference: boolean;
  /** Index into the colours. */
  readonly colour: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const WIDTH = 960;
const HEIGHT = 560;
const LEFT = 70;
const TOP = 50;
const RIGHT = 250;
const BOTTOM = 60;
const COLOURS = ['#1b6ca8', '#c0392b', '#1e8449', '#8e44ad', '#b9770e', '#117a65', '#34495e', '#d35400'];

const escape = (text: string): string => text.replace(/[&<>"]/g, (it) => `&#${it.codePointAt(0) ?? 0};`);
const at = (value: number): string => value.toFixed(1);

/** Places values on an axis by their logarithm. */
function scale(from: number, to: number, low: number, high: number): (value: number) => number {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  return (value) => from + ((Math.log10(value) - a) / (b - a || 1)) * (to - from);
}

/** The powers of ten that enclose all values. */
export function decades(values: readonly number[]): readonly number[] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}

/** @throws RangeError where there is no point, or one that has no logarithm. */
export function chart(curves: readonly Curve[], options: ChartOptions): string {
  const points = curves.flatMap((it) => it.points);
  if (points.length === 0 || points.some((point) => point.some((it) => !(it > 0 && it < Infinity))))
    throw new RangeError('a chart over logarithmic axes needs points above 0');
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const rows = decades(points.map(([, y]) => y));
  const x = scale(LEFT, WIDTH - RIGHT, xs[0] ?? 1, xs.at(-1) ?? 10);
  const y = scale(HEIGHT - BOTTOM, TOP, rows[0] ?? 1, rows.at(-1) ?? 10);
  const grid = [
    ...rows.map(
      (value) =>
        line(LEFT, y(value), WIDTH - RIGHT, y(value)) + label(LEFT - 8, y(value) + 4, 'end', String(value)),
    ),
    ...xs.map(
      (value) =>
        line(x(value), TOP, x(value), HEIGHT - BOTTOM) +
        label(x(value), HEIGHT - BOTTOM + 18, 'middle', String(value)),
    ),
  ];
  const lines = curves.map((it, i) => {
    const colour = COLOURS[it.colour % COLOURS.length] ?? 'black';
    const dash = it.reference ? ' stroke-dasharray="6 4"' : '';
    const stroke = `fill="none" stroke="${colour}" stroke-width="2"${dash}`;
    const path = it.points.map(([px, py]) => `${at(x(px))},${at(y(py))}`).join(' ');
    const height = TOP + 8 + 19 * i;
    const key = `<line x1="${WIDTH - RIGHT + 20}" y1="${height}" x2="${WIDTH - RIGHT + 50}" y2="${height}" ${stroke}/>`;
    return `<polyline points="${path}" ${stroke}/>${key}${label(WIDTH - RIGHT + 58, height + 4, 'start', it.name)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    label(LEFT, 26, 'start', options.title, 16),
    ...grid,
    ...lines,
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, 'middle', options.x),
    label(LEFT, TOP - 10, 'end', options.y),
    '</svg>',
    '',
  ].join('\n');
}

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="#ddd"/>`;

const label = (x: number, y: number, anchor: string, text: string, size = 12): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" font-size="${size}">${escape(text)}</text>`;
