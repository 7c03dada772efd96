/**
 * What needs attention during the call, in one place below the bar: a lost connection, sound that
 * waits for a click, somebody who knocks, a device that does not work.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./stage.js").StageModel} StageModel
 *
 * @typedef {object} BannerActions
 * @property {() => void} playSound
 * @property {() => void} toggleAudio
 * @property {() => void} retryMedia
 * @property {() => void} toggleVideo
 * @property {() => void} dismissNotice
 * @property {() => void} showPeople
 * @property {(participant: string | null) => void} admit
 */

import { mayChair } from "../room.js";
import { button, h, icon, setIcon, setText, show } from "./dom.js";
import { faultView } from "./faults.js";

/**
 * @param {Language} language
 * @param {BannerActions} actions
 * @param {HTMLElement[]} notices of other parts of the call
 * @returns {{element: HTMLElement, update: (model: StageModel) => void}}
 */
export function banners(language, actions, notices) {
  const { t } = language;
  const connection = banner("wifi-off", "warning");
  const sound = banner("volume-2", "");
  sound.element.append(button(t("call.playSound"), actions.playSound, { kind: "small primary" }));
  setText(sound.words, t("call.playSoundText"));
  const knock = banner("bell", "knock");
  /** The one person of the banner; who knocks a moment later is not let in by the same click. */
  let only = "";
  const admit = button(t("people.admit"), () => actions.admit(only), { kind: "small primary" });
  knock.element.append(admit, button(t("call.show"), actions.showPeople, { kind: "small" }));
  const muted = banner("mic-off", "");
  setText(muted.words, t("call.mutedHint"));
  muted.element.append(button(t("call.unmute"), actions.toggleAudio, { kind: "small primary" }));
  const notice = noticeBanner(language, actions);
  const faults = h("div", { class: "banner-faults" });
  let faultsShown = "null null";
  const element = h(
    "div",
    { class: "banners" },
    connection.element,
    sound.element,
    notice.element,
    muted.element,
    knock.element,
    ...notices,
    faults,
  );
  /** @param {StageModel} model */
  const update = (model) => {
    setText(connection.words, t(model.connected ? "call.mediaLost" : "call.reconnecting"));
    show(connection.element, !model.connected || !model.healthy);
    show(sound.element, model.silenced);
    notice.update(model.notice);
    show(muted.element, model.speaksMuted && model.notice?.kind !== "held");
    const lobby = mayChair(model.room.role) ? model.room.lobby : [];
    const first = lobby[0]?.name ?? "";
    setText(
      knock.words,
      lobby.length > 1 ? t("call.knocksMany", { count: lobby.length }) : t("call.knocks", { name: first }),
    );
    only = lobby[0]?.id ?? "";
    show(admit, lobby.length === 1);
    show(knock.element, lobby.length > 0);
    const key = `${model.media.faults.audio} ${model.media.faults.video}`;
    if (key !== faultsShown) {
      faultsShown = key;
      showFault(faults, language, model, actions);
    }
  };
  return { element, update };
}

/**
 * What the chair asks or did, with the way to answer.
 *
 * @param {Language} language
 * @param {BannerActions} actions
 */
function noticeBanner({ t }, actions) {
  const { element, words } = banner("mic-off", "knock");
  const picture = /** @type {SVGSVGElement} */ (element.querySelector("svg"));
  const yes = button("", () => (isVideo ? actions.toggleVideo() : actions.toggleAudio()), { kind: "small primary" });
  const no = button(t("call.notNow"), actions.dismissNotice, { kind: "small" });
  element.append(yes, no);
  let isVideo = false;
  /** @param {import("../floor.js").Notice | null} notice */
  const update = (notice) => {
    show(element, notice !== null);
    if (notice === null) {
      return;
    }
    isVideo = notice.source === "video";
    setText(words, noticeText(t, notice));
    setIcon(picture, notice.kind === "role" ? "shield" : NOTICE_ICONS[notice.source]);
    setText(yes.lastElementChild ?? yes, t(isVideo ? "call.cameraOn" : "call.unmute"));
    show(yes, notice.kind !== "role" && notice.source !== "screen");
    setText(no.lastElementChild ?? no, t(notice.kind === "asked" ? "call.notNow" : "call.close"));
  };
  return { element, update };
}

const NOTICE_ICONS = { audio: "mic-off", video: "video-off", screen: "screen-share-off" };

/**
 * @param {import("../i18n.js").Translate} t
 * @param {import("../floor.js").Notice} notice
 */
function noticeText(t, { kind, source, by, role }) {
  const name = by === "" ? t("role.chair") : by;
  if (kind === "role") {
    return t("notice.role", { role: t(`role.${role}`) });
  }
  return kind === "asked" ? t("notice.asked", { name }) : t(`notice.held.${source}`, { name });
}

/**
 * @param {HTMLElement} place
 * @param {Language} language
 * @param {StageModel} model
 * @param {BannerActions} actions
 */
function showFault(place, language, model, actions) {
  const notice = faultView(language, model.media.faults, actions.retryMedia);
  if (notice === null) {
    place.replaceChildren();
    return;
  }
  const close = h(
    "button",
    { type: "button", class: "notice-close", "aria-label": language.t("call.close") },
    icon("x"),
  );
  close.addEventListener("click", () => place.replaceChildren());
  notice.append(close);
  place.replaceChildren(notice);
}

/**
 * Make a banner; its maker shows and fills it.
 *
 * @param {string} name of the icon
 * @param {string} kind class of its look: "warning", "knock" or ""
 */
export function banner(name, kind) {
  const words = h("span", { class: "banner-words" });
  const element = h("div", { class: `banner ${kind}`.trim(), role: "status", hidden: true }, icon(name), words);
  return { element, words };
}
