/**
 * The page of a personal link: shows the form of its kind and sends the answer.
 *
 * Opening it changes nothing; only Send does. Sending twice counts once (one submission id for each
 * press of the button, kept while it is tried again), and an answer may be changed until the deadline.
 */

import { basePath, fetchFile, post, troubleOf } from "./api.js";
import { hostOffset } from "./clock.js";
import { mark, ownLanguage } from "./i18n.js";
import { recallChoices, takeToken } from "./memory.js";
import { actionView } from "./view/action.js";
import { ballotView } from "./view/ballot.js";
import { datesView } from "./view/dates.js";
import { button } from "./view/dom.js";
import { effortTitle, effortView } from "./view/effort.js";
import { closedView, invitationView } from "./view/invitation.js";
import { minutesDeskView } from "./view/minutes_desk.js";
import { messageView } from "./view/page.js";

/**
 * @typedef {import("./signalling.js").DeskView} DeskView
 * @typedef {import("./signalling.js").InvitationAnswer} InvitationAnswer
 * @typedef {import("./signalling.js").EffortAnswer} EffortAnswer
 * @typedef {import("./signalling.js").PollAnswer} PollAnswer
 * @typedef {import("./signalling.js").MinutesAnswer} MinutesAnswer
 * @typedef {import("./signalling.js").BallotAnswer} BallotAnswer
 * @typedef {import("./signalling.js").ActionAnswer} ActionAnswer
 * @typedef {import("./view/page.js").View} View
 */

/** How long a fetched document waits for the browser to save it. */
const KEPT_MS = 60_000;

/** One visit of the desk. */
class Desk {
  #language;
  #token = takeToken(basePath(location.pathname));
  /** Of the answer that is being sent. @type {string | null} */
  #submission = null;

  /** @param {import("./i18n.js").Language} language */
  constructor(language) {
    this.#language = language;
    mark(language);
  }

  /** Look what the link opens. */
  async start() {
    const { t } = this.#language;
    if (this.#token === null) {
      this.#show(messageView(t("problem.title"), t("problem.no_token")));
      return;
    }
    this.#show(messageView(t("look.title"), t("look.text")));
    try {
      /** @type {DeskView} */
      const desk = await post("look", { token: this.#token });
      this.#showDesk(desk);
    } catch (error) {
      const again = button(t("problem.again"), () => void this.start(), { kind: "primary", icon: "refresh-cw" });
      this.#show(messageView(t("problem.title"), this.#words(error), again));
    }
  }

  /** @param {DeskView} desk */
  #showDesk(desk) {
    const { t } = this.#language;
    if (desk.state === "revoked" || desk.form === null) {
      this.#show(messageView(t("desk.revoked"), t("desk.revokedText")));
      return;
    }
    if (desk.form.kind === "feed") {
      this.#show(messageView(desk.form.name, t("calendar.feed")));
      return;
    }
    if (desk.form.kind === "effort") {
      document.title = `${effortTitle(this.#language, desk.form)} – ProjectDesk`;
      this.#show(effortView(this.#language, desk, desk.form, (answer) => this.#send(answer)));
      return;
    }
    if (desk.form.kind === "ballot") {
      document.title = `${desk.form.question} – ProjectDesk`;
      this.#show(
        ballotView(
          this.#language,
          desk,
          desk.form,
          (answer) => this.#send(answer),
          (file) => this.#save(file),
        ),
      );
      return;
    }
    if (desk.form.kind === "action") {
      document.title = `${desk.form.project} ${desk.form.label} – ProjectDesk`;
      this.#show(actionView(this.#language, desk, desk.form, (answer) => this.#send(answer)));
      return;
    }
    document.title = `${desk.form.title} – ProjectDesk`;
    if (desk.form.kind === "minutes") {
      this.#show(minutesDeskView(this.#language, desk, desk.form, (answer) => this.#send(answer)));
      return;
    }
    if (desk.form.kind === "poll") {
      this.#show(datesView(this.#language, desk, desk.form, (answer) => this.#send(answer)));
      return;
    }
    const offset = hostOffset(desk.now, Date.now());
    const around = {
      token: this.#token ?? "",
      hostTime: () => Date.now() + offset,
      send: (/** @type {InvitationAnswer} */ answer) => this.#send(answer),
    };
    this.#show(
      desk.state === "closed"
        ? closedView(this.#language, desk, desk.form, around)
        : invitationView(this.#language, desk, desk.form, around),
    );
  }

  /**
   * @param {InvitationAnswer | EffortAnswer | PollAnswer | BallotAnswer | ActionAnswer | MinutesAnswer} answer
   * @returns {Promise<string | null>} why it was not sent; null when it was (and is shown)
   */
  async #send(answer) {
    this.#submission ??= crypto.randomUUID();
    try {
      /** @type {DeskView} */
      const desk = await post("answer", {
        token: this.#token ?? "",
        submission: this.#submission,
        answer,
      });
      this.#submission = null;
      this.#showDesk(desk);
      return null;
    } catch (error) {
      if (troubleOf(error).code !== "unreachable") {
        // The host decided: a changed answer is another submission.
        this.#submission = null;
      }
      return this.#words(error);
    }
  }

  /**
   * Fetch a document of the form and let the browser save it.
   *
   * @param {import("./signalling.js").BallotDocument} file
   * @returns {Promise<string | null>} why not; null when it is saved
   */
  async #save(file) {
    try {
      const content = await fetchFile({ token: this.#token ?? "", file: file.sha256 });
      const address = URL.createObjectURL(content);
      const link = document.createElement("a");
      link.href = address;
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
      return null;
    } catch (error) {
      return this.#words(error);
    }
  }

  /** @param {unknown} error */
  #words(error) {
    const trouble = troubleOf(error);
    return this.#language.known("problem", trouble.code) ?? trouble.text;
  }

  /** @param {View} view */
  #show(view) {
    document.querySelector("#page")?.replaceChildren(view.element);
    /** @type {HTMLElement | null} */
    const title = view.element.querySelector("[data-focus], h1");
    title?.focus({ preventScroll: true });
  }
}

void ownLanguage(recallChoices().language).then((language) => new Desk(language).start());
