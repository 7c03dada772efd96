"""Moving and renumbering much of a work plan at once: each is one change, with a preview before it.

Every `preview_...` reads what the command of the same name would do; neither trusts the other's
answer, so a plan that another desktop changed meanwhile is moved from where it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.rules.deliverables import HANDED_IN
from projectdesk.domain.rules.dependencies import Bar, settle
from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.rules.shifting import months_needed, shifted
from projectdesk.domain.workplan import Deliverable, Milestone, Task, WorkPackage
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.editing import change_record
from projectdesk.services.plan_outline import PlanOutline, Record
from projectdesk.services.plan_rows import MovedDate, MovedRow, MovePreview
from projectdesk.services.queries.workplan import due_on
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store.mapping import kind_of


@dataclass(frozen=True)
class _Plan:
    """A move worked out: which records go to which months."""

    outline: PlanOutline
    moves: Sequence[tuple[Record, Bar]]
    bars: Sequence[Bar]
    stays: Sequence[str] = ()

    @property
    def needs(self) -> int | None:
        moved = [bar for record, bar in self.moves if bar.end > _months_of(record)[1]]
        return months_needed(moved, self.outline.project.duration_months)

    def preview(self) -> MovePreview:
        """Return it as it is shown."""
        return MovePreview(
            tuple(
                MovedRow(
                    kind=Kind(kind_of(type(record))),
                    id=record.id,
                    title=record.title,
                    label=self.outline.label(record),
                    label_after=self.outline.label(record),
                    start=_months_of(record)[0],
                    end=_months_of(record)[1],
                    start_after=bar.start,
                    end_after=bar.end,
                )
                for record, bar in self.moves
            ),
            tuple(self.stays),
            self.needs,
            self.outline.violated(self.bars),
        )

    def carry_out(self, unit: Unit, *, extend: bool) -> None:
        """Move the records; `extend` lets the project last as long as that needs."""
        needs, project = self.needs, self.outline.project
        if needs is not None:
            if not extend:
                raise DomainError(
                    "beyond_project",
                    "This would end in M{needs}, and the project ends in M{duration}.",
                    field="months",
                    needs=needs,
                    duration=project.duration_months,
                )
            change_record(unit, Kind.PROJECT, project, {"duration_months": needs})
        for record, bar in self.moves:
            _place(record, bar, project.start_date)


# --- a work package with all in it ----------------------------------------------------------------


def preview_shift(
    workspace: Workspace,
    package_id: UUID,
    months: int,
    *,
    milestones: Collection[UUID] = (),
    handed_in: bool = False,
) -> MovePreview:
    """Return what `shift_work_package` would do."""
    with workspace.read() as session:
        return _shift(session, package_id, months, milestones, handed_in).preview()


def shift_work_package(
    workspace: Workspace,
    package_id: UUID,
    months: int,
    *,
    milestones: Collection[UUID] = (),
    handed_in: bool = False,
    extend: bool = False,
) -> Changes:
    """Move a work package with its tasks and deliverables by whole months, as one change.

    Args:
        workspace: the open database.
        package_id: which work package.
        months: by how many; negative = earlier.
        milestones: which milestones of its project go with it.
        handed_in: also what was handed in or achieved; it stays otherwise.
        extend: let the project last longer where that is needed.

    Raises:
        NotFound: no such work package.
        DomainError: `before_first_month`, `beyond_project` (facts `needs`, `duration`).
    """
    with workspace.change("Move a work package") as unit:
        plan = _shift(unit.session, package_id, months, milestones, handed_in)
        name = plan.outline.label(plan.outline.package(package_id))
        unit.label = f"Move {name} with all in it {_by(months)}"
        plan.carry_out(unit, extend=extend)
    return unit.changes


def _shift(
    session: Session, package_id: UUID, months: int, milestones: Collection[UUID], handed_in: bool
) -> _Plan:
    outline = _outline_of(session, package_id)
    package = outline.package(package_id)
    every: list[Record] = [
        package,
        *(each for each in outline.tasks if each.work_package_id == package_id),
        *(each for each in outline.deliverables if each.work_package_id == package_id),
        *(each for each in outline.milestones if each.id in milestones),
    ]
    going = [each for each in every if handed_in or not _over(each)]
    moved = shifted([_bar(each) for each in going], months) if months else []
    now = {bar.id: bar for bar in moved}
    return _Plan(
        outline,
        [(each, now[each.id]) for each in going if each.id in now],
        [now.get(bar.id, bar) for bar in outline.bars()],
        [outline.label(each) for each in every if each not in going],
    )


# --- what waits -----------------------------------------------------------------------------------


def preview_what_waits(workspace: Workspace, project_id: UUID) -> MovePreview:
    """Return what `move_what_waits` would do."""
    with workspace.read() as session:
        return _what_waits(session, project_id).preview()


def move_what_waits(workspace: Workspace, project_id: UUID, *, extend: bool = False) -> Changes:
    """Move work packages and tasks later until every dependency holds, as one change.

    A work package takes its tasks and what is due in it along, as far as it was not handed in.

    Args:
        workspace: the open database.
        project_id: whose plan.
        extend: let the project last longer where that is needed.

    Raises:
        NotFound: no such project.
        DomainError: `beyond_project` (facts `needs`, `duration`), `circle`.
    """
    with workspace.change("Move what waits") as unit:
        _what_waits(unit.session, project_id).carry_out(unit, extend=extend)
    return unit.changes


def _what_waits(session: Session, project_id: UUID) -> _Plan:
    outline = PlanOutline(session, project_id)
    links = outline.links()
    outline.check_no_circle(links, field="months")
    now = settle(outline.bars(), links)
    tied: list[Record] = [*outline.packages, *outline.tasks]
    moves = [(each, now[each.id]) for each in tied if now[each.id] != _bar(each)]
    stays = []
    for each in outline.deliverables:
        package = outline.package(each.work_package_id)
        if by := now[package.id].start - package.start_month:
            if _over(each):
                stays.append(outline.label(each))
            else:
                moves.append((each, _bar(each).by(by)))
    return _Plan(outline, moves, list(now.values()), stays)


# --- the start of the project ---------------------------------------------------------------------


def preview_start(
    workspace: Workspace, project_id: UUID, start: date, today: date
) -> list[MovedDate]:
    """Return the dates that `shift_start` would move, in the order in which they would come.

    Args:
        workspace: the open database.
        project_id: which project.
        start: its first day then.
        today: the date where the person is; what is before it and still awaited has passed.

    Raises:
        NotFound: no such project.
        DomainError: `date_out_of_range`.
    """
    with workspace.read() as session:
        outline = PlanOutline(session, project_id)
        rows = [_moved_date(outline, each, start, today) for each in _dated(outline)]
    return sorted(rows, key=lambda row: (row.after, row.label))


def shift_start(workspace: Workspace, project_id: UUID, version: int, start: date) -> Changes:
    """Let a project begin on another day: all its months move, and the days set for drafts too.

    Raises:
        NotFound: no such project.
        Conflict: it was changed since that version was seen.
        DomainError: `date_out_of_range`.
    """
    with workspace.change("Move the start of the project") as unit:
        project = unit.get(Project, project_id, version)
        outline, before = PlanOutline(unit.session, project_id), project.start_date
        unit.label = f"Move the start of {project.acronym} to {start.isoformat()}"
        change_record(unit, Kind.PROJECT, project, {"start_date": start})
        for each in outline.deliverables:
            if each.draft_on is not None and before is not None and not _over(each):
                old, new = due_on(before, each.due_month), due_on(start, each.due_month)
                if old is not None and new is not None:
                    each.draft_on += new - old
    return unit.changes


def _dated(outline: PlanOutline) -> Iterable[Record]:
    return (*outline.packages, *outline.tasks, *outline.deliverables, *outline.milestones)


def _moved_date(outline: PlanOutline, record: Record, start: date, today: date) -> MovedDate:
    """Return how the start of a bar, or the due date of what is due, moves."""
    before_start, month = outline.project.start_date, _months_of(record)[0]
    bar = isinstance(record, WorkPackage | Task)
    day = first_day if bar else last_day
    after = day(start, month)
    return MovedDate(
        kind=Kind(kind_of(type(record))),
        id=record.id,
        label=outline.label(record),
        title=record.title,
        before=None if before_start is None else day(before_start, month),
        after=after,
        passed=not bar and after < today and not _over(record),
    )


# --- inside ---------------------------------------------------------------------------------------


def _outline_of(session: Session, package_id: UUID) -> PlanOutline:
    package = session.get(WorkPackage, package_id)
    if package is None:
        raise NotFound("not_found", "This work package does not exist any more.")
    return PlanOutline(session, package.project_id)


def _over(record: Record) -> bool:
    """Return whether a record was handed in or achieved."""
    match record:
        case Deliverable():
            return record.status in HANDED_IN
        case Milestone():
            return record.achieved_on is not None
        case _:
            return False


def _months_of(record: Any) -> tuple[int, int]:
    if isinstance(record, WorkPackage | Task):
        return record.start_month, record.end_month
    month: int = record.due_month
    return month, month


def _bar(record: Record) -> Bar:
    start, end = _months_of(record)
    return Bar(record.id, start, end, getattr(record, "work_package_id", None))


def _place(record: Record, bar: Bar, start: date | None) -> None:
    """Put a record where `bar` is; the day set for a draft keeps its distance to the due date."""
    if isinstance(record, WorkPackage | Task):
        record.start_month, record.end_month = bar.start, bar.end
    elif isinstance(record, Deliverable | Milestone):
        if isinstance(record, Deliverable) and record.draft_on is not None:
            old, new = due_on(start, record.due_month), due_on(start, bar.end)
            if old is not None and new is not None:
                record.draft_on += new - old
        record.due_month = bar.end


def _by(months: int) -> str:
    count = "1 month" if abs(months) == 1 else f"{abs(months)} months"
    return f"back by {count}" if months < 0 else f"by {count}"
