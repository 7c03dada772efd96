/**
 * A meeting for somebody's own calendar: as a file, and as links to calendars on the web. Pure.
 *
 * Times are written in UTC, so no calendar has to know a zone. The file has the personal link in it;
 * the links to calendars of others do not, because it would stand in their logs.
 */

/**
 * @typedef {object} CalendarMeeting
 * @property {string} uid of the calendar object, the same as in the mailed invitation
 * @property {string} title
 * @property {string} startsAt ISO 8601
 * @property {number} durationMinutes
 * @property {string} text what else there is to know, without the link
 * @property {string} link the personal link
 */

const LINE = 75;
const encoder = new TextEncoder();

/**
 * Return the meeting as an iCalendar object (RFC 5545).
 *
 * @param {CalendarMeeting} meeting
 * @param {number} now ms
 * @returns {string}
 */
export function calendarFile(meeting, now) {
  const { start, end } = span(meeting);
  const description = [meeting.text, meeting.link].filter((part) => part !== "").join("\n\n");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//ProjectDesk//ProjectDesk//EN",
    "CALSCALE:GREGORIAN",
    "BEGIN:VEVENT",
    `UID:${escaped(meeting.uid)}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${escaped(meeting.title)}`,
    `DESCRIPTION:${escaped(description)}`,
    `LOCATION:${escaped(meeting.link)}`,
    `URL:${meeting.link.replace(/\s/gu, "")}`,
    "STATUS:CONFIRMED",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/**
 * Return the address that opens Google Calendar with the meeting filled in.
 *
 * @param {CalendarMeeting} meeting
 * @returns {string}
 */
export function googleAddress(meeting) {
  const { start, end } = span(meeting);
  return address("https://calendar.google.com/calendar/render", {
    action: "TEMPLATE",
    text: meeting.title,
    dates: `${stamp(start)}/${stamp(end)}`,
    details: meeting.text,
  });
}

/**
 * Return the address that opens Outlook on the web with the meeting filled in.
 *
 * @param {CalendarMeeting} meeting
 * @returns {string}
 */
export function outlookAddress(meeting) {
  const { start, end } = span(meeting);
  return address("https://outlook.office.com/calendar/0/deeplink/compose", {
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: meeting.title,
    startdt: new Date(start).toISOString(),
    enddt: new Date(end).toISOString(),
    body: meeting.text,
  });
}

/**
 * Return a name for the file: letters and digits of the title.
 *
 * @param {string} title
 * @returns {string}
 */
export function fileName(title) {
  const plain = title.replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 60).trim();
  return `${plain === "" ? "meeting" : plain}.ics`;
}

/** @param {CalendarMeeting} meeting */
function span(meeting) {
  const start = Date.parse(meeting.startsAt);
  return { start, end: start + meeting.durationMinutes * 60_000 };
}

/**
 * @param {number} instant ms
 * @returns {string} as "20260302T090000Z"
 */
function stamp(instant) {
  return `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/gu, "")}Z`;
}

/**
 * Return a TEXT value (RFC 5545 section 3.3.11), without characters that no text has.
 *
 * @param {string} text
 */
function escaped(text) {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/gu, "")
    .replace(/[\\;,]/gu, "\\$&")
    .replace(/\n/gu, "\\n");
}

/**
 * Fold a content line after at most 75 octets, between characters (RFC 5545 section 3.1).
 *
 * @param {string} line
 */
function folded(line) {
  const parts = [""];
  let octets = 0;
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (octets + length > LINE) {
      parts.push("");
      octets = 1; // the space that begins a folded line
    }
    parts[parts.length - 1] += character;
    octets += length;
  }
  return parts.join("\r\n ");
}

/**
 * @param {string} base
 * @param {Record<string, string>} query
 */
function address(base, query) {
  const made = new URL(base);
  for (const [name, value] of Object.entries(query)) {
    made.searchParams.set(name, value);
  }
  return made.href;
}
