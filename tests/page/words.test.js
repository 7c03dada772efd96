import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { basePath, socketAddress } from "../../resources/web/api.js";
import { SpeechCounter } from "../../resources/web/hint.js";
import { LANGUAGES, formOf, pickLanguage } from "../../resources/web/i18n.js";
import { isForCall, keyOf } from "../../resources/web/keys.js";
import { levelOf } from "../../resources/web/level.js";
import { iceFragment } from "../../resources/web/subscriber.js";
import { fill } from "../../resources/web/text.js";
import { countdown, sameTime, timeText, whenText, zoneCity } from "../../resources/web/times.js";

const WEB = new URL("../../resources/web/", import.meta.url);

function sources() {
  const files = readdirSync(WEB, { recursive: true }).filter((name) => name.endsWith(".js"));
  return files.filter((name) => !name.startsWith("vendor")).map((name) => [
    name,
    readFileSync(new URL(name.replaceAll("\\", "/"), WEB), "utf8"),
  ]);
}

function places(text) {
  return [...new Set(text.match(/\{\w+\}/gu) ?? [])].sort();
}

/** Every catalogue by its tag. */
const CATALOGUES = Object.fromEntries(
  await Promise.all(
    readdirSync(new URL("i18n/", WEB)).map(async (name) => {
      const tag = name.replace(/\.js$/u, "");
      return [tag, (await import(new URL(`i18n/${name}`, WEB).href))[tag]];
    }),
  ),
);
const { en, de } = CATALOGUES;

function forms(text) {
  return typeof text === "string" ? [text] : Object.values(text);
}

test("the page offers each language that there is, as the desktop names it", () => {
  const known = JSON.parse(readFileSync(new URL("../i18n/languages.json", WEB), "utf8"));
  assert.deepEqual(LANGUAGES.map((one) => one.tag).sort(), Object.keys(CATALOGUES).sort());
  for (const { tag, name, direction } of LANGUAGES) {
    assert.equal(name, known[tag].name);
    assert.equal(direction === "rtl", known[tag].right_to_left === true, tag);
  }
});

for (const [tag, words] of Object.entries(CATALOGUES)) {
  test(`the page in ${tag} says everything with the same places, and nothing is overlong`, () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
    const used = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(words)) {
      const wanted = [...new Set(forms(en[key]).flatMap(places))].sort();
      const limit = Math.max(...[...forms(en[key]), ...forms(de[key])].map((one) => one.length)) * 1.3 + 6;
      if (typeof text !== "string") {
        assert.deepEqual(Object.keys(text).filter((one) => !used.includes(one)), [], key);
        assert.ok(text.other !== undefined || text.many !== undefined, key);
      }
      for (const form of forms(text)) {
        const found = typeof text === "string" ? places(form) : places(`${form}{count}`);
        assert.deepEqual(found, wanted, key);
        assert.ok(form.trim() !== "" && form.length <= limit, `${key}: ${form}`);
        assert.equal(/^\s|\s$/u.test(form), /^\s|\s$/u.test(forms(en[key])[0]), key);
      }
    }
  });
}

test("every text is used somewhere", () => {
  const code = sources().filter(([name]) => !name.startsWith("i18n")).map(([, text]) => text).join("\n");
  const made = /^(unit|fault|mend|agenda\.kind|agenda\.dropped|knock|role|keys|ended|problem|desk|notice\.held|device|quality|polls\.state|recording\.ended|size|check\.(?:step|state|verdict|verdictText|problem|remedy|path|found)|effort\.wrong|dates\.choice|ballot\.(?:choice|outcome|outcomeText)|action\.(?:told|noted)|lines)\./u;
  const unused = Object.keys(en).filter((key) => !code.includes(`"${key}"`) && !made.test(key));
  assert.deepEqual(unused, []);
});

test("the first language that there is, in the visitor's own variety", async () => {
  assert.equal((await pickLanguage(["de-AT", "en"])).tag, "de-AT");
  assert.equal((await pickLanguage(["fi", "de"])).t("preview.join"), "Beitreten");
  assert.equal((await pickLanguage(["xx", "not a tag"])).tag, "en-GB");
  assert.equal((await pickLanguage([])).t("say.joined", { name: "Zoë" }), "Zoë joined");
  assert.equal((await pickLanguage(["en"])).known("problem", "unheard_of"), null);
  assert.equal((await pickLanguage(["en"])).direction, "ltr");
});

test("a text has the plural form of its count in the language", () => {
  const text = { one: "plik", few: "{count} pliki", many: "{count} plików" };
  const said = [1, 2, 5, 12, 22].map((count) => fill(formOf(text, new Intl.PluralRules("pl"), count), { count }));
  assert.deepEqual(said, ["plik", "2 pliki", "5 plików", "12 plików", "22 pliki"]);
  assert.equal(formOf({ one: "jour", other: "jours" }, new Intl.PluralRules("fr"), 0), "jour");
  assert.equal(formOf({ zero: "لا", other: "كل" }, new Intl.PluralRules("ar"), 0), "لا");
  assert.equal(formOf(text, new Intl.PluralRules("pl")), "{count} plików");
});

