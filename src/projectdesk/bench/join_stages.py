"""The stages of one join, from the click to the first picture, as the page sees them.

The page is not changed for it: what it calls (sockets, peer connections) notes when it was called.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

STAGES = (
    "joined",
    "socket",
    "admitted",
    "asked",
    "drawn",
    "offered",
    "described",
    "answered",
    "path",
    "secured",
    "packet",
    "picture",
)
"""In order, each noted when it first happened:

joined     Join was answered, and the socket is asked for
socket     the socket is open
admitted   the room came: the page is in the call
asked      the page asked for the others' feeds
drawn      the page has drawn the call, and can take what comes next
offered    the host's offer of the others' feeds came
described  the browser took it
answered   the answer left, with the addresses of this computer
path       ICE found a way for what is received
secured    DTLS is done
packet     the first packet of a picture came
picture    a picture was decoded
"""

NOTE_STAGES = """(() => {
  const stages = (window.stages = {});
  const note = (name) => { stages[name] ??= performance.now(); };
  window.noteStage = note;
  document.addEventListener("submit", () => note("clicked"), true);
  const typeOf = (text) => { try { return JSON.parse(text).type; } catch { return ""; } };
  const heard = { roomState: "admitted", subscribeOffered: "offered" };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      note("joined");
      this.addEventListener("open", () => note("socket"));
      this.addEventListener("message", ({ data }) => {
        const stage = heard[typeOf(data)];
        if (stage !== undefined) { note(stage); }
        if (stage === "admitted") { setTimeout(() => note("drawn")); }
      });
    }
    send(text) {
      super.send(text);
      const stage = { openSubscribe: "asked", subscribeAnswer: "answered" }[typeOf(text)];
      if (stage !== undefined) { note(stage); }
    }
  };
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    async setRemoteDescription(description) {
      if (description.type === "offer") {
        this.oniceconnectionstatechange = () => {
          if (["connected", "completed"].includes(this.iceConnectionState)) { note("path"); }
        };
        this.addEventListener("connectionstatechange", () => {
          if (this.connectionState === "connected") { note("secured"); }
        });
        this.addEventListener("track", ({ track }) => {
          if (track.kind === "video") { track.addEventListener("unmute", () => note("packet")); }
        });
      }
      await super.setRemoteDescription(description);
      if (description.type === "offer") { note("described"); }
    }
  };
})();"""


def seconds_since_click(noted: Mapping[str, float]) -> dict[str, float]:
    """Return the stages of one join in seconds since the click; what did not come is left out.

    noted: milliseconds of the page's own clock.
    """
    clicked = noted["clicked"]
    return {name: (noted[name] - clicked) / 1000 for name in STAGES if name in noted}


def medians(joins: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each stage over all joins in which it came, in seconds."""
    came = {name: [one[name] for one in joins if name in one] for name in STAGES}
    return {name: round(statistics.median(times), 3) for name, times in came.items() if times}
