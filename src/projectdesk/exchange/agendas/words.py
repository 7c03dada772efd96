"""How lines of agendas begin and what headers of tables are called."""

from __future__ import annotations

import re
from typing import Final

BULLET: Final = re.compile(r"^(?P<indent>\s*)(?:[-*+•◦▪‣·●○➢►]|[–—](?=\s))\s+(?P<text>\S.*)$")
BULLET_TAB: Final = re.compile(r"^(?P<mark>\s*(?:[-*+•◦▪‣·●○➢►–]|o|\d{1,2}[.)]))\t+(?=\S)")
NUMBER: Final = re.compile(
    r"^(?P<indent>\s*)(?:(?:item|top|punkt|point|agenda item)\s*)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}[.):]?|[a-zA-Z]\)|[ivx]{1,4}[.)])\s+(?P<text>\S.*)$",
    re.IGNORECASE,
)
NO_MARK: Final = re.compile(
    r"^(?P<mark>\d{1,2}:\d{2}(?![\d:])|-\s?\d{1,3}\s?(?:minutes|minuten|mins?|h|hours?)\b)\.?"
    r"[\s:|,;–—-]+(?=\S)",
    re.IGNORECASE,
)
"""What stands where a time or a length does, after those that are some were taken."""
HASHES: Final = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
BOLD: Final = re.compile(r"^\s*(?:\*\*|__)(?P<text>[^*_]+)(?:\*\*|__)\s*:?\s*$")
UNDERLINE: Final = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
RULE: Final = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_MONTHS: Final = (
    r"jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_WEEKDAYS: Final = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
)
DATE: Final = (
    rf"(?:(?:{_WEEKDAYS})[.,]?\s*)?(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?:{_MONTHS})\.?"
    rf"|(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
    r"(?:[.,]?\s*\d{4})?"
)
DAY: Final = re.compile(
    r"^(?:day|tag|jour|d[ií]a|giorno)\s*(?P<n>\d{1,2}|one|two|three)\b\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
DATE_LINE: Final = re.compile(rf"^(?P<date>{DATE})\s*(?P<rest>[-–—:|(,].*)?$", re.IGNORECASE)
WEEKDAY_LINE: Final = re.compile(rf"^(?:{_WEEKDAYS})\b(?P<rest>.*)$", re.IGNORECASE)
FACT: Final = re.compile(
    r"^(?:date|time|when|where|venue|place|location|participants?|attendees|present|apologies|"
    r"link|zoom|teams|join|meeting id|passcode|dial[- ]in|chair(?:person)?|minutes? taker|host|"
    r"organi[sz]er|subject|from|to|cc|sent|datum|zeit|ort|teilnehmer)\b\s*(?:\([^)]*\))?\s*:",
    re.IGNORECASE,
)
TRACK: Final = re.compile(
    r"^(?:(?P<word>parallel session|parallel|track|breakout(?: (?:session|room|group))?|room|"
    r"group|stream|strand|raum|gruppe)\s+(?P<name>[A-Z]|\d{1,2})\b)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
AGENDA: Final = frozenset({"agenda", "programme", "program", "tagesordnung", "items"})
"""Headings that say only that the agenda follows."""
NUMBERS: Final = {"one": 1, "two": 2, "three": 3}
HEADER_WORDS: Final = {
    "time": "time",
    "start": "time",
    "from": "time",
    "when": "time",
    "zeit": "time",
    "uhrzeit": "time",
    "duration": "length",
    "length": "length",
    "min": "length",
    "mins": "length",
    "minutes": "length",
    "dauer": "length",
    "item": "title",
    "topic": "title",
    "agenda item": "title",
    "agenda": "title",
    "title": "title",
    "subject": "title",
    "session": "title",
    "activity": "title",
    "what": "title",
    "thema": "title",
    "presenter": "presenter",
    "presenters": "presenter",
    "speaker": "presenter",
    "speakers": "presenter",
    "who": "presenter",
    "lead": "presenter",
    "responsible": "presenter",
    "presented by": "presenter",
    "by": "presenter",
    "partner": "presenter",
    "wer": "presenter",
    "kind": "kind",
    "type": "kind",
    "for": "kind",
    "purpose": "kind",
    "section": "section",
    "room": "track",
    "track": "track",
    "no": "",
    "no.": "",
    "nr": "",
    "nr.": "",
    "#": "",
    "end": "end",
    "to": "end",
    "until": "end",
    "notes": "description",
    "description": "description",
    "comments": "description",
    "documents": "description",
}
