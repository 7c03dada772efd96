/**
 * The connection check, `/check` and `/r/ROOM/check`: camera, microphone, loudspeaker, browser and
 * network, days before a meeting. By a personal link the organiser gets the result.
 */

import { playTestSound } from "./audio.js";
import { Refused, basePath, post, socketAddress, troubleOf } from "./api.js";
import { NOTHING, browserName, deviceFinding, reportOf } from "./check/findings.js";
import { Failed, Trial } from "./check/trial.js";
import { mark, ownLanguage } from "./i18n.js";
import { LevelMeter } from "./level.js";
import { OwnMedia } from "./media.js";
import { recallChoices, takeToken } from "./memory.js";
import { Step, introductionView, showVerdict, stepsView, troubleView } from "./view/check.js";
import { button, h } from "./view/dom.js";
import { mendingKeys } from "./view/faults.js";
import { LevelBar } from "./view/level.js";
import { LiveRegion } from "./view/live.js";

/**
 * @typedef {import("./check/findings.js").Findings} Findings
 * @typedef {import("./view/check.js").StepName} StepName
 * @typedef {import("./view/check.js").StepState} StepState
 */

/** A voice at the microphone, of 1; and how long one is waited for, ms. */
const HEARD = 0.2;
const LISTENING = 10_000;

/** @type {StepName[]} */
const STEPS = ["browser", "microphone", "camera", "speaker", "host", "media", "speed"];

/** One visit of the page. */
class Check {
  #choices = recallChoices();
  #language;
  #path = basePath(location.pathname);
  #isPersonal = this.#path.startsWith("/r/");
  #token = this.#isPersonal ? takeToken(this.#path) : "";
  /** @type {import("./signalling.js").CheckLook | null} */
  #look = null;
  /** @type {Findings} */
  #findings = NOTHING;
  /** @type {Map<StepName, Step>} */
  #steps = new Map();
  #live = new LiveRegion();
  /** @type {(() => void)[]} */
  #held = [];

  /** @param {import("./i18n.js").Language} language */
  constructor(language) {
    this.#language = language;
    mark(language);
  }

  /** Look whose link it is. */
  async start() {
    const { t } = this.#language;
    document.title = `${t("check.title")} – ProjectDesk`;
    if (this.#token === null) {
      this.#show(troubleView(this.#language, t("problem.no_token"), () => void this.start()));
      return;
    }
    try {
      this.#look = await post("look", { token: this.#token });
    } catch (error) {
      this.#show(troubleView(this.#language, this.#words(error), () => void this.start()));
      return;
    }
    this.#show(introductionView(this.#language, /** @type {any} */ (this.#look), () => void this.#run()));
  }

