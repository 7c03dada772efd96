"""What the states of a work plan are called: what is late, how bad a problem is, what waits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.words import word
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.rules import deliverables as rules
from projectdesk.domain.rules.deliverables import Awaited, Step
from projectdesk.domain.workplan import DeliverableStatus, DependencyType, RiskGrade
from projectdesk.services.plan_problems import TEXTS, PlanProblem, Severity
from projectdesk.services.plan_rows import DependencyRow, LateRow
from projectdesk.services.rows import DeliverableRow, MilestoneRow


def step_word(step: Step) -> str:
    """Return what is awaited."""
    match step:
        case Step.DRAFT:
            return say("Draft")
        case Step.REVIEW:
            return say("Internal review")
        case Step.SUBMISSION:
            return say("Submission")
        case Step.RESUBMISSION:
            return say("Resubmission")
        case Step.MILESTONE:
            return say("Milestone")


def how_late(days: int) -> str:
    """Return days that something is late, or in how many it is due (0 or less)."""
    if days > 0:
        return say_count(days, "{count} day late", "{count} days late")
    if days == 0:
        return say("due today")
    return say_count(-days, "due in {count} day", "due in {count} days")


def late_chip(found: Awaited | None) -> str:
    """Return what is late and by how much, "" when nothing is; short: "Draft 3 d late"."""
    if found is None or not found.late:
        return ""
    if found.step is Step.MILESTONE:
        return say("{count} d late", count=found.days)
    return say("{step} {count} d late", step=step_word(found.step), count=found.days)


def deliverable_chip(row: DeliverableRow, today: date) -> str:
    """Return what of a deliverable is late, or that it came late."""
    if chip := late_chip(rules.lateness(row, today)):
        return chip
    days = rules.submitted_late(row)
    return say_count(days, "came {count} day late", "came {count} days late") if days else ""


def deliverable_tone(row: DeliverableRow, today: date) -> Tone:
    """Return the tone of what `deliverable_chip` says."""
    return Tone.NEUTRAL if rules.lateness(row, today) is None else Tone.DANGER


def milestone_chip(row: MilestoneRow, today: date) -> str:
    """Return by how much a milestone is late, "" when it is not."""
    return late_chip(rules.milestone_awaited(row.due_on, row.achieved_on, today))


def late_tone(row: LateRow) -> Tone:
    """Return the tone of something late or due."""
    return Tone.DANGER if row.late else (Tone.WARNING if row.days > -7 else Tone.NEUTRAL)


def dependency_word(kind: DependencyType) -> str:
    """Return which ends a dependency ties."""
    return word(kind)


def lag_words(months: int) -> str:
    """Return a lag in words, "" for none."""
    if not months:
        return ""
    if months > 0:
        return say_count(months, "{count} month later", "{count} months later")
    return say_count(-months, "{count} month earlier", "{count} months earlier")


def too_early(row: DependencyRow) -> str:
    """Return whether a dependency holds, else by how much what waits starts too early."""
    if not row.violated:
        return say("yes")
    if row.months == 1:
        return say("1 month too early")
    return say("{count} months too early", count=row.months)


def step_action(after: DeliverableStatus, before: DeliverableStatus) -> str:
    """Return what a person does to bring a deliverable on from `before` to `after`."""
    match after:
        case DeliverableStatus.IN_PREPARATION:
            back = before is not DeliverableStatus.PLANNED
            return say("Back to preparation") if back else say("Start|verb")
        case DeliverableStatus.INTERNAL_REVIEW:
            return say("Send to review")
        case DeliverableStatus.SUBMITTED:
            again = before is DeliverableStatus.REVISION_REQUESTED
            return say("Submit again") if again else say("Submit")
        case DeliverableStatus.ACCEPTED:
            return say("Accepted")
        case DeliverableStatus.REVISION_REQUESTED:
            return say("Revision requested")
        case DeliverableStatus.REJECTED:
            return say("Rejected")
        case DeliverableStatus.PLANNED:
            return say("Planned")


def severity_word(severity: Severity) -> str:
    """Return how bad a problem is."""
    match severity:
        case Severity.ERROR:
            return say("Error")
        case Severity.WARNING:
            return say("Warning")
        case Severity.HINT:
            return say("Hint")


def severity_tone(severity: Severity) -> Tone:
    """Return the tone of a severity."""
    return {
        Severity.ERROR: Tone.DANGER,
        Severity.WARNING: Tone.WARNING,
        Severity.HINT: Tone.INFO,
    }[severity]


def problem_text(problem: PlanProblem) -> str:
    """Return what is wrong, in the reader's language."""
    facts = {
        name: formats.amount(fact) if isinstance(fact, Decimal) else fact
        for name, fact in problem.facts.items()
    }
    return say(TEXTS[problem.code][1], **facts)


def problem_todo(problem: PlanProblem) -> str:
    """Return what to do about it, in the reader's language."""
    return say(TEXTS[problem.code][2])


_WEIGHT = {RiskGrade.LOW: 1, RiskGrade.MEDIUM: 2, RiskGrade.HIGH: 3}


def weight(grade: RiskGrade) -> int:
    """Return a grade as a number, 1 to 3."""
    return _WEIGHT[grade]


def exposure(row: Any) -> int:
    """Return likelihood times severity of a risk, 1 to 9."""
    return weight(row.likelihood) * weight(row.severity)


def exposure_tone(value: int) -> Tone:
    """Return the tone of an exposure: 6 and more is high, 3 and more medium."""
    if value >= 6:
        return Tone.DANGER
    return Tone.WARNING if value >= 3 else Tone.SUCCESS
