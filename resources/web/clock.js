/**
 * The agenda's clock: what the host said at one instant, carried on to now.
 *
 * The host sends `AgendaClock` only when something changes; between two messages the page counts by
 * itself, on the host's time, so that every participant reads the same figures.
 *
 * @typedef {import("./signalling.js").AgendaClock} AgendaClock
 * @typedef {import("./signalling.js").ShownItem} ShownItem
 *
 * @typedef {object} ItemReading one agenda item at an instant
 * @property {ShownItem} item
 * @property {boolean} current
 * @property {boolean} done it ran, and another is (or was) the current one after it
 * @property {number} elapsed seconds
 * @property {number} planned seconds that it may take: as re-planned, else as planned
 * @property {number} over seconds beyond the plan, 0 within it
 *
 * @typedef {object} ClockReading the whole agenda at an instant
 * @property {ItemReading[]} items
 * @property {ItemReading | null} current
 * @property {number | null} elapsed seconds since the meeting's clock started, null before
 * @property {number} planned seconds of all items
 * @property {number} left seconds until the planned end, negative beyond it
 * @property {number} remaining seconds that what is still to be treated may take
 */

/**
 * Return what to add to the own clock to get the host's.
 *
 * @param {string} hostNow the host's instant (RFC 3339)
 * @param {number} ownNow own clock in ms when the message came
 * @returns {number} ms
 */
export function hostOffset(hostNow, ownNow) {
  const there = Date.parse(hostNow);
  return Number.isNaN(there) ? 0 : there - ownNow;
}

/**
 * Read the agenda's clock.
 *
 * @param {AgendaClock} clock
 * @param {number} plannedEnd of the meeting in ms
 * @param {number} now the host's time in ms
 * @returns {ClockReading}
 */
export function readClock(clock, plannedEnd, now) {
  const since = Math.max(0, (now - Date.parse(clock.at)) / 1000);
  const items = clock.items.map((item) => readItem(item, item.id === clock.current, since));
  return {
    items,
    current: items.find((reading) => reading.current) ?? null,
    elapsed: clock.startedAt === null ? null : Math.max(0, (now - Date.parse(clock.startedAt)) / 1000),
    planned: inParallel(items, (reading) => (reading.item.dropped === "" ? reading.planned : 0)),
    left: (plannedEnd - now) / 1000,
    remaining: inParallel(items, remainingOf),
  };
}

/**
 * Return the item that follows the current one: the first after it that has not run.
 *
 * @param {ClockReading} reading
 * @returns {ItemReading | null}
 */
export function nextItem(reading) {
  const place = reading.items.findIndex((item) => item.current);
  const after = reading.items.slice(place + 1).find((item) => item.elapsed === 0 && item.item.dropped === "");
  return after ?? null;
}

/**
 * Do something once when an instant is reached.
 *
 * One long timer would not do: those of more than 24 days wrap around, and a sleeping computer stops
 * them all. So the clock is looked at every second.
 *
 * @param {number} instant ms
 * @param {() => number} now ms
 * @param {() => void} action
 */
export function whenReached(instant, now, action) {
  const timer = setInterval(() => {
    if (now() >= instant) {
      clearInterval(timer);
      action();
    }
  }, 1000);
}

/**
 * Write seconds as a clock does: `4:05`, `1:02:03`.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function clockText(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  const sign = seconds <= -1 ? "−" : "";
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${rest}`
    : `${sign}${minutes}:${rest}`;
}

/**
 * Add up what items take; of neighbours that are parallel sessions the longest track counts.
 *
 * @param {ReadonlyArray<ItemReading>} items
 * @param {(reading: ItemReading) => number} seconds
 * @returns {number}
 */
function inParallel(items, seconds) {
  let sum = 0;
  /** @type {Map<string, number>} */
  let tracks = new Map();
  for (const reading of items) {
    const { track } = reading.item;
    if (!track) {
      sum += Math.max(0, ...tracks.values()) + seconds(reading);
      tracks = new Map();
    } else {
      tracks.set(track, (tracks.get(track) ?? 0) + seconds(reading));
    }
  }
  return sum + Math.max(0, ...tracks.values());
}

/** @param {ItemReading} reading */
function remainingOf({ item, current, done, elapsed, planned }) {
  return done || item.dropped !== "" ? 0 : Math.max(0, planned - (current ? elapsed : 0));
}

/**
 * @param {ShownItem} item
 * @param {boolean} current
 * @param {number} since seconds since the clock was sent
 * @returns {ItemReading}
 */
function readItem(item, current, since) {
  const elapsed = item.elapsedSeconds + (current ? since : 0);
  const planned = (item.allottedMinutes ?? item.plannedMinutes) * 60;
  return {
    item,
    current,
    done: !current && elapsed > 0,
    elapsed,
    planned,
    over: Math.max(0, elapsed - planned),
  };
}
