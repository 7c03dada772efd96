"""Agendas from templates: items and loops, filled from the work plan.

How a template is written down is in `agenda_toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from projectdesk.catalogues import ENGLISH, catalogue, form, languages
from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_times import TimedItem

MINUTES_STEP: Final = 5
"""Durations that grow with the consortium are rounded up to whole steps of so many minutes."""

LONGEST_LIST: Final = 20
"""Lines of a list in a description; what is over is counted in words."""

SOON_MONTHS: Final = 6
"""How many project months ahead "soon" looks."""

WORK_LOOPS: Final = frozenset({"work_package", "started_work_package"})
DUE_LOOPS: Final = frozenset({"late_deliverable", "deliverable_due_soon", "milestone_due_soon"})
LOOPS: Final = WORK_LOOPS | DUE_LOOPS | {"risk"}
LISTS: Final = frozenset(
    {
        "deliverables_due_soon",
        "milestones_due_soon",
        "late_deliverables",
        "late_milestones",
        "open_actions",
        "last_meeting",
        "minutes_to_approve",
        "risks",
        "effort_deviations",
        "partners",
    }
)
TABLES: Final = frozenset({"open_actions"})
"""Lists that can also stand as a table."""
RISK_WORDS: Final = {1: "low", 2: "low", 3: "medium", 4: "medium", 6: "high", 9: "very high"}
"""What the levels of risks are called: likelihood x severity, each 1 to 3."""
PRESENTERS: Final = frozenset({"", "coordinator", "leader"})
LOOP_PLACES: Final = frozenset({"label", "title", "lead"})


@dataclass(frozen=True)
class Presenter:
    """Who presents: a person where known, and the name to show where not (a partner's)."""

    person_id: UUID | None = None
    text: str = ""


@dataclass(frozen=True)
class PlannedWork:
    """A work package, as far as an agenda is concerned. Months are project months."""

    id: UUID
    label: str
    title: str
    lead: str
    leader: Presenter
    start_month: int


@dataclass(frozen=True)
class DueRecord:
    """A deliverable or milestone that is neither submitted nor achieved.

    due_on: its date, None when the project has no start date. leader: who answers for it.
    """

    label: str
    title: str
    lead: str
    due_month: int
    due_on: date | None
    id: UUID | None = None
    leader: Presenter = Presenter()


@dataclass(frozen=True)
class OpenRisk:
    """A risk that is not closed. level: 1 (low, low) to 9 (high, high), likelihood x severity."""

    id: UUID
    label: str
    title: str
    owner: str
    level: int
    occurred: bool = False


@dataclass(frozen=True)
class EffortDeviation:
    """A partner's effort to date beside its plan, in person-months."""

    partner: str
    reported: Decimal
    planned: Decimal

    @property
    def percent(self) -> int:
        """Deviation in percent of the plan; 100 where nothing was planned."""
        apart = self.reported - self.planned
        return round(apart / self.planned * 100) if self.planned else 100


@dataclass(frozen=True)
class LastMeeting:
    """The last meeting of the same body, series or type. to_approve: its minutes wait for it."""

    id: UUID
    title: str
    to_approve: bool = True


@dataclass(frozen=True)
class OpenAction:
    """An action item that is not done. late: its day is before the meeting's."""

    label: str
    text: str
    owner: str
    due_on: date | None
    late: bool = False


@dataclass(frozen=True)
class Plan:
    """What a template is filled from.

    month: the project month of the meeting, None when unknown (then nothing counts as late, all
    work as started, and what is soon counts from M1). last_meeting: None if none was held. subject:
    the work package that the meeting is of; what is here is of that one only then. language: in
    which what is put beside it is said (BCP 47).
    """

    acronym: str
    coordinator: Presenter
    partners: tuple[str, ...] = ()
    work_packages: tuple[PlannedWork, ...] = ()
    deliverables: tuple[DueRecord, ...] = ()
    milestones: tuple[DueRecord, ...] = ()
    open_actions: tuple[OpenAction, ...] = ()
    last_meeting: LastMeeting | None = None
    month: int | None = None
    risks: tuple[OpenRisk, ...] = ()
    deviations: tuple[EffortDeviation, ...] = ()
    subject: PlannedWork | None = None
    language: str = ENGLISH


@dataclass(frozen=True)
class TemplateItem:
    """One item, or, with `each`, one for each thing that the loop goes over.

    title, description: with places in braces: acronym, month, subject; in a loop also label, title,
    lead. minutes_per_partner: added to `minutes`. presenter: one of PRESENTERS ("leader" in a loop
    or of the subject only). only_with: left out when that list is empty. lists: put under the
    description as lines; tables: likewise, as tables. approves: the minutes of the last meeting,
    which are linked. section, day, starts (minutes since midnight), track: as of
    `domain.meetings.AgendaItem`.
    """

    title: str
    kind: ItemKind = ItemKind.INFORMATION
    minutes: int = 10
    minutes_per_partner: int = 0
    presenter: str = ""
    each: str = ""
    only_with: str = ""
    lists: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    description: str = ""
    section: str = ""
    day: int = 1
    starts: int | None = None
    track: str = ""
    approves: bool = False


@dataclass(frozen=True)
class AgendaTemplate:
    """A template. break_every_minutes: 0 = no breaks. day_minutes: longest day, 0 = any.

    type: which meetings it is for, "" = not said. risk_level: from which level on a risk is named.
    effort_percent: from which deviation on effort is named.
    """

    title: str
    items: tuple[TemplateItem, ...]
    break_every_minutes: int = 0
    break_minutes: int = 15
    break_title: str = "Break"
    day_minutes: int = 0
    type: str = ""
    risk_level: int = 4
    effort_percent: int = 20


@dataclass(frozen=True)
class DraftItem:
    """One agenda item to be. presenter_text: who presents where no person is known."""

    title: str
    kind: ItemKind
    duration_minutes: int
    presenter_id: UUID | None = None
    presenter_text: str = ""
    description: str = ""
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    milestone_id: UUID | None = None
    risk_id: UUID | None = None
    section: str = ""
    day: int = 1
    starts_minute: int | None = None
    track: str = ""
    minutes_of_id: UUID | None = None
    carried_from_id: UUID | None = None

    @property
    def timed(self) -> TimedItem:
        """What of it decides when it is."""
        return TimedItem(self.duration_minutes, self.day, self.starts_minute, self.track)


@dataclass(frozen=True)
class _Subject:
    """What one turn of a loop is about. link: the field of the item that names it."""

    label: str
    title: str
    lead: str
    leader: Presenter
    link: str = ""
    id: UUID | None = None


def fill(template: AgendaTemplate, plan: Plan) -> list[DraftItem]:
    """Return the agenda that a template and a plan make, breaks and days included."""
    plan = replace(
        plan,
        risks=tuple(
            risk for risk in plan.risks if risk.occurred or risk.level >= template.risk_level
        ),
        deviations=tuple(
            each for each in plan.deviations if abs(each.percent) >= template.effort_percent
        ),
    )
    drafts: list[DraftItem] = []
    for item in template.items:
        if item.only_with and not _lines(item.only_with, plan):
            continue
        if item.each:
            drafts.extend(_for_subject(item, plan, each) for each in _subjects(item.each, plan))
        else:
            drafts.append(_draft(item, plan, places_of(plan), _presenter(item, plan, None)))
    return list(_over_days(template, list(_with_breaks(template, drafts))))


def places_of(plan: Plan) -> dict[str, str]:
    """Return what fills the places of every item."""
    return {
        "acronym": plan.acronym,
        "month": f"M{plan.month}" if plan.month else "",
        "subject": plan.subject.label if plan.subject else said(plan.language, "Work package"),
    }


def said(language: str, text: str) -> str:
    """Return an English text of our agendas in a language; what is not ours stays as it is."""
    if language not in languages("agendas") or language == ENGLISH:
        return text
    known = catalogue("agendas", language)
    return form(known[text], language) if text in known else text


def _works(loop: str, plan: Plan) -> Iterable[PlannedWork]:
    month = plan.month
    if loop == "work_package" or month is None:
        return plan.work_packages
    return [work for work in plan.work_packages if work.start_month <= month]


def _subjects(loop: str, plan: Plan) -> list[_Subject]:
    """Return what a loop goes over."""
    if loop in WORK_LOOPS:
        return [
            _Subject(work.label, work.title, work.lead, work.leader, "work_package_id", work.id)
            for work in _works(loop, plan)
        ]
    if loop == "risk":
        return [
            _Subject(
                risk.label, risk.title, risk.owner, Presenter(None, risk.owner), "risk_id", risk.id
            )
            for risk in plan.risks
        ]
    link = "milestone_id" if loop == "milestone_due_soon" else "deliverable_id"
    return [
        _Subject(due.label, due.title, due.lead, due.leader, link, due.id)
        for due in _due(loop, plan)
    ]


def _due(loop: str, plan: Plan) -> list[DueRecord]:
    now = plan.month or 1
    match loop:
        case "late_deliverable":
            return _late(plan.deliverables, plan.month)
        case "deliverable_due_soon":
            return _due_soon(plan.deliverables, now)
        case _:
            return _due_soon(plan.milestones, now)


def _for_subject(item: TemplateItem, plan: Plan, subject: _Subject) -> DraftItem:
    places = places_of(plan) | {
        "label": subject.label,
        "title": subject.title,
        "lead": subject.lead,
    }
    made = _draft(item, plan, places, _presenter(item, plan, subject))
    match subject.link:
        case "work_package_id":
            return replace(made, work_package_id=subject.id)
        case "deliverable_id":
            return replace(made, deliverable_id=subject.id)
        case "milestone_id":
            return replace(made, milestone_id=subject.id)
        case _:
            return replace(made, risk_id=subject.id)


def _presenter(item: TemplateItem, plan: Plan, subject: _Subject | None) -> Presenter:
    if item.presenter == "coordinator":
        return plan.coordinator
    if item.presenter == "leader" and subject is not None:
        return subject.leader
    if item.presenter == "leader" and plan.subject is not None:
        return plan.subject.leader
    return Presenter()


def _draft(
    item: TemplateItem, plan: Plan, places: dict[str, str], presenter: Presenter
) -> DraftItem:
    minutes = item.minutes
    if item.minutes_per_partner:
        grown = minutes + item.minutes_per_partner * len(plan.partners)
        minutes = -(-grown // MINUTES_STEP) * MINUTES_STEP
    parts = [item.description.format(**places).strip()]
    parts += ["\n".join(_lines(name, plan)) for name in item.lists]
    parts += [_actions_table(plan) for _ in item.tables]  # of TABLES there is one
    return DraftItem(
        title=item.title.format(**places).strip(),
        kind=item.kind,
        duration_minutes=minutes,
        presenter_id=presenter.person_id,
        presenter_text="" if presenter.person_id else presenter.text,
        description="\n\n".join(part for part in parts if part),
        work_package_id=plan.subject.id if plan.subject else None,
        section=item.section.format(**places).strip(),
        day=item.day,
        starts_minute=item.starts,
        track=item.track,
        minutes_of_id=plan.last_meeting.id if item.approves and plan.last_meeting else None,
    )


def _lines(name: str, plan: Plan) -> list[str]:
    """Return a list as lines of Markdown; empty when there is nothing to list."""
    now = plan.month or 1
    match name:
        case "deliverables_due_soon":
            lines = [_due_line(due) for due in _due_soon(plan.deliverables, now)]
        case "milestones_due_soon":
            lines = [_due_line(due) for due in _due_soon(plan.milestones, now)]
        case "late_deliverables":
            lines = [_due_line(due) for due in _late(plan.deliverables, plan.month)]
        case "late_milestones":
            lines = [_due_line(due) for due in _late(plan.milestones, plan.month)]
        case "open_actions":
            lines = [_action_line(action) for action in plan.open_actions]
        case "last_meeting":
            lines = [f"- {plan.last_meeting.title}"] if plan.last_meeting else []
        case "minutes_to_approve":
            last = plan.last_meeting
            lines = [f"- {last.title}"] if last and last.to_approve else []
        case "risks":
            lines = [_risk_line(risk, plan.language) for risk in plan.risks]
        case "effort_deviations":
            lines = [_deviation_line(each, plan.language) for each in plan.deviations]
        case _:
            lines = [f"- {partner}" for partner in plan.partners]
    if len(lines) > LONGEST_LIST:
        rest = said(plan.language, "and {count} more").format(count=len(lines) - LONGEST_LIST)
        lines = [*lines[:LONGEST_LIST], f"- {rest}"]
    return lines


def _late(records: Iterable[DueRecord], month: int | None) -> list[DueRecord]:
    return [record for record in records if month and record.due_month < month]


def _due_soon(records: Iterable[DueRecord], now: int) -> list[DueRecord]:
    return [record for record in records if now <= record.due_month < now + SOON_MONTHS]


def _due_line(due: DueRecord) -> str:
    when = f"M{due.due_month}" + (f" ({due.due_on.isoformat()})" if due.due_on else "")
    lead = f", {due.lead}" if due.lead else ""
    return f"- {due.label} {due.title}{lead}: {when}"


def _action_line(action: OpenAction) -> str:
    owner = f", {action.owner}" if action.owner else ""
    when = f": {action.due_on.isoformat()}" if action.due_on else ""
    return f"- {action.label} {action.text}{owner}{when}"


def _actions_table(plan: Plan) -> str:
    """Return the open actions as a table of Markdown, "" when there are none."""
    if not plan.open_actions:
        return ""
    heads = [said(plan.language, each) for each in ("Action", "What", "Who", "Due")]
    rows = [heads, ["---"] * len(heads)]
    for action in plan.open_actions[:LONGEST_LIST]:
        due = action.due_on.isoformat() if action.due_on else "–"
        if action.late:
            due = f"{due} ({said(plan.language, 'late')})"
        rows.append([action.label, _cell(action.text), _cell(action.owner) or "–", due])
    if (more := len(plan.open_actions) - LONGEST_LIST) > 0:
        rest = said(plan.language, "and {count} more").format(count=more)
        rows.append(["", rest, "", ""])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    """Return a text as it stands in a cell: in one line, its bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def _risk_line(risk: OpenRisk, language: str) -> str:
    owner = f", {risk.owner}" if risk.owner else ""
    level = said(language, "occurred" if risk.occurred else RISK_WORDS[risk.level])
    return f"- {risk.label} {risk.title}{owner}: {level}"


def _deviation_line(each: EffortDeviation, language: str) -> str:
    words = said(language, "{reported} PM reported, {planned} PM planned to date ({percent} %)")
    facts = words.format(
        reported=f"{each.reported.normalize():f}",
        planned=f"{each.planned.normalize():f}",
        percent=f"{each.percent:+d}",
    )
    return f"- {each.partner}: {facts}"


def _with_breaks(template: AgendaTemplate, drafts: list[DraftItem]) -> Iterable[DraftItem]:
    """Yield the items with a break before each that would carry on longer than allowed.

    Nobody wants a break after ten minutes: one comes only when a third of the allowed time was
    spent, even if a long item follows.
    """
    since_break = 0
    for draft in drafts:
        if draft.kind is ItemKind.BREAK or draft.track:
            since_break = 0
            yield draft
            continue
        longest = template.break_every_minutes
        worth_it = since_break * 3 >= longest
        if longest and worth_it and since_break + draft.duration_minutes > longest:
            yield _break(template, draft)
            since_break = 0
        since_break += draft.duration_minutes
        yield draft


def _break(template: AgendaTemplate, before: DraftItem) -> DraftItem:
    """Return a break that stands where the item that follows it does."""
    return DraftItem(
        template.break_title,
        ItemKind.BREAK,
        template.break_minutes,
        section=before.section,
        day=before.day,
    )


def _over_days(template: AgendaTemplate, drafts: list[DraftItem]) -> Iterable[DraftItem]:
    """Yield the items with a new day before each that would make one too long.

    A day neither begins nor ends with a break, and never begins between parallel sessions.
    """
    later, planned, before = 0, 0, None
    held: DraftItem | None = None
    for draft in drafts:
        if before is not None and draft.day != before.day:
            planned = 0
        full = template.day_minutes and planned + draft.duration_minutes > template.day_minutes
        if full and planned and not draft.track and draft.kind is not ItemKind.BREAK:
            later, planned, held = later + 1, 0, None
        if held is not None:
            yield held
            held = None
        moved = replace(draft, day=draft.day + later)
        planned += draft.duration_minutes
        before = draft
        if draft.kind is ItemKind.BREAK and template.day_minutes:
            held = moved
        else:
            yield moved
    if held is not None:
        yield held
