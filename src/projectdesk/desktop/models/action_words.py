"""What the register of actions says: lateness, groups, notes, the state of a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.models.words import word
from projectdesk.domain.minutes import ActionNoteKind, ActionStatus
from projectdesk.domain.rules.action_dates import days_late, due_this_week
from projectdesk.services.action_rows import ActionNoteRow, ActionRow

OPEN, LATE, WEEK, MINE, ALL = "open", "late", "week", "mine", "all"
FILTERS: Final = (OPEN, LATE, WEEK, MINE, ALL)
NONE, PERSON, PARTNER, PACKAGE, DELIVERABLE, MEETING, STATE, LATENESS = (
    "", "person", "partner", "package", "deliverable", "meeting", "state", "lateness",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Some actions under one name: how many are open and late. key: "" = without."""

    key: str
    name: str
    open: int
    late: int
    all: int


def filter_choices() -> list[tuple[object, str]]:
    """Return what the register can be narrowed to."""
    return [
        (OPEN, say("Open")),
        (LATE, say("Late")),
        (WEEK, say("This week")),
        (MINE, say("Mine")),
        (ALL, say("All")),
    ]


def group_options() -> Sequence[Option]:
    """Return by what the register can be grouped."""
    return (
        Option(NONE, say("Not grouped")),
        Option(PERSON, say("By person")),
        Option(PARTNER, say("By partner")),
        Option(PACKAGE, say("By work package")),
        Option(DELIVERABLE, say("By deliverable")),
        Option(MEETING, say("By meeting")),
        Option(STATE, say("By status")),
        Option(LATENESS, say("By lateness")),
    )


def late_words(row: ActionRow, today: date) -> str:
    """Return how late an action is, or that it is due soon; "" for anything else."""
    late = days_late(row.status, row.due_on, today)
    if late:
        return say_count(late, "{count} day", "{count} days")
    if row.due_on == today and row.status is ActionStatus.OPEN:
        return say("today")
    return say("this week") if due_this_week(row.status, row.due_on, today) else ""


def summary(rows: Sequence[ActionRow], today: date) -> str:
    """Return how the actions stand, in a line."""
    open_ = [row for row in rows if row.status is ActionStatus.OPEN]
    late = sum(days_late(row.status, row.due_on, today) > 0 for row in open_)
    week = sum(due_this_week(row.status, row.due_on, today) for row in open_)
    nobody = sum(not row.owner for row in open_)
    undated = sum(row.due_on is None for row in open_)
    parts = [say_count(len(open_), "{count} open action", "{count} open actions")]
    parts += [say("{count} late", count=late)] if late else []
    parts += [say("{count} due this week", count=week)] if week else []
    parts += [say("{count} without an owner", count=nobody)] if nobody else []
    parts += [say("{count} without a date", count=undated)] if undated else []
    return formats.joined(parts)


def key_of(row: ActionRow, by: str, today: date) -> tuple[str, str]:
    """Return under which key and name an action stands; ("", "") = under none."""
    match by:
        case "person":
            return (row.owner_person_id.hex if row.owner_person_id else "", row.person)
        case "partner":
            return (row.owner_partner_id.hex if row.owner_partner_id else "", row.partner)
        case "package":
            key = f"{row.project_id.hex}{row.work_package}" if row.work_package else ""
            return (key, row.work_package)
        case "deliverable":
            return (row.deliverable_id.hex if row.deliverable_id else "", row.deliverable)
        case "meeting":
            return (row.meeting_id.hex if row.meeting_id else "", row.meeting)
        case "state":
            return (row.status.value, word(row.status))
        case _:
            return _lateness(row, today)


def groups(rows: Iterable[ActionRow], by: str, today: date) -> list[Group]:
    """Return the groups of some actions, the ones without at the end."""
    rows = list(rows)
    several = len({row.project_id for row in rows}) > 1
    names: dict[str, str] = {}
    counts: dict[str, list[int]] = {}
    for row in rows:
        key, name = key_of(row, by, today)
        if several and key and by in {"package", "deliverable", "meeting"}:
            name = f"{row.project} {name}"
        names.setdefault(key, name if key else _WITHOUT[by]())
        count = counts.setdefault(key, [0, 0, 0])
        count[0] += row.status is ActionStatus.OPEN
        count[1] += days_late(row.status, row.due_on, today) > 0
        count[2] += 1

    if by == LATENESS:
        ordered = sorted(names)
    else:
        ordered = in_order(names, names.__getitem__)
        ordered.sort(key=lambda key: key == "")
    return [Group(key, names[key], *counts[key]) for key in ordered]


def group_words(group: Group) -> str:
    """Return how the actions of a group stand."""
    words = say("{count} open", count=group.open)
    return formats.joined((words, say("{count} late", count=group.late))) if group.late else words


def note_title(note: ActionNoteRow) -> str:
    """Return who told what of an action."""
    name = note.name or say("Somebody")
    match note.kind:
        case ActionNoteKind.DONE:
            return say("{name}: done", name=name)
        case ActionNoteKind.POSTPONED:
            return say("{name}: postponed to {day}", name=name, day=formats.day(note.due_on))
        case ActionNoteKind.REOPENED:
            return say("{name}: open again", name=name)
        case ActionNoteKind.COMMENT:
            return say("{name} comments", name=name)


def link_words(row: ActionRow, moment: Callable[[object], str]) -> str:
    """Return how the personal link of an action stands."""
    if row.owner_person_id is None:
        return say("Nobody does it yet, so there is no link.")
    if row.desk is None:
        return say("No personal link was made yet.")
    if row.revoked:
        return say("The personal link is shut.")
    if row.sent_at is None:
        return say("There is a personal link of {name}; it was not mailed.", name=row.person)
    when = moment(row.sent_at)
    words = say("The personal link was mailed to {name} on {when}.", name=row.person, when=when)
    if row.escalated_at is not None:
        words += " " + say("The partner's lead was told on {when}.", when=moment(row.escalated_at))
    elif row.reminded_at is not None:
        words += " " + say("Reminded on {when}.", when=moment(row.reminded_at))
    return words


def _lateness(row: ActionRow, today: date) -> tuple[str, str]:
    """Return in which band of lateness an action is; keys are in order."""
    late = days_late(row.status, row.due_on, today)
    if row.status is not ActionStatus.OPEN:
        return ("9", say("Closed|actions"))
    if late > 14:
        return ("1", say("Over 14 days late"))
    if late > 7:
        return ("2", say("8 to 14 days late"))
    if late > 0:
        return ("3", say("Up to 7 days late"))
    if due_this_week(row.status, row.due_on, today):
        return ("4", say("Due this week"))
    return ("5", say("Later")) if row.due_on else ("6", say("Undated"))


_WITHOUT: Final[Mapping[str, Callable[[], str]]] = {
    PERSON: lambda: say("Nobody"),
    PARTNER: lambda: say("No partner"),
    PACKAGE: lambda: say("No work package"),
    DELIVERABLE: lambda: say("No deliverable"),
    MEETING: lambda: say("No meeting"),
    STATE: lambda: "",
    LATENESS: lambda: "",
}
