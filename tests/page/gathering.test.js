import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { gatheredSdp } from "../../resources/web/gathering.js";
import { Timers, settled } from "./connections.js";

const before = globalThis.window;
let timers;
let connection;

/** A connection that gathers: a test says what it finds, and when. */
class Gathering {
  iceGatheringState = "gathering";
  localDescription = { sdp: "v=0\r\n" };
  listeners = [];

  addEventListener(_type, listener) {
    this.listeners.push(listener);
  }

  removeEventListener(_type, listener) {
    this.listeners = this.listeners.filter((one) => one !== listener);
  }

  find(type) {
    this.localDescription.sdp += `a=candidate:1 1 udp 1 192.0.2.1 5 typ ${type}\r\n`;
    this.listeners.forEach((listener) => listener());
  }

  complete() {
    this.iceGatheringState = "complete";
    this.listeners.forEach((listener) => listener());
  }
}

/** Return what was gathered so far; null while it is waited for. */
function gathered() {
  const result = { sdp: null };
  void gatheredSdp(connection).then((sdp) => (result.sdp = sdp));
  return result;
}

beforeEach(() => {
  timers = new Timers();
  globalThis.window = timers;
  connection = new Gathering();
});

afterEach(() => {
  globalThis.window = before;
});

test("what is complete leaves at once", async () => {
  connection.complete();
  const result = gathered();
  await settled();
  assert.equal(result.sdp, "v=0\r\n");
});

test("a relay that does not answer holds nothing up", async () => {
  const result = gathered();
  connection.find("host");
  await timers.pass(20);
  connection.find("host");
  assert.equal(result.sdp, null, "other addresses of this computer have a moment");
  await timers.pass(30);
  assert.equal(result.sdp.match(/typ host/gu).length, 2);
  assert.deepEqual(connection.listeners, []);
});

test("where a relay is the only way, it is waited for", async () => {
  const result = gathered();
  await timers.pass(900);
  assert.equal(result.sdp, null);
  connection.find("relay");
  await timers.pass(50);
  assert.match(result.sdp, /typ relay/u);
});

test("without any address the offer leaves after three seconds", async () => {
  const result = gathered();
  await timers.pass(2_999);
  assert.equal(result.sdp, null);
  await timers.pass(1);
  assert.equal(result.sdp, "v=0\r\n");
  assert.deepEqual(connection.listeners, []);
});
