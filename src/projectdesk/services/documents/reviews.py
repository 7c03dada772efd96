"""What the report of a review says: what was delivered, asked and decided."""

from __future__ import annotations

from uuid import UUID

from projectdesk.domain.rules import held_times
from projectdesk.exchange.documents.content import (
    DeliveredFacts,
    Outcome,
    QuestionFacts,
    ReviewReportContent,
)
from projectdesk.services import queries
from projectdesk.services.documents.attendance import attendance_facts
from projectdesk.services.documents.heads import meeting_facts
from projectdesk.services.documents.outcomes import outcomes_by_item, question_facts
from projectdesk.services.workspace import Workspace


def review_content(
    workspace: Workspace, meeting_id: UUID, language: str, period_number: int | None = None
) -> ReviewReportContent:
    """Return what the report of a review says.

    Args:
        workspace: the open data.
        meeting_id: the review.
        language: of the logo's words.
        period_number: of the reporting period; None = the one that the review is about.

    Raises:
        NotFound: no such meeting.
    """
    pack = queries.review_pack(workspace, meeting_id, period_number)
    meeting, period = pack.meeting, pack.period
    made = outcomes_by_item(workspace, meeting_id, meeting.project_id, ()).get(None, Outcome())
    days = None
    if period.starts_on is not None and period.ends_on is not None:
        days = (period.starts_on, period.ends_on)
    return ReviewReportContent(
        meeting=meeting_facts(workspace, meeting, language),
        period=period.label if period.number else "",
        months=(period.start_month, period.end_month),
        days=days,
        opened_at=held_times.began(meeting),
        ended_at=held_times.ended(meeting),
        attendance=attendance_facts(workspace, meeting_id),
        deliverables=tuple(
            DeliveredFacts(
                label=each.row.label,
                title=each.row.title,
                lead=each.row.lead,
                due_month=each.row.due_month,
                due_on=each.row.due_on,
                status=each.row.status,
                done_on=each.row.submitted_on,
                days_late=each.days_late,
            )
            for each in pack.deliverables
        ),
        milestones=tuple(
            DeliveredFacts(
                label=each.row.label,
                title=each.row.title,
                lead=each.row.lead,
                due_month=each.row.due_month,
                due_on=each.row.due_on,
                status=None,
                done_on=each.row.achieved_on,
                days_late=each.days_late,
            )
            for each in pack.milestones
        ),
        questions=_questions(workspace, meeting_id),
        decisions=made.decisions,
        actions=made.actions,
        risks=made.risks,
    )


def _questions(workspace: Workspace, meeting_id: UUID) -> tuple[QuestionFacts, ...]:
    rows = queries.review_questions(workspace, meeting_id=meeting_id)
    return tuple(question_facts(row) for row in rows)
