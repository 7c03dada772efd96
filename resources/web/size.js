/**
 * What is to be said of how large the call is, before a limit is met. Pure.
 *
 * @typedef {import("./room.js").Room} Room
 * @typedef {{kind: "near" | "some" | "almostFull" | "full", values: Record<string, number>}} SizeWord
 */

import { mayChair } from "./room.js";

/** People before a limit from whom on chair and co-hosts are told. */
const AHEAD = 2;

/**
 * Return what to say to this person, or null.
 *
 * @param {Room} room
 * @returns {SizeWord | null}
 */
export function sizeWord({ limits, participants, role, cameras }) {
  if (limits === null) {
    return null;
  }
  const count = participants.length;
  const { capacity, everyone } = limits;
  const leads = mayChair(role);
  if (leads && count >= capacity) {
    return { kind: "full", values: { count } };
  }
  if (leads && count >= capacity - AHEAD) {
    return { kind: "almostFull", values: { count, left: capacity - count } };
  }
  if (cameras !== null) {
    return { kind: "some", values: { everyone, cameras: limits.cameras } };
  }
  const isNear = count > everyone - AHEAD - 1 && count <= everyone && everyone < capacity;
  return leads && isNear
    ? { kind: "near", values: { count, from: everyone + 1, cameras: limits.cameras } }
    : null;
}
