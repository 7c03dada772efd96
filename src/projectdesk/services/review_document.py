"""The pack of a review as a document: an outline that PDF, DOCX and Markdown lay out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.exchange.documents import wording
from projectdesk.exchange.documents.blocks import read
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
from projectdesk.services.review_rows import (
    LeaderSlot,
    PartnerEffort,
    QuestionRow,
    ReviewPack,
)

_DUE = ("No.", "Title", "Lead", "Due", "State", "Done", "Late")
_DUE_WEIGHTS = (3, 13, 6, 8, 6, 8, 4)


def review_outline(pack: ReviewPack, now: datetime) -> Outline:
    """Return the outline of a pack; `now` (UTC) is printed as when it was made."""
    meeting = pack.meeting
    elements: list[Element] = [
        Facts(_head(pack)),
        *_summary(pack),
        *_slots(pack),
        *_deliverables(pack),
        *_milestones(pack),
        *_efforts(pack.efforts),
        *_risks(pack),
        *_questions(pack.questions),
    ]
    return Outline(
        title=meeting.title,
        kicker=f"Review pack · {meeting.project}",
        footer=f"{meeting.project} · Review pack · made {wording.stamp(now)}",
        elements=tuple(elements),
    )


def _head(pack: ReviewPack) -> tuple[tuple[str, str], ...]:
    meeting, period = pack.meeting, pack.period
    months = f"M{period.start_month} to M{period.end_month}"
    days = ""
    if period.starts_on is not None and period.ends_on is not None:
        days = f" ({wording.day(period.starts_on)} to {wording.day(period.ends_on)})"
    rehearsal = ""
    if pack.rehearsal is not None:
        start = pack.rehearsal.local_start
        rehearsal = f"{wording.long_day(start.date())}, {wording.clock(start)}"
    rows = (
        ("Project", f"{meeting.project} – {pack.project_title}".rstrip(" –")),
        ("Grant agreement", pack.grant_number),
        ("Date", wording.long_day(meeting.local_start.date())),
        ("Time", wording.span(meeting.starts_at, meeting.duration_minutes, meeting.zone)),
        ("Under review", f"{period.label}, {months}{days}" if period.number else f"{months}{days}"),
        ("Rehearsal", rehearsal),
    )
    return tuple((label, value) for label, value in rows if value)


def _summary(pack: ReviewPack) -> list[Element]:
    submitted = sum(each.row.submitted_on is not None for each in pack.deliverables)
    late = [each for each in pack.deliverables if each.days_late and not each.row.submitted_on]
    achieved = sum(each.row.achieved_on is not None for each in pack.milestones)
    lines = [
        f"{submitted} of {len(pack.deliverables)} deliverables were submitted, "
        f"{len(late)} are late.",
        f"{achieved} of {len(pack.milestones)} milestones were achieved.",
        f"{len(pack.risks)} risks are open.",
    ]
    without = [slot.label for slot in pack.slots if not slot.items]
    if without:
        lines.append(f"Without a slot on the agenda: {', '.join(without)}.")
    return [Heading(1, "In short"), *(Remark(line) for line in lines)]


def _slots(pack: ReviewPack) -> list[Element]:
    if not pack.slots:
        return []
    rows = tuple(_slot(slot, pack.meeting.zone) for slot in pack.slots)
    headers = ("WP", "Title", "Lead", "Presenter", "Starts", "Planned", "Rehearsed")
    place = wording.place(pack.meeting.zone)
    caption = f"Slots of the work packages; times are {place} time"
    grid = Grid(caption, headers, rows, (3, 11, 6, 8, 4, 7, 6))
    return [Heading(1, "Slots of the work package leaders"), grid]


def _planned(slot: LeaderSlot) -> str:
    """Return how long a slot is, and with whom it is shared."""
    if not slot.items:
        return "no slot"
    length = wording.length(slot.minutes)
    if not slot.shared_with:
        return length
    how = "shared with" if slot.wholly_shared else "partly shared with"
    return f"{length}, {how} {', '.join(slot.shared_with)}"


def _slot(slot: LeaderSlot, zone: str) -> tuple[str, ...]:
    names = (item.presenter or item.presenter_text for item in slot.items)
    starts = [item.starts_at for item in slot.items if item.starts_at is not None]
    rehearsed = slot.rehearsed_minutes
    return (
        slot.label,
        slot.title,
        slot.lead,
        ", ".join(dict.fromkeys(name for name in names if name)),
        wording.clock(to_local(min(starts), zone)) if starts else "",
        _planned(slot),
        wording.length(rehearsed) if rehearsed is not None else "",
    )


def _deliverables(pack: ReviewPack) -> list[Element]:
    rows = tuple(
        (
            each.row.label,
            each.row.title,
            each.row.lead,
            _due(each.row.due_month, each.row.due_on),
            _words(each.row.status),
            _day(each.row.submitted_on),
            _late(each.days_late),
        )
        for each in pack.deliverables
    )
    return _grid("Deliverables of the period", _DUE, rows, _DUE_WEIGHTS, "None is due.")


def _milestones(pack: ReviewPack) -> list[Element]:
    rows = tuple(
        (
            each.row.label,
            each.row.title,
            each.row.lead,
            _due(each.row.due_month, each.row.due_on),
            "Achieved" if each.row.achieved_on else "Not achieved",
            _day(each.row.achieved_on),
            _late(each.days_late),
        )
        for each in pack.milestones
    )
    return _grid("Milestones of the period", _DUE, rows, _DUE_WEIGHTS, "None is due.")


def _efforts(efforts: Sequence[PartnerEffort]) -> list[Element]:
    rows = [
        (
            "" if each.number is None else str(each.number),
            each.partner,
            f"{each.planned:.2f}",
            "–" if each.reported is None else f"{each.reported:.2f}",
            "–" if each.deviation is None else f"{each.deviation:+.2f}",
        )
        for each in efforts
    ]
    if rows:
        planned = sum((each.planned for each in efforts), Decimal(0))
        said = [each.reported for each in efforts if each.reported is not None]
        rows.append(("", "Total", f"{planned:.2f}", f"{sum(said, Decimal(0)):.2f}", ""))
    headers = ("No.", "Partner", "Planned", "Reported", "Deviation")
    title = "Effort of the period, in person-months"
    return _grid(title, headers, tuple(rows), (3, 14, 6, 6, 6), "No partner stated any effort.")


def _risks(pack: ReviewPack) -> list[Element]:
    rows = tuple(
        (
            risk.label,
            risk.title,
            risk.work_packages,
            _words(risk.likelihood),
            _words(risk.severity),
            _words(risk.status),
            risk.mitigation,
        )
        for risk in pack.risks
    )
    headers = ("No.", "Risk", "WPs", "Likelihood", "Severity", "State", "Mitigation")
    return _grid("Risks", headers, rows, (3, 12, 4, 5, 5, 5, 14), "No risk is open.")


def _questions(questions: Sequence[QuestionRow]) -> list[Element]:
    if not questions:
        return []
    elements: list[Element] = [Heading(1, "Questions and answers")]
    for each in questions:
        about = " · ".join(
            part for part in (each.asked_by, each.work_package, each.deliverable) if part
        )
        elements.append(Heading(2, f"{each.label}. {' '.join(each.text.split())}"))
        if about:
            elements.append(Remark(about))
        if each.answer.strip():
            elements.append(Notes(read(each.answer)))
        follow = " · ".join(
            part
            for part in (
                each.answered_by,
                f"due {wording.day(each.due_on)}" if each.due_on else "",
            )
            if part
        )
        if each.state == "follow_up":
            elements.append(Callout("action", "Follow-up", follow or "Nobody is named yet."))
        elif follow:
            elements.append(Remark(follow))
    return elements


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


def _due(month: int, day: date | None) -> str:
    return f"M{month}, {wording.day(day)}" if day is not None else f"M{month}"


def _day(day: date | None) -> str:
    return wording.day(day) if day is not None else ""


def _late(days: int) -> str:
    return "" if not days else f"{days} day" if days == 1 else f"{days} days"


def _words(value: str) -> str:
    return str(value).replace("_", " ").capitalize()
