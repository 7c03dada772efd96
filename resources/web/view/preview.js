/**
 * Before the call: one's own picture, devices, name, Join; and the same picture while waiting in the
 * lobby.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../media.js").OwnMedia} OwnMedia
 * @typedef {import("../memory.js").Choices} Choices
 * @typedef {import("../session.js").Session} Session
 *
 * @typedef {object} Actions
 * @property {(name: string) => void} join
 * @property {() => void} leave stop waiting
 * @property {() => void} retryMedia
 * @property {() => void} toggleAudio
 * @property {() => void} toggleVideo
 * @property {import("./devices.js").DeviceActions["choose"]} choose
 * @property {import("./devices.js").DeviceActions["prefer"]} prefer
 *
 * @typedef {import("./page.js").View & {update: (session: Session, media: OwnMedia) => void}} PreviewView
 */

import { maySpeak } from "../room.js";
import { NAME_LENGTH, cleanName } from "../text.js";
import { deviceFields } from "./devices.js";
import { button, freshId, h, icon, setText, show } from "./dom.js";
import { faultView } from "./faults.js";
import { LevelBar } from "./level.js";
import { page } from "./page.js";
import { RoundButton } from "./round.js";
import { soundToggles } from "./settings.js";
import { invitedBy } from "./waiting.js";
import { whenView } from "./when.js";

/**
 * @param {Language} language
 * @param {import("../signalling.js").Look} look
 * @param {Choices} choices
 * @param {Actions} actions
 * @returns {PreviewView}
 */
export function previewView(language, look, choices, actions) {
  const { t } = language;
  const picture = mirror(language, actions);
  const devices = deviceFields(language, choices, actions);
  const form = joinForm(language, look, choices, actions);
  const faults = h("div", { class: "faults" });
  const sound = soundToggles(language, choices, actions);
  const element = page(
    look.title,
    h("p", { class: "lead" }, invitedBy(language, look)),
    h(
      "div",
      { class: "preview" },
      maySpeak(look.role)
        ? h("div", { class: "preview-picture" }, picture.element, faults)
        : h("p", { class: "notice" }, icon("info"), t("preview.observer")),
      h("div", { class: "preview-form" }, whenView(language, look), form.element),
    ),
    h(
      "section",
      { class: "preview-devices" },
      h("h2", {}, t("settings.devices")),
      devices.element,
      maySpeak(look.role)
        ? h("details", { class: "more" }, h("summary", {}, icon("settings"), t("settings.sound")), ...sound)
        : null,
    ),
    look.recorded
      ? h("p", { class: "notice", role: "note" }, icon("shield"), t("recording.preview"))
      : null,
    h(
      "section",
      { class: "privacy" },
      h("h2", {}, icon("shield"), t("privacy.title")),
      h("p", {}, t("privacy.text")),
    ),
  );
  element.classList.add("wide");
  return {
    element,
    closed: picture.closed,
    update: (session, media) => {
      form.update(session);
      picture.update(media);
      showFaults(faults, language, media, actions);
      devices.refresh(media);
    },
  };
}

/**
 * @param {Language} language
 * @param {import("../signalling.js").Look | null} look
 * @param {Actions} actions
 * @returns {PreviewView}
 */
export function lobbyView(language, look, actions) {
  const { t } = language;
  const picture = mirror(language, actions);
  const words = h("p", { class: "notice", role: "status", hidden: true });
  const element = page(
    t("lobby.title"),
    look === null ? null : h("p", { class: "lead" }, look.title),
    h("p", { role: "status" }, h("span", { class: "pulse", "aria-hidden": "true" }), t("lobby.text")),
    words,
    look !== null && maySpeak(look.role) ? picture.element : null,
    h("div", { class: "actions" }, button(t("lobby.leave"), actions.leave)),
  );
  return {
    element,
    closed: picture.closed,
    update: (session, media) => {
      picture.update(media);
      setText(words, session.lobbyMessage);
      show(words, session.lobbyMessage !== "");
    },
  };
}

