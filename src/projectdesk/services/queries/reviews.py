"""What a review meeting is about: the period's deliverables, milestones, effort, risks, slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules.project_months import first_day, last_day, month_of
from projectdesk.domain.rules.reviewing import Period, days_late, reviewed_period
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.workplan import RiskGrade, RiskStatus
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.plan_rows import RiskRow
from projectdesk.services.queries.agendas import agenda
from projectdesk.services.queries.consortium import project
from projectdesk.services.queries.meetings import meeting, meetings
from projectdesk.services.queries.names import person_name
from projectdesk.services.queries.plan import risks
from projectdesk.services.queries.reporting import effort_statements, reporting_periods
from projectdesk.services.queries.workplan import deliverables, milestones, work_packages
from projectdesk.services.review_rows import (
    LeaderSlot,
    PartnerEffort,
    QuestionRow,
    ReviewedDeliverable,
    ReviewedMilestone,
    ReviewedPeriod,
    ReviewPack,
)
from projectdesk.services.rows import MeetingRow, ProjectRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_GRADES: Final = {RiskGrade.HIGH: 0, RiskGrade.MEDIUM: 1, RiskGrade.LOW: 2}


def review_pack(
    workspace: Workspace, meeting_id: UUID, period_number: int | None = None
) -> ReviewPack:
    """Return what a review meeting is about.

    Args:
        workspace: the open data.
        meeting_id: the review.
        period_number: number of the reporting period; None = the one that the review is about.

    Raises:
        NotFound: no such meeting.
    """
    row = meeting(workspace, meeting_id)
    owner = project(workspace, row.project_id)
    periods = _periods(workspace, row, owner)
    chosen = _chosen(periods, row, owner, period_number)
    today = to_local(workspace.now(), row.zone).date()
    rehearsal = _rehearsal(workspace, row)
    return ReviewPack(
        meeting=row,
        project_title=owner.title,
        grant_number=owner.grant_number,
        period=chosen,
        periods=periods,
        deliverables=tuple(
            ReviewedDeliverable(each, days_late(each.due_on, each.submitted_on, today))
            for each in deliverables(workspace, row.project_id)
            if _within(chosen, each.due_month)
        ),
        milestones=tuple(
            ReviewedMilestone(each, days_late(each.due_on, each.achieved_on, today))
            for each in milestones(workspace, row.project_id)
            if _within(chosen, each.due_month)
        ),
        efforts=_efforts(workspace, chosen),
        risks=_open_risks(workspace, row.project_id),
        slots=_slots(workspace, row, chosen, rehearsal),
        questions=tuple(review_questions(workspace, meeting_id=meeting_id)),
        rehearsal=rehearsal,
    )


def review_questions(
    workspace: Workspace, project_id: UUID | None = None, *, meeting_id: UUID | None = None
) -> list[QuestionRow]:
    """Return the questions of one review, of a project's, or of all, in the order they were asked.

    Args:
        workspace: the open data.
        project_id: None = of any.
        meeting_id: None = of any.
    """
    question, planned, person = schema.review_question, schema.meeting.c, schema.person
    query = (
        select(
            question,
            planned.title.label("meeting"),
            planned.project_id,
            schema.project.c.acronym,
            person.c.given_name,
            person.c.family_name,
            schema.work_package.c.number.label("wp"),
            schema.deliverable.c.number.label("deliverable_number"),
            _OF_DELIVERABLE.c.number.label("deliverable_wp"),
        )
        .join_from(question, schema.meeting)
        .join(schema.project, schema.project.c.id == planned.project_id)
        .outerjoin(person, person.c.id == question.c.answered_by_id)
        .outerjoin(schema.work_package, schema.work_package.c.id == question.c.work_package_id)
        .outerjoin(schema.deliverable, schema.deliverable.c.id == question.c.deliverable_id)
        .outerjoin(_OF_DELIVERABLE, _OF_DELIVERABLE.c.id == schema.deliverable.c.work_package_id)
        .order_by(planned.starts_at, planned.id, question.c.number, question.c.id)
    )
    if project_id is not None:
        query = query.where(planned.project_id == project_id)
    if meeting_id is not None:
        query = query.where(question.c.meeting_id == meeting_id)
    with workspace.read() as session:
        return [_question(row) for row in session.execute(query)]


_OF_DELIVERABLE: Final = schema.work_package.alias("package_of_deliverable")


def _question(row: Any) -> QuestionRow:
    numbered = row.deliverable_number is not None
    return QuestionRow(
        id=row.id,
        version=row.version,
        meeting_id=row.meeting_id,
        meeting=row.meeting,
        project_id=row.project_id,
        project=row.acronym,
        number=row.number,
        label=f"Q{row.number}",
        asked_by=row.asked_by,
        text=row.text,
        answer=row.answer,
        answered_by_id=row.answered_by_id,
        answered_by=person_name(row),
        state=row.state,
        work_package_id=row.work_package_id,
        work_package=f"WP{row.wp}" if row.wp is not None else "",
        deliverable_id=row.deliverable_id,
        deliverable=f"D{row.deliverable_wp}.{row.deliverable_number}" if numbered else "",
        due_on=row.due_on,
    )


# --- the period -----------------------------------------------------------------------------------


def _periods(
    workspace: Workspace, row: MeetingRow, owner: ProjectRow
) -> tuple[ReviewedPeriod, ...]:
    found = reporting_periods(workspace, row.project_id).periods
    made = [
        ReviewedPeriod(
            each.id,
            each.number,
            each.label,
            each.start_month,
            each.end_month,
            each.starts_on,
            each.ends_on,
        )
        for each in found
    ]
    month = _month(row, owner)
    until = reviewed_period([], month, row.type, owner.duration_months)
    days = _days(owner.start_date, until)
    whole = ReviewedPeriod(None, 0, f"M1–M{until.end_month}", 1, until.end_month, *days)
    return (*made, whole)


def _chosen(
    periods: Sequence[ReviewedPeriod], row: MeetingRow, owner: ProjectRow, number: int | None
) -> ReviewedPeriod:
    if number is None:
        spans = [Period(each.number, each.start_month, each.end_month) for each in periods[:-1]]
        month = _month(row, owner)
        number = reviewed_period(spans, month, row.type, owner.duration_months).number
    return next((each for each in periods if each.number == number), periods[-1])


def _month(row: MeetingRow, owner: ProjectRow) -> int:
    if owner.start_date is None:
        return owner.duration_months or 1
    return month_of(owner.start_date, row.local_start.date())


def _days(start: date | None, period: Period) -> tuple[date | None, date | None]:
    if start is None:
        return None, None
    return first_day(start, period.start_month), last_day(start, period.end_month)


def _within(period: ReviewedPeriod, month: int) -> bool:
    return period.start_month <= month <= period.end_month


# --- the parts ------------------------------------------------------------------------------------


def _efforts(workspace: Workspace, period: ReviewedPeriod) -> tuple[PartnerEffort, ...]:
    if period.id is None:
        return ()
    return tuple(
        PartnerEffort(row.partner_id, row.partner, row.number, row.planned, row.reported)
        for row in effort_statements(workspace, period.id)
        if row.planned or row.reported
    )


def _open_risks(workspace: Workspace, project_id: UUID) -> tuple[RiskRow, ...]:
    """Return the risks that are open or occurred, the gravest first."""

    def gravity(row: RiskRow) -> tuple[bool, int, int]:
        return (
            row.status is not RiskStatus.OCCURRED,
            _GRADES[row.severity] + _GRADES[row.likelihood],
            row.number,
        )

    found = [row for row in risks(workspace, project_id) if row.status is not RiskStatus.CLOSED]
    return tuple(sorted(found, key=gravity))


def _rehearsal(workspace: Workspace, row: MeetingRow) -> MeetingRow | None:
    """Return the newest rehearsal that was not cancelled."""
    found = [
        each
        for each in meetings(workspace, row.project_id)
        if each.rehearsal_of_id == row.id and each.state is not MeetingState.CANCELLED
    ]
    return found[-1] if found else None


def _slots(
    workspace: Workspace, row: MeetingRow, period: ReviewedPeriod, rehearsal: MeetingRow | None
) -> tuple[LeaderSlot, ...]:
    items = agenda(workspace, row.id)
    rehearsed = agenda(workspace, rehearsal.id) if rehearsal is not None else []
    slots = []
    for package in work_packages(workspace, row.project_id):
        own = tuple(item for item in items if _about(item, package.id, package.label))
        runs = package.start_month <= period.end_month and period.start_month <= package.end_month
        if not (own or runs):
            continue
        taken = [item.actual_seconds for item in rehearsed if item.work_package_id == package.id]
        slots.append(
            LeaderSlot(
                work_package_id=package.id,
                label=package.label,
                title=package.title,
                lead=package.lead,
                items=own,
                rehearsed_minutes=sum(taken) / 60 if any(taken) else None,
            )
        )
    return tuple(_shared(slot, slots) for slot in slots)


def _shared(slot: LeaderSlot, slots: Sequence[LeaderSlot]) -> LeaderSlot:
    """Return a slot with the work packages that its items are about too."""
    others = {
        each.label: {item.id for item in each.items}
        for each in slots
        if each.work_package_id != slot.work_package_id
    }
    own = {item.id for item in slot.items}
    return replace(
        slot,
        shared_with=tuple(label for label, items in others.items() if items & own),
        wholly_shared=bool(own) and own <= set().union(*others.values()),
    )


def _about(item: AgendaItemRow, package: UUID, label: str) -> bool:
    """Return whether an item presents a work package: by its reference, or by its title."""
    if item.work_package_id is not None and item.work_package_id == package:
        return True
    return not item.is_break and label in item.title.replace(",", " ").replace(":", " ").split()
