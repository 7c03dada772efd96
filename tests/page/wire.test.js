import assert from "node:assert/strict";
import { test } from "node:test";

import { Wire, retryDelay } from "../../resources/web/wire.js";

/** A browser of which the test is the clock and the network. */
class Stage {
  now = 0;
  sockets = [];
  timers = new Map();
  heard = [];
  #ids = 0;

  constructor() {
    this.wire = new Wire("ws://host/r/r/ws", "resume-1", {
      received: (message) => this.heard.push(message.type),
      opened: () => this.heard.push("(opened)"),
      lost: () => this.heard.push("(lost)"),
      gaveUp: () => this.heard.push("(gave up)"),
    }, {
      open: () => this.#open(),
      now: () => this.now,
      later: (action, delay) => this.#later(action, delay),
      cancel: (timer) => this.timers.delete(timer),
    });
  }

  get socket() {
    return this.sockets.at(-1);
  }

  accept() {
    this.socket.readyState = 1;
    this.socket.onopen();
  }

  say(message) {
    this.socket.onmessage({ data: JSON.stringify(message) });
  }

  drop() {
    this.socket.readyState = 3;
    this.socket.onclose();
  }

  /** Let time pass; timers run when they are due. */
  pass(time) {
    const end = this.now + time;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) {
        break;
      }
      this.timers.delete(due[0]);
      this.now = due[1].at;
      due[1].action();
    }
    this.now = end;
  }

  #open() {
    const socket = { readyState: 0, sent: [], closed: false };
    socket.send = (text) => socket.sent.push(JSON.parse(text));
    socket.close = () => (socket.closed = true);
    this.sockets.push(socket);
    return socket;
  }

  #later(action, delay) {
    this.#ids += 1;
    this.timers.set(this.#ids, { action, at: this.now + delay });
    return this.#ids;
  }
}

function connected() {
  const stage = new Stage();
  stage.wire.connect();
  stage.accept();
  stage.say({ type: "welcome" });
  return stage;
}

test("the first message is hello, with the secret of the tab", () => {
  const stage = connected();
  assert.deepEqual(stage.socket.sent, [{ type: "hello", version: 1, resume: "resume-1" }]);
  assert.deepEqual(stage.heard, ["(opened)", "welcome"]);
});

test("nothing is sent into a socket that is not open", () => {
  const stage = new Stage();
  stage.wire.connect();
  assert.equal(stage.wire.send({ type: "leave" }), false);
  stage.accept();
  assert.equal(stage.wire.send({ type: "leave" }), true);
});

test("attempts come after 0.3 s, then every second", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map(retryDelay), [300, 600, 1_000, 1_000, 1_000]);
});

test("a lost socket is replaced and says hello again", () => {
  const stage = connected();
  stage.drop();
  stage.pass(200);
  assert.equal(stage.sockets.length, 1);
  stage.pass(200);
  assert.equal(stage.sockets.length, 2);
  stage.accept();
  assert.equal(stage.socket.sent[0].type, "hello");
  assert.deepEqual(stage.heard, ["(opened)", "welcome", "(lost)", "(opened)"]);
});

test("a host that is gone for a minute is given up, once", () => {
  const stage = connected();
  stage.drop();
  for (let attempt = 0; attempt < 40 && stage.heard.at(-1) !== "(gave up)"; attempt += 1) {
    stage.pass(5_000);
    if (stage.socket.readyState === 0 && stage.socket.onclose !== null) {
      stage.drop();
    }
  }
  assert.equal(stage.heard.filter((what) => what === "(gave up)").length, 1);
  assert.ok(stage.now >= 60_000 && stage.now <= 75_000, `${stage.now}`);
  assert.equal(stage.timers.size, 0);
});

test("an answer in between starts the minute anew", () => {
  const stage = connected();
  stage.drop();
  stage.pass(30_000);
  stage.accept();
  stage.say({ type: "welcome" });
  stage.drop();
  stage.pass(40_000);
  assert.ok(!stage.heard.includes("(gave up)"));
});