test("nothing of the page parses HTML or carries style or script inside", () => {
  for (const [name, text] of sources()) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/u, name);
  }
  for (const name of ["call.html", "desk.html", "check.html"]) {
    const html = readFileSync(new URL(name, WEB), "utf8");
    assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style/u, name);
    for (const script of html.match(/<script[^>]*>[^<]*/gu) ?? []) {
      assert.match(script, /src="\/static\/[\w.]+"[^>]*>$/u);
    }
  }
});

test("the sprite has the icons that the page uses, as the tool writes it", async () => {
  const { NAMES, sprite } = await import("../../resources/icons/sprite.js");
  assert.equal(readFileSync(new URL("icons.svg", WEB), "utf8"), sprite());
  const code = sources().map(([, text]) => text).join("\n");
  for (const name of NAMES) {
    assert.ok(code.includes(`"${name}"`) || code.includes(`"${name.replace(/-off$/u, "")}"`), name);
  }
  for (const [, name] of code.matchAll(/\bicon\("([\w-]+)"\)/gu)) {
    assert.ok(NAMES.includes(name), name);
  }
});

test("addresses lie below the page", () => {
  assert.equal(basePath("/r/k3jq8w2xz0/"), "/r/k3jq8w2xz0");
  const place = { protocol: "https:", host: "meet.example", pathname: "/r/abc" };
  assert.equal(socketAddress(place), "wss://meet.example/r/abc/ws");
  assert.equal(socketAddress({ ...place, protocol: "http:" }), "ws://meet.example/r/abc/ws");
});

test("times are in the reader's words and in the asked zone", () => {
  const start = Date.parse("2026-03-02T09:00:00Z");
  assert.match(whenText(start, 90, "Europe/Copenhagen", "en-GB"), /Monday,? 2 March 2026.*10:00.*11:30/u);
  assert.equal(timeText(start, "America/New_York", "en-GB"), "04:00");
  assert.equal(timeText(start, "No/Such_Zone", "en-GB"), "09:00");
  assert.equal(sameTime(start, "Europe/Berlin", "Europe/Copenhagen"), true);
  assert.equal(sameTime(start, "Europe/London", "Europe/Copenhagen"), false);
  assert.equal(zoneCity("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.deepEqual(countdown(90_061_000), { days: 1, hours: 1, minutes: 1, seconds: 1 });
  assert.deepEqual(countdown(-5), { days: 0, hours: 0, minutes: 0, seconds: 0 });
});

test("a level is nothing for silence and full for a loud voice", () => {
  assert.equal(levelOf(new Float32Array(512)), 0);
  assert.equal(levelOf(new Float32Array(512).fill(0.9)), 1);
  const quiet = levelOf(new Float32Array(512).fill(0.01));
  assert.ok(quiet > 0.2 && quiet < 0.6, String(quiet));
});

test("speech is loud again and again, a slammed door is not", () => {
  const heard = (levels) => {
    const counter = new SpeechCounter();
    return levels.map((level) => counter.take(level)).includes(true);
  };
  assert.equal(heard([0.9, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.2]), false);
  assert.equal(heard([0.7, 0.8, 0.2, 0.7, 0.9, 0.1, 0.8]), true);
});

test("keys are the call's only while nobody types and no dialog is open", () => {
  const plain = { ctrlKey: false, altKey: false, metaKey: false };
  assert.equal(isForCall(plain, { tagName: "BODY" }, false), true);
  assert.equal(isForCall(plain, { tagName: "INPUT" }, false), false);
  assert.equal(isForCall(plain, { tagName: "DIV", isContentEditable: true }, false), false);
  assert.equal(isForCall({ ...plain, ctrlKey: true }, null, false), false);
  assert.equal(isForCall(plain, null, true), false);
});

test("the keys of the call are found on keyboards of every script", () => {
  assert.equal(keyOf({ key: "m", code: "KeyM" }), "M");
  assert.equal(keyOf({ key: "m", code: "Semicolon" }), "M", "on a French keyboard the letter counts");
  assert.equal(keyOf({ key: "ь", code: "KeyM" }), "M");
  assert.equal(keyOf({ key: "μ", code: "KeyM" }), "M");
  assert.equal(keyOf({ key: "م", code: "KeyL" }), "L");
  assert.equal(keyOf({ key: "\u061f", code: "Slash" }), "?");
  assert.equal(keyOf({ key: "é", code: "Digit2" }), "É");
  assert.equal(keyOf({ key: "Escape", code: "Escape" }), "ESCAPE");
});

test("another leg of the host has another ICE fragment", () => {
  assert.equal(iceFragment("v=0\r\na=ice-ufrag:Ab3/\r\na=ice-pwd:x\r\n"), "Ab3/");
  assert.equal(iceFragment("v=0\r\n"), "");
});
