/**
 * The keyboard of the call. Off while typing, with a modifier held, and under a dialog.
 *
 * @typedef {object} KeyActions
 * @property {Readonly<Record<string, () => void>>} pressed by key, upper case
 * @property {() => boolean} isOn the person has not switched the keys off
 * @property {(held: boolean) => void} talk Space is held, or let go
 */

const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const PRESSED_BY_SPACE = new Set(["BUTTON", "A", "SUMMARY"]);

/**
 * Tell whether a key press belongs to the call.
 *
 * @param {{ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event
 * @param {{tagName: string, isContentEditable?: boolean} | null} target that has the focus
 * @param {boolean} hasDialog
 * @returns {boolean}
 */
export function isForCall(event, target, hasDialog) {
  const isTyping = target !== null && (TYPING.has(target.tagName) || target.isContentEditable === true);
  return !hasDialog && !isTyping && !event.ctrlKey && !event.altKey && !event.metaKey;
}

/**
 * Return which key of the call was pressed: by its letter, and on a keyboard of another script (Greek,
 * Cyrillic, Arabic) by where M, V .. are on it, as both are printed there.
 *
 * @param {{key: string, code: string}} event
 * @returns {string} upper case
 */
export function keyOf({ key, code }) {
  if (key === "\u061f") {
    return "?"; // as Arabic writes it
  }
  const place = /^Key([A-Z])$/u.exec(code)?.[1];
  const isOther = [...key].length === 1 && /\p{L}/u.test(key) && !/\p{Script=Latin}/u.test(key);
  return isOther && place !== undefined ? place : key.toUpperCase();
}

/**
 * Listen to the keyboard.
 *
 * @param {KeyActions} actions
 * @returns {() => void} stops listening
 */
export function listenToKeys(actions) {
  let isTalking = false;
  /** @param {KeyboardEvent} event */
  const down = (event) => {
    const target = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    if (event.repeat || !actions.isOn() || !isForCall(event, target, document.querySelector("dialog[open]") !== null)) {
      return;
    }
    if (event.key === " ") {
      // On a button, Space presses it: that is what its user expects.
      if (target === null || !PRESSED_BY_SPACE.has(target.tagName)) {
        event.preventDefault();
        isTalking = true;
        actions.talk(true);
      }
      return;
    }
    const action = actions.pressed[keyOf(event)];
    if (action !== undefined) {
      event.preventDefault();
      action();
    }
  };
  const release = () => {
    if (isTalking) {
      isTalking = false;
      actions.talk(false);
    }
  };
  /** @param {KeyboardEvent} event */
  const up = (event) => {
    if (event.key === " ") {
      release();
    }
  };
  document.addEventListener("keydown", down);
  document.addEventListener("keyup", up);
  window.addEventListener("blur", release);
  return () => {
    document.removeEventListener("keydown", down);
    document.removeEventListener("keyup", up);
    window.removeEventListener("blur", release);
  };
}
