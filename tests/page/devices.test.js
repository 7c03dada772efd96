import assert from "node:assert/strict";
import { test } from "node:test";

import { browserKind, systemKind } from "../../resources/web/browser.js";
import { DeviceWatch, deviceChanges } from "../../resources/web/devices.js";
import { Equipment, noteText } from "../../resources/web/equipment.js";
import { de } from "../../resources/web/i18n/de.js";
import { pickLanguage } from "../../resources/web/i18n.js";
import { OwnMedia } from "../../resources/web/media.js";
import { faultOf } from "../../resources/web/permissions.js";
import { mendingKeys } from "../../resources/web/view/faults.js";

const AGENTS = {
  chrome: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
  edge: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  safari: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
  android: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
  ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
  desktop: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 QtWebEngine/6.11 Chrome/134.0 Safari/537.36",
};

const WISHES = { microphone: "", camera: "", audio: true, video: true, echo: true, noise: true, gain: true, blur: false };

function device(kind, deviceId, label = deviceId) {
  return { kind, deviceId, label };
}

/** A track as a browser gives it, as far as the page looks at it. */
class Track extends EventTarget {
  enabled = true;
  onended = null;
  stopped = false;
  constructor(kind, label) {
    super();
    this.kind = kind;
    this.label = label;
  }
  stop() {
    this.stopped = true;
  }
}

/** A computer with devices that come and go. */
function computer(t, devices) {
  const events = new EventTarget();
  const asked = [];
  const state = { devices, asked, refuse: null };
  const open = (kind, wanted) => {
    const input = kind === "audio" ? "audioinput" : "videoinput";
    const there = state.devices.filter((one) => one.kind === input);
    const ideal = typeof wanted === "object" ? wanted.deviceId?.ideal : undefined;
    const found = there.find((one) => one.deviceId === ideal) ?? there[0];
    if (found === undefined) {
      throw new DOMException("none", "NotFoundError");
    }
    return new Track(kind, found.label);
  };
  const mediaDevices = {
    addEventListener: events.addEventListener.bind(events),
    enumerateDevices: async () => [...state.devices],
    getUserMedia: async (constraints) => {
      asked.push(constraints);
      if (state.refuse !== null) {
        throw state.refuse;
      }
      const tracks = Object.entries(constraints)
        .filter(([, wanted]) => wanted !== false)
        .map(([kind, wanted]) => open(kind, wanted));
      return {
        getTracks: () => tracks,
        getAudioTracks: () => tracks.filter((track) => track.kind === "audio"),
        getVideoTracks: () => tracks.filter((track) => track.kind === "video"),
      };
    },
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaDevices } });
  t.after(() => {
    delete globalThis.navigator;
    if (before !== undefined) {
      Object.defineProperty(globalThis, "navigator", before);
    }
  });
  state.change = (list) => {
    state.devices = list;
    events.dispatchEvent(new Event("devicechange"));
  };
  return state;
}

const HEADSET = device("audioinput", "m1", "Headset");
const BUILT_IN = device("audioinput", "m2", "Built-in");
const CAMERA = device("videoinput", "c1", "Camera");

test("what a refused device means", () => {
  const named = (name, message = "") => new DOMException(message, name);
  assert.equal(faultOf(named("NotAllowedError", "Permission denied")), "denied");
  assert.equal(faultOf(named("NotAllowedError", "Permission dismissed")), "dismissed");
  assert.equal(faultOf(named("NotAllowedError", "Permission denied by system")), "system");
  assert.equal(faultOf(named("NotAllowedError"), "granted"), "system");
  assert.equal(faultOf(named("NotFoundError")), "missing");
  assert.equal(faultOf(named("NotReadableError")), "busy");
  assert.equal(faultOf("what"), "failed");
});

test("every browser and system is told apart", () => {
  for (const [kind, agent] of Object.entries(AGENTS)) {
    assert.equal(browserKind(agent), kind);
  }
  assert.equal(browserKind(AGENTS.safari, 5), "ios", "an iPad calls itself a Mac");
  assert.equal(systemKind(AGENTS.chrome), "windows");
  assert.equal(systemKind(AGENTS.safari), "macos");
  assert.equal(systemKind(AGENTS.firefox), "linux");
});

