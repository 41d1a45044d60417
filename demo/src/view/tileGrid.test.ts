import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TILE_RATIO, tileGrid } from './tileGrid.ts';

const PEOPLE = Array.from({ length: 12 }, (_, index) => index + 1);
const GAP = 8;

/** Whether tiles of that width fit in that many columns, found without the code under test. */
function fits(tile: number, columns: number, count: number, width: number, height: number): boolean {
  const rows = Math.ceil(count / columns);
  return (
    columns * tile + (columns - 1) * GAP <= width &&
    rows * (tile / TILE_RATIO) + (rows - 1) * GAP <= height + 1e-6
  );
}

test('at any size, 1 to 12 tiles never overflow, and no grid has larger ones', () => {
  let seen = 0;
  const size = fc.integer({ min: 1, max: 4_000 });
  fc.assert(
    fc.property(size, size, (width, height) => {
      for (const count of PEOPLE) {
        const grid = tileGrid(count, width, height, GAP);
        seen += 1;
        expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count);
        // No row is empty.
        expect(grid.columns * (grid.rows - 1)).toBeLessThan(count);
        if (grid.width > 0) expect(fits(grid.width, grid.columns, count, width, height)).toBe(true);
        for (const columns of PEOPLE.slice(0, count))
          expect(fits(grid.width + 1, columns, count, width, height)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
  console.log(`${seen} grids`);
  expect(seen).toBeGreaterThanOrEqual(3_000);
});

test.each([
  // A window with the panel beside it, and a phone.
  [1, 900, 680, 1, 1],
  [2, 900, 680, 1, 2],
  [3, 900, 680, 2, 2],
  [4, 900, 680, 2, 2],
  [5, 900, 680, 2, 3],
  [9, 900, 680, 3, 3],
  [12, 900, 680, 3, 4],
  [2, 374, 660, 1, 2],
  [6, 374, 660, 2, 3],
  [12, 374, 660, 2, 6],
  [3, 1_900, 300, 3, 1],
])('%i tiles on %i x %i: %i columns, %i rows', (count, width, height, columns, rows) => {
  expect(tileGrid(count, width, height, GAP)).toMatchObject({ columns, rows });
});

test('where there is no room, tiles have no size and nothing fails', () => {
  for (const count of PEOPLE) expect(tileGrid(count, 0, 0, GAP)).toMatchObject({ width: 0, height: 0 });
});
