"""What documents of meetings and registers begin with, and the line at their foot."""

from __future__ import annotations

from datetime import datetime

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents.content import MeetingFacts, Scope
from projectdesk.exchange.documents.words import Words, clock, place

Rows = tuple[tuple[str, str], ...]


def head(meeting: MeetingFacts, words: Words) -> Rows:
    """Return the facts of a meeting that every document begins with."""
    local = meeting.starts_at.astimezone(zone_of(meeting.zone))
    others = "; ".join(words.elsewhere(meeting.starts_at, meeting.zone, meeting.zones))
    return said(
        (words("project"), project(meeting.project, meeting.project_title)),
        (words("grant_agreement"), meeting.grant_number),
        (words("body"), meeting.body),
        (words("date"), words.long_day(local.date())),
        (words("time"), words.span(meeting.starts_at, meeting.duration_minutes, meeting.zone)),
        (words("elsewhere"), others),
        (words("place"), meeting.place or words("online")),
        (words("organiser"), meeting.organiser),
        (words("chair"), meeting.chair),
    )


def held(
    meeting: MeetingFacts, since: datetime | None, until: datetime | None, words: Words
) -> str:
    """Return when a meeting was really held, "" while it was not."""
    if since is None or until is None:
        return ""
    info = zone_of(meeting.zone)
    minutes = (until - since).total_seconds() / 60
    return words(
        "held_from_to",
        start=clock(since.astimezone(info)),
        end=clock(until.astimezone(info)),
        place=place(meeting.zone),
        length=words.length(minutes),
    )


def register_head(scope: Scope, words: Words) -> Rows:
    """Return the facts of a register: of what it is."""
    period = ""
    if scope.since is not None and scope.until is not None:
        period = words("from_to", start=words.day(scope.since), end=words.day(scope.until))
    elif scope.since is not None:
        period = words("since", day=words.day(scope.since))
    elif scope.until is not None:
        period = words("until", day=words.day(scope.until))
    return said(
        (words("project"), project(scope.project, scope.project_title)),
        (words("grant_agreement"), scope.grant_number),
        (words("meeting"), scope.meeting),
        (words("period"), period),
    )


def project(acronym: str, title: str) -> str:
    """Return "TIDEWATCH – Coastal flood early warning"."""
    return f"{acronym} – {title}" if title else acronym


def said(*rows: tuple[str, str]) -> Rows:
    """Return the rows that say something."""
    return tuple((label, value) for label, value in rows if value)


def kicker(document: str, acronym: str) -> str:
    """Return the line above a title: "Minutes · TIDEWATCH"."""
    return f"{document} · {acronym}"


def footer(acronym: str, document: str, now: datetime, words: Words) -> str:
    """Return the line at the foot of every page."""
    return f"{acronym} · {document} · {words('made', stamp=words.stamp(now))}"
