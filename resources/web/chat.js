/**
 * What was written in the call, as this page knows it; and where its links are. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").ChatMessage} ChatMessage
 *
 * @typedef {object} Chat
 * @property {ReadonlyArray<ChatMessage>} messages oldest first
 * @property {number} unread of others, written while the chat was not on the screen
 *
 * @typedef {{text: string, href: string | null}} Piece
 */

/** Longest message, in UTF-16 units (what `maxlength` counts); the host counts characters. */
export const CHAT_LENGTH = 2000;

/** Messages that stay on the page. */
const KEPT = 600;

/** Nothing written yet. @type {Chat} */
export const NO_CHAT = Object.freeze({ messages: [], unread: 0 });

const LINK = /https?:\/\/[^\s<>"'`]+/giu;
/** What ends a sentence rather than an address. */
const AFTER = /[.,;:!?…]+$/u;

/**
 * Return the chat after a message of the host; most change nothing.
 *
 * @param {Chat} chat
 * @param {HostMessage} message
 * @param {{you: string, isOpen: boolean}} reader
 * @returns {Chat}
 */
export function applyChat(chat, message, { you, isOpen }) {
  switch (message.type) {
    case "chatHistory": {
      const before = message.first ? [] : chat.messages;
      return { ...chat, messages: [...before, ...message.messages].slice(-KEPT) };
    }
    case "chatReceived": {
      const isNew = !isOpen && message.message.sender !== you;
      return {
        messages: [...chat.messages, message.message].slice(-KEPT),
        unread: chat.unread + (isNew ? 1 : 0),
      };
    }
    default:
      return chat;
  }
}

/**
 * Return the chat once it was read.
 *
 * @param {Chat} chat
 * @returns {Chat}
 */
export function read(chat) {
  return chat.unread === 0 ? chat : { ...chat, unread: 0 };
}

/**
 * Cut a text into what is a link and what is not. Only http and https are links.
 *
 * @param {string} text
 * @returns {Piece[]}
 */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutTail(match[0]);
    const href = addressOf(address);
    if (href === null) {
      continue;
    }
    if (match.index > end) {
      found.push({ text: text.slice(end, match.index), href: null });
    }
    found.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) {
    found.push({ text: text.slice(end), href: null });
  }
  return found;
}

/**
 * Leave out what belongs to the sentence around an address: marks, and a bracket it did not open.
 *
 * @param {string} address
 */
function withoutTail(address) {
  let rest = address.replace(AFTER, "");
  while (rest.endsWith(")") && !rest.includes("(")) {
    rest = rest.slice(0, -1).replace(AFTER, "");
  }
  return rest;
}

/** @param {string} text */
function addressOf(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
