"""Notice of a body's meeting: what its rules require by when, what is late, what follows.

The days are the body's own (terms.md, Rules of a body). They are calendar days where the meeting
is: what was sent at 23:30 UTC counts in Seoul for the next day. The day that is named still counts:
a notice of 14 days for the 20th may go out on the 6th.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

NEAR_DAYS: Final = 7
"""A date so many days ahead is near."""


class NoticeRule(StrEnum):
    """What is required before a meeting: its notice, its agenda, and the end of adding to it."""

    INVITATION = "invitation"
    AGENDA = "agenda"
    ITEMS = "items"


class NoticeState(StrEnum):
    """Where one rule stands.

    AHEAD: there is time. NEAR: there is time, but not much. KEPT: done in time. LATE: done, but too
    late. MISSED: not done, and its date is past. CLOSED: items can no longer be added.
    """

    AHEAD = "ahead"
    NEAR = "near"
    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    CLOSED = "closed"


class NoticeLight(StrEnum):
    """The traffic light of a meeting. NONE: no rule holds for it."""

    NONE = "none"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class ItemStanding(StrEnum):
    """How an item stands to the agenda that was sent.

    ORIGINAL: on it. ADDED: later, but in time. TOO_LATE: after the last day of adding.
    """

    ORIGINAL = "original"
    ADDED = "added"
    TOO_LATE = "too_late"


class NoticeEffect(StrEnum):
    """What follows from a lateness."""

    NOT_CONVENED = "not_convened"
    AGENDA_LATE = "agenda_late"
    DECISION_NEEDS_ALL = "decision_needs_all"
    ITEM_NEEDS_ALL = "item_needs_all"
    VETO_AFTER_DRAFT = "veto_after_draft"


class NoticeStep(StrEnum):
    """What can be done next."""

    INVITE_BY = "invite_by"
    SEND_AGENDA_BY = "send_agenda_by"
    SEND_NOW = "send_now"
    CALL_EXTRAORDINARY = "call_extraordinary"
    MOVE = "move"
    ASK_ALL = "ask_all"
    TAKE_LATER = "take_later"
    WRITTEN_PROCEDURE = "written_procedure"


@dataclass(frozen=True)
class NoticeDays:
    """What a body requires, in days before the meeting; veto_days: after the draft minutes."""

    ordinary: int
    extraordinary: int
    agenda: int
    agenda_extraordinary: int
    items: int
    veto_days: int

    def of(self, rule: NoticeRule, *, extraordinary: bool) -> int:
        """Return the days that one rule requires."""
        match rule:
            case NoticeRule.INVITATION:
                return self.extraordinary if extraordinary else self.ordinary
            case NoticeRule.AGENDA:
                return self.agenda_extraordinary if extraordinary else self.agenda
            case NoticeRule.ITEMS:
                return self.items


@dataclass(frozen=True)
class PlannedItem:
    """An agenda item. added_at: when it came onto the agenda, None = from the beginning.

    added_on: that day where the meeting is.
    """

    id: UUID
    title: str
    decision: bool
    added_at: datetime | None = None
    added_on: date | None = None


@dataclass(frozen=True)
class Convening:
    """A meeting as its notice sees it.

    on: its day where it is. today: the day it is there now. extraordinary: called with the shorter
    notice. invited, agenda_sent: the day where the meeting is, None = not yet. agenda_sent_at: the
    instant, to which items are compared.
    """

    on: date
    today: date
    extraordinary: bool
    invited: date | None
    agenda_sent: date | None
    agenda_sent_at: datetime | None


@dataclass(frozen=True)
class Deadline:
    """One rule: its last day, when it was done, and by how many days too late (0 = in time)."""

    rule: NoticeRule
    days: int
    due_on: date
    done_on: date | None
    state: NoticeState
    days_late: int


@dataclass(frozen=True)
class AddedItem:
    """An item that came onto the agenda after it was sent."""

    id: UUID
    title: str
    decision: bool
    added_on: date
    standing: ItemStanding


@dataclass(frozen=True)
class Notice:
    """All of it. earliest_on: the first day on which what is open could still be done in time."""

    light: NoticeLight
    deadlines: tuple[Deadline, ...]
    added: tuple[AddedItem, ...]
    effects: tuple[NoticeEffect, ...]
    steps: tuple[NoticeStep, ...]
    earliest_on: date

    def deadline(self, rule: NoticeRule) -> Deadline:
        """Return what stands of one rule."""
        return next(each for each in self.deadlines if each.rule is rule)


_RED: Final = frozenset({NoticeState.LATE, NoticeState.MISSED})


def light_of(state: NoticeState) -> NoticeLight:
    """Return the light of one rule."""
    if state in _RED:
        return NoticeLight.RED
    return NoticeLight.AMBER if state is NoticeState.NEAR else NoticeLight.GREEN


def notice(days: NoticeDays, meeting: Convening, items: Iterable[PlannedItem] = ()) -> Notice:
    """Return where the notice of a meeting stands.

    Args:
        days: what the body requires.
        meeting: when it is, and what was done when.
        items: its agenda.
    """
    invitation = _obligation(NoticeRule.INVITATION, days, meeting, meeting.invited)
    agenda = _obligation(NoticeRule.AGENDA, days, meeting, meeting.agenda_sent)
    adding = _adding(days, meeting)
    added = _added(meeting, adding.due_on, items)
    return Notice(
        light=_worst(invitation, agenda, added),
        deadlines=(invitation, agenda, adding),
        added=added,
        effects=_effects(invitation, agenda, added),
        steps=_steps(days, meeting, invitation, agenda, added),
        earliest_on=max(
            (each.done_on or meeting.today) + timedelta(days=each.days)
            for each in (invitation, agenda)
        ),
    )


def _obligation(
    rule: NoticeRule, days: NoticeDays, meeting: Convening, done_on: date | None
) -> Deadline:
    wanted = days.of(rule, extraordinary=meeting.extraordinary)
    due_on = meeting.on - timedelta(days=wanted)
    late = max(0, ((done_on or meeting.today) - due_on).days)
    if done_on is not None:
        state = NoticeState.LATE if late else NoticeState.KEPT
    elif late:
        state = NoticeState.MISSED
    else:
        state = _ahead(due_on, meeting.today)
    return Deadline(rule, wanted, due_on, done_on, state, late)


def _adding(days: NoticeDays, meeting: Convening) -> Deadline:
    wanted = days.of(NoticeRule.ITEMS, extraordinary=meeting.extraordinary)
    due_on = meeting.on - timedelta(days=wanted)
    over = meeting.today > due_on
    state = NoticeState.CLOSED if over else _ahead(due_on, meeting.today)
    return Deadline(NoticeRule.ITEMS, wanted, due_on, None, state, 0)


def _ahead(due_on: date, today: date) -> NoticeState:
    return NoticeState.NEAR if (due_on - today).days <= NEAR_DAYS else NoticeState.AHEAD


def _added(
    meeting: Convening, last_day: date, items: Iterable[PlannedItem]
) -> tuple[AddedItem, ...]:
    """Return the items that are not of the original agenda: that is the one that was sent."""
    sent = meeting.agenda_sent_at
    if sent is None:
        return ()
    found = []
    for item in items:
        day = item.added_on
        if item.added_at is None or day is None or item.added_at <= sent:
            continue
        standing = ItemStanding.ADDED if day <= last_day else ItemStanding.TOO_LATE
        found.append(AddedItem(item.id, item.title, item.decision, day, standing))
    return tuple(found)


def _worst(invitation: Deadline, agenda: Deadline, added: Sequence[AddedItem]) -> NoticeLight:
    lights = {light_of(invitation.state), light_of(agenda.state)}
    too_late = [each for each in added if each.standing is ItemStanding.TOO_LATE]
    if NoticeLight.RED in lights or any(each.decision for each in too_late):
        return NoticeLight.RED
    contested = any(each.decision for each in added)
    return (
        NoticeLight.AMBER
        if NoticeLight.AMBER in lights or too_late or contested
        else NoticeLight.GREEN
    )


def _effects(
    invitation: Deadline, agenda: Deadline, added: Sequence[AddedItem]
) -> tuple[NoticeEffect, ...]:
    too_late = [each for each in added if each.standing is ItemStanding.TOO_LATE]
    found = (
        (NoticeEffect.NOT_CONVENED, invitation.state in _RED),
        (NoticeEffect.AGENDA_LATE, agenda.state in _RED),
        (NoticeEffect.DECISION_NEEDS_ALL, any(each.decision for each in too_late)),
        (NoticeEffect.ITEM_NEEDS_ALL, any(not each.decision for each in too_late)),
        (NoticeEffect.VETO_AFTER_DRAFT, any(each.decision for each in added)),
    )
    return tuple(effect for effect, holds in found if holds)


def _steps(
    days: NoticeDays,
    meeting: Convening,
    invitation: Deadline,
    agenda: Deadline,
    added: Sequence[AddedItem],
) -> tuple[NoticeStep, ...]:
    """Return what can be done, the simplest first; nothing once the meeting's day is over."""
    if meeting.today > meeting.on:
        return ()
    late = [each for each in (invitation, agenda) if each.state in _RED]
    open_ones = [each for each in late if each.done_on is None]
    too_late = any(each.standing is ItemStanding.TOO_LATE and each.decision for each in added)
    found = (
        (NoticeStep.INVITE_BY, _is_open(invitation)),
        (NoticeStep.SEND_AGENDA_BY, _is_open(agenda)),
        (NoticeStep.SEND_NOW, bool(open_ones)),
        (NoticeStep.CALL_EXTRAORDINARY, bool(late) and _would_do(days, meeting)),
        (NoticeStep.MOVE, bool(late)),
        (NoticeStep.ASK_ALL, bool(late) or too_late),
        (NoticeStep.TAKE_LATER, too_late),
        (NoticeStep.WRITTEN_PROCEDURE, too_late),
    )
    return tuple(step for step, holds in found if holds)


def _is_open(deadline: Deadline) -> bool:
    return deadline.state in {NoticeState.AHEAD, NoticeState.NEAR}


def _would_do(days: NoticeDays, meeting: Convening) -> bool:
    """Return whether all would be in time if the meeting were an extraordinary one."""
    if meeting.extraordinary:
        return False
    asked = (
        (days.extraordinary, meeting.invited),
        (days.agenda_extraordinary, meeting.agenda_sent),
    )
    return all(
        (done_on or meeting.today) <= meeting.on - timedelta(days=wanted)
        for wanted, done_on in asked
    )
