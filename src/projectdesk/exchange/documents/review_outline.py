"""What a review report says: what was delivered, asked and answered, decided and left to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from projectdesk.domain.preparation import QuestionState
from projectdesk.exchange.documents.content import DeliveredFacts, Outcome, ReviewReportContent
from projectdesk.exchange.documents.heads import footer, head, held, kicker, said
from projectdesk.exchange.documents.outcomes import (
    actions_grid,
    decisions_grid,
    outcome,
    question_elements,
)
from projectdesk.exchange.documents.outline import (
    Element,
    Facts,
    Grid,
    Heading,
    Outline,
    Remark,
)
from projectdesk.exchange.documents.presence import attendance_in_short
from projectdesk.exchange.documents.words import ENGLISH, Words, words


def of_review(content: ReviewReportContent, *, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of a review report; see `of_minutes` for the arguments."""
    meeting, say = content.meeting, words(language)
    facts = said(
        (say("held"), held(meeting, content.opened_at, content.ended_at, say)),
        (say("under_review"), _period(content, say)),
    )
    elements: list[Element] = [Facts((*head(meeting, say), *facts)), *_in_short(content, say)]
    elements += _delivered(say("deliverables"), content.deliverables, say)
    elements += _delivered(say("milestones"), content.milestones, say)
    elements.append(Heading(1, say("questions_and_answers")))
    if not content.questions:
        elements.append(Remark(say("no_questions")))
    for question in content.questions:
        elements += question_elements(question, say)
    elements.append(Heading(1, say("decisions")))
    elements.append(
        decisions_grid(content.decisions, meeting.zone, say)
        if content.decisions
        else Remark(say("no_decisions"))
    )
    elements.append(Heading(1, say("action_items")))
    elements.append(
        actions_grid(content.actions, say) if content.actions else Remark(say("no_actions"))
    )
    if content.risks:
        raised = outcome(Outcome(risks=content.risks), meeting.zone, say)
        elements += [Heading(1, say("risks")), *raised]
    there = attendance_in_short(content.attendance, meeting.zone, say)
    elements += [Heading(1, say("attendance")), *there]
    return Outline(
        title=meeting.title,
        kicker=kicker(say("review_report"), meeting.project),
        footer=footer(meeting.project, say("review_report"), now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=language,
        logo=meeting.logo,
    )


def _period(content: ReviewReportContent, words: Words) -> str:
    first, last = content.months
    months = words("project_months", first=first, last=last)
    if content.days is not None:
        start, end = (words.day(day) for day in content.days)
        months += f" ({words('from_to', start=start, end=end)})"
    return f"{content.period}, {months}" if content.period else months


def _in_short(content: ReviewReportContent, words: Words) -> list[Element]:
    submitted = sum(each.done_on is not None for each in content.deliverables)
    achieved = sum(each.done_on is not None for each in content.milestones)
    pending = sum(each.state is not QuestionState.ANSWERED for each in content.questions)
    lines = (
        words("short_deliverables", done=submitted, of=len(content.deliverables)),
        words("short_milestones", done=achieved, of=len(content.milestones)),
        words("short_questions", count=len(content.questions), pending=pending),
    )
    return [Heading(1, words("in_short")), *(Remark(line) for line in lines)]


def _delivered(title: str, due: Sequence[DeliveredFacts], words: Words) -> list[Element]:
    if not due:
        return [Heading(1, title), Remark(words("none_due"))]
    return [
        Heading(1, title),
        Grid(
            title,
            (
                words("number"),
                words("title"),
                words("lead"),
                words("due"),
                words("state"),
                words("done"),
                words("late"),
            ),
            tuple(_row(each, words) for each in due),
            (3, 10, 7, 9, 8, 9, 4),
        ),
    ]


def _row(each: DeliveredFacts, words: Words) -> tuple[str, ...]:
    due = f"M{each.due_month}"
    if each.due_on is not None:
        due = f"{words.day(each.due_on)} ({due})"
    if each.status is not None:
        state = words.named(each.status)
    else:
        state = words("achieved") if each.done_on is not None else words("not_achieved")
    done = words.day(each.done_on) if each.done_on is not None else "–"
    late = words.counted("days", each.days_late) if each.days_late else "–"
    return (each.label, each.title, each.lead, due, state, done, late)
