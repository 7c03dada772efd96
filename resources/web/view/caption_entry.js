/**
 * Typing captions: a phrase goes with Enter, or by itself after a pause; the arrow up brings the last
 * one back to be corrected.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {(message: import("../signalling.js").ClientMessage) => boolean} Send
 */

import { CAPTION_LENGTH, languageName } from "../languages.js";
import { freshId, h, setText, show } from "./dom.js";

/** How long a captioner pauses before what is typed goes by itself, in ms. */
export const PAUSE = 1500;

/**
 * @param {Language} language
 * @param {Send} send
 * @returns {{element: HTMLElement, update: (captions: string | null) => void}}
 */
export function captionEntry({ t, tag }, send) {
  const id = freshId("caption");
  const label = h("label", { for: id });
  const hintId = freshId("hint");
  const box = h("textarea", { id, rows: 2, maxlength: CAPTION_LENGTH, "aria-describedby": hintId, dir: "auto" });
  const last = h("p", { class: "quiet caption-last", dir: "auto" });
  const element = h(
    "section",
    { class: "caption-entry", hidden: true },
    label,
    box,
    last,
    h("p", { class: "quiet", id: hintId }, t("captions.entryHint")),
  );
  let sent = "";
  let corrects = false;
  /** @type {number | undefined} */
  let timer;
  const stop = () => window.clearTimeout(timer);
  const submit = () => {
    stop();
    const text = box.value.trim();
    if (text === "" && !corrects) {
      return;
    }
    if (send({ type: "writeCaption", text, corrects })) {
      sent = text;
      box.value = "";
      setCorrecting(false);
    }
  };
  /** @param {boolean} on */
  const setCorrecting = (on) => {
    corrects = on;
    element.classList.toggle("correcting", on);
    setText(last, on ? t("captions.correcting") : sent === "" ? "" : t("captions.last", { text: sent }));
  };
  box.addEventListener("input", () => {
    stop();
    // What is being corrected goes when its author says so.
    if (!corrects && box.value.trim() !== "") {
      timer = window.setTimeout(submit, PAUSE);
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && box.value === "" && sent !== "") {
      event.preventDefault();
      box.value = sent;
      setCorrecting(true);
    } else if (event.key === "Escape" && corrects) {
      event.stopPropagation();
      box.value = "";
      setCorrecting(false);
    }
  });
  /** @param {string | null} captions language in which this person types */
  const update = (captions) => {
    show(element, captions !== null);
    setText(label, captions === null ? "" : t("captions.entry", { language: languageName(captions, tag) }));
    if (captions === null) {
      stop();
      box.value = "";
      sent = "";
      setCorrecting(false);
    }
  };
  return { element, update };
}
