"""Agendas from templates: items and loops, filled from the work plan.

How a template is written down is in `agenda_toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from projectdesk.domain.meetings import ItemKind

MINUTES_STEP: Final = 5
"""Durations that grow with the consortium are rounded up to whole steps of so many minutes."""

LONGEST_LIST: Final = 20
"""Lines of a list in a description; what is over is counted in words."""

SOON_MONTHS: Final = 6
"""How many project months ahead "soon" looks."""

LOOPS: Final = frozenset({"work_package", "started_work_package"})
LISTS: Final = frozenset(
    {
        "deliverables_due_soon",
        "milestones_due_soon",
        "late_deliverables",
        "open_actions",
        "last_meeting",
        "partners",
    }
)
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

    due_on: its date, None when the project has no start date.
    """

    label: str
    title: str
    lead: str
    due_month: int
    due_on: date | None


@dataclass(frozen=True)
class OpenAction:
    """An action item that is not done."""

    label: str
    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True)
class Plan:
    """What a template is filled from.

    month: the project month of the meeting, None when unknown (then nothing counts as late, all
    work as started, and what is soon counts from M1). last_meeting: title of the last one of its
    type that was held, "" if none.
    """

    acronym: str
    coordinator: Presenter
    partners: tuple[str, ...] = ()
    work_packages: tuple[PlannedWork, ...] = ()
    deliverables: tuple[DueRecord, ...] = ()
    milestones: tuple[DueRecord, ...] = ()
    open_actions: tuple[OpenAction, ...] = ()
    last_meeting: str = ""
    month: int | None = None


@dataclass(frozen=True)
class TemplateItem:
    """One item, or, with `each`, one for each thing that the loop goes over.

    title, description: with places in braces: acronym, month; in a loop also label, title, lead.
    minutes_per_partner: added to `minutes`. presenter: one of PRESENTERS ("leader" in a loop
    only). only_with: left out when that list is empty. lists: put under the description as lines.
    """

    title: str
    kind: ItemKind = ItemKind.INFORMATION
    minutes: int = 10
    minutes_per_partner: int = 0
    presenter: str = ""
    each: str = ""
    only_with: str = ""
    lists: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class AgendaTemplate:
    """A template. break_every_minutes: 0 = no breaks."""

    title: str
    items: tuple[TemplateItem, ...]
    break_every_minutes: int = 0
    break_minutes: int = 15
    break_title: str = "Break"


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


def fill(template: AgendaTemplate, plan: Plan) -> list[DraftItem]:
    """Return the agenda that a template and a plan make, breaks included."""
    drafts: list[DraftItem] = []
    for item in template.items:
        if item.only_with and not _lines(item.only_with, plan):
            continue
        if item.each:
            drafts.extend(_for_work(item, plan, work) for work in _works(item.each, plan))
        else:
            drafts.append(_draft(item, plan, places_of(plan), _presenter(item, plan, None)))
    return list(_with_breaks(template, drafts))


def places_of(plan: Plan) -> dict[str, str]:
    """Return what fills the places of every item."""
    return {"acronym": plan.acronym, "month": f"M{plan.month}" if plan.month else ""}


def _works(loop: str, plan: Plan) -> Iterable[PlannedWork]:
    month = plan.month
    if loop == "work_package" or month is None:
        return plan.work_packages
    return [work for work in plan.work_packages if work.start_month <= month]


def _for_work(item: TemplateItem, plan: Plan, work: PlannedWork) -> DraftItem:
    places = places_of(plan) | {"label": work.label, "title": work.title, "lead": work.lead}
    made = _draft(item, plan, places, _presenter(item, plan, work))
    return replace(made, work_package_id=work.id)


def _presenter(item: TemplateItem, plan: Plan, work: PlannedWork | None) -> Presenter:
    if item.presenter == "coordinator":
        return plan.coordinator
    if item.presenter == "leader" and work is not None:
        return work.leader
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
    return DraftItem(
        title=item.title.format(**places).strip(),
        kind=item.kind,
        duration_minutes=minutes,
        presenter_id=presenter.person_id,
        presenter_text="" if presenter.person_id else presenter.text,
        description="\n\n".join(part for part in parts if part),
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
            late = [due for due in plan.deliverables if plan.month and due.due_month < plan.month]
            lines = [_due_line(due) for due in late]
        case "open_actions":
            lines = [_action_line(action) for action in plan.open_actions]
        case "last_meeting":
            lines = [f"- {plan.last_meeting}"] if plan.last_meeting else []
        case _:
            lines = [f"- {partner}" for partner in plan.partners]
    if len(lines) > LONGEST_LIST:
        lines = [*lines[:LONGEST_LIST], f"- and {len(lines) - LONGEST_LIST} more"]
    return lines


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


def _with_breaks(template: AgendaTemplate, drafts: list[DraftItem]) -> Iterable[DraftItem]:
    """Yield the items with a break before each that would carry on longer than allowed.

    Nobody wants a break after ten minutes: one comes only when a third of the allowed time was
    spent, even if a long item follows.
    """
    since_break = 0
    for draft in drafts:
        longest = template.break_every_minutes
        worth_it = since_break * 3 >= longest
        if longest and worth_it and since_break + draft.duration_minutes > longest:
            yield DraftItem(template.break_title, ItemKind.INFORMATION, template.break_minutes)
            since_break = 0
        since_break += draft.duration_minutes
        yield draft
