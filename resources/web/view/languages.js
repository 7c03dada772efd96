/**
 * Languages at the side: the channel one listens to, captions, what an interpreter and a captioner
 * do, and what the chair sets.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { captioning, interpreting, isInterpreted, languageName } from "../languages.js";
import { mayChair } from "../room.js";
import { banner } from "./banners.js";
import { captionEntry } from "./caption_entry.js";
import { button, freshId, h, setText, show } from "./dom.js";
import { languageSettings } from "./language_settings.js";

/**
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {import("./parts.js").PanelPart}
 */
export function languagesPanel(language, actions) {
  const { known } = language;
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const channel = channelSection(language, actions);
  const captions = captionSection(language, actions);
  const entry = captionEntry(language, actions.send);
  const settings = languageSettings(language, actions.send);
  const element = h(
    "div",
    { class: "languages" },
    trouble,
    entry.element,
    channel.element,
    captions.element,
    settings.element,
  );
  /** @param {StageModel} model */
  const update = (model) => {
    const { languages } = model.talk;
    setText(trouble, known("problem", languages.trouble) ?? "");
    show(trouble, trouble.textContent !== "");
    entry.update(captioning(languages.set, model.room.you));
    channel.update(model);
    captions.update(model);
    show(settings.element, mayChair(model.room.role));
    settings.update(languages.set, model.room);
  };
  return { element, update };
}

/**
 * @param {Language} language
 * @param {PartActions} actions
 */
function channelSection({ t, tag }, actions) {
  const id = freshId("channel");
  const select = h("select", { id });
  const levelId = freshId("original");
  const level = h("input", { type: "range", id: levelId, min: 0, max: 100, step: 5 });
  const balance = h("div", { class: "field" }, h("label", { for: levelId }, t("languages.original")), level);
  const hint = h("p", { class: "quiet", role: "status" });
  const element = h(
    "section",
    {},
    h("div", { class: "field" }, h("label", { for: id }, t("languages.listen")), select),
    balance,
    hint,
  );
  select.addEventListener("change", () => actions.listen(select.value === "" ? null : select.value));
  level.addEventListener("input", () => actions.prefer({ original: Number(level.value) }));
  let options = "";
  /** @param {StageModel} model */
  const update = ({ talk, room, choices }) => {
    const { set, listening } = talk.languages;
    const key = JSON.stringify(set.channels);
    if (key !== options) {
      options = key;
      const channels = set.channels.map((one) => h("option", { value: one }, languageName(one, tag)));
      select.replaceChildren(h("option", { value: "" }, t("languages.floor")), ...channels);
    }
    select.value = listening ?? "";
    if (document.activeElement !== level) {
      level.value = String(choices.original);
    }
    show(element, set.channels.length > 0);
    show(balance, listening !== null);
    const isSilent = listening !== null && !isInterpreted(set, room.participants, listening);
    setText(hint, isSilent ? t("languages.silent") : "");
    show(hint, isSilent);
  };
  return { element, update };
}

/**
 * @param {Language} language
 * @param {PartActions} actions
 */
function captionSection({ t, tag }, actions) {
  const id = freshId("captions");
  const select = h("select", { id });
  const sizeId = freshId("size");
  const size = h(
    "select",
    { id: sizeId },
    h("option", { value: "small" }, t("captions.small")),
    h("option", { value: "normal" }, t("captions.normal")),
    h("option", { value: "large" }, t("captions.large")),
  );
  const contrast = check(t("captions.contrast"), (on) => actions.prefer({ captionContrast: on }));
  const aloud = check(t("captions.aloud"), (on) => actions.prefer({ captionsAloud: on }));
  const kept = h("p", { class: "quiet" });
  const looks = h(
    "div",
    { class: "languages-looks" },
    h("div", { class: "field" }, h("label", { for: sizeId }, t("captions.size")), size),
    contrast.element,
    aloud.element,
  );
  const element = h(
    "section",
    {},
    h("div", { class: "field" }, h("label", { for: id }, t("captions.title")), select),
    looks,
    kept,
  );
  select.addEventListener("change", () => actions.readCaptions(select.value === "" ? null : select.value));
  size.addEventListener("change", () => actions.prefer({ captionSize: size.value }));
  let options = "";
  /** @param {StageModel} model */
  const update = ({ talk, choices }) => {
    const { set, reading } = talk.languages;
    const languages = [...new Set([...set.captioners.map((one) => one.language), ...(reading === null ? [] : [reading])])];
    const key = JSON.stringify(languages);
    if (key !== options) {
      options = key;
      const choice = languages.map((one) => h("option", { value: one }, languageName(one, tag)));
      select.replaceChildren(h("option", { value: "" }, t("captions.off")), ...choice);
    }
    select.value = reading ?? "";
    size.value = choices.captionSize;
    contrast.box.checked = choices.captionContrast;
    aloud.box.checked = choices.captionsAloud;
    show(element, languages.length > 0);
    show(looks, reading !== null);
    setText(kept, t(set.keeps ? "captions.kept" : "captions.notKept"));
  };
  return { element, update };
}

/**
 * @param {string} words
 * @param {(on: boolean) => void} changed
 */
function check(words, changed) {
  const box = h("input", { type: "checkbox" });
  box.addEventListener("change", () => changed(box.checked));
  return { box, element: h("label", { class: "check" }, box, h("span", {}, words)) };
}

/**
 * Tell interpreters all the time whether they are on air, and let them take turns.
 *
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {import("./parts.js").Part}
 */
export function interpreterNotice({ t, tag }, actions) {
  const { element, words } = banner("languages", "knock");
  let asks = false;
  const take = button(t("languages.take"), () => actions.send({ type: "takeAir" }), { kind: "small primary" });
  const ask = button("", () => actions.send({ type: "askRelief", asks: !asks }), { kind: "small" });
  element.append(take, ask);
  /** @param {StageModel} model */
  const update = ({ talk, room }) => {
    const { set } = talk.languages;
    const own = interpreting(set, room.you);
    show(element, own !== null);
    if (own === null) {
      return;
    }
    asks = own.asks;
    const partner = set.interpreters.find((one) => one !== own && one.language === own.language) ?? null;
    const name = partner?.name ?? "";
    const state = own.onAir ? "languages.onAir" : partner?.asks === true ? "languages.asked" : "languages.offAir";
    setText(words, t(state, { language: languageName(own.language, tag), name }));
    show(take, !own.onAir);
    show(ask, own.onAir && partner !== null);
    setText(ask.lastElementChild ?? ask, t(asks ? "languages.askNoMore" : "languages.ask", { name }));
  };
  return { element, update };
}
