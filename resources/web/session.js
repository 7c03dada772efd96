/**
 * Where this visitor is, from the opened link to the end. Pure: `step` takes an event and returns
 * the next session and what is to be done; no socket, clock or page inside.
 *
 *     look --> early ------> preview --> joining --> lobby --> call --> left | ended | lost
 *       \--> problem | ended     ^-- refused --'
 *
 * @typedef {import("./signalling.js").Look} Look
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 *
 * @typedef {"look" | "early" | "preview" | "joining" | "lobby" | "call" | "left" | "ended" | "lost"
 *   | "problem"} Place
 *
 * @typedef {object} Trouble why something was refused
 * @property {string} code stable; picks the translation
 * @property {string} text English, for codes without one
 *
 * @typedef {object} Session
 * @property {Place} place
 * @property {string | null} token of the link
 * @property {string | null} resume secret of this tab, while a session may be resumed
 * @property {boolean} resumed the host may still hold peer connections of an earlier page
 * @property {boolean} rejoining after a successful look, join again without asking
 * @property {boolean} move take the call over from another device
 * @property {boolean} connected the socket is open (or not needed)
 * @property {Look | null} look
 * @property {Trouble | null} trouble
 * @property {string} reason why it ended, "" while it has not
 * @property {string} lobbyMessage words of the chair to who waits
 *
 * @typedef {{type: "began", token: string | null, resume: string | null}
 *   | {type: "looked", look: Look}
 *   | {type: "lookFailed", trouble: Trouble}
 *   | {type: "opened"}
 *   | {type: "joinAsked"}
 *   | {type: "joinAccepted", resume: string}
 *   | {type: "joinRefused", trouble: Trouble}
 *   | {type: "received", message: HostMessage}
 *   | {type: "socketLost"}
 *   | {type: "socketOpened"}
 *   | {type: "gaveUp"}
 *   | {type: "leaveAsked"}
 *   | {type: "againAsked"}} SessionEvent
 *
 * @typedef {"look" | "watchOpening" | "startMedia" | "join" | "remember" | "forget" | "connect"
 *   | "sayGoodbye" | "openPeers" | "rebuildPeers" | "checkPeers"} Effect
 *
 * @typedef {{session: Session, effects: Effect[]}} Step
 */

/** Codes of the host by which another device has this link. */
const ELSEWHERE = new Set(["already_here", "elsewhere"]);

/** The session before anything happened. @type {Session} */
export const START = Object.freeze({
  place: "look",
  token: null,
  resume: null,
  resumed: false,
  rejoining: false,
  move: false,
  connected: true,
  look: null,
  trouble: null,
  reason: "",
  lobbyMessage: "",
});

/**
 * Advance on one event.
 *
 * @param {Session} session
 * @param {SessionEvent} event
 * @returns {Step}
 */
export function step(session, event) {
  switch (event.type) {
    case "began":
      return begin(session, event.token, event.resume);
    case "looked":
      return looked(session, event.look);
    case "lookFailed":
      return to(session, { place: "problem", trouble: event.trouble, rejoining: false });
    case "opened":
      return session.place === "early" ? stay(session, ["look"]) : stay(session);
    case "joinAsked":
      return session.place === "preview"
        ? to(session, { place: "joining", trouble: null, resumed: false }, ["join"])
        : stay(session);
    case "joinAccepted":
      return session.place === "joining"
        ? to(session, { resume: event.resume, move: false }, ["remember", "connect"])
        : stay(session);
    case "joinRefused":
      return joinRefused(session, event.trouble);
    case "received":
      return received(session, event.message);
    case "socketLost":
      return isLive(session) ? to(session, { connected: false }) : stay(session);
    case "socketOpened":
      return to(session, { connected: true });
    case "gaveUp":
      return isLive(session)
        ? to(session, { place: "lost", resume: null, connected: true, reason: "lost" }, over())
        : stay(session);
    case "leaveAsked":
      return isLive(session)
        ? to(session, { place: "left", resume: null, connected: true, reason: "left" }, over())
        : stay(session);
    case "againAsked":
      return again(session);
  }
}

/**
 * Tell whether the session has (or seeks) a socket.
 *
 * @param {Session} session
 * @returns {boolean}
 */
