"""A document before its format: what `pdf`, `docx` and `markdown` all lay out.

`agenda_outline.of_agenda` and `of_minutes` decide what a document says and in which order, so that
the three formats cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.documents import wording
from projectdesk.exchange.documents.blocks import Block, read
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AttendanceFacts,
    DecisionFacts,
    ItemFacts,
    MeetingFacts,
    MinutesContent,
    PollFacts,
)


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a section of the document, its title stands apart."""

    level: int
    text: str


@dataclass(frozen=True)
class Facts:
    """Label and value, one a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A table with a header row. weights: relative widths of the columns.

    strong: (row, column) of cells in bold, both counted from 0 below the header.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]
    strong: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Notes:
    """What people wrote."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Callout:
    """A decision or an action item, set apart; `note` is the small print (owner, due, state)."""

    kind: Literal["decision", "action"]
    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """A quiet line."""

    text: str


Element = Heading | Facts | Grid | Notes | Callout | Remark


@dataclass(frozen=True)
class Outline:
    """A whole document. kicker: the small line above the title; footer: on every page.

    about: what its `Facts` are facts of, for the header that screen readers say.
    """

    title: str
    kicker: str
    footer: str
    elements: tuple[Element, ...]
    about: str = "Meeting"


def of_minutes(content: MinutesContent, *, now: datetime) -> Outline:
    """Return the outline of minutes; `now` (UTC) is printed as when they were made."""
    meeting = content.meeting
    state = wording.STATE[content.state]
    elements: list[Element] = [Facts((*head(meeting), *_held(content)))]
    elements += _summary(content)
    elements += _attendance(content)
    elements.append(Heading(1, "Minutes"))
    for item in content.items:
        elements += _item(meeting, item)
    loose = [*_polls(content.polls), *_outcomes(content.decisions, content.actions)]
    if loose:
        elements += [Heading(2, "Beside the agenda"), *loose]
    draft = content.state is MinutesState.DRAFT
    return Outline(
        title=meeting.title,
        kicker=f"{'Draft minutes' if draft else 'Minutes'} · {meeting.project}",
        footer=(
            f"{meeting.project} · Minutes, revision {content.revision} ({state.lower()}) · "
            f"made {wording.stamp(now)}"
        ),
        elements=tuple(elements),
    )


def head(meeting: MeetingFacts) -> tuple[tuple[str, str], ...]:
    """Return the facts of a meeting that every document begins with."""
    local = meeting.starts_at.astimezone(zone_of(meeting.zone))
    others = "; ".join(wording.elsewhere(meeting.starts_at, meeting.zone, meeting.zones))
    project = f"{meeting.project} – {meeting.project_title}" if meeting.project_title else ""
    rows = (
        ("Project", project or meeting.project),
        ("Grant agreement", meeting.grant_number),
        ("Date", wording.long_day(local.date())),
        ("Time", wording.span(meeting.starts_at, meeting.duration_minutes, meeting.zone)),
        ("Elsewhere", others),
        ("Place", meeting.place or "Online, by personal link"),
        ("Organiser", meeting.organiser),
    )
    return tuple((label, value) for label, value in rows if value)


def _held(content: MinutesContent) -> tuple[tuple[str, str], ...]:
    rows = [("Minutes", f"Revision {content.revision}, {wording.STATE[content.state].lower()}")]
    if content.opened_at is not None and content.ended_at is not None:
        info = zone_of(content.meeting.zone)
        start, end = content.opened_at.astimezone(info), content.ended_at.astimezone(info)
        minutes = (content.ended_at - content.opened_at).total_seconds() / 60
        rows.append(
            (
                "Held",
                f"{wording.clock(start)} to {wording.clock(end)} "
                f"{wording.place(content.meeting.zone)} time ({wording.length(minutes)})",
            )
        )
    return tuple(rows)


