"""What somebody says of actions in a mail, written above the quoted one.

A line says of one action "done", a new date, or anything else, which is a comment:

    A12 done
    A14: 2026-05-04
    postponed to 4 May 2026

An action is named by its label, with its project where a mail asks of several ("TIDEWATER A12"); a
mail that asks of one action alone needs no label. What cannot be
read is told, never guessed: a day without a year is the next such day, "04/05/2026" is not read,
because half of the world means another day by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from projectdesk.domain.minutes import ActionNoteKind
from projectdesk.domain.rules.quoted_mail import own_lines
from projectdesk.domain.rules.reply_words import alternatives, month_number, reply_words

_DONE: Final = re.compile(
    r"^(?:it is |this is |is |ist |das ist |wurde )?"
    rf"(?:{alternatives(*reply_words('done'))}|"
    r"\N{CHECK MARK}|\N{HEAVY CHECK MARK})(?:\s*[.!,;:–-]\s*(?P<rest>.*)|\s*)$",
    re.IGNORECASE,
)
_NOT_YET: Final = re.compile(
    rf"\b(?:{alternatives(*reply_words('not_yet'))}|kein\w*)\b", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r"^(?:(?P<project>[\w.-]{2,40})[ -])?A(?P<number>\d{1,5})\b\s*[:=.)–-]?\s*(?P<rest>.*)$"
)
_POSTPONES: Final = (
    r"(?:(?:please )?(?:postponed?|moved?|delayed|extended?|new date|verschoben|neuer termin|bis|"
    r"until|till|by|to|auf|zum)\s*(?:to|until|till|auf|bis|on|am|the|den)?\s*[:=]?\s*|"
    rf"(?:{alternatives(*reply_words('postponed'))})\s*[:=]?\s*)?"
)
_ISO: Final = r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
_DOTS: Final = r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})?"
_NAMED: Final = (
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?(?P<name>[^\W\d_]{3,14})\.?"
    r"(?:,?\s+(?:de\s+)?(?P<y>\d{4}))?"
)
_FIRST: Final = r"(?P<name>[^\W\d_]{3,9})\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{4}))?"
_DATES: Final = tuple(
    re.compile(rf"^{_POSTPONES}{form}\s*(?:[.!,;:–-]\s*(?P<rest>.*)|\s*)$", re.IGNORECASE)
    for form in (_ISO, _DOTS, _NAMED, _FIRST)
)
_NOISE: Final = re.compile(
    r"^(?:hi|hello|hallo|dear|liebe[rs]?|guten (?:tag|morgen)|thanks?|thank you|danke|vielen dank|"
    r"best(?: regards)?|kind regards|regards|cheers|gr[uü](?:ß|ss)e?n?|viele grüße|mfg|beste grüße)"
    r"\b.{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """What is said of one action. at: its place among those asked of. due_on: of a postponement."""

    at: int
    kind: ActionNoteKind
    text: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class ActionReply:
    """What a mail says. unclear: what was not read, in words."""

    said: tuple[Said, ...]
    unclear: tuple[str, ...] = ()


def read_action_reply(text: str, asked: Sequence[tuple[str, int]], today: date) -> ActionReply:
    """Return what an answering mail says.

    Args:
        text: the mail as plain text, with what it quotes.
        asked: the actions that our mail asked of: project and number of each.
        today: when it came, to complete a day without a year.
    """
    said: dict[int, Said] = {}
    unclear: list[str] = []
    current: int | None = 0 if len(asked) == 1 else None
    known = {project.casefold() for project, _ in asked}
    for line in own_lines(text):
        words = line.strip()
        named = _LABEL.match(words)
        if named is not None and (named["project"] or "").casefold() in {"", *known}:
            found = _named(named["project"], int(named["number"]), asked)
            current = found[0] if len(found) == 1 else None
            if current is None:
                why = "is one of several projects" if found else "is none of those in the mail"
                unclear.append(f"A{named['number']} {why}")
                continue
            words = named["rest"].strip()
        if not words or _NOISE.match(words):
            continue
        if current is None:
            unclear.append(f"no action is named: “{words[:60]}”")
            continue
        _add(said, current, _read(current, words, today))
    return ActionReply(tuple(said.values()), tuple(dict.fromkeys(unclear)))


def _named(project: str | None, number: int, asked: Sequence[tuple[str, int]]) -> list[int]:
    return [
        at
        for at, (acronym, each) in enumerate(asked)
        if each == number and (not project or project.casefold() == acronym.casefold())
    ]


def _read(at: int, words: str, today: date) -> Said:
    done = _DONE.match(words)
    if done is not None and not _NOT_YET.search(words):
        return Said(at, ActionNoteKind.DONE, (done["rest"] or "").strip())
    for pattern in _DATES:
        found = pattern.match(words)
        day = _day(found.groupdict(), today) if found is not None else None
        if found is not None and day is not None:
            return Said(at, ActionNoteKind.POSTPONED, (found["rest"] or "").strip(), day)
    return Said(at, ActionNoteKind.COMMENT, words)


def _add(said: dict[int, Said], at: int, new: Said) -> None:
    """Join what several lines say of one action: a comment goes along with what is decided."""
    before = said.get(at)
    if before is None:
        said[at] = new
        return
    text = "\n".join(part for part in (before.text, new.text) if part)
    decisive = before if new.kind is ActionNoteKind.COMMENT else new
    said[at] = replace(decisive, text=text)


def _day(parts: dict[str, str | None], today: date) -> date | None:
    name = parts.get("name")
    month = month_number(name) if name else int(parts.get("m") or 0)
    try:
        year = int(parts.get("y") or 0)
        if year:
            return date(year, month or 0, int(parts["d"] or 0))
        found = date(today.year, month or 0, int(parts["d"] or 0))
        return found if found >= today else found.replace(year=today.year + 1)
    except ValueError:
        return None