test("the way to mend a fault names the browser or the system, and each way once", () => {
  assert.deepEqual(mendingKeys(["denied", "denied"], AGENTS.edge, 0), ["mend.site.edge"]);
  assert.deepEqual(mendingKeys(["system", "missing"], AGENTS.safari, 0), ["mend.system.macos", "mend.missing"]);
  assert.deepEqual(mendingKeys([null, "unsupported"], AGENTS.firefox, 0), []);
  for (const agent of Object.values(AGENTS)) {
    for (const fault of ["denied", "system", "dismissed", "missing", "busy"]) {
      const [key] = mendingKeys([fault, null], agent, 0);
      assert.ok(key in de, key);
    }
  }
});

test("what came and went, without the entries that stand for others", () => {
  const standard = device("audioinput", "default");
  const { came, went } = deviceChanges([standard, HEADSET], [standard, BUILT_IN]);
  assert.deepEqual([came, went], [[BUILT_IN], [HEADSET]]);
});

test("a microphone that is pulled out is replaced, and the person is told", async (t) => {
  const state = computer(t, [HEADSET, BUILT_IN, CAMERA]);
  const losses = [];
  const media = new OwnMedia({ ...WISHES, microphone: "m1" }, () => undefined, (loss) => losses.push(loss));
  await media.start();
  const headset = media.tracks.audio;
  assert.equal(headset.label, "Headset");
  state.devices = [BUILT_IN, CAMERA];
  await headset.onended();
  assert.equal(media.tracks.audio.label, "Built-in");
  assert.equal(media.faults.audio, null);
  state.devices = [CAMERA];
  await media.tracks.audio.onended();
  assert.equal(media.tracks.audio, null);
  assert.equal(media.faults.audio, "missing");
  assert.deepEqual(losses, [
    { source: "audio", before: "Headset", label: "Built-in" },
    { source: "audio", before: "Built-in", label: "" },
  ]);
});

test("a device that was missing is used when it is plugged in, the chosen one when it comes back", async (t) => {
  const state = computer(t, [CAMERA]);
  const choices = { ...WISHES, microphone: "m1", speaker: "" };
  const media = new OwnMedia(choices, () => undefined, () => undefined);
  const said = [];
  const around = { setSpeaker: () => undefined, changed: () => undefined, noted: (note) => said.push(note) };
  const equipment = new Equipment(media, choices, around);
  equipment.start();
  await media.start();
  assert.equal(media.faults.audio, "missing");
  await equipment.look();
  const later = [];
  globalThis.window = { setTimeout: (act) => later.push(act) };
  t.after(() => delete globalThis.window);
  const changed = async (list) => {
    state.change(list);
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
    }
  };
  await changed([CAMERA, BUILT_IN]);
  assert.equal(media.tracks.audio.label, "Built-in");
  assert.equal(choices.microphone, "m1", "what was chosen stays chosen");
  await changed([CAMERA, BUILT_IN, HEADSET]);
  assert.equal(media.tracks.audio.label, "Headset");
  await changed([CAMERA, BUILT_IN, HEADSET, device("videoinput", "c2", "Second camera")]);
  assert.equal(media.tracks.video.label, "Camera", "a new one is offered, not taken");
  assert.deepEqual(said.map((note) => `${note.what} ${note.label}`), [
    "back Built-in",
    "back Headset",
    "plugged Second camera",
  ]);
  assert.equal(equipment.notes.length, 2, "the last of each kind");
  later.forEach((act) => act());
  assert.deepEqual(equipment.notes.map((note) => note.what), ["plugged"], "what asks something stays");
});