test("pings go out while it is quiet, and pongs are nobody's business", () => {
  const stage = connected();
  stage.pass(3_500);
  assert.deepEqual(stage.socket.sent.at(-1), { type: "ping", n: 1 });
  stage.say({ type: "pong", n: 1 });
  assert.ok(!stage.heard.includes("pong"));
});

test("a socket into silence is replaced without waiting for its close", () => {
  const stage = connected();
  stage.pass(8_900);
  assert.ok(!stage.heard.includes("(lost)"));
  stage.pass(1_000);
  assert.ok(stage.heard.includes("(lost)"));
  assert.equal(stage.sockets[0].closed, true);
  assert.ok(stage.sockets.length > 1);
});

test("where something else looks wrong, two seconds of silence are enough", () => {
  const stage = connected();
  stage.pass(1_000);
  stage.wire.probe();
  assert.deepEqual(stage.socket.sent.at(-1), { type: "ping", n: 1 });
  stage.pass(2_100);
  assert.deepEqual(stage.heard, ["(opened)", "welcome", "(lost)"]);
});

test("a socket that answers is kept, however often it is asked", () => {
  const stage = connected();
  for (let round = 0; round < 5; round += 1) {
    stage.pass(1_000);
    stage.wire.probe();
    stage.wire.probe();
    stage.say({ type: "pong", n: round + 1 });
    stage.pass(1_500);
  }
  assert.equal(stage.sockets.length, 1);
  assert.ok(!stage.heard.includes("(lost)"));
});

test("an attempt that leads nowhere is replaced: the network may be back by then", () => {
  const stage = connected();
  stage.drop();
  stage.pass(10_000);
  assert.ok(stage.sockets.length >= 4, `${stage.sockets.length}`);
  assert.ok(stage.sockets.slice(0, -1).every((socket) => socket.closed || socket.readyState === 3));
});

test("a slow network has the time that it took before", () => {
  const stage = new Stage();
  stage.wire.connect();
  stage.pass(2_500);
  stage.accept();
  stage.say({ type: "welcome" });
  stage.drop();
  stage.pass(300);
  assert.equal(stage.sockets.length, 2);
  stage.pass(7_000);
  assert.equal(stage.sockets.length, 2);
});

test("how long nothing was heard is known when the next socket opens", () => {
  const stage = connected();
  assert.equal(stage.wire.silence, 0);
  stage.pass(1_000);
  stage.drop();
  stage.pass(300);
  stage.accept();
  assert.equal(stage.wire.silence, 1_300);
});

test("the network is back: try at once", () => {
  const stage = connected();
  stage.drop();
  stage.wire.hurry();
  assert.equal(stage.sockets.length, 2);
  stage.pass(1_000);
  stage.wire.hurry(); // and again: an attempt from before may wait for minutes
  assert.equal(stage.sockets.length, 3);
  assert.equal(stage.sockets[1].closed, true);
});

test("in another network a new socket is opened at once, and the old one's close is no loss", () => {
  const stage = connected();
  stage.wire.renew();
  assert.equal(stage.sockets.length, 2);
  assert.equal(stage.sockets[0].closed, true);
  stage.accept();
  stage.say({ type: "welcome" });
  assert.deepEqual(stage.heard, ["(opened)", "welcome", "(opened)", "welcome"]);
});

for (const last of [
  { type: "ended", reason: "ended", text: "" },
  { type: "problem", code: "session_over", text: "", inReplyTo: "hello", fatal: true },
]) {
  test(`after the host's last word (${last.type}) nothing is tried again`, () => {
    const stage = connected();
    const said = stage.socket.onmessage;
    said({ data: JSON.stringify(last) });
    stage.pass(120_000);
    assert.equal(stage.sockets.length, 1);
    assert.deepEqual(stage.heard, ["(opened)", "welcome", last.type]);
  });
}

test("closed is closed", () => {
  const stage = connected();
  stage.wire.close();
  stage.pass(120_000);
  stage.wire.hurry();
  assert.equal(stage.sockets.length, 1);
  assert.equal(stage.sockets[0].closed, true);
  assert.deepEqual(stage.heard, ["(opened)", "welcome"]);
});
