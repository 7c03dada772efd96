"""Documents that are tables, as rows for a spreadsheet: dates as ISO 8601, no words in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents.content import (
    ActionsContent,
    AttendanceContent,
    AttendanceFacts,
    DecisionsContent,
)
from projectdesk.exchange.documents.outcomes import vote_result
from projectdesk.exchange.documents.register_outline import binding_word, is_late
from projectdesk.exchange.documents.words import Words, words


@dataclass(frozen=True)
class Sheet:
    """A table: its header and rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_attendance(content: AttendanceContent, language: str) -> Sheet:
    """Return who was there: a row a person; before the meeting who is invited."""
    say = words(language)
    if not content.held:
        invited = tuple(
            (each.name, each.partner, each.country, say.named(each.role), say.named(each.answer))
            for each in content.invitees
        )
        return Sheet(_header(say, "name", "partner", "country", "role", "answer"), invited)
    keys = ("name", "partner", "presence", "from", "to", "minutes_length", "share", "note")
    zone = content.meeting.zone
    rows = tuple(_person(person, zone, say) for person in content.attendance.people)
    return Sheet(_header(say, *keys), rows)


def of_decisions(content: DecisionsContent, language: str) -> Sheet:
    """Return a decision register: a row a decision."""
    say = words(language)
    keys = ("number", "date", "decision", "body", "source", "item", "result", "state")
    more = ("veto_end", "actions", "related")
    rows = tuple(
        (
            each.decision.label,
            each.made_on.isoformat(),
            each.decision.text,
            each.body,
            each.meeting or say.named(each.origin),
            each.item,
            vote_result(each.vote, say) if each.vote is not None else each.decision.rule,
            binding_word(each, say),
            _instant(each.decision.veto_until, each.zone),
            ", ".join(action.label for action in each.actions),
            ", ".join(each.related),
        )
        for each in content.decisions
    )
    return Sheet(_header(say, *keys, *more), rows)


def of_actions(content: ActionsContent, language: str) -> Sheet:
    """Return an action list: a row an action."""
    say = words(language)
    keys = (
        "number",
        "what",
        "who",
        "due",
        "first_due",
        "state",
        "late",
        "done",
        "source",
        "related",
    )
    rows = tuple(
        (
            each.label,
            each.text,
            each.owner,
            _day(each.due_on),
            _day(each.first_due_on),
            say.named(each.status),
            str((content.today - each.due_on).days)
            if each.due_on is not None and is_late(each, content.today)
            else "",
            _day(each.done_on),
            each.source,
            ", ".join(each.related),
        )
        for each in content.actions
    )
    return Sheet(_header(say, *keys), rows)


def _header(say: Words, *keys: str) -> tuple[str, ...]:
    return tuple(say(key) for key in keys)


def _person(person: AttendanceFacts, zone: str, say: Words) -> tuple[str, ...]:
    there = person.first_in is not None
    absent = say("excused") if person.excused else say("absent")
    notes = [say("with_other", name=person.beside)] if person.beside else []
    notes += [say("corrected")] if person.corrected else []
    notes += [person.note] if person.note else []
    return (
        person.name,
        person.partner,
        say("present") if there else absent,
        _instant(person.first_in, zone),
        _instant(person.last_out, zone),
        f"{person.minutes:.0f}" if there else "",
        f"{person.share:.2f}" if there else "",
        "; ".join(notes),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _instant(value: datetime | None, zone: str) -> str:
    if value is None:
        return ""
    return value.astimezone(zone_of(zone)).isoformat(sep=" ", timespec="minutes")
