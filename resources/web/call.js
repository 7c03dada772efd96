/**
 * The call page: puts the pieces together and runs them.
 *
 * `session.js` decides where the visitor is; this file carries out what it asks for, keeps what lives
 * (devices, socket, peer connections), and shows the view of the place.
 */

import { announcements, knockers, newCalls } from "./announcements.js";
import { basePath, post, socketAddress, troubleOf } from "./api.js";
import { AudioSink, Chime } from "./audio.js";
import { hostOffset, readClock, whenReached } from "./clock.js";
import { exposeDiagnostics } from "./diagnostics.js";
import { MutedHint } from "./hint.js";
import { Equipment, noteText } from "./equipment.js";
import { mark, ownLanguage, pickLanguage } from "./i18n.js";
import { OwnMedia } from "./media.js";
import * as memory from "./memory.js";
import { Peers } from "./peers.js";
import { EMPTY, applyMessage, handPlace, isScreenTaken, mayChair, mayShare, maySpeak, mayWrite } from "./room.js";
import { QualityWatch } from "./quality.js";
import { START, step } from "./session.js";
import { sendingLimit } from "./tiles.js";
import { recordingSaid } from "./recording.js";
import { LiveRegion } from "./view/live.js";
import { ConsentQuestion } from "./view/recording.js";
import { Screen } from "./view/screen.js";
import { Floor } from "./floor.js";
import { Switches } from "./switches.js";
import { Talk } from "./talk.js";
import { Views } from "./views.js";
import { Wire } from "./wire.js";
import { UnkeptStore } from "./unkept.js";
import { Writing } from "./writing.js";

/**
 * @typedef {import("./session.js").SessionEvent} SessionEvent
 * @typedef {import("./session.js").Effect} Effect
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 */

