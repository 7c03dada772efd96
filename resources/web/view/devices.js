/**
 * Choosing camera, microphone and loudspeaker: the same fields before and during the call.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../memory.js").Choices} Choices
 * @typedef {import("../devices.js").DeviceKind} DeviceKind
 *
 * @typedef {object} DeviceActions
 * @property {(kind: DeviceKind, device: string) => void} choose
 * @property {(change: Partial<Choices>) => void} prefer
 */

import { playTestSound } from "../audio.js";
import { listDevices } from "../devices.js";
import { button, freshId, h, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {Choices} choices the chosen ones
 * @param {DeviceActions} actions
 * @param {HTMLElement} [level] meter of the microphone, to stand below it
 * @returns {{element: HTMLElement, refresh: (media: import("../media.js").OwnMedia) => void}}
 */
export function deviceFields({ t }, choices, actions, level) {
  const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
  const fields = {
    camera: field(t("preview.camera"), (device) => actions.choose("camera", device)),
    microphone: field(t("preview.microphone"), (device) => actions.choose("microphone", device)),
    speaker: field(t("preview.speaker"), (device) => actions.choose("speaker", device)),
  };
  const blur = toggle(t("settings.blur"), t("settings.blurText"), (on) => actions.prefer({ blur: on }));
  const test = testButton(t, choices);
  fields.speaker.element.append(test);
  fields.microphone.element.append(...(level === undefined ? [] : [level]));
  const onlyDefault = h("p", { class: "quiet" }, t("preview.onlyDefault"));
  if (!canChooseSpeaker) {
    fields.speaker.select.replaceWith(onlyDefault);
  }
  const element = h(
    "div",
    { class: "devices" },
    fields.camera.element,
    blur.element,
    fields.microphone.element,
    fields.speaker.element,
  );
  const fill = async () => {
    const devices = await listDevices();
    const standard = t("preview.default");
    fields.camera.fill(devices.cameras, choices.camera, standard, t("preview.noCamera"));
    fields.microphone.fill(devices.microphones, choices.microphone, standard, t("preview.noMicrophone"));
    fields.speaker.fill(devices.speakers, choices.speaker, standard, standard);
  };
  /** @param {import("../media.js").OwnMedia} media */
  const refresh = (media) => {
    const { offered, fixed, on } = media.blur;
    show(blur.element, offered);
    blur.box.checked = on;
    blur.box.disabled = fixed;
    setText(blur.words, t(fixed ? "settings.blurFixed" : "settings.blurText"));
    void fill();
  };
  return { element, refresh };
}

/**
 * Make a switch with a line of explanation.
 *
 * @param {string} label
 * @param {string} text "" for none
 * @param {(on: boolean) => void} changed
 */
export function toggle(label, text, changed) {
  const id = freshId("toggle");
  const note = freshId("note");
  const box = h("input", { type: "checkbox", id, "aria-describedby": text === "" ? null : note });
  box.addEventListener("change", () => changed(box.checked));
  const words = h("p", { class: "quiet", id: note, hidden: text === "" }, text);
  const element = h("div", { class: "toggle" }, box, h("div", {}, h("label", { for: id }, label), words));
  return { element, box, words };
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Choices} choices
 */
function testButton(t, choices) {
  const element = button(t("preview.test"), () => void play(), { kind: "small", icon: "volume-2" });
  const play = async () => {
    element.disabled = true;
    setText(element.lastElementChild ?? element, t("preview.testing"));
    await playTestSound(choices.speaker).catch(() => undefined);
    element.disabled = false;
    setText(element.lastElementChild ?? element, t("preview.test"));
  };
  return element;
}

/**
 * @param {string} label
 * @param {(device: string) => void} chosen
 */
function field(label, chosen) {
  const id = freshId("device");
  const select = h("select", { id });
  select.addEventListener("change", () => chosen(select.value));
  const element = h("div", { class: "field" }, h("label", { for: id }, label), select);
  let filled = "";
  /**
   * @param {MediaDeviceInfo[]} devices
   * @param {string} current
   * @param {string} standard words for the default
   * @param {string} none words for nothing found
   */
  const fill = (devices, current, standard, none) => {
    const hasDefault = devices.some((device) => device.deviceId === "default");
    const first = devices.length === 0 ? none : standard;
    const named = devices.map((device, index) => ({
      value: device.deviceId,
      text: device.label || `${label} ${index + 1}`,
    }));
    const options = hasDefault ? named : [{ value: "", text: first }, ...named];
    const key = JSON.stringify([options, current]);
    if (key === filled) {
      return; // an open list stays open
    }
    filled = key;
    select.replaceChildren(...options.map(({ value, text }) => h("option", { value }, text)));
    select.disabled = devices.length === 0;
    select.value = devices.some((device) => device.deviceId === current)
      ? current
      : hasDefault
        ? "default"
        : "";
  };
  return { element, select, fill };
}
