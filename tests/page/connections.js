/** What tests of the peer connections share: timers run by hand, and a connection without a network. */

/** Timers of the page, run by hand. */
export class Timers {
  #timers = new Map();
  #ids = 0;
  now = 0;

  setTimeout = (action, delay) => {
    this.#ids += 1;
    this.#timers.set(this.#ids, { action, at: this.now + delay });
    return this.#ids;
  };
  clearTimeout = (id) => this.#timers.delete(id);

  async pass(time) {
    const end = this.now + time;
    for (;;) {
      await settled();
      const [id, timer] = [...this.#timers].sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (timer === undefined || timer.at > end) {
        break;
      }
      this.#timers.delete(id);
      this.now = timer.at;
      timer.action();
    }
    this.now = end;
    await settled();
  }
}

export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A peer connection as the specification has it, as far as the page looks. */
export class Connection {
  static all = [];
  connectionState = "new";
  signalingState = "stable";
  iceGatheringState = "complete";
  localDescription = null;
  arrived = 0;
  remote = [];
  lines = [];
  closed = false;

  constructor(configuration) {
    this.configuration = configuration;
    Connection.all.push(this);
    this.number = Connection.all.length;
  }

  addTransceiver(track, options) {
    const sender = {
      track: typeof track === "string" ? null : track,
      replaceTrack: async (next) => (sender.track = next),
      getParameters: () => structuredClone(sender.parameters ?? { encodings: options.sendEncodings ?? [{}] }),
      setParameters: async (parameters) => (sender.parameters = parameters),
    };
    const line = {
      mid: null,
      sender,
      options,
      receiver: { track: { kind: "video" } },
      setCodecPreferences: (codecs) => (line.preferred = codecs),
    };
    this.lines.push(line);
    return line;
  }

  getTransceivers() {
    return this.lines;
  }

  async setLocalDescription() {
    this.lines.forEach((line, index) => (line.mid = String(index)));
    this.signalingState = this.signalingState === "stable" ? "have-local-offer" : "stable";
    this.localDescription = { sdp: `local ${this.number} ${this.lines.length}` };
  }

  async setRemoteDescription(description) {
    if (description.type === "answer" && this.signalingState !== "have-local-offer") {
      throw new Error("InvalidStateError");
    }
    this.signalingState = description.type === "answer" ? "stable" : "have-remote-offer";
    this.remote.push(description.sdp);
    if (description.type === "offer") {
      this.lines = [0, 1].map((mid) => ({ mid: String(mid), receiver: { track: { kind: "audio", from: this.number } } }));
    }
  }

  async getStats() {
    return new Map([["pair", { type: "candidate-pair", bytesReceived: this.arrived, responsesReceived: 1 }]]);
  }

  addEventListener() {}
  removeEventListener() {}

  close() {
    this.closed = true;
    this.connectionState = "closed";
  }

  become(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
