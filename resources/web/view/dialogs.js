/**
 * Short questions and lists above the call, as native dialogs: the browser keeps the focus inside
 * and gives it back.
 *
 * @typedef {import("../i18n.js").Language} Language
 */

import { button, freshId, h, icon } from "./dom.js";

/**
 * Ask what the chair means by Leave: leave alone, or end the meeting for all.
 *
 * @param {Language} language
 * @param {{leave: () => void, end: () => void}} actions
 */
export function askLeaveOrEnd({ t }, { leave, end }) {
  const dialog = openDialog(t("leave.title"), h("p", {}, t("leave.text")));
  const choose = (/** @type {() => void} */ action) => () => {
    dialog.close();
    action();
  };
  dialog.append(
    h(
      "div",
      { class: "actions" },
      button(t("leave.only"), choose(leave), { kind: "primary", icon: "log-out" }),
      button(t("call.endAll"), choose(() => askEnd({ t }, end)), { kind: "danger", icon: "power" }),
      button(t("dialog.cancel"), () => dialog.close()),
    ),
  );
}

/**
 * Ask once more before somebody is put out.
 *
 * @param {Language} language
 * @param {string} name
 * @param {() => void} remove
 */
export function askRemove({ t }, name, remove) {
  ask({ t }, t("remove.title", { name }), t("remove.text"), { text: t("people.remove"), icon: "x" }, remove);
}

/**
 * Ask once more before the chair is handed over: only the new chair can give it back.
 *
 * @param {Language} language
 * @param {string} name
 * @param {() => void} handOver
 */
export function askHandOver({ t }, name, handOver) {
  const yes = { text: t("people.makeChair"), icon: "shield" };
  ask({ t }, t("handOver.title", { name }), t("handOver.text", { name }), yes, handOver);
}

/**
 * Ask once more before the meeting ends for all.
 *
 * @param {Pick<Language, "t">} language
 * @param {() => void} end
 */
export function askEnd({ t }, end) {
  ask({ t }, t("end.title"), t("end.text"), { text: t("end.yes"), icon: "power" }, end);
}

/**
 * @param {Pick<Language, "t">} language
 * @param {string} title
 * @param {string} text
 * @param {{text: string, icon: string}} words of the button
 * @param {() => void} action
 */
function ask({ t }, title, text, words, action) {
  const dialog = openDialog(title, h("p", {}, text));
  const yes = button(
    words.text,
    () => {
      dialog.close();
      action();
    },
    { kind: "danger", icon: words.icon },
  );
  dialog.append(h("div", { class: "actions" }, yes, button(t("dialog.cancel"), () => dialog.close())));
}

/**
 * List the keys.
 *
 * @param {Language} language
 * @param {ReadonlyArray<{key: string, title: import("../i18n.js").Key}>} panels with a key of their own
 */
export function showKeys({ t }, panels) {
  const keys = /** @type {const} */ (["M", "V", "D", "R", "S", "F"]);
  const list = h(
    "dl",
    { class: "keys" },
    keyRow(t("keys.space"), t("keys.Space")),
    ...keys.map((key) => keyRow(key, t(`keys.${key}`))),
    ...panels.map((kind) => keyRow(kind.key, t(kind.title))),
    keyRow("?", t("keys.help")),
  );
  openDialog(t("keys.title"), list, { closeText: t("dialog.close") });
}

/**
 * Show the settings.
 *
 * @param {Language} language
 * @param {HTMLElement} fields
 * @param {() => void} closed
 */
export function showSettings({ t }, fields, closed) {
  const dialog = openDialog(t("settings.title"), fields, { closeText: t("dialog.close") });
  dialog.addEventListener("close", closed);
}

/**
 * Open a dialog; its maker adds what can be chosen.
 *
 * @param {string} title
 * @param {HTMLElement} content
 * @param {{closeText?: string}} [options]
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { closeText } = {}) {
  const id = freshId("dialog");
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": id, "data-theme": "dark" },
    h("h2", { id }, title),
    content,
  );
  if (closeText !== undefined) {
    const close = h("button", { type: "button", class: "dialog-close", "aria-label": closeText }, icon("x"));
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * @param {string} key
 * @param {string} text
 */
function keyRow(key, text) {
  return h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text));
}