test("a loudspeaker that goes gives way to the default", async (t) => {
  const speaker = device("audiooutput", "s1", "Headset");
  const state = computer(t, [speaker, device("audiooutput", "s2")]);
  const used = [];
  const notes = [];
  const watch = new DeviceWatch(
    () => ({ device: "s1", lacking: false }),
    async (kind, id) => void used.push([kind, id]),
    (note) => notes.push(note.what),
  );
  await watch.look();
  state.devices = [device("audiooutput", "s2")];
  await watch.look();
  state.devices = [speaker, device("audiooutput", "s2")];
  await watch.look();
  assert.deepEqual(used, [["speaker", ""], ["speaker", "s1"]]);
  assert.deepEqual(notes, ["switched", "back"]);
});

test("the first permission is no plugging in", async (t) => {
  const state = computer(t, [device("audioinput", ""), device("videoinput", "")]);
  const notes = [];
  const watch = new DeviceWatch(() => ({ device: "", lacking: false }), async () => undefined, (note) => notes.push(note));
  await watch.look();
  state.devices = [HEADSET, CAMERA];
  await watch.look();
  assert.deepEqual(notes, []);
});

test("a choice of sound treatment opens the microphone anew, a choice of blur does not", async (t) => {
  const state = computer(t, [HEADSET, CAMERA]);
  const media = new OwnMedia(WISHES, () => undefined, () => undefined);
  await media.start();
  const first = media.tracks.audio;
  await media.prefer({ noise: false });
  assert.ok(first.stopped);
  assert.deepEqual(state.asked.at(-1).audio, {
    echoCancellation: true,
    noiseSuppression: false,
    autoGainControl: true,
  });
  const count = state.asked.length;
  await media.prefer({ keys: false });
  assert.equal(state.asked.length, count);
});

test("the background is blurred where the browser offers it", async (t) => {
  computer(t, [HEADSET, CAMERA]);
  const media = new OwnMedia({ ...WISHES, blur: true }, () => undefined, () => undefined);
  await media.start();
  assert.deepEqual(media.blur, { offered: false, fixed: true, on: false });
  const track = media.tracks.video;
  const applied = [];
  track.getCapabilities = () => ({ backgroundBlur: [true, false] });
  track.getSettings = () => ({ backgroundBlur: applied.at(-1)?.backgroundBlur ?? false });
  track.applyConstraints = async (constraints) => void applied.push(constraints);
  await media.prefer({ blur: false });
  await media.prefer({ blur: true });
  assert.deepEqual(applied.map((one) => one.backgroundBlur), [true]);
  assert.equal(media.blur.on, true);
  track.getCapabilities = () => ({ backgroundBlur: [true] });
  await media.prefer({ blur: false });
  assert.equal(applied.length, 1, "the system decides");
});

test("what opens after the call was left is closed at once", async (t) => {
  const state = computer(t, [HEADSET, CAMERA]);
  const media = new OwnMedia(WISHES, () => undefined, () => undefined);
  const opened = [];
  const real = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await real(constraints);
    media.stop();
    opened.push(...stream.getTracks());
    return stream;
  };
  await media.start();
  assert.equal(state.asked.length, 1);
  assert.ok(opened.length === 2 && opened.every((track) => track.stopped));
  assert.deepEqual([media.tracks.audio, media.tracks.video], [null, null]);
});

test("trying again asks only for what is missing and leaves a shared screen alone", async (t) => {
  const state = computer(t, [HEADSET, CAMERA]);
  state.refuse = new DOMException("", "NotAllowedError");
  const media = new OwnMedia(WISHES, () => undefined, () => undefined);
  await media.start();
  assert.deepEqual(media.faults, { audio: "denied", video: "denied" });
  const screen = new Track("video", "Screen");
  media.tracks = { ...media.tracks, screen };
  state.refuse = null;
  await media.retry();
  assert.deepEqual(media.faults, { audio: null, video: null });
  assert.equal(screen.stopped, false);
});

test("a note in words", async () => {
  const note = { kind: "camera", what: "gone", label: "", device: "", before: "Studio" };
  assert.match(noteText(await pickLanguage(["de"]), note), /„Studio“ wurde abgesteckt/u);
});
