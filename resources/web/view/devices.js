/**
 * Choosing camera, microphone and loudspeaker: the same three fields before and during the call.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../memory.js").Choices} Choices
 * @typedef {"camera" | "microphone" | "speaker"} DeviceKind
 */

import { listDevices } from "../media.js";
import { freshId, h } from "./dom.js";

/**
 * @param {Language} language
 * @param {Choices} choices the chosen ones
 * @param {(kind: DeviceKind, device: string) => void} chosen
 * @returns {{element: HTMLElement, refresh: () => Promise<void>}}
 */
export function deviceFields({ t }, choices, chosen) {
  const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
  const fields = {
    camera: field(t("preview.camera"), (device) => chosen("camera", device)),
    microphone: field(t("preview.microphone"), (device) => chosen("microphone", device)),
    speaker: field(t("preview.speaker"), (device) => chosen("speaker", device)),
  };
  fields.speaker.element.hidden = !canChooseSpeaker;
  const element = h(
    "div",
    { class: "devices" },
    fields.camera.element,
    fields.microphone.element,
    fields.speaker.element,
  );
  const refresh = async () => {
    const devices = await listDevices();
    const standard = t("preview.default");
    fields.camera.fill(devices.cameras, choices.camera, standard, t("preview.noCamera"));
    fields.microphone.fill(devices.microphones, choices.microphone, standard, t("preview.noMicrophone"));
    fields.speaker.fill(devices.speakers, choices.speaker, standard, standard);
  };
  return { element, refresh };
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
  /**
   * @param {MediaDeviceInfo[]} devices
   * @param {string} current
   * @param {string} standard words for the default
   * @param {string} none words for nothing found
   */
  const fill = (devices, current, standard, none) => {
    const options = devices.map((device, index) =>
      h("option", { value: device.deviceId }, device.label || `${label} ${index + 1}`),
    );
    const hasDefault = devices.some((device) => device.deviceId === "default");
    const first = devices.length === 0 ? none : standard;
    select.replaceChildren(...(hasDefault ? [] : [h("option", { value: "" }, first)]), ...options);
    select.disabled = devices.length === 0;
    select.value = devices.some((device) => device.deviceId === current)
      ? current
      : hasDefault
        ? "default"
        : "";
  };
  return { element, fill };
}