/** One visit of the page. */
class Call {
  #path = basePath(location.pathname);
  #choices = memory.recallChoices();
  #language;
  /** Translates into the language of now. @type {import("./i18n.js").Translate} */
  #t = (key, facts) => this.#language.t(key, facts);
  #session = START;
  #room = EMPTY;
  #media = new OwnMedia(
    this.#choices,
    (source) => this.#mediaChanged(source),
    (loss) => this.#equipment.lost(loss),
  );
  #floor = new Floor(this.#media);
  #talk = new Talk(() => this.#language, (message) => this.#send(message), this.#path);
  #writing = new Writing({
    send: (message) => this.#send(message),
    changed: () => this.#refresh(),
    load: () => import("./vendor/yjs.js"),
    store: new UnkeptStore(this.#path),
    later: (call, delay) => window.setTimeout(call, delay),
    cancel: (timer) => window.clearTimeout(timer),
  });
  #offset = 0;
  /** @type {RTCIceServer[]} */
  #relays = [];
  /** @type {Wire | null} */
  #wire = null;
  #peers = new Peers({
    send: (message) => this.#sendForPeers(message),
    tracks: () => this.#views.sending(this.#media.tracks),
    relays: () => this.#relays,
    publishes: () => maySpeak(this.#room.role),
    takesSizes: () => this.#room.limits?.cameraSizes ?? true,
    codecs: () => this.#room.limits?.videoCodecs ?? [],
    received: (feeds) => this.#feedsChanged(feeds),
    health: (healthy) => this.#healthChanged(healthy),
    reachable: () => this.#wire?.isOpen ?? false,
    suspect: () => this.#wire?.probe(),
  });
  #views = new Views({
    send: (message) => this.#send(message),
    sendTracks: () => this.#peers.sendTracks(),
    room: () => (this.#session.place === "call" ? this.#room : null),
  });
  /** @type {Map<string, MediaStreamTrack>} */
  #feeds = new Map();
  #healthy = true;
  #silenced = false;
  /** Item whose overrun was announced. @type {string | null} */
  #overSaid = null;
  #name = this.#choices.name;
  #live = new LiveRegion();
  #chime = new Chime();
  #hint = new MutedHint(() => this.#refresh());
  #quality = new QualityWatch(
    () => this.#peers.counters(),
    () => ({ healthy: this.#healthy, camera: this.#media.videoOn }),
    () => this.#refresh(),
    () => this.#live.say(this.#t("say.poorConnection")),
  );
  #consent = new ConsentQuestion(
    () => this.#language,
    (message) => this.#send(message),
    () => this.#dispatch({ type: "leaveAsked" }),
  );
  #sink;
  #equipment;
  #switches;
  #screen;

  /** @param {import("./i18n.js").Language} language */
  constructor(language) {
    this.#language = language;
    mark(language);
    const players = document.createElement("div");
    players.hidden = true;
    document.body.append(players, this.#live.element);
    this.#sink = new AudioSink(players, (blocked) => {
      this.#silenced = blocked;
      this.#refresh();
    });
    this.#sink.setSpeaker(this.#choices.speaker);
    this.#switches = new Switches(
      this.#media,
      this.#choices,
      this.#t,
      (text) => this.#live.say(text),
      (device) => this.#sink.setSpeaker(device),
    );
    this.#equipment = new Equipment(this.#media, this.#choices, {
      setSpeaker: (device) => this.#sink.setSpeaker(device),
      noted: (note) => this.#live.say(noteText(this.#language, note)),
      changed: () => this.#refresh(),
    });
    const embedded = new URLSearchParams(location.search).has("embedded");
    this.#screen = new Screen(this.#language, this.#actions(), embedded);
  }

  /** Take the link and go. */
  start() {
    document.addEventListener("pointerdown", () => this.#silenced && this.#sink.resume());
    for (const gesture of ["pointerup", "keydown"]) {
      document.addEventListener(gesture, () => this.#chime.wake());
    }
    window.addEventListener("online", () => this.#networkBack());
    window.addEventListener("offline", () => this.#wire?.probe());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.#wire?.hurry();
      }
    });
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#refresh());
    this.#equipment.start();
    window.setInterval(() => this.#tick(), 1000);
    exposeDiagnostics(
      () => ({ session: this.#session, room: this.#room, connected: this.#session.connected, healthy: this.#healthy }),
      () => this.#peers.statistics(),
    );
    if (typeof RTCPeerConnection === "undefined") {
      this.#dispatch({ type: "lookFailed", trouble: { code: "unsupported", text: "" } });
      return;
    }
    const token = memory.takeToken(this.#path);
    this.#dispatch({ type: "began", token, resume: memory.recallResume(this.#path) });
  }

  /** @param {SessionEvent} event */
  #dispatch(event) {
    const { session, effects } = step(this.#session, event);
    this.#session = session;
    for (const effect of effects) {
      this.#perform(effect);
    }
    this.#refresh();
  }

  /** @param {Effect} effect */
  #perform(effect) {
    switch (effect) {
      case "look":
        void this.#look();
        break;
      case "watchOpening":
        this.#watchOpening();
        break;
      case "startMedia":
        if (maySpeak(this.#session.look?.role ?? "participant")) {
          void this.#media.start();
        }
        break;
      case "join":
        void this.#join();
        break;
      case "remember":
        memory.rememberResume(this.#path, this.#session.resume ?? "");
        break;
      case "forget":
        memory.forgetResume(this.#path);
        break;
      case "connect":
        this.#connect();
        break;
      case "sayGoodbye":
        this.#sayGoodbye();
        break;
      case "openPeers":
        this.#openPeers(false);
        break;
      case "rebuildPeers":
        this.#openPeers(true);
        break;
      case "checkPeers":
        this.#tellMedia();
        this.#peers.check(this.#wire?.silence ?? 0);
        this.#views.renewed();
        this.#live.say(this.#language.t("say.reconnected"));
        break;
    }
  }

  async #look() {
    try {
      /** @type {import("./signalling.js").Look} */
      const look = await post("look", { token: this.#session.token ?? "" });
      this.#offset = hostOffset(look.now, Date.now());
      document.title = `${look.title} – ProjectDesk`;
      this.#dispatch({ type: "looked", look });
    } catch (error) {
      this.#dispatch({ type: "lookFailed", trouble: troubleOf(error) });
    }
  }

  async #join() {
    const { token, move, look } = this.#session;
    const name = this.#name || (look?.name ?? "");
    try {
      /** @type {import("./signalling.js").JoinReply} */
      const reply = await post("join", { token: token ?? "", name, move });
      this.#dispatch({ type: "joinAccepted", resume: reply.resume });
    } catch (error) {
      this.#dispatch({ type: "joinRefused", trouble: troubleOf(error) });
    }
  }

  #watchOpening() {
    const opened = () => this.#dispatch({ type: "opened" });
    whenReached(Date.parse(this.#session.look?.opensAt ?? ""), () => this.#hostTime(), opened);
  }

  #connect() {
    this.#wire?.close();
    const wire = new Wire(socketAddress(location), this.#session.resume ?? "", {
      received: (message) => this.#received(message),
      opened: () => {
        this.#peers.socketReplaced();
        this.#dispatch({ type: "socketOpened" });
      },
      lost: () => {
        this.#writing.lost();
        this.#dispatch({ type: "socketLost" });
      },
      gaveUp: () => this.#dispatch({ type: "gaveUp" }),
    });
    this.#wire = wire;
    wire.connect();
  }

  #sayGoodbye() {
    this.#send({ type: "leave" });
    this.#wire?.close();
    this.#wire = null;
    this.#peers.close();
    this.#media.stop();
    this.#sink.close();
    this.#feeds = new Map();
    this.#room = EMPTY;
    this.#healthy = true;
    this.#silenced = false;
    this.#views.reset();
    this.#floor.reset();
    this.#talk.reset();
    this.#writing.allow(false);
  }

  /** @param {boolean} rebuild */
  #openPeers(rebuild) {
    this.#tellMedia();
    this.#peers.setLimit(sendingLimit(this.#room.participants.length));
    this.#peers.open(rebuild);
  }

  /** @param {HostMessage} message */
  #received(message) {
    const before = this.#room;
    this.#room = applyMessage(before, message);
    if (message.type === "welcome" || message.type === "roomState") {
      this.#offset = hostOffset(message.now, Date.now());
    }
    if (message.type === "relaysGiven") {
      this.#relays = message.servers;
    }
    this.#floor.received(message, before, this.#room);
    this.#tellFloor(message);
    if (!maySpeak(before.role) && maySpeak(this.#room.role) && this.#session.place === "call") {
      void this.#media.start();
    } else if (maySpeak(before.role) && !maySpeak(this.#room.role)) {
      this.#media.stop();
    } else if (this.#media.screenOn && !mayShare(this.#room.role)) {
      this.#media.stopScreen();
    }
    const said = [...announcements(this.#language.t, before, this.#room, message), ...this.#talk.received(message)];
    for (const text of said) {
      this.#live.say(text);
    }
    for (const text of recordingSaid(this.#language, before.recording, this.#room.recording)) {
      this.#live.say(text);
    }
    if (message.type === "lobbyChanged" && knockers(before, this.#room).length > 0) {
      this.#chime.knock(this.#choices.knock);
    } else if (message.type === "breakoutsChanged" && newCalls(before, this.#room).length > 0) {
      this.#chime.knock(this.#choices.knock);
    }
    if (before.participants.length !== this.#room.participants.length) {
      this.#peers.setLimit(sendingLimit(this.#room.participants.length));
    }
    this.#writing.received(message);
    this.#writing.allow(mayWrite(this.#room));
    this.#views.received(message);
    if (message.type === "problem" && !message.fatal && message.inReplyTo !== "want") {
      this.#refused(message);
    }
    this.#dispatch({ type: "received", message });
    this.#peers.received(message);
  }

  /** @param {HostMessage} message */
  #tellFloor(message) {
    if (message.type === "feedHeld") {
      this.#tellMedia();
    } else if (message.type === "reacted") {
      this.#screen.react(message.participant, message.reaction);
    } else if (message.type === "chatReceived" && message.message.sender !== this.#room.you && this.#floor.chat.unread > 0) {
      const { senderName, text, file } = message.message;
      const words = file === null ? text.slice(0, 200) : file.name;
      this.#live.say(this.#language.t("say.chat", { name: senderName, text: words }));
      if (this.#choices.chatSound) {
        this.#chime.message();
      }
    }
  }

  /** @param {import("./signalling.js").Problem} problem that leaves the session as it is */
  #refused(problem) {
    this.#live.say(this.#language.known("problem", problem.code) ?? problem.text);
    if (problem.code === "screen_taken" && this.#media.screenOn) {
      this.#media.stopScreen();
    }
  }

  /** @param {ClientMessage} message */
  #send(message) {
    return this.#wire?.send(message) ?? false;
  }

  /** @param {ClientMessage} message of the peer connections */
  #sendForPeers(message) {
    const sent = this.#send(message);
    if (message.type === "openSubscribe") {
      this.#views.renewed();
    }
    return sent;
  }

  #tellMedia() {
    if (!maySpeak(this.#room.role)) {
      return;
    }
    this.#send({
      type: "setMedia",
      audio: this.#media.audioOn,
      video: this.#media.videoOn,
      screen: this.#media.screenOn,
      heard: this.#floor.heard,
    });
  }

  /** @param {import("./signalling.js").FeedSource} _source */
  #mediaChanged(_source) {
    this.#peers.sendTracks();
    this.#floor.mediaChanged();
    void this.#equipment.look();
    if (this.#session.place === "call") {
      this.#tellMedia();
    }
    this.#refresh();
  }

  /** @param {Map<string, MediaStreamTrack>} feeds */
  #feedsChanged(feeds) {
    this.#feeds = feeds;
    /** @type {Map<string, MediaStreamTrack>} */
    const voices = new Map();
    for (const [key, track] of feeds) {
      if (track.kind === "audio") {
        voices.set(key, track);
      }
    }
    this.#sink.update(voices);
    this.#refresh();
  }

  /** Play the floor and the channel as loud as they are to be. */
  #mix() {
    const { participants } = this.#room;
    this.#sink.mix((person) => this.#talk.loudness(participants, person, this.#choices.original));
  }

  /** @param {boolean} healthy */
  #healthChanged(healthy) {
    this.#healthy = healthy || !this.#wasHealthy;
    this.#wasHealthy ||= healthy;
    this.#refresh();
  }

  /** The first connection is not an interruption. */
  #wasHealthy = false;

  /** The computer's addresses may be others now: neither socket nor media go on by the old ones. */
  #networkBack() {
    this.#peers.networkChanged();
    this.#wire?.renew();
  }

  /** The host's time in ms. */
  #hostTime() {
    return Date.now() + this.#offset;
  }

  #reading() {
    return readClock(this.#room.clock, Date.parse(this.#room.endsAt), this.#hostTime());
  }

  #model() {
    return {
      session: this.#session,
      room: this.#room,
      media: this.#media,
      choices: this.#choices,
      feeds: this.#feeds,
      reading: this.#reading(),
      hostTime: this.#hostTime(),
      zone: this.#session.look?.zone ?? "",
      connected: this.#session.connected,
      healthy: this.#healthy,
      silenced: this.#silenced,
      chat: this.#floor.chat,
      chatTrouble: this.#floor.trouble,
      notice: this.#floor.notice,
      talk: this.#talk,
      writing: this.#writing,
      speaksMuted: this.#hint.isShown,
      deviceNotes: this.#equipment.notes,
      quality: this.#quality.quality,
    };
  }

  #refresh() {
    this.#mix();
    this.#hint.update(this.#session.place === "call" ? this.#media : null);
    this.#quality.watch(this.#session.place === "call");
    this.#screen.update(this.#model());
    this.#consent.update(this.#room.recording, this.#session.place);
    this.#views.look();
  }

  #tick() {
    if (this.#session.place !== "call") {
      return;
    }
    const model = this.#model();
    this.#screen.tick(model);
    this.#views.look();
    const current = model.reading.current;
    if (current !== null && current.over > 0 && this.#overSaid !== current.item.id) {
      this.#overSaid = current.item.id;
      const { number, title } = current.item;
      const { t } = this.#language;
      this.#live.say(number === "" ? t("say.overBreak", { title }) : t("say.over", { number }));
      if (mayChair(this.#room.role)) {
        this.#chime.over();
      }
    }
  }

  /** @param {string} tag */
  async #setLanguage(tag) {
    this.#switches.remember({ language: tag });
    const own = navigator.languages.filter((wanted) => wanted.split("-")[0] === tag);
    const language = await pickLanguage([...own, tag]);
    if (this.#choices.language !== tag) {
      return; // another one was chosen meanwhile
    }
    this.#language = language;
    mark(language);
    this.#screen.setLanguage(this.#language);
    this.#refresh();
  }

  /** @returns {import("./view/screen.js").ScreenActions} */
  #actions() {
    return {
      join: (name) => {
        this.#name = name;
        if (name !== this.#session.look?.name) {
          this.#switches.remember({ name });
        }
        this.#dispatch({ type: "joinAsked" });
      },
      again: () => this.#dispatch({ type: "againAsked" }),
      leave: () => this.#dispatch({ type: "leaveAsked" }),
      end: () => void this.#send({ type: "endMeeting" }),
      toggleAudio: () => void this.#switches.toggleAudio(),
      toggleVideo: () => void this.#switches.toggleVideo(),
      toggleScreen: () => void this.#switches.toggleScreen(isScreenTaken(this.#room)),
      talk: (held) => this.#switches.talk(held),
      choose: (kind, device) => this.#switches.choose(kind, device),
      retryMedia: () => void this.#switches.retry(),
      listen: (channel) => {
        this.#talk.listen(channel);
        this.#refresh();
      },
      readCaptions: (captions) => {
        this.#talk.readCaptions(captions);
        this.#refresh();
      },
      playSound: () => this.#sink.resume(),
      toggleHand: () => {
        const isRaised = handPlace(this.#room, this.#room.you) > 0;
        this.#send({ type: "raiseHand", raised: !isRaised });
      },
      react: (reaction) => void this.#send({ type: "react", reaction }),
      sendChat: (text, to) => {
        this.#floor.trouble = this.#send({ type: "sendChat", text, to }) ? "" : "unreachable";
        this.#refresh();
      },
      showChat: (isOpen) => {
        const hadUnread = this.#floor.chat.unread > 0;
        this.#floor.showChat(isOpen);
        if (isOpen && hadUnread) {
          this.#refresh();
        }
      },
      dismissNotice: () => {
        this.#floor.dismiss();
        this.#refresh();
      },
      order: (order) => void this.#send(order),
      send: (message) => this.#send(message),
      startItem: (item) => void this.#send({ type: "startItem", item }),
      admit: (participant) => void this.#send({ type: "admit", participant }),
      refuse: (participant) => void this.#send({ type: "refuse", participant }),
      hostTime: () => this.#hostTime(),
      prefer: (change) => void this.#switches.prefer(change).then(() => this.#refresh()),
      dismissDevice: (kind) => this.#equipment.dismiss(kind),
      setLanguage: (tag) => void this.#setLanguage(tag),
    };
  }
}

void ownLanguage(memory.recallChoices().language).then((language) => new Call(language).start());
