/**
 * Waiting for the addresses of a peer connection: the wire has no trickle message, so an offer or
 * answer leaves with the candidates that were found.
 *
 * Those of this computer come within milliseconds and are worth waiting for: by them a host behind
 * a firewall can begin. What goes through a relay is not waited for, which would cost half a second
 * and more where a relay is far or dead: its first check brings the host its address, as it does from
 * a browser that hides its own (docs/adr/0011, 0024).
 */

/** ms for the other addresses of this computer once one is there, and for the first one at all. */
const OTHERS = 50;
const FIRST = 3_000;

/**
 * Wait until gathering is complete, or for a moment after the first candidate; without any for 3 s.
 *
 * @param {RTCPeerConnection} connection with its local description set
 * @returns {Promise<string>} the local SDP with its candidates
 */
export async function gatheredSdp(connection) {
  const sdp = () => connection.localDescription?.sdp ?? "";
  await new Promise((resolve) => {
    /** @type {number | undefined} */
    let others;
    const first = window.setTimeout(() => finish(), FIRST);
    const look = () => {
      if (connection.iceGatheringState === "complete") {
        finish();
      } else if (sdp().includes("a=candidate:")) {
        others ??= window.setTimeout(finish, OTHERS);
      }
    };
    const finish = () => {
      connection.removeEventListener("icegatheringstatechange", look);
      connection.removeEventListener("icecandidate", look);
      window.clearTimeout(first);
      window.clearTimeout(others);
      resolve(undefined);
    };
    connection.addEventListener("icegatheringstatechange", look);
    connection.addEventListener("icecandidate", look);
    look();
  });
  return sdp();
}
