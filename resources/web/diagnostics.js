/**
 * `window.projectdesk`: what tests, the demo and support read of a call. No secrets, no control.
 *
 * `state()` returns `{name, you, participants, speaker, item, waiting, connected, healthy}`;
 * `statistics()` resolves to `Reception` (see `subscriber.js`) by participant id.
 *
 * @typedef {object} Diagnosed
 * @property {import("./session.js").Session} session
 * @property {import("./room.js").Room} room
 * @property {boolean} connected
 * @property {boolean} healthy
 */

/**
 * Put the diagnostics on the page.
 *
 * @param {() => Diagnosed} read
 * @param {() => Promise<Record<string, import("./subscriber.js").Reception>>} statistics
 */
export function exposeDiagnostics(read, statistics) {
  const state = () => {
    const { session, room, connected, healthy } = read();
    return {
      name: session.place,
      reason: session.reason,
      trouble: session.trouble?.code ?? null,
      you: room.you,
      role: room.role,
      participants: room.participants.map(({ id, name, audio, video, screen, away }) => ({
        id,
        name,
        audio,
        video,
        screen,
        away,
      })),
      waiting: room.lobby.map(({ id, name }) => ({ id, name })),
      speaker: room.speaker,
      item: room.clock.current,
      connected,
      healthy,
    };
  };
  Object.defineProperty(window, "projectdesk", { value: Object.freeze({ state, statistics }) });
}
