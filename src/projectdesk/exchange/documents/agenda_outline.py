"""What an agenda says and in which order: days and sections as headings, sessions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AgendaContent,
    ItemFacts,
    MeetingFacts,
)
from projectdesk.exchange.documents.heads import footer, head, kicker
from projectdesk.exchange.documents.outcomes import with_related
from projectdesk.exchange.documents.outline import (
    Element,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
)
from projectdesk.exchange.documents.words import ENGLISH, Words, clock, place, words

_WEIGHTS = (2, 4, 5, 15, 7, 10)
_MOST_BESIDE = 4
"""Tracks that fit beside one another on a page; more stand below one another."""


def of_agenda(content: AgendaContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of an agenda.

    Args:
        content: the agenda.
        now: UTC instant, printed as when it was made.
        language: of what is not typed by people.
    """
    meeting, say = content.meeting, words(language)
    elements: list[Element] = [Facts(head(meeting, say)), *_days(meeting, content.items, say)]
    noted = [(item, notes) for item in content.items if (notes := _notes(item, say))]
    if noted:
        elements.append(Heading(1, say("notes_on_items")))
        for item, notes in noted:
            elements += [Heading(2, _named(item)), *notes]
    if content.invitees:
        elements += [Heading(1, say("invited")), _invited(content, say)]
    elements += _open_actions(content.open_actions, say)
    return Outline(
        title=meeting.title,
        kicker=kicker(say("agenda"), meeting.project),
        footer=footer(meeting.project, say("agenda"), now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=language,
        logo=meeting.logo,
    )


def _open_actions(actions: Sequence[ActionFacts], words: Words) -> list[Element]:
    """Return the annex of what is still to be done, by owner and day; nothing where all is done."""
    if not actions:
        return []
    title = words("open_action_items")
    grid = Grid(
        title,
        tuple(words(each) for each in ("who", "due", "number", "what", "from_meeting")),
        tuple(
            (
                each.owner or "–",
                words.day(each.due_on) if each.due_on else "–",
                each.label,
                with_related(each.text, each.related),
                each.source or "–",
            )
            for each in sorted(actions, key=_by_owner)
        ),
        (8, 7, 3, 14, 7),
    )
    return [Heading(1, title), grid]


def _by_owner(action: ActionFacts) -> tuple[bool, str, date, str]:
    """Order by owner, then day; what nobody owns, or is due some day, comes last."""
    return (not action.owner, action.owner.casefold(), action.due_on or date.max, action.label)


def _days(meeting: MeetingFacts, items: Sequence[ItemFacts], words: Words) -> list[Element]:
    """Return the agenda: one heading, or one a day with its date and hours."""
    several = len({item.day for item in items}) > 1
    elements: list[Element] = [] if several else [Heading(1, words("agenda"))]
    for day, group in groupby(items, key=lambda item: item.day):
        of_day = tuple(group)
        if several:
            named = words.long_day(_local(meeting, of_day[0]).date())
            elements += [
                Heading(1, words("day_of_agenda", number=day, date=named)),
                Remark(_hours(meeting, of_day, words)),
            ]
        elements += _sections(meeting, of_day, words)
    return elements


def _hours(meeting: MeetingFacts, items: Sequence[ItemFacts], words: Words) -> str:
    begins = min(_local(meeting, item) for item in items)
    ends = max(_end(meeting, item) for item in items)
    return words("span", start=clock(begins), end=clock(ends), place=place(meeting.zone))


def _sections(meeting: MeetingFacts, items: Sequence[ItemFacts], words: Words) -> list[Element]:
    elements: list[Element] = []
    for section, group in groupby(items, key=lambda item: item.section):
        if section:
            elements.append(Heading(2, section))
        for parallel, stretch in groupby(group, key=lambda item: bool(item.track)):
            of_stretch = tuple(stretch)
            tracks = list(dict.fromkeys(item.track for item in of_stretch))
            if parallel and 1 < len(tracks) <= _MOST_BESIDE:
                elements.append(_beside(meeting, of_stretch, tracks, words))
            else:
                elements.append(_below(meeting, of_stretch, words))
    return elements


def _below(meeting: MeetingFacts, items: Iterable[ItemFacts], words: Words) -> Grid:
    """Return items one below another."""
    return Grid(
        words("times_caption", place=place(meeting.zone)),
        (
            words("number"),
            words("start"),
            words("length"),
            words("item"),
            words("for"),
            words("presenter"),
        ),
        tuple(
            (
                item.label,
                clock(_local(meeting, item)),
                words.length(item.planned_minutes),
                f"{item.track}: {item.title}" if item.track else item.title,
                words.named(item.kind),
                item.presenter,
            )
            for item in items
        ),
        _WEIGHTS,
    )


def _beside(
    meeting: MeetingFacts, items: Sequence[ItemFacts], tracks: Sequence[str], words: Words
) -> Grid:
    """Return parallel sessions: a column for each track, a row for each time when one begins."""
    starts = sorted({_local(meeting, item) for item in items})
    rows = []
    for start in starts:
        cells = [clock(start)]
        for track in tracks:
            here = [i for i in items if i.track == track and _local(meeting, i) == start]
            cells.append("; ".join(_session(item, words) for item in here))
        rows.append(tuple(cells))
    return Grid(
        words("parallel_caption", place=place(meeting.zone)),
        (words("start"), *tracks),
        tuple(rows),
        (4, *(39 // len(tracks) for _ in tracks)),
    )


def _session(item: ItemFacts, words: Words) -> str:
    about = ", ".join(part for part in (item.presenter, words.length(item.planned_minutes)) if part)
    return f"{_named(item)} ({about})"


def _notes(item: ItemFacts, words: Words) -> list[Element]:
    """Return what there is to say of an item beside its line."""
    facts = (
        (words("about"), ", ".join(item.related)),
        (words("minutes_to_approve"), item.minutes_of),
        (words("taken_up_from"), item.carried_from),
        (words("documents"), ", ".join(item.documents)),
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


def _invited(content: AgendaContent, words: Words) -> Grid:
    return Grid(
        words("invited"),
        (words("name"), words("partner"), words("country"), words("role"), words("answer")),
        tuple(
            (
                person.name,
                person.partner,
                person.country,
                words.named(person.role),
                words.named(person.answer),
            )
            for person in content.invitees
        ),
        (12, 9, 5, 7, 8),
    )
