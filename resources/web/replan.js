/**
 * Re-planning what is left of the agenda when time ran away. Pure; the desktop has the same rule
 * (`domain/rules/replanning.py`), and both read the same examples.
 *
 * @typedef {import("./clock.js").ClockReading} ClockReading
 * @typedef {import("./clock.js").ItemReading} ItemReading
 * @typedef {import("./signalling.js").Retiming} Retiming
 */

/**
 * Return the items that are still to come: not started, not left out, not the current one.
 *
 * @param {ClockReading} reading
 * @returns {ItemReading[]}
 */
export function comingItems(reading) {
  return reading.items.filter((item) => !item.current && item.elapsed === 0 && item.item.dropped === "");
}

/**
 * Shorten (or lengthen) what is still to come in proportion, so that it fits into the time left.
 *
 * Every item keeps at least a minute.
 *
 * @param {ClockReading} reading
 * @returns {Retiming[]} empty when nothing is to come
 */
export function fitted(reading) {
  const coming = comingItems(reading);
  const current = reading.current;
  const still = current === null ? 0 : Math.max(0, current.planned - current.elapsed);
  const available = Math.max(0, Math.floor((reading.left - still) / 60));
  const minutes = shareOut(coming.map((item) => item.planned / 60), available);
  return coming.map((item, index) => ({ item: item.item.id, minutes: minutes[index] ?? 1, dropped: "" }));
}

/**
 * Share minutes out in proportion to weights: whole ones, at least one each; their sum is `available`
 * unless there is not even a minute for each.
 *
 * @param {ReadonlyArray<number>} weights
 * @param {number} available whole minutes
 * @returns {number[]}
 */
export function shareOut(weights, available) {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (sum === 0 ? available / weights.length : (weight * available) / sum));
  const shares = exact.map((share) => Math.max(1, Math.floor(share)));
  const spare = Math.max(0, available - shares.reduce((total, share) => total + share, 0));
  // What rounding left goes to those who lost most by it, the earlier first.
  const order = exact
    .map((share, index) => ({ index, lost: share - (shares[index] ?? 0) }))
    .filter(({ lost }) => lost > 0)
    .sort((one, other) => other.lost - one.lost || one.index - other.index);
  for (const { index } of order.slice(0, spare)) {
    shares[index] = (shares[index] ?? 0) + 1;
  }
  let over = shares.reduce((total, share) => total + share, 0) - Math.max(available, shares.length);
  for (; over > 0; over -= 1) {
    const largest = shares.indexOf(Math.max(...shares));
    shares[largest] = (shares[largest] ?? 0) - 1;
  }
  return shares;
}
