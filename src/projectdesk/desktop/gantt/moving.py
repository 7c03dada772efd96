"""A bar or a mark being moved: what goes with it, how far it may go, where all of it is then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from projectdesk.desktop.gantt.layout import Part
from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import GanttBar, GanttMark, GanttMove, GanttPlan
from projectdesk.services.rows import Kind

Row = GanttBar | GanttMark
RowT = TypeVar("RowT", GanttBar, GanttMark)


@dataclass(frozen=True)
class Tie:
    """A dependency that a person has drawn, from the bar that is waited for."""

    before: GanttBar
    after: GanttBar
    type: DependencyType


def last_month(plan: GanttPlan) -> int:
    """Return the last month that the chart shows: of the project, or of what goes past its end."""
    ends = [bar.end_month for bar in plan.bars] + [mark.due_month for mark in plan.marks]
    return max([plan.duration_months or 0, *ends, 1])


@dataclass(frozen=True)
class Drag:
    """One move under way.

    rows: what is moved, the record that a person holds first. part: BAR or MARK moves, START and
    END resize. least, most: by how many months it can go. stayed: how many marks are left where
    they are because they are done: what was handed in or achieved keeps its month.
    """

    rows: tuple[Row, ...]
    part: Part
    least: int
    most: int
    stayed: int = 0

    @classmethod
    def begin(cls, plan: GanttPlan, held: UUID, part: Part, *, with_content: bool) -> Drag | None:
        """Return the drag of a record, None when the plan has no such record.

        Args:
            plan: as shown.
            held: the bar or mark.
            part: by what it is held.
            with_content: a work package takes its tasks, deliverables and own milestones along,
                but for those that are done.
        """
        every: tuple[Row, ...] = (*plan.bars, *plan.marks)
        found = next((row for row in every if row.id == held), None)
        if found is None:
            return None
        last = plan.duration_months or max(last_month(plan), 600)
        if part is Part.START and isinstance(found, GanttBar):
            return cls((found,), part, 1 - found.start_month, found.end_month - found.start_month)
        if part is Part.END and isinstance(found, GanttBar):
            shrink = found.start_month - found.end_month
            return cls((found,), part, shrink, max(last - found.end_month, 0))
        inside = tuple(_inside(plan, found)) if with_content else ()
        along = tuple(row for row in inside if not _is_done(row))
        rows: tuple[Row, ...] = (found, *along)
        first = min(_first(row) for row in rows)
        end = max(_last(row) for row in rows)
        whole = Part.MARK if isinstance(found, GanttMark) else Part.BAR
        stayed = len(inside) - len(along)
        return cls(rows, whole, min(1 - first, 0), max(last - end, 0), stayed)

    def held_to(self, months: int) -> int:
        """Return `months` within what is possible."""
        return min(max(months, self.least), self.most)

    def moves(self, months: int) -> tuple[GanttMove, ...]:
        """Return where all goes when the record held goes by `months`; none for 0."""
        by = self.held_to(months)
        return tuple(self._move(row, by) for row in self.rows) if by else ()

    def _move(self, row: Row, by: int) -> GanttMove:
        if isinstance(row, GanttMark):
            return GanttMove(row.kind, row.id, row.version, due_month=row.due_month + by)
        start = row.start_month + (0 if self.part is Part.END else by)
        end = row.end_month + (0 if self.part is Part.START else by)
        return GanttMove(row.kind, row.id, row.version, start_month=start, end_month=end)


def _inside(plan: GanttPlan, found: Row) -> Iterable[Row]:
    if found.kind is not Kind.WORK_PACKAGE:
        return ()
    tasks = (b for b in plan.bars if b.work_package_id == found.id and b.id != found.id)
    marks = (m for m in plan.marks if m.work_package_ids == (found.id,))
    return (*tasks, *marks)


def _is_done(row: Row) -> bool:
    return isinstance(row, GanttMark) and row.done


def _first(row: Row) -> int:
    return row.due_month if isinstance(row, GanttMark) else row.start_month


def _last(row: Row) -> int:
    return row.due_month if isinstance(row, GanttMark) else row.end_month


def moved(plan: GanttPlan, moves: Sequence[GanttMove]) -> GanttPlan:
    """Return the plan as it is after the moves; what does not move stays the same object."""
    if not moves:
        return plan
    by_id = {move.id: move for move in moves}

    def bar(row: GanttBar) -> GanttBar:
        move = by_id.get(row.id)
        if move is None or move.start_month is None or move.end_month is None:
            return row
        return replace(row, start_month=move.start_month, end_month=move.end_month)

    def mark(row: GanttMark) -> GanttMark:
        move = by_id.get(row.id)
        if move is None or move.due_month is None:
            return row
        return replace(row, due_month=move.due_month)

    return replace(
        plan,
        bars=tuple(bar(row) for row in plan.bars),
        marks=tuple(mark(row) for row in plan.marks),
    )


def committed(plan: GanttPlan, moves: Sequence[GanttMove]) -> GanttPlan:
    """Return the plan as it is once the moves are saved: each record's version is one higher.

    So a person can move on before the answer is here.
    """
    ids = {move.id for move in moves}
    there = moved(plan, moves)
    return replace(
        there,
        bars=tuple(_raised(row) if row.id in ids else row for row in there.bars),
        marks=tuple(_raised(row) if row.id in ids else row for row in there.marks),
    )


def _raised(row: RowT) -> RowT:
    return replace(row, version=row.version + 1)


def kept(old: GanttPlan, new: GanttPlan) -> GanttPlan:
    """Return `new`, with the objects of `old` wherever a row says the same."""
    return replace(new, bars=_same(old.bars, new.bars), marks=_same(old.marks, new.marks))


def _same(old: Sequence[RowT], new: Sequence[RowT]) -> tuple[RowT, ...]:
    if len(old) == len(new):  # most of the time: the same records, one after another
        pairs = zip(old, new, strict=True)
        return tuple(before if before == after else after for before, after in pairs)
    known: dict[UUID, RowT] = {row.id: row for row in old}
    return tuple(known[row.id] if known.get(row.id) == row else row for row in new)


def same_shape(old: GanttPlan, new: GanttPlan) -> bool:
    """Return whether only months, versions or words differ: the lanes are the same."""
    return (
        [(bar.id, bar.kind, bar.work_package_id) for bar in old.bars]
        == [(bar.id, bar.kind, bar.work_package_id) for bar in new.bars]
        and [(mark.id, mark.work_package_ids) for mark in old.marks]
        == [(mark.id, mark.work_package_ids) for mark in new.marks]
        and old.start_date == new.start_date
    )
