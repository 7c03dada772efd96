"""Read what waits for a coming meeting, and what may be carried over from the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from projectdesk.domain.meetings import ItemKind, LeftOut, MeetingType
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.agenda_template import DraftItem, LastMeeting
from projectdesk.errors import NotFound
from projectdesk.services.agenda_rows import BacklogRow, titled
from projectdesk.services.circles import Circle, circle_conditions, last_held
from projectdesk.services.queries.names import person_name
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

MINUTES = "minutes"
"""Key of the offer to approve the minutes of the last meeting."""
ACTIONS = "actions"
"""Key of the offer to go through the open actions."""


@dataclass(frozen=True)
class CarriedItem:
    """Something that the rule offers. key: of the item, or MINUTES, ACTIONS.

    reason: "not_treated", "skipped", "postponed", "open_actions", "minutes". taken: it is on this
    agenda already.
    """

    key: str
    reason: str
    draft: DraftItem
    taken: bool


@dataclass(frozen=True)
class CarryOver:
    """What the last meeting left. last: None without one.

    unknown: no item was started in its call, so nobody knows what was treated.
    """

    last: LastMeeting | None
    offers: tuple[CarriedItem, ...]
    unknown: bool = False

    @property
    def open(self) -> tuple[CarriedItem, ...]:
        """What is not on the agenda yet."""
        return tuple(offer for offer in self.offers if not offer.taken)


def backlog(
    workspace: Workspace, project_id: UUID | None = None, body_id: UUID | None = None
) -> list[BacklogRow]:
    """Return what waits: of a project or all; with a body, its own items and those of no body."""
    waiting = schema.backlog_item.c
    query = _backlog()
    if project_id is not None:
        query = query.where(waiting.project_id == project_id)
    if body_id is not None:
        query = query.where(waiting.body_id.is_(None) | (waiting.body_id == body_id))
    with workspace.read() as session:
        return [_backlog_row(row) for row in session.execute(query)]


def carry_over(workspace: Workspace, meeting_id: UUID) -> CarryOver:
    """Return what the rule offers for a meeting: what the last of its circle left.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        return carried(session, meeting_id)


def carried(session: Session, meeting_id: UUID) -> CarryOver:
    """Return what the rule offers for a meeting, in a session."""
    meeting = session.execute(
        select(schema.meeting).where(schema.meeting.c.id == meeting_id)
    ).first()
    if meeting is None:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    here = session.execute(
        select(schema.agenda_item).where(schema.agenda_item.c.meeting_id == meeting_id)
    ).all()
    circle = _circle(meeting, here)
    last = last_held(session, circle)
    if last is None:
        return CarryOver(None, ())
    before = session.execute(
        select(schema.agenda_item)
        .where(
            schema.agenda_item.c.meeting_id == last.id,
            schema.agenda_item.c.kind != ItemKind.BREAK,
        )
        .order_by(schema.agenda_item.c.day, schema.agenda_item.c.position, schema.agenda_item.c.id)
    ).all()
    known = any(row.first_started_at is not None or row.actual_seconds for row in before)
    taken = {row.carried_from_id for row in here}
    offers = [*_minutes(last, here), *_actions(session, circle, here)]
    offers += [
        CarriedItem(row.id.hex, reason, _draft(row), row.id in taken)
        for row in before
        if (reason := _why(row, known))
    ]
    return CarryOver(last, tuple(offers), unknown=bool(before) and not known)


def _circle(meeting: Any, items: Sequence[Any]) -> Circle:
    packages = Counter(row.work_package_id for row in items if row.work_package_id is not None)
    of_work = meeting.type is MeetingType.WORK_PACKAGE_CALL and meeting.series_id is None
    subject = packages.most_common(1)[0][0] if of_work and packages else None
    return Circle(
        project_id=meeting.project_id,
        type=meeting.type,
        body_id=meeting.body_id,
        series_id=meeting.series_id,
        work_package_id=subject,
        before=meeting.starts_at,
    )


def _why(row: Any, known: bool) -> str:
    """Return why an item may be carried over, "" if it was treated or nobody knows."""
    if row.left_out is LeftOut.POSTPONED:
        return "postponed"
    if row.left_out is LeftOut.SKIPPED:
        return "skipped"
    started = row.first_started_at is not None or row.actual_seconds > 0
    return "not_treated" if known and not started else ""


def _minutes(last: LastMeeting, here: Sequence[Any]) -> Iterator[CarriedItem]:
    if last.to_approve:
        draft = DraftItem(
            f"Approval of the minutes of {last.title}",
            ItemKind.DECISION,
            5,
            minutes_of_id=last.id,
        )
        taken = any(row.minutes_of_id == last.id for row in here)
        yield CarriedItem(MINUTES, "minutes", draft, taken)