def _summary(content: MinutesContent) -> list[Element]:
    """What was decided and who does what, before anything else: that is what people look for."""
    decisions = [d for item in content.items for d in item.decisions] + list(content.decisions)
    actions = [a for item in content.items for a in item.actions] + list(content.actions)
    elements: list[Element] = [Heading(1, "Decisions")]
    if decisions:
        rows = tuple((decision.label, decision.text) for decision in decisions)
        elements.append(Grid("Decisions", ("No.", "Decision"), rows, (3, 30)))
    else:
        elements.append(Remark("No decisions were recorded."))
    elements.append(Heading(1, "Action items"))
    if actions:
        elements.append(
            Grid(
                "Action items",
                ("No.", "What", "Who", "Due", "State"),
                tuple(
                    (a.label, a.text, a.owner, _due(a) or "–", wording.STATUS[a.status])
                    for a in actions
                ),
                (3, 14, 8, 7, 4),
            )
        )
    else:
        elements.append(Remark("No action items were recorded."))
    return elements


def _attendance(content: MinutesContent) -> list[Element]:
    elements: list[Element] = [Heading(1, "Attendance")]
    if content.partners:
        there = sum(partner.present for partner in content.partners)
        elements += [
            Remark(f"{there} of {len(content.partners)} partners were present."),
            Grid(
                "Attendance by partner",
                ("Partner", "Country", "Present", "Share of the meeting", "People"),
                tuple(
                    (
                        partner.partner,
                        partner.country,
                        "Yes" if partner.present else "No",
                        wording.percent(partner.share) if partner.present else "–",
                        ", ".join(partner.people) or "–",
                    )
                    for partner in content.partners
                ),
                (8, 5, 5, 6, 14),
            ),
        ]
    if not content.attendance:
        return [*elements, Remark("Nobody was recorded as present.")]
    zone = content.meeting.zone
    elements.append(
        Grid(
            f"Attendance by person; times are {wording.place(zone)} time",
            ("Name", "Partner", "From", "To", "Time", "Share"),
            tuple(_person(zone, person) for person in content.attendance),
            (12, 8, 4, 4, 6, 4),
        )
    )
    return elements


def _person(zone: str, person: AttendanceFacts) -> tuple[str, ...]:
    if person.first_in is None or person.last_out is None:
        return (person.name, person.partner, "–", "–", "absent", "–")
    info = zone_of(zone)
    return (
        person.name,
        person.partner,
        wording.clock(person.first_in.astimezone(info)),
        wording.clock(person.last_out.astimezone(info)),
        wording.length(person.minutes),
        wording.percent(person.share),
    )


def _item(meeting: MeetingFacts, item: ItemFacts) -> list[Element]:
    treated = item.actual_seconds > 0
    taken = (
        f"planned {wording.length(item.planned_minutes)}, "
        f"taken {wording.length(item.actual_seconds / 60)}"
        if treated
        else f"planned {wording.length(item.planned_minutes)}, not treated"
    )
    about = " · ".join(part for part in (wording.KIND[item.kind], item.presenter, taken) if part)
    elements: list[Element] = [Heading(2, f"{item.label}. {item.title}"), Remark(about)]
    if item.notes.strip():
        elements.append(Notes(read(item.notes)))
    return [*elements, *_polls(item.polls), *_outcomes(item.decisions, item.actions)]


def _outcomes(
    decisions: tuple[DecisionFacts, ...], actions: tuple[ActionFacts, ...]
) -> list[Element]:
    return [
        *(Callout("decision", f"Decision {d.label}", d.text) for d in decisions),
        *(Callout("action", f"Action {a.label}", a.text, _small_print(a)) for a in actions),
    ]


def _polls(polls: tuple[PollFacts, ...]) -> list[Element]:
    return [
        Remark(
            f"Poll: {poll.question} "
            f"{', '.join(f'{option}: {count}' for option, count in poll.votes)} "
            f"({poll.voted} voted)"
        )
        for poll in polls
    ]


def _due(action: ActionFacts) -> str:
    return wording.day(action.due_on) if action.due_on else ""


def _small_print(action: ActionFacts) -> str:
    due = _due(action)
    parts = (action.owner, f"due {due}" if due else "", wording.STATUS[action.status].lower())
    return " · ".join(part for part in parts if part)