/**
 * @param {HTMLElement} place
 * @param {Language} language
 * @param {OwnMedia} media
 * @param {Actions} actions
 */
function showFaults(place, language, media, actions) {
  const key = `${media.faults.audio} ${media.faults.video}`;
  if (place.dataset.shown === key) {
    return;
  }
  place.dataset.shown = key;
  const notice = faultView(language, media.faults, actions.retryMedia);
  place.replaceChildren(...(notice === null ? [] : [notice]));
}

/**
 * @param {Language} language
 * @param {import("../signalling.js").Look} look
 * @param {Choices} choices
 * @param {Actions} actions
 */
function joinForm({ t, known }, look, choices, actions) {
  const id = freshId("name");
  const name = h("input", {
    id,
    type: "text",
    autocomplete: "name",
    maxlength: NAME_LENGTH,
    required: true,
    value: choices.name || look.name,
  });
  const submit = h("button", { type: "submit", class: "button primary large" }, t("preview.join"));
  const note = h("p", { class: "quiet" }, presentText(t, look.present));
  const trouble = h("p", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "form",
    { class: "join-form", novalidate: true },
    h("div", { class: "field" }, h("label", { for: id }, t("preview.name")), name),
    trouble,
    submit,
    note,
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const clean = cleanName(name.value);
    if (clean === "") {
      setText(trouble, t("preview.nameMissing"));
      show(trouble, true);
      name.focus();
      return;
    }
    actions.join(clean);
  });
  /** @param {Session} session */
  const update = (session) => {
    const isBusy = session.place === "joining";
    submit.disabled = isBusy;
    setText(submit, isBusy ? t("preview.joining") : session.move ? t("preview.move") : t("preview.join"));
    setText(note, session.move ? t("preview.moveText") : presentText(t, session.look?.present ?? 0));
    if (session.trouble !== null) {
      setText(trouble, known("problem", session.trouble.code) ?? session.trouble.text);
    }
    show(trouble, session.trouble !== null);
  };
  return { element, update };
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {number} count
 */
function presentText(t, count) {
  return count === 0
    ? t("preview.present.0")
    : count === 1
      ? t("preview.present.1")
      : t("preview.present.many", { count });
}

/**
 * The own picture as a mirror shows it, with switches and a level meter.
 *
 * @param {Language} language
 * @param {Actions} actions
 */
function mirror({ t }, actions) {
  const video = h("video", { class: "mirrored", autoplay: true, playsinline: true });
  video.muted = true;
  const level = new LevelBar(t("preview.level"));
  const off = h("p", { class: "mirror-off" }, t("preview.cameraOff"));
  const audio = new RoundButton(actions.toggleAudio);
  const camera = new RoundButton(actions.toggleVideo);
  const element = h(
    "div",
    { class: "mirror", "data-theme": "dark" },
    video,
    off,
    h("div", { class: "mirror-controls" }, audio.element, camera.element),
    level.element,
  );
  /** @type {MediaStreamTrack | null} */
  let shown = null;
  /** @param {OwnMedia} media */
  const update = (media) => {
    if (media.tracks.video !== shown) {
      shown = media.tracks.video;
      video.srcObject = shown === null ? null : new MediaStream([shown]);
    }
    level.update(media);
    show(video, shown !== null);
    setText(off, t(media.asking ? "preview.asking" : "preview.cameraOff"));
    show(off, shown === null);
    audio.set(media.audioOn ? "mic" : "mic-off", t(media.audioOn ? "call.mute" : "call.unmute"), media.audioOn);
    camera.set(media.videoOn ? "video" : "video-off", t(media.videoOn ? "call.cameraOff" : "call.cameraOn"), media.videoOn);
  };
  const closed = () => {
    level.close();
    video.srcObject = null;
  };
  return { element, update, closed };
}
