"""Commands on a work plan: check, shift, renumber."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.numbering import Order
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.plan_check import in_counts
from projectdesk.services.plan_problems import Severity
from projectdesk.services.plan_rows import MovedDate, MovedRow, MovePreview
from projectdesk.services.rows import Kind, ProjectRow
from projectdesk.services.workspace import Workspace

WRONG = 1
_KINDS = {
    "workpackages": Kind.WORK_PACKAGE,
    "tasks": Kind.TASK,
    "deliverables": Kind.DELIVERABLE,
    "milestones": Kind.MILESTONE,
    "risks": Kind.RISK,
}


def check(options: argparse.Namespace) -> int:
    """`projectdesk check --project ACRONYM`: exit 1 when the plan contradicts itself.

    `projectdesk check --meeting ID`: exit 1 when a rule of notice is not kept.
    """
    if options.meeting is not None:
        from projectdesk.commandline.notice import check_notice

        return check_notice(options)
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        problems = queries.check_plan(workspace, project.id)
    counts = in_counts(problems)
    if options.json:
        print_json(
            {"project": project.acronym, "ok": not problems, "counts": counts, "problems": problems}
        )
    elif problems:
        print_table(
            ((each.severity, each.label, each.text, each.todo) for each in problems),
            ("How bad", "What", "What is wrong", "What to do"),
        )
    else:
        print(f"{project.acronym}: nothing is wrong with the plan.")
    return WRONG if counts[Severity.ERROR] else 0


def shift(options: argparse.Namespace) -> int:
    """`projectdesk shift --project ACRONYM --wp 2 --months 3` and its like."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        if options.start is not None:
            _shift_start(workspace, project, options)
        elif options.waiting:
            preview = commands.preview_what_waits(workspace, project.id)
            if not options.dry_run:
                commands.move_what_waits(workspace, project.id, extend=options.extend)
            _show(preview, options)
        else:
            _shift_package(workspace, project.id, options)
    return 0


def _shift_package(workspace: Workspace, project: UUID, options: argparse.Namespace) -> None:
    if not options.months:
        raise DomainError("months_needed", "Say by how many months: --months N.", field="months")
    package = _numbered(queries.work_packages(workspace, project), options.wp)
    every = queries.milestones(workspace, project)
    milestones = [_numbered(every, each) for each in options.milestone]
    preview = commands.preview_shift(
        workspace,
        package,
        options.months,
        milestones=milestones,
        handed_in=options.handed_in,
    )
    if not options.dry_run:
        commands.shift_work_package(
            workspace,
            package,
            options.months,
            milestones=milestones,
            handed_in=options.handed_in,
            extend=options.extend,
        )
    _show(preview, options)


def _shift_start(workspace: Workspace, project: ProjectRow, options: argparse.Namespace) -> None:
    rows = commands.preview_start(workspace, project.id, options.start, today())
    if not options.dry_run:
        commands.shift_start(workspace, project.id, project.version, options.start)
    if options.json:
        print_json({"done": not options.dry_run, "rows": rows})
    else:
        print_table(
            ((each.label, each.title, each.before, each.after, _passed(each)) for each in rows),
            ("What", "Title", "Before", "After", ""),
        )


def renumber(options: argparse.Namespace) -> int:
    """`projectdesk renumber deliverables --project ACRONYM --by-month`."""
    kinds = [_KINDS[each] for each in options.what]
    order = Order.BY_MONTH if options.by_month else Order.KEPT
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        preview = commands.preview_numbers(workspace, project.id, kinds, order)
        if not options.dry_run:
            commands.renumber(workspace, project.id, kinds, order)
    _show(preview, options)
    return 0


def _show(preview: MovePreview, options: argparse.Namespace) -> None:
    if options.json:
        print_json({"done": not options.dry_run, "preview": preview})
        return
    if preview.rows:
        print_table(map(_moved, preview.rows), ("What", "Title", "Before", "After"))
    else:
        print("Nothing changes.")
    if preview.stays:
        print("Handed in or achieved, and stays:", ", ".join(preview.stays))
    if preview.needs is not None:
        print(f"The project has to last {preview.needs} months for it.")
    for tie in preview.violated:
        print(f"Does not hold then: {tie.after} waits for {tie.before}.")


def _moved(row: MovedRow) -> Sequence[str]:
    if row.label != row.label_after:
        return row.label, row.title, row.label, row.label_after
    before, after = (row.start, row.end), (row.start_after, row.end_after)
    return row.label, row.title, _months(before), _months(after)


def _months(span: tuple[int | None, int | None]) -> str:
    start, end = span
    return f"M{end}" if start == end else f"M{start}–M{end}"


def _passed(row: MovedDate) -> str:
    return "has passed" if row.passed else ""


class _Counted(Protocol):
    @property
    def id(self) -> UUID: ...

    @property
    def number(self) -> int: ...


RowT = TypeVar("RowT", bound=_Counted)


def _numbered(rows: Iterable[RowT], words: str) -> UUID:
    """Return the record that is called so: `2`, `WP2`, `MS4`."""
    number = words.upper().lstrip("WPMS")
    for row in rows:
        if str(row.number) == number:
            return row.id
    raise NotFound("no_such_number", "There is no {words} in this project.", words=words)
