"""Writing a Gantt chart to a file. How it looks is the desktop's; what its tables say is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.errors import DomainError
from projectdesk.exchange.documents.chart import ChartDocument, ChartTable
from projectdesk.exchange.documents.words import ENGLISH, Words, words
from projectdesk.services import queries
from projectdesk.services.gantt_rows import GanttPlan
from projectdesk.services.rows import Kind
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace


def write_gantt_pdf(
    workspace: Workspace,
    project_id: UUID,
    pictures: Sequence[bytes],
    paper: str,
    out: Path,
    language: str = ENGLISH,
) -> Path:
    """Write a Gantt chart as an accessible PDF: its pictures, then all it shows as tables.

    The file appears whole or not at all.

    Args:
        workspace: the open data.
        project_id: whose chart it is.
        pictures: SVG, one a page, as wide as the page.
        paper: "a4" or "a3", landscape.
        out: the file to write.
        language: of the tables: that of the pictures, of those that documents have.

    Raises:
        NotFound: no such project.
        DomainError: `unknown_paper`.
        EnvironmentFailure: `file_not_written`, `document_failed`.
    """
    if paper not in {"a4", "a3"}:
        raise DomainError("unknown_paper", "“{paper}” is no paper: expected a4 or a3.", paper=paper)
    from projectdesk.exchange.documents.chart_pdf import render  # Typst loads when it is needed

    plan, me, now = queries.gantt(workspace, project_id), queries.me(workspace), workspace.now()
    say = words(language)
    document = ChartDocument(
        title=say("chart_title", project=plan.acronym),
        subtitle=plan.title,
        date=say.day(now.date()),
        author=me.name if me else "",
        paper="a3" if paper == "a3" else "a4",
        pictures=tuple(picture.decode("utf-8") for picture in pictures),
        alts=_alts(plan, len(pictures), say),
        tables=(_bar_table(plan, say), _mark_table(plan, now.date(), say)),
        language=language,
    )
    made, _ = render(document, now=now)
    return whole(out, lambda path: path.write_bytes(made))


def write_picture(octets: bytes, out: Path) -> Path:
    """Write a picture to a file, which appears whole or not at all.

    Raises:
        EnvironmentFailure: `file_not_written`.
    """
    return whole(out, lambda path: path.write_bytes(octets))


def _alts(plan: GanttPlan, count: int, say: Words) -> tuple[str, ...]:
    packages = sum(bar.kind is Kind.WORK_PACKAGE for bar in plan.bars)
    what = say(
        "chart_alt",
        project=plan.acronym,
        packages=packages,
        tasks=len(plan.bars) - packages,
        marks=len(plan.marks),
    )
    if count == 1:
        return (what,)
    parts = range(1, count + 1)
    return tuple(say("chart_part", number=number, of=count, what=what) for number in parts)


def _bar_table(plan: GanttPlan, say: Words) -> ChartTable:
    rows = tuple(
        (
            bar.label,
            bar.title,
            bar.lead,
            say("project_months", first=bar.start_month, last=bar.end_month),
            _day(say, plan.start_date, bar.start_month, first_day),
            _day(say, plan.start_date, bar.end_month, last_day),
        )
        for bar in plan.bars
    )
    headers = ("number", "title", "lead", "month_span", "start", "end")
    return ChartTable(say("chart_bars"), tuple(map(say, headers)), (1, 7, 2, 2, 2, 2), rows)


def _mark_table(plan: GanttPlan, today: date, say: Words) -> ChartTable:
    rows = tuple(
        (
            mark.label,
            mark.title,
            mark.lead,
            f"M{mark.due_month}",
            _day(say, plan.start_date, mark.due_month, last_day),
            say("chart_done") if mark.done else say("chart_late") if mark.late(today) else "",
        )
        for mark in plan.marks
    )
    headers = ("number", "title", "lead", "month", "due", "state")
    return ChartTable(say("chart_marks"), tuple(map(say, headers)), (1, 7, 2, 2, 2, 2), rows)


def _day(say: Words, start: date | None, month: int, of: Callable[[date, int], date]) -> str:
    return "" if start is None else say.day(of(start, month))
