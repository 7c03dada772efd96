"""Work plans at random, as they may be in a project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)
from projectdesk.exchange.plans import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    Plan,
    PlanEnd,
    PlanTable,
    RiskLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.values import clean_line, clean_text

LINES_OF_TEXT = st.characters(categories=["L", "N", "P", "S", "Zs"])
TITLES = st.text(LINES_OF_TEXT, min_size=1, max_size=20).map(clean_line).filter(bool)
# Sheets are read with plain single spaces in each line, so no others are written here.
PROSE = st.lists(st.text(LINES_OF_TEXT, max_size=12).map(clean_line), max_size=3).map(
    lambda lines: clean_text("\n".join(lines))
)
PARTNERS = st.sampled_from(["UDR", "KTH", "Université d'Été", "=3", "A & B <C>"])
MONTHS = st.integers(1, 60)
CENTS = st.integers(1, 20_000).map(lambda number: Decimal(number) / 100)
LEADS = st.just("") | PARTNERS


def spans() -> st.SearchStrategy[dict[str, int]]:
    """Return first and last months in order."""
    return st.tuples(MONTHS, MONTHS).map(
        lambda both: {"start_month": min(both), "end_month": max(both)}
    )


def _line(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields).flatmap(
        lambda values: spans().map(lambda span: kind(**values, **span))
    )


LINES: dict[PlanTable, st.SearchStrategy[Any]] = {
    PlanTable.WORK_PACKAGES: _line(
        WorkPackageLine,
        number=st.integers(1, 99),
        title=TITLES,
        lead=LEADS,
        objectives=PROSE,
        description=PROSE,
    ),
    PlanTable.TASKS: _line(
        TaskLine,
        work_package=st.integers(1, 9),
        number=st.integers(1, 99),
        title=TITLES,
        lead=LEADS,
        description=PROSE,
    ),
    PlanTable.DELIVERABLES: st.builds(
        DeliverableLine,
        work_package=st.integers(1, 9),
        number=st.integers(1, 99),
        title=TITLES,
        description=PROSE,
        lead=LEADS,
        type=st.sampled_from(DeliverableType),
        level=st.sampled_from(DisseminationLevel),
        due_month=MONTHS,
        status=st.sampled_from(DeliverableStatus),
        submitted_on=st.none() | st.dates(date(2020, 1, 1)),
    ),
    PlanTable.MILESTONES: st.builds(
        MilestoneLine,
        number=st.integers(1, 99),
        title=TITLES,
        work_packages=st.lists(st.integers(1, 9), unique=True).map(tuple),
        lead=LEADS,
        due_month=MONTHS,
        means_of_verification=PROSE,
        achieved_on=st.none() | st.dates(date(2020, 1, 1)),
    ),
    PlanTable.RISKS: st.builds(
        RiskLine,
        number=st.integers(1, 99),
        title=PROSE.filter(bool),
        work_packages=st.lists(st.integers(1, 9), unique=True).map(tuple),
        likelihood=st.sampled_from(RiskGrade),
        severity=st.sampled_from(RiskGrade),
        mitigation=PROSE,
        owner=LEADS,
        status=st.sampled_from(RiskStatus),
    ),
    PlanTable.EFFORT: st.builds(
        EffortLine, partner=PARTNERS, work_package=st.integers(1, 120), months=CENTS
    ),
    PlanTable.DEPENDENCIES: st.builds(
        DependencyLine,
        before=st.builds(PlanEnd, st.integers(1, 9), st.none() | st.integers(1, 9)),
        after=st.builds(PlanEnd, st.integers(10, 19), st.none() | st.integers(1, 9)),
        type=st.sampled_from(DependencyType),
        lag_months=st.integers(-36, 36),
    ),
}
"""One line of each table."""


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return a whole plan whose parts fit together."""

    def some(table: PlanTable, key: Any, most: int = 4) -> list[Any]:
        return draw(st.lists(LINES[table], max_size=most, unique_by=key))

    packages = sorted(
        draw(
            st.lists(
                LINES[PlanTable.WORK_PACKAGES],
                min_size=1,
                max_size=4,
                unique_by=lambda line: line.number,
            )
        ),
        key=lambda line: line.number,
    )
    numbers = [line.number for line in packages]
    within = st.sampled_from(numbers)

    def in_package(table: PlanTable) -> list[Any]:
        found = some(table, lambda line: line.number, 6)
        moved = [_with(line, work_package=draw(within)) for line in found]
        return sorted(moved, key=lambda line: (line.work_package, line.number))

    def of_packages(table: PlanTable) -> list[Any]:
        chosen = st.lists(within, unique=True, max_size=3).map(tuple)
        found = some(table, lambda line: line.number)
        return sorted(
            (_with(line, work_packages=draw(chosen)) for line in found),
            key=lambda line: line.number,
        )

    tasks = in_package(PlanTable.TASKS)
    ends = [PlanEnd(number) for number in numbers]
    ends += [PlanEnd(task.work_package, task.number) for task in tasks]
    pairs = [(a, b) for a in ends for b in ends if a != b]
    tied = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=4)) if pairs else []
    cells = draw(st.lists(st.tuples(PARTNERS, within), unique=True, max_size=5))
    return Plan(
        title=draw(TITLES),
        start=draw(st.dates(date(2015, 1, 1), date(2035, 12, 31))),
        work_packages=tuple(packages),
        tasks=tuple(tasks),
        deliverables=tuple(in_package(PlanTable.DELIVERABLES)),
        milestones=tuple(of_packages(PlanTable.MILESTONES)),
        risks=tuple(of_packages(PlanTable.RISKS)),
        effort=tuple(
            EffortLine(partner=partner, work_package=number, months=draw(CENTS))
            for partner, number in cells
        ),
        dependencies=tuple(
            DependencyLine(
                before=before,
                after=after,
                type=draw(st.sampled_from(DependencyType)),
                lag_months=draw(st.integers(-36, 36)),
            )
            for before, after in tied
        ),
    )


def _with(line: Any, **fields: Any) -> Any:
    return type(line)(**{name: getattr(line, name) for name in line.__slots__} | fields)