def _actions(session: Session, circle: Circle, here: Sequence[Any]) -> Iterator[CarriedItem]:
    """Yield one item for the open actions of the meetings of this circle, if there are any."""
    action, person = schema.action.c, schema.person.c
    rows = session.execute(
        select(
            action.number,
            action.text,
            action.due_on,
            action.first_due_on,
            person.given_name,
            person.family_name,
        )
        .join_from(schema.action, schema.meeting, schema.meeting.c.id == action.meeting_id)
        .join(schema.person, person.id == action.owner_person_id, isouter=True)
        .where(*circle_conditions(circle), action.status == ActionStatus.OPEN)
        .order_by(action.due_on.is_(None), action.due_on, action.number)
    ).all()
    if not rows:
        return
    lines = []
    for row in rows:
        owner = f", {name}" if (name := person_name(row)) else ""
        due = f": {row.due_on.isoformat()}{_how_late(row, circle)}" if row.due_on else ""
        lines.append(f"- A{row.number} {row.text}{owner}{due}")
    draft = DraftItem(
        "Open actions",
        ItemKind.DISCUSSION,
        max(5, min(30, 2 * len(rows))),
        description="\n".join(lines),
    )
    taken = any(row.title == draft.title for row in here)
    yield CarriedItem(ACTIONS, "open_actions", draft, taken)


def _how_late(row: Any, circle: Circle) -> str:
    """Return what is to be said of an action's date at the meeting: late, postponed before."""
    day = circle.before.date() if circle.before is not None else None
    marks = ["late"] if day is not None and row.due_on < day else []
    if row.first_due_on is not None:
        marks.append(f"first {row.first_due_on.isoformat()}")
    return f" ({', '.join(marks)})" if marks else ""


def _draft(row: Any) -> DraftItem:
    return DraftItem(
        title=row.title,
        kind=row.kind,
        duration_minutes=row.duration_minutes,
        presenter_id=row.presenter_id,
        presenter_text=row.presenter_text,
        description=row.description,
        work_package_id=row.work_package_id,
        deliverable_id=row.deliverable_id,
        milestone_id=row.milestone_id,
        risk_id=row.risk_id,
        minutes_of_id=row.minutes_of_id,
        carried_from_id=row.id,
    )


def _backlog() -> Any:
    waiting, item = schema.backlog_item.c, schema.agenda_item.c
    work, person = schema.work_package.c, schema.person.c
    of_deliverable = aliased(schema.work_package)
    return (
        select(
            schema.backlog_item,
            schema.project.c.acronym,
            schema.body.c.name.label("body_name"),
            person.given_name,
            person.family_name,
            work.number.label("work"),
            of_deliverable.c.number.label("deliverable_work"),
            schema.deliverable.c.number.label("deliverable_number"),
            schema.milestone.c.number.label("milestone_number"),
            schema.risk.c.number.label("risk_number"),
            schema.meeting.c.title.label("before_title"),
            schema.meeting.c.local_start.label("before_start"),
        )
        .join_from(schema.backlog_item, schema.project, schema.project.c.id == waiting.project_id)
        .join(schema.body, schema.body.c.id == waiting.body_id, isouter=True)
        .join(schema.person, person.id == waiting.presenter_id, isouter=True)
        .join(schema.work_package, work.id == waiting.work_package_id, isouter=True)
        .join(schema.deliverable, schema.deliverable.c.id == waiting.deliverable_id, isouter=True)
        .join(
            of_deliverable,
            of_deliverable.c.id == schema.deliverable.c.work_package_id,
            isouter=True,
        )
        .join(schema.milestone, schema.milestone.c.id == waiting.milestone_id, isouter=True)
        .join(schema.risk, schema.risk.c.id == waiting.risk_id, isouter=True)
        .join(schema.agenda_item, item.id == waiting.carried_from_id, isouter=True)
        .join(schema.meeting, schema.meeting.c.id == item.meeting_id, isouter=True)
        .order_by(schema.project.c.acronym, waiting.position, waiting.id)
    )


def _backlog_row(row: Any) -> BacklogRow:
    labels = (
        f"WP{row.work}" if row.work_package_id else "",
        f"D{row.deliverable_work}.{row.deliverable_number}" if row.deliverable_id else "",
        f"MS{row.milestone_number}" if row.milestone_id else "",
        f"R{row.risk_number}" if row.risk_id else "",
    )
    return BacklogRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        body_id=row.body_id,
        body=row.body_name or "",
        position=row.position,
        title=row.title,
        kind=row.kind,
        duration_minutes=row.duration_minutes,
        presenter_id=row.presenter_id,
        presenter=person_name(row),
        presenter_text=row.presenter_text,
        description=row.description,
        work_package_id=row.work_package_id,
        deliverable_id=row.deliverable_id,
        milestone_id=row.milestone_id,
        risk_id=row.risk_id,
        related=tuple(label for label in labels if label),
        carried_from_id=row.carried_from_id,
        carried_from=titled(row.before_title, row.before_start) if row.before_title else "",
        reason=row.reason,
        added_at=row.added_at,
    )
