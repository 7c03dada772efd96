"""What somebody tells of an action: noted, and its state changed by it, once.

The one place for what comes by link, by mail and from the person at the desktop
(docs/adr/0087). What was told earlier than something already known is noted in its place in time
and changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from projectdesk.domain.consortium import Project
from projectdesk.domain.identity import new_public_id
from projectdesk.domain.minutes import Action, ActionNote, ActionNoteKind, ActionStatus
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.action_follow import following_step
from projectdesk.domain.rules.deliverables import Delivered, step_values
from projectdesk.domain.rules.project_months import last_day
from projectdesk.domain.workplan import Deliverable, DeliverableStatus, WorkPackage
from projectdesk.errors import DomainError
from projectdesk.services.session import Unit
from projectdesk.store import schema

NOTE_LIMIT: Final = 2000
"""Longest note in characters, as a desk takes it."""
LATEST_AHEAD: Final = timedelta(days=5 * 366)
_DECISIVE: Final = (ActionNoteKind.DONE, ActionNoteKind.POSTPONED, ActionNoteKind.REOPENED)


@dataclass(frozen=True)
class Told:
    """What is told. due_on: the new date, of POSTPONED only. person_id: who tells it."""

    kind: ActionNoteKind
    text: str = ""
    due_on: date | None = None
    person_id: UUID | None = None


def tell(unit: Unit, action: Action, told: Told, at: datetime) -> bool:
    """Note what is told, and let the action follow it.

    Args:
        unit: the change.
        action: what it is told of.
        told: what.
        at: when it was told, UTC.

    Returns:
        Whether the action changed. A note is made where it did, or where something is said: what
        is told twice (a form that was sent again) leaves none.

    Raises:
        DomainError: `due_needed`, `due_too_far` (field `due_on`); the text is too long.
    """
    text = validation.prose(told.text, "text", limit=NOTE_LIMIT)
    if told.kind is ActionNoteKind.POSTPONED:
        _check_date(told.due_on, at)
    counts = not _is_overtaken(unit, action, told, at) and _may(action, told)
    if not counts and not text and _says_nothing(action, told):
        return False
    unit.add(
        ActionNote(
            action_id=action.id,
            kind=told.kind,
            text=text,
            due_on=told.due_on if told.kind is ActionNoteKind.POSTPONED else None,
            person_id=told.person_id,
            made_at=at,
        )
    )
    if counts:
        _follow(unit, action, told, at)
    return counts


def follow_edit(action: Action, values: Mapping[str, object]) -> None:
    """Let an action follow an edit of its fields, before they are set.

    A later date keeps the first one; a date that is not later than the first one takes that back.
    Somebody else who does it gets a link of their own: the old one ends.
    """
    if "due_on" in values:
        due_on = values["due_on"]
        move_due(action, due_on if isinstance(due_on, date) else None, set_it=False)
    if "owner_person_id" in values and values["owner_person_id"] != action.owner_person_id:
        new_link(action)


def move_due(action: Action, due_on: date | None, *, set_it: bool = True) -> None:
    """Keep in `first_due_on` when an action was due before it was postponed."""
    if due_on is not None and action.due_on is not None and due_on != action.due_on:
        first = action.first_due_on or action.due_on
        action.first_due_on = first if due_on > first else None
    if set_it:
        action.due_on = due_on


def new_link(action: Action) -> None:
    """End the personal link of an action; who does it now was told nothing yet."""
    if action.desk is None:
        return
    action.desk = new_public_id()
    action.generation += 1
    action.revoked = False
    action.sent_at = action.reminded_at = action.escalated_at = None


def take_step(unit: Unit, deliverable: Deliverable, status: DeliverableStatus, day: date) -> None:
    """Let a deliverable go on to its next step.

    Raises:
        DomainError: `no_such_step`.
    """
    seen = _Seen(deliverable, due_date(unit, deliverable))
    for name, value in step_values(seen, status, day).items():
        setattr(deliverable, name, value)


# --- inside ---------------------------------------------------------------------------------------


def _check_date(due_on: date | None, at: datetime) -> None:
    if due_on is None:
        raise DomainError("due_needed", "To postpone it, say until when.", field="due_on")
    if not at.date() <= due_on <= at.date() + LATEST_AHEAD:
        raise DomainError(
            "due_too_far",
            "An action is postponed to a day from today on, at most five years ahead.",
            field="due_on",
        )


def _is_overtaken(unit: Unit, action: Action, told: Told, at: datetime) -> bool:
    """Return whether something that was told later is known already."""
    if told.kind not in _DECISIVE:
        return False
    note = schema.action_note.c
    last: datetime | None = unit.session.scalar(
        select(func.max(note.made_at)).where(note.action_id == action.id, note.kind.in_(_DECISIVE))
    )
    return last is not None and at < last


def _may(action: Action, told: Told) -> bool:
    """Return whether an action takes it in its state: what was dropped stays so for its owner."""
    match told.kind:
        case ActionNoteKind.DONE:
            return action.status is ActionStatus.OPEN
        case ActionNoteKind.POSTPONED:
            return action.status is ActionStatus.OPEN and told.due_on != action.due_on
        case ActionNoteKind.REOPENED:
            by_hand = told.person_id != action.owner_person_id
            return action.status is ActionStatus.DONE or (
                action.status is ActionStatus.DROPPED and by_hand
            )
        case ActionNoteKind.COMMENT:
            return False


def _says_nothing(action: Action, told: Told) -> bool:
    """Return whether an action is already as it is told to be."""
    match told.kind:
        case ActionNoteKind.DONE:
            return action.status is ActionStatus.DONE
        case ActionNoteKind.POSTPONED:
            return action.due_on == told.due_on
        case ActionNoteKind.REOPENED:
            return action.status is ActionStatus.OPEN
        case ActionNoteKind.COMMENT:
            return True


def _follow(unit: Unit, action: Action, told: Told, at: datetime) -> None:
    match told.kind:
        case ActionNoteKind.DONE:
            action.status, action.done_on = ActionStatus.DONE, at.date()
            step_by_itself(unit, action, at.date())
        case ActionNoteKind.POSTPONED:
            move_due(action, told.due_on)
        case ActionNoteKind.REOPENED:
            action.status, action.done_on = ActionStatus.OPEN, None
        case ActionNoteKind.COMMENT:
            pass


def step_by_itself(unit: Unit, action: Action, day: date) -> None:
    """Let the deliverable of a done action go on where the action says so itself."""
    if action.deliverable_id is None:
        return
    unit.session.flush()
    deliverable = unit.get(Deliverable, action.deliverable_id)
    others = schema.action.c
    count = unit.session.scalar(
        select(func.count()).where(
            others.deliverable_id == deliverable.id,
            others.id != action.id,
            others.status == ActionStatus.OPEN,
        )
    )
    step = following_step(action.text, deliverable.status, count or 0)
    if step is not None and step.by_itself:
        take_step(unit, deliverable, step.status, day)


def due_date(unit: Unit, deliverable: Deliverable) -> date | None:
    """Return when a deliverable is due, None where its project has no start."""
    package = unit.get(WorkPackage, deliverable.work_package_id)
    start = unit.get(Project, package.project_id).start_date
    return None if start is None else last_day(start, deliverable.due_month)


class _Seen(Delivered):
    """A deliverable with the date on which it is due."""

    def __init__(self, deliverable: Deliverable, due_on: date | None) -> None:
        self._deliverable = deliverable
        self._due_on = due_on

    @property
    def status(self) -> DeliverableStatus:
        return self._deliverable.status

    @property
    def due_on(self) -> date | None:
        return self._due_on

    @property
    def draft_on(self) -> date | None:
        return self._deliverable.draft_on

    @property
    def reviewed_on(self) -> date | None:
        return self._deliverable.reviewed_on

    @property
    def expected_on(self) -> date | None:
        return self._deliverable.expected_on

    @property
    def submitted_on(self) -> date | None:
        return self._deliverable.submitted_on

    @property
    def decided_on(self) -> date | None:
        return self._deliverable.decided_on
