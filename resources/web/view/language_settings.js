/**
 * What the chair sets: channels, interpreters, captioners, whether captions are kept.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").Languages} Languages
 * @typedef {import("../room.js").Room} Room
 * @typedef {(message: import("../signalling.js").ClientMessage) => boolean} Send
 */

import { TAGS, languageName } from "../languages.js";
import { button, freshId, h, icon } from "./dom.js";

/**
 * @param {Language} language
 * @param {Send} send
 * @returns {{element: HTMLElement, update: (set: Languages, room: Room) => void}}
 */
export function languageSettings(language, send) {
  const { t, tag } = language;
  /** @type {Languages} */
  let shown = { channels: [], interpreters: [], captioners: [], keeps: false };
  const channels = list();
  const add = picker(t("languages.add"), languageOptions(tag));
  add.select.addEventListener("change", () => {
    if (add.select.value !== "") {
      send({ type: "setChannels", languages: [...shown.channels, add.select.value] });
      add.select.value = "";
    }
  });
  const interpreters = appointments(language, t("languages.interpreters"), (participant, spoken) =>
    send({ type: "appointInterpreter", participant, language: spoken }),
  );
  const captioners = appointments(language, t("captions.captioners"), (participant, spoken) =>
    send({ type: "appointCaptioner", participant, language: spoken }),
  );
  const keep = h("input", { type: "checkbox" });
  keep.addEventListener("change", () => send({ type: "keepCaptions", keep: keep.checked }));
  const element = h(
    "section",
    { class: "language-settings" },
    h("h3", {}, t("languages.set")),
    h("p", { class: "quiet" }, t("languages.setText")),
    channels,
    add.element,
    interpreters.element,
    captioners.element,
    h("label", { class: "check" }, keep, h("span", {}, t("captions.keep"))),
  );
  let key = "";
  /**
   * @param {Languages} set
   * @param {Room} room
   */
  const update = (set, room) => {
    const people = room.participants.filter((person) => person.role !== "observer");
    const now = JSON.stringify([set, people.map(({ id, name }) => [id, name])]);
    keep.checked = set.keeps;
    if (now === key) {
      return;
    }
    key = now;
    shown = set;
    const rows = set.channels.map((one) =>
      entry(languageName(one, tag), t("languages.remove", { language: languageName(one, tag) }), () =>
        send({ type: "setChannels", languages: set.channels.filter((other) => other !== one) }),
      ),
    );
    channels.replaceChildren(...rows);
    interpreters.update(set.interpreters, people, set.channels, set.channels.length > 0);
    captioners.update(set.captioners, people, TAGS, true);
  };
  return { element, update };
}

/**
 * Who does something in which language, and a row to name one more.
 *
 * @param {Language} language
 * @param {string} title
 * @param {(participant: string, spoken: string | null) => void} appoint
 */
function appointments({ t, tag }, title, appoint) {
  const named = list();
  const who = picker(t("languages.who"), []);
  const spoken = picker(t("languages.language"), []);
  const submit = () => {
    if (who.select.value !== "" && spoken.select.value !== "") {
      appoint(who.select.value, spoken.select.value);
      who.select.value = "";
    }
  };
  const form = h("div", { class: "language-add" }, who.element, spoken.element, button(t("languages.appoint"), submit, { kind: "small" }));
  const element = h("fieldset", { class: "poll-fieldset" }, h("legend", {}, title), named, form);
  /**
   * @param {ReadonlyArray<{participant: string, name: string, language: string}>} appointed
   * @param {ReadonlyArray<import("../signalling.js").Participant>} people
   * @param {ReadonlyArray<string>} tags
   * @param {boolean} isOffered
   */
  const update = (appointed, people, tags, isOffered) => {
    const rows = appointed.map((one) =>
      entry(`${one.name} · ${languageName(one.language, tag)}`, t("languages.dismiss", { name: one.name }), () =>
        appoint(one.participant, null),
      ),
    );
    named.replaceChildren(...rows);
    who.fill(people.map(({ id, name }) => [id, name]));
    spoken.fill(tags.map((one) => [one, languageName(one, tag)]));
    element.hidden = !isOffered && appointed.length === 0;
  };
  return { element, update };
}

/** @param {string} tag of the reader */
function languageOptions(tag) {
  const named = TAGS.map((one) => /** @type {[string, string]} */ ([one, languageName(one, tag)]));
  return named.sort(([, one], [, other]) => one.localeCompare(other, tag));
}

/**
 * @param {string} label
 * @param {[string, string][]} options value and words
 */
function picker(label, options) {
  const id = freshId("pick");
  const select = h("select", { id });
  /** @param {[string, string][]} entries */
  const fill = (entries) => {
    const chosen = select.value;
    const sorted = [...entries].sort(([, one], [, other]) => one.localeCompare(other));
    select.replaceChildren(h("option", { value: "" }, "–"), ...sorted.map(([value, words]) => h("option", { value }, words)));
    select.value = entries.some(([value]) => value === chosen) ? chosen : "";
  };
  fill(options);
  return { select, fill, element: h("div", { class: "field" }, h("label", { for: id }, label), select) };
}

function list() {
  return h("ul", { class: "language-list" });
}

/**
 * @param {string} words
 * @param {string} label of the button that takes it away
 * @param {() => void} remove
 */
function entry(words, label, remove) {
  const take = h("button", { type: "button", class: "panel-close", "aria-label": label, title: label }, icon("x"));
  take.addEventListener("click", remove);
  return h("li", { class: "panel-row" }, h("span", {}, words), take);
}