export function isLive(session) {
  return session.place === "joining" || session.place === "lobby" || session.place === "call";
}

/**
 * @param {Session} session
 * @param {string | null} token
 * @param {string | null} resume
 * @returns {Step}
 */
function begin(session, token, resume) {
  if (token === null) {
    const trouble = { code: "no_token", text: "The link is not complete." };
    return to(session, { place: "problem", trouble });
  }
  return to(session, { token, resume }, ["look"]);
}

/**
 * @param {Session} session
 * @param {Look} look
 * @returns {Step}
 */
function looked(session, look) {
  const known = { look, trouble: null, rejoining: false };
  switch (look.state) {
    case "revoked":
      return to(session, { ...known, place: "problem", trouble: { code: "link_revoked", text: "" } });
    case "ended":
      return to(session, { ...known, place: "ended", reason: "ended" }, ["forget"]);
    case "early":
      return to(session, { ...known, place: "early" }, ["watchOpening"]);
    case "open":
      if (session.resume !== null) {
        const effects = /** @type {Effect[]} */ (["startMedia", "connect"]);
        return to(session, { ...known, place: "joining", resumed: true }, effects);
      }
      if (session.rejoining) {
        const next = { ...known, place: /** @type {Place} */ ("joining"), resumed: false };
        return to(session, next, ["startMedia", "join"]);
      }
      return to(session, { ...known, place: "preview", move: look.elsewhere }, ["startMedia"]);
  }
}

/**
 * @param {Session} session
 * @param {Trouble} trouble
 * @returns {Step}
 */
function joinRefused(session, trouble) {
  if (session.place !== "joining") {
    return stay(session);
  }
  if (ELSEWHERE.has(trouble.code)) {
    return to(session, { place: "preview", move: true, trouble: null });
  }
  return to(session, { place: "preview", trouble });
}

/**
 * @param {Session} session
 * @param {HostMessage} message
 * @returns {Step}
 */
function received(session, message) {
  if (!isLive(session)) {
    return stay(session);
  }
  switch (message.type) {
    case "lobby":
      return to(session, { place: "lobby", lobbyMessage: message.message });
    case "roomState":
      if (session.place === "call") {
        return stay(session, ["checkPeers"]);
      }
      return to(session, { place: "call" }, [session.resumed ? "rebuildPeers" : "openPeers"]);
    case "mediaRestarted":
      return stay(session, session.place === "call" ? ["rebuildPeers"] : []);
    case "ended":
      return to(session, { place: "ended", reason: message.reason, resume: null }, over());
    case "problem":
      return message.fatal ? brokenOff(session, message) : stay(session);
    default:
      return stay(session);
  }
}

/**
 * The host ended the socket for good: a session that cannot be resumed starts from the link again,
 * and who was inside (a laptop that slept) comes back without being asked.
 *
 * @param {Session} session
 * @param {Trouble} trouble
 * @returns {Step}
 */
function brokenOff(session, { code, text }) {
  const next = { resume: null, resumed: false, connected: true };
  const wasInside = session.place !== "joining";
  if (session.resumed || wasInside) {
    return to(session, { ...next, place: "look", rejoining: wasInside }, ["forget", "look"]);
  }
  return to(session, { ...next, place: "problem", trouble: { code, text } }, over());
}

/**
 * Look at the link again; who was in the call comes back by one click.
 *
 * @param {Session} session
 * @returns {Step}
 */
function again(session) {
  const rejoining = session.place === "left" || session.place === "lost";
  if (isLive(session) || session.token === null) {
    return stay(session);
  }
  const place = /** @type {Place} */ ("look");
  return to(session, { place, rejoining, reason: "", trouble: null, connected: true }, ["look"]);
}

/** @returns {Effect[]} */
function over() {
  return ["sayGoodbye", "forget"];
}

/**
 * @param {Session} session
 * @param {Partial<Session>} change
 * @param {Effect[]} [effects]
 * @returns {Step}
 */
function to(session, change, effects = []) {
  return { session: { ...session, ...change }, effects };
}

/**
 * @param {Session} session
 * @param {Effect[]} [effects]
 * @returns {Step}
 */
function stay(session, effects = []) {
  return { session, effects };
}
