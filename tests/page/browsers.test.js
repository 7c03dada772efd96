/**
 * The page keeps to what Chromium, Firefox and Safari share; what only some have is asked for first.
 * docs/browsers.md says what was checked for Safari, which no test machine runs.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const WEB = new URL("../../resources/web/", import.meta.url);

/** Calls that the page must not make at all, and why. */
const FORBIDDEN = [
  [/createEncodedStreams|MediaStreamTrackProcessor|MediaStreamTrackGenerator/u, "Chromium only"],
  [/\bchrome\.|userAgentData|getBattery|navigator\.connection|\bscheduler\./u, "Chromium only"],
  [/showOpenFilePicker|showSaveFilePicker|CaptureController|preferCurrentTab/u, "Chromium only"],
  [/requestIdleCallback/u, "not in Safari"],
  [/\bwebkit[A-Z]\w+|\bmoz[A-Z]\w+/u, "prefixed"],
  [/sdpSemantics|plan-b|addStream\(|removeStream\(|onaddstream/u, "not unified plan"],
  [/goog[A-Z]\w+:/u, "constraints of old Chromium"],
  [/navigator\.getUserMedia/u, "callbacks of old"],
  [/ransceiver\w*\.stop\(|\bline\.stop\(/u, "the host's answer would be refused; replaceTrack(null) instead"],
  [/Object\.groupBy|Map\.groupBy|Promise\.withResolvers|Promise\.try|RegExp\.escape/u, "newer than Safari 16.4"],
  [/\.(isDisjointFrom|isSubsetOf|symmetricDifference|transferToFixedLength)\(/u, "newer than Safari 16.4"],
  [/\.(union|intersection|difference)\(|URL\.canParse|AbortSignal\.any|showPopover/u, "newer than Safari 16.4"],
  [/\.(values|keys|entries)\(\)\s*\.(map|filter|find|some|every|reduce|flatMap|toArray|take|drop)\(/u, "iterators have these from Firefox 131 and Safari 18.4"],
];

/** What only some browsers have: each file that uses it must ask for it in this way. */
const GUARDED = [
  [/documentPictureInPicture/u, /documentPictureInPicture;[\s\S]*(!== undefined|apart\?\.)/u],
  [/requestPictureInPicture\(/u, /pictureInPictureEnabled === true/u],
  [/\.setSinkId\(/u, /"setSinkId" in /u],
  [/backgroundBlur/u, /getCapabilities\?\.\(\)\.backgroundBlur \?\? \[\]/u],
  [/requestFullscreen/u, /requestFullscreen\?\.\(|fullscreenEnabled/u],
  [/getDisplayMedia\(/u, /getDisplayMedia === undefined|getDisplayMedia !== undefined/u],
  [/getUserMedia\(/u, /getUserMedia === undefined|getUserMedia !== undefined|mediaDevices\?\./u],
  [/permissions[?.]+query/u, /permissions\?\.query/u],
  [/setCodecPreferences/u, /setCodecPreferences\?\.\(/u],
  [/RTCRtpSender\.getCapabilities/u, /getCapabilities\?\.\(/u],
];

function sources() {
  const names = readdirSync(WEB, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  return names
    .filter((name) => name.endsWith(".js") && !name.startsWith("vendor"))
    .map((name) => [name, withoutComments(readFileSync(new URL(name, WEB), "utf8"))]);
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/^\s*\/\/.*$/gmu, "");
}

function trespasses(name, text) {
  const forbidden = FORBIDDEN.filter(([call]) => call.test(text)).map(([call, why]) => `${name}: ${call} (${why})`);
  const unguarded = GUARDED.filter(([call, guard]) => call.test(text) && !guard.test(text));
  return [...forbidden, ...unguarded.map(([call]) => `${name}: ${call} is used without asking`)];
}

test("the page makes no call that Firefox or Safari do not have", () => {
  const files = sources();
  assert.ok(files.length > 50);
  assert.deepEqual(files.flatMap(([name, text]) => trespasses(name, text)), []);
});

test("a call of one browser alone is noticed, and so is one without its question", () => {
  assert.equal(trespasses("a.js", "new MediaStreamTrackProcessor({ track })").length, 1);
  assert.equal(trespasses("a.js", "element.setSinkId(id)").length, 1);
  assert.equal(trespasses("a.js", "people.values().map(nameOf)").length, 1);
  assert.equal(trespasses("a.js", "Object.values(people).map(nameOf)").length, 0);
  assert.equal(trespasses("a.js", 'if ("setSinkId" in element) { element.setSinkId(id); }').length, 0);
  assert.equal(trespasses("a.js", withoutComments("// transceiver.stop() is not for us")).length, 0);
});

test("every video plays inside the page and without a gesture, as iPhones want it", () => {
  for (const [name, text] of sources()) {
    for (const [, options] of text.matchAll(/h\("video", (\{[^}]*\})/gu)) {
      assert.match(options, /autoplay: true/u, name);
      assert.match(options, /playsinline: true/u, name);
      assert.match(text, /\.muted = true/u, name);
    }
  }
});

test("styles have a height for browsers without dynamic viewport units", () => {
  for (const name of readdirSync(new URL("css/", WEB))) {
    const text = readFileSync(new URL(`css/${name}`, WEB), "utf8");
    for (const [, property] of text.matchAll(/^\s*(block-size): [^;]*dvh/gmu)) {
      assert.match(text, new RegExp(`${property}: [^;]*vh;\\s*${property}: [^;]*dvh`, "u"), name);
    }
    assert.doesNotMatch(text, /light-dark\(|@scope|@container|^\s*&/mu, `${name}: newer than Safari 16.4 or Firefox 121`);
    assert.doesNotMatch(text, /(margin|padding|border|inset)-(left|right)\b|text-align: (left|right)/u, `${name}: logical properties`);
  }
});
