"""What a review is in the language of documents: its pack, its question log, its rehearsal's name.

The pack is an outline that PDF, DOCX and Markdown lay out; the log is a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from projectdesk.catalogues import right_to_left
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.heads import footer, kicker, project, said
from projectdesk.exchange.documents.outline import (
    Callout,
    Element,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
)
from projectdesk.exchange.documents.words import ENGLISH, Words, begun, clock, place, words
from projectdesk.exchange.sheets import Sheet
from projectdesk.services.review_rows import (
    LeaderSlot,
    PartnerEffort,
    QuestionRow,
    ReviewPack,
)
from projectdesk.services.rows import MeetingRow

_DUE = ("number", "title", "lead", "due", "state")
_DUE_WEIGHTS = (3, 13, 6, 8, 6, 8, 4)
_SLOT = ("wp", "title", "lead", "presenter", "start", "planned_time", "rehearsed")
_EFFORT = ("number", "partner", "planned_effort", "reported", "deviation")
_RISK = ("number", "risk", "wps", "likelihood", "severity", "state", "mitigation")
_LOG = ("number", "asker", "question", "answer", "who", "state", "wp", "deliverable", "due")


def review_outline(pack: ReviewPack, now: datetime, language: str = ENGLISH) -> Outline:
    """Return the outline of a pack.

    Args:
        pack: what the review is about.
        now: UTC; printed as when it was made.
        language: BCP 47, one that documents are written in.

    Raises:
        DomainError: `unknown_language`.
    """
    say, acronym = words(language), pack.meeting.project
    elements: list[Element] = [
        Facts(_head(pack, say)),
        *_summary(pack, say),
        *_slots(pack, say),
        *_deliverables(pack, say),
        *_milestones(pack, say),
        *_efforts(pack.efforts, say),
        *_risks(pack, say),
        *_questions(pack.questions, say),
    ]
    return Outline(
        title=pack.meeting.title,
        kicker=kicker(say("review_pack"), acronym),
        footer=footer(acronym, say("review_pack"), now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=say.language,
    )


def question_log(questions: Sequence[QuestionRow], language: str = ENGLISH) -> Sheet:
    """Return the questions of a review as a table; the day that one is due is a date.

    Raises:
        DomainError: `unknown_language`.
    """
    say = words(language)
    rows = [
        (
            each.label,
            each.asked_by,
            each.text,
            each.answer,
            each.answered_by,
            begun(say.named(each.state)),
            each.work_package,
            each.deliverable,
            each.due_on,
        )
        for each in questions
    ]
    return Sheet(say("questions"), _all(say, _LOG), rows, right_to_left(language))


def rehearsal_title(meeting: str, language: str = ENGLISH) -> str:
    """Return what the rehearsal of a meeting is called: "Rehearsal: Interim review".

    Raises:
        DomainError: `unknown_language`.
    """
    return words(language)("rehearsal_of", meeting=meeting)


def log_title(meeting: MeetingRow, language: str = ENGLISH) -> str:
    """Return what a question log is called: "SALTMARK Interim review: questions".

    Raises:
        DomainError: `unknown_language`.
    """
    return words(language)("questions_of", meeting=f"{meeting.project} {meeting.title}")


def _head(pack: ReviewPack, say: Words) -> tuple[tuple[str, str], ...]:
    meeting = pack.meeting
    rehearsal = ""
    if pack.rehearsal is not None:
        start = pack.rehearsal.local_start
        rehearsal = f"{say.long_day(start.date())}, {clock(start)}"
    return said(
        (say("project"), project(meeting.project, pack.project_title)),
        (say("grant_agreement"), pack.grant_number),
        (say("date"), say.long_day(meeting.local_start.date())),
        (say("time"), say.span(meeting.starts_at, meeting.duration_minutes, meeting.zone)),
        (say("under_review"), _period(pack, say)),
        (say("rehearsal"), rehearsal),
    )


def _period(pack: ReviewPack, say: Words) -> str:
    period = pack.period
    months = say("project_months", first=period.start_month, last=period.end_month)
    if period.starts_on is not None and period.ends_on is not None:
        days = say("from_to", start=say.day(period.starts_on), end=say.day(period.ends_on))
        months += f" ({days})"
    return f"{period.label}, {months}" if period.number else months


def _summary(pack: ReviewPack, say: Words) -> list[Element]:
    submitted = sum(each.row.submitted_on is not None for each in pack.deliverables)
    late = [each for each in pack.deliverables if each.days_late and not each.row.submitted_on]
    achieved = sum(each.row.achieved_on is not None for each in pack.milestones)
    delivered = say("short_deliverables", done=submitted, of=len(pack.deliverables))
    lines = [
        f"{delivered} {say('short_late', count=len(late))}",
        say("short_milestones", done=achieved, of=len(pack.milestones)),
        say("short_risks", count=len(pack.risks)),
    ]
    without = [slot.label for slot in pack.slots if not slot.items]
    if without:
        lines.append(say("without_slot", labels=", ".join(without)))
    return [Heading(1, say("in_short")), *(Remark(line) for line in lines)]


def _slots(pack: ReviewPack, say: Words) -> list[Element]:
    if not pack.slots:
        return []
    zone = pack.meeting.zone
    rows = tuple(_slot(slot, zone, say) for slot in pack.slots)
    caption = say("slots_caption", place=place(zone))
    grid = Grid(caption, _all(say, _SLOT), rows, (3, 11, 6, 8, 4, 7, 6))
    return [Heading(1, say("slots")), grid]


def _planned(slot: LeaderSlot, say: Words) -> str:
    """Return how long a slot is, and with whom it is shared."""
    if not slot.items:
        return say("no_slot")
    length = say.length(slot.minutes)
    if not slot.shared_with:
        return length
    how = "shared_with" if slot.wholly_shared else "partly_shared_with"
    return say(how, length=length, names=", ".join(slot.shared_with))


def _slot(slot: LeaderSlot, zone: str, say: Words) -> tuple[str, ...]:
    names = (item.presenter or item.presenter_text for item in slot.items)
    starts = [item.starts_at for item in slot.items if item.starts_at is not None]
    rehearsed = slot.rehearsed_minutes
    return (
        slot.label,
        slot.title,
        slot.lead,
        ", ".join(dict.fromkeys(name for name in names if name)),
        clock(to_local(min(starts), zone)) if starts else "",
        _planned(slot, say),
        say.length(rehearsed) if rehearsed is not None else "",
    )


def _deliverables(pack: ReviewPack, say: Words) -> list[Element]:
    rows = tuple(
        (
            each.row.label,
            each.row.title,
            each.row.lead,
            _due(each.row.due_month, each.row.due_on, say),
            say.named(each.row.status),
            _day(each.row.submitted_on, say),
            _late(each.days_late, say),
        )
        for each in pack.deliverables
    )
    headers = _all(say, (*_DUE, "submitted", "late"))
    return _grid(say("deliverables_due"), headers, rows, _DUE_WEIGHTS, say("none_due"))


def _milestones(pack: ReviewPack, say: Words) -> list[Element]:
    rows = tuple(
        (
            each.row.label,
            each.row.title,
            each.row.lead,
            _due(each.row.due_month, each.row.due_on, say),
            say("achieved") if each.row.achieved_on else say("not_achieved"),
            _day(each.row.achieved_on, say),
            _late(each.days_late, say),
        )
        for each in pack.milestones
    )
    headers = _all(say, (*_DUE, "achieved", "late"))
    return _grid(say("milestones_due"), headers, rows, _DUE_WEIGHTS, say("none_due"))


def _efforts(efforts: Sequence[PartnerEffort], say: Words) -> list[Element]:
    rows = [
        (
            "" if each.number is None else str(each.number),
            each.partner,
            say.figure(each.planned),
            "–" if each.reported is None else say.figure(each.reported),
            "–" if each.deviation is None else say.signed(each.deviation),
        )
        for each in efforts
    ]
    if rows:
        planned = sum((each.planned for each in efforts), Decimal(0))
        stated = [each.reported for each in efforts if each.reported is not None]
        reported = sum(stated, Decimal(0))
        rows.append(("", say("total"), say.figure(planned), say.figure(reported), ""))
    title, weights = say("effort_of_period"), (3, 14, 6, 6, 6)
    return _grid(title, _all(say, _EFFORT), tuple(rows), weights, say("no_effort"))


def _risks(pack: ReviewPack, say: Words) -> list[Element]:
    rows = tuple(
        (
            risk.label,
            risk.title,
            risk.work_packages,
            begun(say.named(risk.likelihood)),
            begun(say.named(risk.severity)),
            say.named(risk.status),
            risk.mitigation,
        )
        for risk in pack.risks
    )
    weights = (3, 12, 4, 5, 5, 5, 14)
    return _grid(say("risks"), _all(say, _RISK), rows, weights, say("no_open_risks"))


def _questions(questions: Sequence[QuestionRow], say: Words) -> list[Element]:
    if not questions:
        return []
    elements: list[Element] = [Heading(1, say("questions_and_answers"))]
    for each in questions:
        elements.append(Heading(2, f"{each.label}. {' '.join(each.text.split())}"))
        if about := _joined(each.asked_by, each.work_package, each.deliverable):
            elements.append(Remark(about))
        if each.answer.strip():
            elements.append(Notes(read(each.answer)))
        due = say("due_on", day=say.day(each.due_on)) if each.due_on else ""
        follow = _joined(each.answered_by, due)
        if each.state is QuestionState.FOLLOW_UP:
            elements.append(Callout("action", say("follow_up"), follow or say("nobody_named")))
        elif follow:
            elements.append(Remark(follow))
    return elements


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _grid(
    title: str,
    headers: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    weights: tuple[int, ...],
    nothing: str,
) -> list[Element]:
    if not rows:
        return [Heading(1, title), Remark(nothing)]
    return [Heading(1, title), Grid(title, headers, rows, weights)]


def _all(say: Words, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(say, keys))


def _due(month: int, day: date | None, say: Words) -> str:
    return f"{say.day(day)} (M{month})" if day is not None else f"M{month}"


def _day(day: date | None, say: Words) -> str:
    return say.day(day) if day is not None else ""


def _late(days: int, say: Words) -> str:
    return say.counted("days", days) if days else ""
