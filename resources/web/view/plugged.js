/**
 * Saying that a device was plugged in or out, with the way to use a new one.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../devices.js").DeviceNote} DeviceNote
 * @typedef {import("./parts.js").Part} Part
 */

import { noteText } from "../equipment.js";
import { banner } from "./banners.js";
import { button, h, setIcon, setText, show } from "./dom.js";

const ICONS = { camera: "video", microphone: "mic", speaker: "volume-2" };

/**
 * @param {Language} language
 * @param {import("./parts.js").PartActions} actions
 * @returns {Part}
 */
export function pluggedNotices(language, actions) {
  const { t } = language;
  const kinds = /** @type {const} */ (["camera", "microphone", "speaker"]);
  const rows = kinds.map((kind) => {
    const { element, words } = banner(ICONS[kind], "");
    const picture = /** @type {SVGSVGElement} */ (element.querySelector("svg"));
    let device = "";
    const take = () => {
      actions.choose(kind, device);
      actions.dismissDevice(kind);
    };
    const use = button(t("device.use"), take, { kind: "small primary" });
    const close = button(t("call.close"), () => actions.dismissDevice(kind), { kind: "small" });
    element.append(use, close);
    /** @param {DeviceNote | undefined} note */
    const update = (note) => {
      show(element, note !== undefined);
      if (note !== undefined) {
        device = note.device;
        setIcon(picture, note.what === "gone" ? `${ICONS[kind]}-off` : ICONS[kind]);
        setText(words, noteText(language, note));
        show(use, note.what === "plugged");
      }
    };
    return { kind, element, update };
  });
  return {
    element: h("div", {}, ...rows.map((row) => row.element)),
    update: ({ deviceNotes }) => {
      for (const row of rows) {
        row.update(deviceNotes.find((note) => note.kind === row.kind));
      }
    },
  };
}
