/**
 * The recording as this page knows it, and what to say about it. Pure.
 *
 * @typedef {import("./signalling.js").RecordingView} RecordingView
 * @typedef {import("./i18n.js").Translate} Translate
 * @typedef {import("./i18n.js").Language} Language
 */

/** Version of the words that `recording.*` says; the host knows whether it is still the right one. */
export const WORDS = 1;

/** Nothing is asked or recorded. @type {RecordingView} */
export const NO_RECORDING = Object.freeze({
  state: "off",
  words: WORDS,
  by: "",
  since: null,
  begun: false,
  mine: "",
  missing: 0,
  people: [],
  ended: "",
});

/**
 * Tell whether this person must be asked for their consent now.
 *
 * @param {RecordingView} recording
 * @returns {boolean}
 */
export function needsAnswer({ state, mine }) {
  return mine === "open" && (state === "asked" || state === "running");
}

/**
 * Return what to say when the recording is another than before.
 *
 * @param {Pick<Language, "t" | "known">} language
 * @param {RecordingView} before
 * @param {RecordingView} after
 * @returns {string[]}
 */
export function recordingSaid({ t, known }, before, after) {
  if (before.state === after.state) {
    return [];
  }
  switch (after.state) {
    case "asked":
      return after.mine === "open" ? [] : [t("recording.sayAsked")];
    case "running":
      return [t("recording.sayRunning")];
    case "paused":
      return [t("recording.sayPaused")];
    case "off":
      return [endedText({ t, known }, after)];
  }
}

/**
 * Say why the recording is over.
 *
 * @param {Pick<Language, "t" | "known">} language
 * @param {RecordingView} recording
 * @returns {string}
 */
export function endedText({ t, known }, { ended }) {
  return known("recording.ended", ended) ?? t("recording.ended.stopped");
}
