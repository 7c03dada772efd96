import assert from "node:assert/strict";
import { test } from "node:test";

import { calendarFile, fileName, googleAddress, outlookAddress } from "../../resources/web/calendar.js";

const LINK = "https://meet.example.org/r/abcdefghjk#Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA";
const NOW = Date.parse("2026-03-01T08:00:00.250Z");

function meeting(changes = {}) {
  return {
    uid: "0123@projectdesk",
    title: "General Assembly",
    startsAt: "2026-03-02T09:00:00Z",
    durationMinutes: 90,
    text: "Ines Carvalho invites you.",
    link: LINK,
    ...changes,
  };
}

function unfolded(file) {
  return file.replaceAll("\r\n ", "").split("\r\n");
}

test("the file has the meeting in UTC, its identity and the personal link", () => {
  const lines = unfolded(calendarFile(meeting(), NOW));
  assert.deepEqual(lines.slice(4, 9), [
    "BEGIN:VEVENT",
    "UID:0123@projectdesk",
    "DTSTAMP:20260301T080000Z",
    "DTSTART:20260302T090000Z",
    "DTEND:20260302T103000Z",
  ]);
  assert.ok(lines.includes(`URL:${LINK}`));
  assert.ok(lines.includes(`DESCRIPTION:Ines Carvalho invites you.\\n\\n${LINK}`));
  assert.equal(lines.at(-1), "");
});

test("no title breaks out of its line", () => {
  const title = "a;b,c\\d\r\nEND:VEVENT\u0000\rATTENDEE:mailto:x@y";
  const lines = unfolded(calendarFile(meeting({ title }), NOW));
  assert.ok(lines.includes("SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\\nATTENDEE:mailto:x@y"));
  assert.equal(lines.filter((line) => line.startsWith("END:VEVENT")).length, 1);
  assert.equal(lines.filter((line) => line.startsWith("ATTENDEE")).length, 0);
});

test("lines are folded after 75 octets, never inside a character", () => {
  const title = "Küstenschutz 한국어 🌊 ".repeat(12);
  const file = calendarFile(meeting({ title }), NOW);
  for (const line of file.split("\r\n")) {
    assert.ok(new TextEncoder().encode(line).length <= 75, line);
  }
  assert.ok(unfolded(file).includes(`SUMMARY:${title}`));
});

test("links to other calendars are escaped and have no personal link in them", () => {
  const odd = meeting({ title: "Q&A #1 ?x=1 + 100 %", text: "Ines & Ana" });
  const google = new URL(googleAddress(odd));
  assert.equal(google.origin, "https://calendar.google.com");
  assert.equal(google.searchParams.get("text"), odd.title);
  assert.equal(google.searchParams.get("dates"), "20260302T090000Z/20260302T103000Z");
  const outlook = new URL(outlookAddress(odd));
  assert.equal(outlook.origin, "https://outlook.office.com");
  assert.equal(outlook.searchParams.get("subject"), odd.title);
  assert.equal(outlook.searchParams.get("startdt"), "2026-03-02T09:00:00.000Z");
  assert.equal(outlook.searchParams.get("enddt"), "2026-03-02T10:30:00.000Z");
  for (const address of [google, outlook]) {
    assert.ok(!decodeURIComponent(address.href).includes("Zm9v"));
    assert.equal(address.hash, "");
  }
});

test("the file is named by the title", () => {
  assert.equal(fileName("WP3: Küste / Plan?"), "WP3 Küste Plan.ics");
  assert.equal(fileName("../../etc/passwd"), "etc passwd.ics");
  assert.equal(fileName("?!"), "meeting.ics");
});