  async #run() {
    this.#release();
    this.#findings = NOTHING;
    this.#steps = new Map(STEPS.map((name) => [name, new Step(this.#language, name)]));
    const { element, verdict } = stepsView(this.#language, this.#steps, this.#live.element);
    this.#show(element);
    this.#checkBrowser();
    await Promise.all([this.#checkDevices(), this.#checkSpeaker(), this.#checkNetwork()]);
    const report = reportOf(this.#findings);
    this.#release();
    const sent = showVerdict(verdict, this.#language, report, () => void this.#run());
    if (this.#isPersonal) {
      await this.#send(report, sent);
    }
  }

  #checkBrowser() {
    const { t } = this.#language;
    const capable =
      typeof RTCPeerConnection !== "undefined" &&
      typeof WebSocket !== "undefined" &&
      navigator.mediaDevices?.getUserMedia !== undefined;
    const browser = browserName(navigator.userAgent);
    this.#note({ browser, capable });
    const facts = { browser: browser || t("check.unknownBrowser") };
    this.#set("browser", capable ? "good" : "bad", t(capable ? "check.browserGood" : "check.browserOld", facts));
  }

  async #checkDevices() {
    const { t } = this.#language;
    this.#set("microphone", "running", t("check.asking"));
    this.#set("camera", "running", t("check.asking"));
    const media = new OwnMedia({ ...this.#choices, audio: true, video: true }, () => undefined, () => undefined);
    this.#held.push(() => media.stop());
    await media.start();
    this.#showCamera(media);
    await this.#listen(media);
  }

  /** @param {OwnMedia} media */
  #showCamera(media) {
    const { t } = this.#language;
    if (media.tracks.video === null) {
      const fault = media.faults.video ?? "failed";
      this.#note({ camera: deviceFinding(fault) });
      this.#set("camera", "limited", this.#faultWords("video", fault));
      return;
    }
    const video = h("video", { autoplay: true, playsinline: true, "aria-label": t("check.ownPicture") });
    video.muted = true;
    video.srcObject = new MediaStream([media.tracks.video]);
    const step = this.#steps.get("camera");
    step?.hold(video);
    this.#held.push(() => {
      video.srcObject = null;
      step?.hold();
    });
    this.#note({ camera: "works" });
    this.#set("camera", "good", t("check.cameraGood", { label: media.tracks.video.label }));
  }

  /**
   * Wait for a voice at the microphone.
   *
   * @param {OwnMedia} media
   */
  async #listen(media) {
    const { t } = this.#language;
    const track = media.tracks.audio;
    if (track === null) {
      const fault = media.faults.audio ?? "failed";
      this.#note({ microphone: deviceFinding(fault) });
      this.#set("microphone", "bad", this.#faultWords("audio", fault));
      return;
    }
    const bar = new LevelBar(t("preview.level"));
    bar.update(media);
    const step = this.#steps.get("microphone");
    step?.hold(bar.element);
    this.#held.push(() => {
      bar.close();
      step?.hold();
    });
    this.#set("microphone", "running", t("check.speak"));
    this.#live.say(t("check.speak"));
    const meter = new LevelMeter(track);
    const heard = await passes(LISTENING, () => meter.read() > HEARD);
    meter.close();
    this.#note({ microphone: heard ? "works" : "silent" });
    const words = heard ? t("check.microphoneGood", { label: track.label }) : t("check.microphoneSilent");
    this.#set("microphone", heard ? "good" : "limited", words);
  }

  /** Play three notes and ask whether they were heard. */
  async #checkSpeaker() {
    const { t } = this.#language;
    const step = this.#steps.get("speaker");
    this.#set("speaker", "running", t("check.listen"));
    const play = () => void playTestSound(this.#choices.speaker).catch(() => undefined);
    play();
    const heard = await new Promise((resolve) => {
      step?.hold(
        h(
          "div",
          { class: "actions" },
          button(t("check.heard"), () => resolve(true), { kind: "small", icon: "check" }),
          button(t("check.unheard"), () => resolve(false), { kind: "small", icon: "x" }),
          button(t("check.playAgain"), play, { kind: "small", icon: "volume-2" }),
        ),
      );
    });
    step?.hold();
    this.#note({ speaker: heard ? "heard" : "unheard" });
    this.#set("speaker", heard ? "good" : "bad", t(heard ? "check.speakerGood" : "check.speakerBad"));
  }

  async #checkNetwork() {
    const { t } = this.#language;
    const trial = new Trial(socketAddress(location), this.#token ?? "");
    this.#held.push(() => trial.close());
    this.#set("host", "running", t("check.reaching"));
    try {
      await trial.open();
      const roundTripMs = await trial.roundTrip();
      this.#note({ socket: true, roundTripMs });
      this.#set("host", "good", t("check.hostGood", { ms: roundTripMs }));
    } catch (error) {
      const code = error instanceof Failed ? error.code : "";
      const known = code === "noSocket" ? null : this.#language.known("problem", code);
      this.#set("host", "bad", known ?? t("check.hostBad"));
      this.#set("media", "skipped", "");
      this.#set("speed", "skipped", "");
      trial.close();
      return;
    }
    if (this.#isPersonal) {
      await this.#checkMedia(trial);
      await this.#checkSpeed(trial);
    } else {
      this.#set("media", "skipped", t("check.needsLink"));
      this.#set("speed", "skipped", t("check.needsLink"));
    }
    trial.close();
  }

  /** @param {Trial} trial */
  async #checkMedia(trial) {
    const { t } = this.#language;
    if (!trial.hasMedia || !this.#findings.capable) {
      this.#set("media", "skipped", t(trial.hasMedia ? "check.browserOldShort" : "check.mediaBusy"));
      return;
    }
    this.#set("media", "running", t("check.calling"));
    const { path, found, lostPercent } = await trial.call();
    this.#note({ mediaTried: true, path, lostPercent });
    const ways = found.map((kind) => this.#language.known("check.found", kind) ?? kind).join(", ");
    const facts = { lost: lostPercent ?? 0, ways: ways || t("check.found.none") };
    const state = path === "none" ? "bad" : path === "direct" || path === "relayUdp" ? "good" : "limited";
    this.#set("media", state, `${t(`check.path.${path}`, facts)} ${t("check.ways", facts)}`);
  }

  /** @param {Trial} trial */
  async #checkSpeed(trial) {
    const { t, tag } = this.#language;
    this.#set("speed", "running", t("check.measuring"));
    try {
      const downKbps = await trial.download();
      const upKbps = await trial.upload();
      this.#note({ downKbps, upKbps });
      const figure = (/** @type {number | null} */ kbps) =>
        kbps === null ? "–" : new Intl.NumberFormat(tag, { maximumSignificantDigits: 2 }).format(kbps / 1000);
      const isSlow = reportOf(this.#findings).problems.some((problem) => problem === "slowUp" || problem === "slowDown");
      this.#set("speed", isSlow ? "limited" : "good", t("check.speed", { up: figure(upKbps), down: figure(downKbps) }));
    } catch {
      this.#set("speed", "skipped", t("check.speedFailed"));
    }
  }

  /**
   * @param {import("./signalling.js").CheckReport} report
   * @param {HTMLElement} sent where it is said
   */
  async #send(report, sent) {
    const { t } = this.#language;
    const submission = crypto.randomUUID();
    const organiser = this.#look?.organiser || t("check.theOrganiser");
    const attempt = async () => {
      sent.textContent = t("check.sending");
      try {
        await post("report", { token: this.#token ?? "", submission, report });
        sent.textContent = t("check.sent", { organiser });
      } catch (error) {
        const again = button(t("problem.again"), () => void attempt(), { kind: "small", icon: "refresh-cw" });
        sent.replaceChildren(t("check.unsent", { reason: this.#words(error) }), " ", again);
      }
    };
    await attempt();
  }

  /**
   * @param {"audio" | "video"} source
   * @param {import("./permissions.js").Fault} fault
   */
  #faultWords(source, fault) {
    const { t } = this.#language;
    const ways = mendingKeys([fault], navigator.userAgent, navigator.maxTouchPoints);
    return [t(`fault.${source}.${fault}`), ...ways.map((key) => t(key))].join(" ");
  }

  /** @param {Partial<Findings>} found */
  #note(found) {
    this.#findings = { ...this.#findings, ...found };
  }

  /**
   * @param {StepName} name
   * @param {StepState} state
   * @param {string} text
   */
  #set(name, state, text) {
    this.#steps.get(name)?.set(state, text);
    if (state !== "running" && state !== "waiting") {
      const { t } = this.#language;
      this.#live.say(`${t(`check.step.${name}`)}: ${t(`check.state.${state}`)}`);
    }
  }

  /** Free cameras, sockets and meters of a run. */
  #release() {
    for (const release of this.#held.splice(0)) {
      release();
    }
  }

  /** @param {unknown} error */
  #words(error) {
    const trouble = troubleOf(error);
    const { t, known } = this.#language;
    return error instanceof Refused ? (known("problem", trouble.code) ?? trouble.text) : t("problem.title");
  }

  /** @param {HTMLElement} element */
  #show(element) {
    document.querySelector("#page")?.replaceChildren(element);
    element.querySelector("h1")?.focus({ preventScroll: true });
  }
}

/**
 * @param {number} time ms
 * @param {() => boolean} holds
 * @returns {Promise<boolean>} whether it held within the time
 */
function passes(time, holds) {
  return new Promise((resolve) => {
    const end = performance.now() + time;
    const timer = window.setInterval(() => {
      const found = holds();
      if (found || performance.now() > end) {
        window.clearInterval(timer);
        resolve(found);
      }
    }, 100);
  });
}

void ownLanguage(recallChoices().language).then((language) => new Check(language).start());
