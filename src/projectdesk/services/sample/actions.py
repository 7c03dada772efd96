"""What was told of the sample's actions: by whom, when, and which dates were postponed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select

from projectdesk.domain.minutes import Action, ActionNote, ActionNoteKind
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit
from projectdesk.store import schema

_KIND = ActionNoteKind


@dataclass(frozen=True)
class _Told:
    """What the owner of an action told. due_on: the new date; first: the one before it."""

    number: int
    at: datetime
    kind: ActionNoteKind
    text: str = ""
    due_on: date | None = None
    first: date | None = None


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


_NOTES: Final = (
    _Told(1, _at(7, 30, 13, 5), _KIND.DONE, "All 40 years are scanned; four pages of 1967 miss."),
    _Told(6, _at(7, 14, 8, 40), _KIND.DONE, "It held 30 days. The report is in the folder of WP3."),
    _Told(8, _at(8, 11, 15, 22), _KIND.COMMENT, "Chapters 1 to 4 are there, 5 follows on Friday."),
    _Told(8, _at(8, 14, 16, 2), _KIND.DONE),
    _Told(9, _at(7, 8, 9, 12), _KIND.COMMENT,
          "The first supplier lowered the price, so there is no need any more."),
    _Told(10, _at(11, 19, 17, 31), _KIND.COMMENT,
          "38 of 51 sources are named. The port of Gdynia has not answered; I call on Monday."),
    _Told(11, _at(11, 10, 7, 55), _KIND.POSTPONED,
          "The battery comes a fortnight late.", date(2026, 11, 27), date(2026, 11, 13)),
    _Told(12, _at(10, 16, 11, 45), _KIND.DONE, "Chapter 3 of the plan."),
    _Told(14, _at(10, 29, 10, 14), _KIND.POSTPONED,
          "The Project Officer names the experts first.", date(2026, 11, 13), date(2026, 10, 30)),
    _Told(14, _at(11, 16, 9, 3), _KIND.COMMENT,
          "Both experts are known now. I propose three dates this week."),
)  # fmt: skip


def make_action_notes(unit: Unit, cast: Cast) -> None:
    """Add what owners told of their actions.

    Args:
        unit: the change.
        cast: who and what the sample is about.
    """
    unit.session.flush()
    query = select(Action).where(schema.action.c.project_id == cast.project.id)
    actions = {action.number: action for action in unit.session.scalars(query)}
    for told in _NOTES:
        action = actions[told.number]
        unit.add(
            ActionNote(
                action_id=action.id,
                kind=told.kind,
                text=told.text,
                due_on=told.due_on,
                person_id=action.owner_person_id,
                made_at=told.at,
            )
        )
        if told.first is not None:
            action.first_due_on = told.first
