/**
 * Where the tiles lie: a grid that uses the space, or one large tile and a strip. Pure.
 *
 * @typedef {object} Grid
 * @property {number} columns
 * @property {number} rows
 * @property {number} width of one tile in CSS pixels
 * @property {number} height of one tile
 *
 * @typedef {object} Place
 * @property {number} x from the inline start, so that it mirrors for right-to-left
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/** Width to height of a camera's picture: the widest a tile becomes. */
export const RATIO = 16 / 9;

/**
 * Return the grid with the largest tiles.
 *
 * @param {number} count of tiles, at least 1
 * @param {number} width of the space in CSS pixels
 * @param {number} height of the space
 * @param {number} gap between tiles
 * @param {number} [narrowest] width to height that a tile may have where its picture may lose its sides
 * @returns {Grid}
 */
export function bestGrid(count, width, height, gap, narrowest = RATIO) {
  /** @type {Grid} */
  let best = { columns: 1, rows: count, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const across = (width - gap * (columns - 1)) / columns;
    const down = (height - gap * (rows - 1)) / rows;
    const tile = Math.max(0, Math.min(across, down * RATIO));
    const tall = Math.min(down, tile / narrowest);
    if (tile * tall > best.width * best.height) {
      best = { columns, rows, width: tile, height: tall };
    }
  }
  return best;
}

/**
 * Place every tile; the last row is centred.
 *
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} gap
 * @param {number} [narrowest] as in `bestGrid`
 * @returns {Place[]}
 */
export function placeGrid(count, width, height, gap, narrowest = RATIO) {
  if (count === 0) {
    return [];
  }
  // A single picture may fill the space whole: nobody is squeezed by it.
  const grid = bestGrid(count, width, height, gap, narrowest);
  const top = (height - grid.rows * grid.height - (grid.rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_unused, index) => {
    const row = Math.floor(index / grid.columns);
    const inRow = Math.min(grid.columns, count - row * grid.columns);
    const start = (width - inRow * grid.width - (inRow - 1) * gap) / 2;
    return {
      x: start + (index - row * grid.columns) * (grid.width + gap),
      y: top + row * (grid.height + gap),
      width: grid.width,
      height: grid.height,
    };
  });
}

/**
 * Place one large tile (the first) and the others in a strip beside it, or below where it is narrow.
 *
 * @param {number} count at least 1, the large tile included
 * @param {number} width
 * @param {number} height
 * @param {number} gap
 * @returns {Place[]}
 */
export function placeSpeaker(count, width, height, gap) {
  if (count <= 1) {
    return count === 1 ? [{ x: 0, y: 0, width, height }] : [];
  }
  const beside = width / height > 1.2;
  const others = count - 1;
  const strip = beside
    ? clamp(width * 0.2, 120, 260)
    : clamp(Math.min(height * 0.24, (width - gap * (others - 1)) / others / RATIO), 56, 150);
  const main = beside
    ? { x: 0, y: 0, width: width - strip - gap, height }
    : { x: 0, y: 0, width, height: height - strip - gap };
  const places = beside
    ? placeGrid(others, strip, height, gap).map((place) => ({ ...place, x: place.x + width - strip }))
    : placeGrid(others, width, strip, gap).map((place) => ({ ...place, y: place.y + height - strip }));
  return [main, ...places];
}

/**
 * Return how much a camera should send in a room of this size (bit/s and division of its height).
 *
 * With two people one size is enough. With more it is sent in several, where the host takes them
 * (`layered`); where it does not, everyone receives all that one sends, so it costs all others.
 *
 * @param {number} people in the call, oneself included
 * @returns {{bitsPerSecond: number, divideBy: number, layered: boolean}}
 */
export function sendingLimit(people) {
  if (people <= 2) {
    return { bitsPerSecond: 1_500_000, divideBy: 1, layered: false };
  }
  if (people <= 4) {
    return { bitsPerSecond: 900_000, divideBy: 1, layered: true };
  }
  return people <= 8
    ? { bitsPerSecond: 500_000, divideBy: 2, layered: true }
    : { bitsPerSecond: 300_000, divideBy: 2, layered: true };
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
