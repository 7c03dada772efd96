/**
 * What a tab and a browser remember: the link's token, the resume secret and the receipts of secret
 * ballots for this tab only, the choice of devices and the shown name for this browser.
 *
 * @typedef {object} Choices
 * @property {string} name as shown in calls, "" for the invitation's
 * @property {string} microphone device id, "" for the default
 * @property {string} camera
 * @property {string} speaker
 * @property {boolean} audio start with the microphone on
 * @property {boolean} video start with the camera on
 * @property {boolean} echo take the loudspeaker out of the microphone
 * @property {boolean} noise take noise out of the microphone
 * @property {boolean} gain keep the voice equally loud
 * @property {boolean} blur the background of the own picture
 * @property {boolean} cover pictures fill their tiles and lose their edges; else they are whole
 * @property {boolean} hideSelf the own picture is not among the others
 * @property {boolean} keys single keys do something in the call
 * @property {boolean} chatSound a message that is not seen is heard
 * @property {number} original percent of the floor that stays under an interpreter
 * @property {string} captionSize small, normal, large
 * @property {boolean} captionContrast captions are light on black
 * @property {boolean} captionsAloud a screen reader reads captions
 * @property {string} knock sound when somebody waits in the lobby: taps, bell, off
 * @property {string} language BCP 47, "" for the browser's
 */

const CHOICES = "projectdesk.choices";

/** @type {Choices} */
const DEFAULTS = {
  name: "",
  microphone: "",
  camera: "",
  speaker: "",
  audio: true,
  video: true,
  echo: true,
  noise: true,
  gain: true,
  blur: false,
  cover: true,
  hideSelf: false,
  keys: true,
  chatSound: false,
  original: 15,
  captionSize: "normal",
  captionContrast: false,
  captionsAloud: false,
  knock: "taps",
  language: "",
};

/**
 * Take the token out of the address bar and return it; after a reload, return the remembered one.
 *
 * A fragment reaches no server and no log, but it is on the screen and in the history: it goes.
 *
 * @param {string} path of the page, e.g. `/r/ROOM`
 * @returns {string | null}
 */
export function takeToken(path) {
  const fromLink = location.hash.replace(/^#/u, "");
  if (fromLink !== "") {
    history.replaceState(null, "", location.pathname + location.search);
    if (read(sessionStorage, `${path}#token`) !== fromLink) {
      // Another person's link in the same tab: what the tab could resume was not theirs.
      forgetResume(path);
      forget(`${path}#receipts`);
    }
    write(sessionStorage, `${path}#token`, fromLink);
    return fromLink;
  }
  return read(sessionStorage, `${path}#token`);
}

/**
 * @param {string} path
 * @returns {string | null} the secret by which this tab resumes its session
 */
export function recallResume(path) {
  return read(sessionStorage, `${path}#resume`);
}

/**
 * @param {string} path
 * @param {string} resume
 */
export function rememberResume(path, resume) {
  write(sessionStorage, `${path}#resume`, resume);
}

/** @param {string} path */
export function forgetResume(path) {
  forget(`${path}#resume`);
}

/**
 * @param {string} path
 * @returns {Record<string, string>} the receipts of this tab's secret ballots, by `VOTE SEAT`
 */
export function recallReceipts(path) {
  try {
    const kept = Object.entries(JSON.parse(read(sessionStorage, `${path}#receipts`) ?? "{}"));
    return Object.fromEntries(kept.filter(([, receipt]) => typeof receipt === "string"));
  } catch {
    return {};
  }
}

/**
 * Remember receipts until the tab is closed: who reloads before noting one would not find the ballot.
 *
 * @param {string} path
 * @param {Readonly<Record<string, string>>} receipts
 */
export function rememberReceipts(path, receipts) {
  write(sessionStorage, `${path}#receipts`, JSON.stringify(receipts));
}

/** @returns {Choices} */
export function recallChoices() {
  try {
    const stored = JSON.parse(read(localStorage, CHOICES) ?? "{}");
    const kept = Object.entries(DEFAULTS).map(([key, standard]) => [
      key,
      typeof stored?.[key] === typeof standard ? stored[key] : standard,
    ]);
    return Object.fromEntries(kept);
  } catch {
    return { ...DEFAULTS };
  }
}

/** @param {Choices} choices */
export function rememberChoices(choices) {
  write(localStorage, CHOICES, JSON.stringify(choices));
}

/** @param {string} key */
function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // No storage in this browser's mode: there was nothing to forget.
  }
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {string | null}
 */
function read(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @param {string} value
 */
function write(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // Storage is off or full: the page works, it only asks again after a reload.
  }
}
