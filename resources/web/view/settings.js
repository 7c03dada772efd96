/**
 * What a person may have another way: devices, treatment of the sound, pictures, keys, language.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../memory.js").Choices} Choices
 * @typedef {import("../media.js").OwnMedia} OwnMedia
 *
 * @typedef {import("./devices.js").DeviceActions & {setLanguage: (tag: string) => void}} SettingsActions
 */

import { Chime, KNOCKS } from "../audio.js";
import { LevelBar } from "./level.js";
import { deviceFields, toggle } from "./devices.js";
import { freshId, h } from "./dom.js";
import { languageField } from "./language.js";

/**
 * Make the settings of the call; the caller closes them.
 *
 * @param {Language} language
 * @param {Choices} choices
 * @param {SettingsActions} actions
 * @returns {{element: HTMLElement, update: (media: OwnMedia) => void, closed: () => void}}
 */
export function settingsView(language, choices, actions) {
  const { t } = language;
  const level = new LevelBar(t("preview.level"));
  const devices = deviceFields(language, choices, actions, level.element);
  const element = h(
    "div",
    { class: "settings" },
    section(t("settings.devices"), devices.element),
    section(t("settings.sound"), ...soundToggles(language, choices, actions), knockField(language, choices, actions), chatSound(language, choices, actions)),
    section(
      t("settings.pictures"),
      choiceToggle(t("settings.cover"), t("settings.coverText"), choices.cover, (cover) => actions.prefer({ cover })),
      choiceToggle(t("settings.hideSelf"), t("settings.hideSelfText"), choices.hideSelf, (hideSelf) =>
        actions.prefer({ hideSelf }),
      ),
    ),
    section(
      t("settings.page"),
      choiceToggle(t("settings.keys"), t("settings.keysText"), choices.keys, (keys) => actions.prefer({ keys })),
      languageField(language, actions.setLanguage),
    ),
  );
  return {
    element,
    update: (media) => {
      devices.refresh(media);
      level.update(media);
    },
    closed: () => level.close(),
  };
}

/**
 * Make the switches for the treatment of the microphone's sound.
 *
 * @param {Language} language
 * @param {Choices} choices
 * @param {Pick<SettingsActions, "prefer">} actions
 * @returns {HTMLElement[]}
 */
export function soundToggles({ t }, choices, actions) {
  return [
    choiceToggle(t("settings.noise"), t("settings.noiseText"), choices.noise, (noise) => actions.prefer({ noise })),
    choiceToggle(t("settings.echo"), t("settings.echoText"), choices.echo, (echo) => actions.prefer({ echo })),
    choiceToggle(t("settings.gain"), t("settings.gainText"), choices.gain, (gain) => actions.prefer({ gain })),
  ];
}

/**
 * Make the choice of what is heard when somebody waits; it is played when it is chosen.
 *
 * @param {Language} language
 * @param {Choices} choices
 * @param {Pick<SettingsActions, "prefer">} actions
 */
function knockField({ t }, choices, actions) {
  const id = freshId("knock");
  const options = KNOCKS.map((knock) => h("option", { value: knock }, t(`knock.${knock}`)));
  const select = h("select", { id }, ...options);
  select.value = choices.knock;
  select.addEventListener("change", () => {
    new Chime().knock(select.value);
    actions.prefer({ knock: select.value });
  });
  return h("div", { class: "field" }, h("label", { for: id }, t("settings.knock")), select);
}

/**
 * Make the choice whether a message is heard; it is played when it is chosen.
 *
 * @param {Language} language
 * @param {Choices} choices
 * @param {Pick<SettingsActions, "prefer">} actions
 */
function chatSound({ t }, choices, actions) {
  return choiceToggle(t("settings.chatSound"), t("settings.chatSoundText"), choices.chatSound, (on) => {
    if (on) {
      new Chime().message();
    }
    actions.prefer({ chatSound: on });
  });
}

/**
 * @param {string} label
 * @param {string} text
 * @param {boolean} on
 * @param {(on: boolean) => void} changed
 */
function choiceToggle(label, text, on, changed) {
  const made = toggle(label, text, changed);
  made.box.checked = on;
  return made.element;
}

/**
 * @param {string} title
 * @param {...HTMLElement} children
 */
function section(title, ...children) {
  const id = freshId("settings");
  return h("section", { class: "settings-section", "aria-labelledby": id }, h("h3", { id }, title), ...children);
}
