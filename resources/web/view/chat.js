/**
 * The chat at the side: what was written, and a field to write to all or to one.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../chat.js").Chat} Chat
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").ChatMessage} ChatMessage
 */

import { basePath } from "../api.js";
import { CHAT_LENGTH, pieces } from "../chat.js";
import { ownZone, timeText } from "../times.js";
import { fileAddress, sizeText } from "../uploads.js";
import { button, freshId, h, icon, setText, show } from "./dom.js";
import { fileDrop } from "./uploads.js";

/**
 * @param {Language} language
 * @param {(text: string, to: string | null) => void} send
 * @returns {{element: HTMLElement, update: (chat: Chat, room: Room, trouble: string) => void, focus: () => void, closed: () => void}}
 */
export function chatPanel(language, send) {
  const { t, known } = language;
  const list = h("div", { class: "chat-list", role: "log", "aria-live": "polite", "aria-label": t("call.chat"), tabindex: 0 });
  const none = h("p", { class: "quiet" }, t("chat.none"));
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const toId = freshId("chat");
  const to = h("select", { id: toId }, h("option", { value: "" }, t("chat.everybody")));
  const box = h("textarea", {
    rows: 2,
    maxlength: CHAT_LENGTH,
    "aria-label": t("chat.message"),
    placeholder: t("chat.message"),
  });
  let sent = "";
  const submit = () => {
    const text = box.value.trim();
    if (text !== "") {
      sent = text;
      box.value = "";
      send(text, to.value === "" ? null : to.value);
    }
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  const element = h("div", { class: "chat" });
  const drop = fileDrop(language, element);
  element.append(
    none,
    list,
    trouble,
    drop.list,
    h("div", { class: "chat-to" }, h("label", { for: toId }, t("chat.to")), to),
    h("div", { class: "chat-write" }, box, drop.button, button(t("chat.send"), submit, { kind: "primary" })),
  );
  /** @type {ReadonlyArray<ChatMessage>} */
  let shown = [];
  let people = "";
  let shownTrouble = "";
  let fileBytes = 0;
  const showAddressee = () => {
    element.classList.toggle("private", to.value !== "");
    drop.update(fileBytes, to.value === "");
  };
  /**
   * @param {Chat} chat
   * @param {Room} room
   * @param {string} code why the last message was not taken
   */
  const update = (chat, room, code) => {
    fileBytes = room.limits?.fileBytes ?? 0;
    showMessages(language, list, shown, chat.messages, room.you);
    shown = chat.messages;
    show(none, shown.length === 0);
    show(list, shown.length > 0);
    const others = room.participants.filter((person) => person.id !== room.you);
    const key = JSON.stringify(others.map(({ id, name }) => [id, name]));
    if (key !== people) {
      people = key;
      fillAddressees(to, others, t("chat.everybody"));
    }
    showAddressee();
    setText(trouble, known("problem", code) ?? "");
    show(trouble, code !== "");
    if (code !== shownTrouble) {
      shownTrouble = code;
      box.value = code !== "" && box.value === "" ? sent : box.value;
    }
  };
  to.addEventListener("change", showAddressee);
  return { element, update, focus: () => box.focus(), closed: drop.closed };
}

/**
 * Add what is new; a list that was at its end stays there.
 *
 * @param {Language} language
 * @param {HTMLElement} list
 * @param {ReadonlyArray<ChatMessage>} before
 * @param {ReadonlyArray<ChatMessage>} messages
 * @param {string} you
 */
function showMessages(language, list, before, messages, you) {
  if (before === messages) {
    return;
  }
  const wasAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  const goesOn = before.every((message, index) => message === messages[index]);
  const news = messages.slice(goesOn ? before.length : 0).map((message) => row(language, message, you));
  if (goesOn) {
    list.append(...news);
  } else {
    list.replaceChildren(...news);
  }
  if (wasAtEnd || messages[messages.length - 1]?.sender === you) {
    list.scrollTop = list.scrollHeight;
  }
}

/**
 * @param {Language} language
 * @param {ChatMessage} message
 * @param {string} you
 */
function row({ t, tag }, message, you) {
  const isOwn = message.sender === you;
  const name = isOwn ? t("chat.you") : message.senderName;
  const whom = isOwn ? t("chat.privateTo", { name: message.toName }) : t("chat.private");
  const time = timeText(Date.parse(message.at), ownZone(), tag);
  return h(
    "div",
    { class: `chat-message${isOwn ? " own" : ""}${message.to === null ? "" : " private"}` },
    h(
      "div",
      { class: "chat-head" },
      h("span", { class: "chat-name" }, name),
      message.to === null ? null : h("span", { class: "tag" }, whom),
      h("time", { datetime: message.at, class: "quiet" }, time),
    ),
    message.file === null
      ? h("div", { class: "chat-text", dir: "auto" }, ...pieces(message.text).map(pieceView))
      : fileView(message.file, tag),
  );
}

/**
 * @param {import("../signalling.js").SharedFile} file
 * @param {string} tag
 */
function fileView(file, tag) {
  const href = fileAddress(basePath(location.pathname), file);
  return h(
    "a",
    { class: "chat-file", href, download: file.name },
    icon("paperclip"),
    h("span", { class: "chat-file-name", dir: "auto" }, file.name),
    h("span", { class: "quiet" }, sizeText(file.size, tag)),
  );
}

/** @param {import("../chat.js").Piece} piece */
function pieceView({ text, href }) {
  return href === null ? text : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/**
 * @param {HTMLSelectElement} to
 * @param {ReadonlyArray<import("../signalling.js").Participant>} others
 * @param {string} everybody
 */
function fillAddressees(to, others, everybody) {
  const chosen = to.value;
  const options = others.map((person) => h("option", { value: person.id }, person.name));
  to.replaceChildren(h("option", { value: "" }, everybody), ...options);
  // Words meant for one who left must not go to all by themselves: the field is empty then.
  if (chosen !== "" && !others.some((person) => person.id === chosen)) {
    to.append(h("option", { value: chosen, disabled: true }, "–"));
  }
  to.value = chosen;
}
