"""What an agenda says and in which order: days and sections as headings, sessions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents import wording
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.content import AgendaContent, ItemFacts, MeetingFacts
from projectdesk.exchange.documents.outline import (
    Element,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
    head,
)

_HEADERS = ("No.", "Start", "Length", "Item", "For", "Presenter")
_WEIGHTS = (3, 4, 5, 16, 6, 9)
_MOST_BESIDE = 4
"""Tracks that fit beside one another on a page; more stand below one another."""


def of_agenda(content: AgendaContent, *, now: datetime) -> Outline:
    """Return the outline of an agenda; `now` (UTC) is printed as when it was made."""
    meeting = content.meeting
    elements: list[Element] = [Facts(head(meeting)), *_days(meeting, content.items)]
    noted = [(item, notes) for item in content.items if (notes := _notes(item))]
    if noted:
        elements.append(Heading(1, "Notes on the items"))
        for item, notes in noted:
            elements += [Heading(2, _named(item)), *notes]
    if content.invitees:
        elements += [Heading(1, "Invited"), _invited(content)]
    return Outline(
        title=meeting.title,
        kicker=f"Agenda · {meeting.project}",
        footer=f"{meeting.project} · Agenda · made {wording.stamp(now)}",
        elements=tuple(elements),
    )


def _days(meeting: MeetingFacts, items: Sequence[ItemFacts]) -> list[Element]:
    """Return the agenda: one heading, or one a day with its date and hours."""
    several = len({item.day for item in items}) > 1
    elements: list[Element] = [] if several else [Heading(1, "Agenda")]
    for day, group in groupby(items, key=lambda item: item.day):
        of_day = tuple(group)
        if several:
            elements += [
                Heading(1, f"Day {day}: {wording.long_day(_local(meeting, of_day[0]).date())}"),
                Remark(_hours(meeting, of_day)),
            ]
        elements += _sections(meeting, of_day)
    return elements


def _hours(meeting: MeetingFacts, items: Sequence[ItemFacts]) -> str:
    begins = min(_local(meeting, item) for item in items)
    ends = max(_end(meeting, item) for item in items)
    return f"{wording.clock(begins)} to {wording.clock(ends)}, {wording.place(meeting.zone)} time"


def _sections(meeting: MeetingFacts, items: Sequence[ItemFacts]) -> list[Element]:
    elements: list[Element] = []
    for section, group in groupby(items, key=lambda item: item.section):
        if section:
            elements.append(Heading(2, section))
        for parallel, stretch in groupby(group, key=lambda item: bool(item.track)):
            of_stretch = tuple(stretch)
            tracks = list(dict.fromkeys(item.track for item in of_stretch))
            if parallel and 1 < len(tracks) <= _MOST_BESIDE:
                elements.append(_beside(meeting, of_stretch, tracks))
            else:
                elements.append(_below(meeting, of_stretch, section))
    return elements


def _below(meeting: MeetingFacts, items: Iterable[ItemFacts], section: str) -> Grid:
    """Return items one below another."""
    zone = f"times are {wording.place(meeting.zone)} time"
    return Grid(
        f"{section or 'Agenda'}; {zone}",
        _HEADERS,
        tuple(
            (
                item.label,
                wording.clock(_local(meeting, item)),
                wording.length(item.planned_minutes),
                f"{item.track}: {item.title}" if item.track else item.title,
                wording.KIND[item.kind],
                item.presenter,
            )
            for item in items
        ),
        _WEIGHTS,
    )


def _beside(meeting: MeetingFacts, items: Sequence[ItemFacts], tracks: Sequence[str]) -> Grid:
    """Return parallel sessions: a column for each track, a row for each time when one begins."""
    starts = sorted({_local(meeting, item) for item in items})
    rows = []
    for start in starts:
        cells = [wording.clock(start)]
        for track in tracks:
            here = [i for i in items if i.track == track and _local(meeting, i) == start]
            cells.append("; ".join(_session(item) for item in here))
        rows.append(tuple(cells))
    return Grid(
        f"Parallel sessions; times are {wording.place(meeting.zone)} time",
        ("Start", *tracks),
        tuple(rows),
        (4, *(39 // len(tracks) for _ in tracks)),
    )


def _session(item: ItemFacts) -> str:
    about = ", ".join(
        part for part in (item.presenter, wording.length(item.planned_minutes)) if part
    )
    return f"{_named(item)} ({about})"


def _notes(item: ItemFacts) -> list[Element]:
    """Return what there is to say of an item beside its line."""
    facts = (
        ("About", ", ".join(item.related)),
        ("Minutes to approve", item.minutes_of),
        ("Taken up again from", item.carried_from),
        ("Documents", ", ".join(item.documents)),
    )
    told = [f"{name}: {value}." for name, value in facts if value]
    elements: list[Element] = []
    if item.description.strip():
        elements.append(Notes(read(item.description)))
    worth_it = elements or item.documents or item.minutes_of or item.carried_from
    if told and worth_it:
        elements.append(Remark(" ".join(told)))
    return elements


def _named(item: ItemFacts) -> str:
    return f"{item.label}. {item.title}" if item.kind is not ItemKind.BREAK else item.title


def _local(meeting: MeetingFacts, item: ItemFacts) -> datetime:
    starts = meeting.starts_at + timedelta(minutes=item.starts_after_minutes)
    return starts.astimezone(zone_of(meeting.zone)).replace(tzinfo=None)


def _end(meeting: MeetingFacts, item: ItemFacts) -> datetime:
    after = item.starts_after_minutes + item.planned_minutes
    ends = meeting.starts_at + timedelta(minutes=after)
    return ends.astimezone(zone_of(meeting.zone)).replace(tzinfo=None)


def _invited(content: AgendaContent) -> Grid:
    return Grid(
        "Invited people",
        ("Name", "Partner", "Country", "Role", "Answer"),
        tuple(
            (
                person.name,
                person.partner,
                person.country,
                wording.ROLE[person.role],
                wording.ANSWER[person.answer],
            )
            for person in content.invitees
        ),
        (12, 9, 5, 7, 8),
    )
