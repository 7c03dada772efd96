/**
 * The recording on the page: the sign that it runs, the question whether one agrees, what the chair
 * can do, and the way to take one's consent back.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").RecordingView} RecordingView
 * @typedef {import("./menu.js").MenuItem} MenuItem
 * @typedef {import("./parts.js").Part} Part
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { WORDS, endedText, needsAnswer } from "../recording.js";
import { mayChair } from "../room.js";
import { banner } from "./banners.js";
import { openDialog } from "./dialogs.js";
import { button, h, setText, show } from "./dom.js";

/**
 * The sign in the bar above: a dot and a word, for as long as something is recorded or paused.
 *
 * @param {Language} language
 * @returns {Part}
 */
export function recordingSign({ t }) {
  const words = h("span");
  const element = h("span", { class: "recording-sign", hidden: true }, h("span", { class: "recording-dot", "aria-hidden": "true" }), words);
  return {
    element,
    update: ({ room: { recording } }) => {
      const isRunning = recording.state === "running";
      show(element, isRunning || recording.begun);
      element.classList.toggle("paused", !isRunning);
      setText(words, t(isRunning ? "recording.running" : "recording.paused"));
    },
  };
}

/**
 * What the recording waits for, that it is over and why, and the way back to a question put aside.
 *
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
export function recordingNotice(language, actions) {
  const { t } = language;
  const { element, words } = banner("shield", "");
  const cancel = button(t("recording.takeBack"), () => void actions.send({ type: "stopRecording" }), { kind: "small" });
  const close = button(t("call.close"), () => {
    closed = shown;
    show(element, false);
  }, { kind: "small" });
  element.append(cancel, close);
  let seen = false;
  /** What the notice says now, and what was closed. @type {RecordingView | null} */
  let shown = null;
  /** @type {RecordingView | null} */
  let closed = null;
  return {
    element,
    update: ({ room }) => {
      const { recording } = room;
      const leads = mayChair(room.role);
      const isAsked = recording.state === "asked" && !needsAnswer(recording);
      const isOver = recording.state === "off" && seen && recording.ended !== "";
      seen ||= recording.state !== "off";
      shown = recording;
      show(element, (isAsked || isOver) && closed !== recording);
      show(cancel, isAsked && leads);
      show(close, isOver);
      if (isAsked) {
        const waited = leads ? recording.people.filter((one) => one.answer === "open").map((one) => one.name) : [];
        setText(words, waitingText(language, recording.missing, waited));
      } else if (isOver) {
        setText(words, endedText(language, recording));
      }
    },
  };
}

/**
 * @param {Language} language
 * @param {number} missing
 * @param {string[]} names known to who leads
 */
function waitingText({ t, tag }, missing, names) {
  return names.length === 0
    ? t("recording.waiting", { count: missing })
    : t("recording.waitingFor", { names: new Intl.ListFormat(tag).format(names) });
}

/**
 * Entries of the menu "More": what this person can do about the recording.
 *
 * @param {Language} language
 * @param {StageModel} model
 * @param {PartActions} actions
 * @returns {MenuItem[]}
 */
export function recordingEntries(language, { room }, actions) {
  const { t } = language;
  const { recording } = room;
  const send = (/** @type {"askToRecord" | "pauseRecording" | "resumeRecording" | "stopRecording"} */ type) => () =>
    void actions.send({ type });
  /** @type {MenuItem[]} */
  const entries = [];
  if (mayChair(room.role)) {
    if (recording.state === "off") {
      entries.push({ text: t("recording.ask"), icon: "circle-dot", chosen: send("askToRecord") });
    } else if (recording.state === "running") {
      entries.push({ text: t("recording.pause"), icon: "pause", chosen: send("pauseRecording") });
    } else if (recording.state === "paused") {
      entries.push({ text: t("recording.resume"), icon: "play", chosen: send("resumeRecording") });
    }
    if (recording.state !== "off") {
      const words = t(recording.begun ? "recording.stop" : "recording.takeBack");
      entries.push({ text: words, icon: "circle-stop", chosen: send("stopRecording") });
    }
  }
  if (recording.state !== "off" && recording.mine === "given") {
    entries.push({
      text: t("recording.withdraw"),
      icon: "shield",
      danger: true,
      chosen: () => askWithdraw(language, () => void actions.send({ type: "withdrawConsent" })),
    });
  }
  return entries;
}

/**
 * @param {Language} language
 * @param {() => void} withdraw
 */
function askWithdraw({ t }, withdraw) {
  const dialog = openDialog(t("recording.withdrawTitle"), h("p", {}, t("recording.withdrawText")));
  const yes = button(
    t("recording.withdraw"),
    () => {
      dialog.close();
      withdraw();
    },
    { kind: "danger" },
  );
  dialog.append(h("div", { class: "actions" }, yes, button(t("dialog.cancel"), () => dialog.close())));
}

/** The question whether one agrees, in the lobby and in the call; it stays until it is answered. */
export class ConsentQuestion {
  #language;
  #send;
  #leave;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  #key = "";

  /**
   * @param {() => Language} language of now
   * @param {(message: import("../signalling.js").ClientMessage) => unknown} send
   * @param {() => void} leave the lobby
   */
  constructor(language, send, leave) {
    this.#language = language;
    this.#send = send;
    this.#leave = leave;
  }

  /**
   * Ask, or take the question away.
   *
   * @param {RecordingView} recording
   * @param {string} place where the visitor is (`session.js`)
   */
  update(recording, place) {
    const isOutside = place === "lobby" || place === "joining";
    const isRefused = isOutside && recording.state === "running" && recording.mine === "refused";
    const asks = (needsAnswer(recording) || isRefused) && (isOutside || place === "call");
    const key = asks ? `${isOutside} ${isRefused} ${recording.begun} ${recording.by}` : "";
    if (key === this.#key && (this.#dialog === null || this.#dialog.isConnected)) {
      return;
    }
    this.#dialog?.close();
    this.#key = key;
    this.#dialog = key === "" ? null : this.#open(recording, isOutside, isRefused);
  }

  /**
   * @param {RecordingView} recording
   * @param {boolean} isOutside
   * @param {boolean} isRefused
   */
  #open(recording, isOutside, isRefused) {
    const language = this.#language();
    const { t } = language;
    const name = recording.by === "" ? t("role.chair") : recording.by;
    const title = isOutside || recording.begun ? t("recording.askTitleRunning") : t("recording.askTitle", { name });
    const dialog = openDialog(title, consentWords(language, isRefused, isOutside));
    dialog.classList.add("consent");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    const answer = (/** @type {boolean} */ agreed) => () => void this.#send({ type: "answerRecording", agreed, words: WORDS });
    const no = isRefused
      ? button(t("lobby.leave"), this.#leave)
      : button(t("recording.refuse"), answer(false));
    dialog.append(
      h("div", { class: "actions" }, button(t("recording.agree"), answer(true), { kind: "primary" }), no),
    );
    return dialog;
  }
}

/**
 * What is recorded, where it is kept and for how long, and what follows from a No.
 *
 * @param {Language} language
 * @param {boolean} isRefused
 * @param {boolean} isOutside
 */
function consentWords({ t }, isRefused, isOutside) {
  return h(
    "div",
    { class: "consent-words" },
    isRefused ? h("p", { class: "strong" }, t("recording.refused")) : null,
    h(
      "ul",
      {},
      h("li", {}, t("recording.what")),
      h("li", {}, t("recording.where")),
      h("li", {}, t("recording.rights")),
    ),
    isRefused ? null : h("p", {}, t(isOutside ? "recording.noOutside" : "recording.no")),
  );
}
