/**
 * Waiting for the addresses of a peer connection: the wire has no trickle message, so an offer or
 * answer leaves with the candidates that were found.
 */

/** Time that is given to find more than the first candidate, and the first one at all. */
const SHORT = 500;
const LONG = 3_000;

/**
 * Wait until gathering is complete, or 500 ms passed and there is a candidate.
 *
 * @param {RTCPeerConnection} connection with its local description set
 * @returns {Promise<string>} the local SDP with its candidates
 */
export async function gatheredSdp(connection) {
  await new Promise((resolve) => {
    let waited = false;
    const done = () => {
      const sdp = connection.localDescription?.sdp ?? "";
      const enough = waited && sdp.includes("a=candidate:");
      if (connection.iceGatheringState === "complete" || enough) {
        finish();
      }
    };
    const finish = () => {
      connection.removeEventListener("icegatheringstatechange", done);
      connection.removeEventListener("icecandidate", done);
      window.clearTimeout(short);
      window.clearTimeout(long);
      resolve(undefined);
    };
    const short = window.setTimeout(() => {
      waited = true;
      done();
    }, SHORT);
    const long = window.setTimeout(finish, LONG);
    connection.addEventListener("icegatheringstatechange", done);
    connection.addEventListener("icecandidate", done);
    done();
  });
  return connection.localDescription?.sdp ?? "";
}
