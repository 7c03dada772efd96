/**
 * Whether anything still arrives on a peer connection: its state says so seconds later.
 */

/**
 * Return how much came in so far, by the browser's counters: media, reports and ICE's answers.
 *
 * @param {any[]} entries of `getStats`
 * @returns {number} rises while the path lives; 0 for no connection
 */
export function arrived(entries) {
  let sum = 0;
  for (const entry of entries) {
    if (entry.type === "candidate-pair") {
      sum += (entry.bytesReceived ?? 0) + (entry.responsesReceived ?? 0);
    }
  }
  return sum;
}
