/**
 * Breakout rooms as this page knows them: who is where, how long, and how groups are planned. Pure.
 *
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("./signalling.js").Breakouts} Breakouts
 * @typedef {import("./signalling.js").Group} Group
 * @typedef {import("./signalling.js").Participant} Participant
 * @typedef {import("./signalling.js").PlannedGroup} PlannedGroup
 */

/** Seconds before the end at which everybody is told of it. */
export const WARNING = 30;

/**
 * Return somebody's group; null is the main room.
 *
 * @param {Breakouts | null} breakouts
 * @param {string} person
 * @returns {Group | null}
 */
export function groupOf(breakouts, person) {
  return breakouts?.groups.find((group) => group.people.includes(person)) ?? null;
}

/**
 * Return who sees and hears this page's person, these themselves included.
 *
 * @param {Room} room
 * @returns {Participant[]}
 */
export function company(room) {
  const own = groupOf(room.breakouts, room.you);
  return room.participants.filter((person) => groupOf(room.breakouts, person.id)?.id === own?.id);
}

/**
 * Return how many seconds are left until everybody is brought back.
 *
 * @param {Breakouts | null} breakouts
 * @param {number} hostTime ms
 * @returns {number | null} null when nothing ends by itself
 */
export function secondsLeft(breakouts, hostTime) {
  return breakouts === null || breakouts.endsAt === null
    ? null
    : Math.max(0, Math.ceil((Date.parse(breakouts.endsAt) - hostTime) / 1000));
}

/**
 * Return the groups that ask for the chair, who waits longest first.
 *
 * @param {Breakouts | null} breakouts
 * @returns {Group[]}
 */
export function callingGroups(breakouts) {
  const since = (/** @type {Group} */ group) => Date.parse(group.calls ?? "");
  return (breakouts?.groups ?? []).filter((group) => group.calls !== null).sort((a, b) => since(a) - since(b));
}

/**
 * Deal people out to groups, as evenly as can be.
 *
 * @param {ReadonlyArray<string>} people ids
 * @param {ReadonlyArray<string>} names of the groups
 * @param {() => number} random from 0 to below 1
 * @returns {PlannedGroup[]}
 */
export function dealOut(people, names, random) {
  const shuffled = [...people];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = /** @type {string} */ (shuffled[last]);
    shuffled[last] = /** @type {string} */ (shuffled[other]);
    shuffled[other] = kept;
  }
  return names.map((name, place) => ({
    name,
    people: shuffled.filter((_, index) => index % names.length === place),
  }));
}

/**
 * Put somebody into one planned group and out of the others.
 *
 * @param {ReadonlyArray<PlannedGroup>} groups
 * @param {string} person
 * @param {number | null} target place of the group; null = the main room
 * @returns {PlannedGroup[]}
 */
export function place(groups, person, target) {
  return groups.map((group, index) => {
    const others = group.people.filter((one) => one !== person);
    return { ...group, people: index === target ? [...others, person] : others };
  });
}

/**
 * Return planned groups with another number of groups; who was in one that went is in none.
 *
 * @param {ReadonlyArray<PlannedGroup>} groups
 * @param {number} count at least 1
 * @param {(number: number) => string} name of a new one
 * @returns {PlannedGroup[]}
 */
export function resized(groups, count, name) {
  const made = Array.from({ length: count }, (_, index) => ({ name: name(index + 1), people: [] }));
  return made.map((fresh, index) => groups[index] ?? fresh);
}

/**
 * Return what can be opened: names without spaces around them, groups without a name left out.
 *
 * @param {ReadonlyArray<PlannedGroup>} groups
 * @returns {PlannedGroup[]}
 */
export function openable(groups) {
  return groups
    .map((group) => ({ ...group, name: group.name.trim() }))
    .filter((group) => group.name !== "");
}
