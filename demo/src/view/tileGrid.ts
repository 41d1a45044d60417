/** Tiles of one size in rows; what is left over of the last row stands in its middle. Lengths in CSS pixels. */
export interface TileGrid {
  readonly columns: number;
  readonly rows: number;
  /** Of one tile. */
  readonly width: number;
  readonly height: number;
}

/** Width to height of a tile: what cameras give. */
export const TILE_RATIO = 16 / 9;

/** How wide a tile can be in so many columns. Zero where there is no room. */
function widthIn(columns: number, count: number, width: number, height: number, gap: number): number {
  const rows = Math.ceil(count / columns);
  const byWidth = (width - gap * (columns - 1)) / columns;
  const byHeight = ((height - gap * (rows - 1)) / rows) * TILE_RATIO;
  return Math.max(0, Math.floor(Math.min(byWidth, byHeight)));
}

/**
 * The grid in which `count` tiles are as large as they can be without scrolling. Of grids that give the same size, the one
 * that leaves the fewest places empty, and of those the one with the fewest rows.
 *
 * @param count at least 1
 * @param gap between two tiles, each way
 */
export function tileGrid(count: number, width: number, height: number, gap: number): TileGrid {
  const inColumns = (columns: number): TileGrid => {
    const tile = widthIn(columns, count, width, height, gap);
    return { columns, rows: Math.ceil(count / columns), width: tile, height: tile / TILE_RATIO };
  };
  let best = inColumns(1);
  for (let columns = 2; columns <= count; columns += 1) {
    const grid = inColumns(columns);
    const fuller = grid.columns * grid.rows <= best.columns * best.rows;
    if (grid.width > best.width || (grid.width === best.width && fuller)) best = grid;
  }
  return best;
}
