"""Reads Microsoft Project's XML as bars.

With or without its namespace. Work becomes person-months by the file's own hours a day and days a
month, lags become months the same way. Many programs write this format and leave out what they do
not know: a missing finish follows from the duration, a missing level from the outline number.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypedDict

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.entries import (
    DAYS_PER_MONTH,
    HOURS_PER_DAY,
    Entry,
    Link,
    PlanFile,
    last_of_working_days,
)
from projectdesk.exchange.plans.xml import child, children, local, text_of
from projectdesk.exchange.values import clean_line
from projectdesk.worded import Worded, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TYPES = {
    "0": DependencyType.FINISH_FINISH,
    "1": DependencyType.FINISH_START,
    "2": DependencyType.START_FINISH,
    "3": DependencyType.START_START,
}
_ELAPSED = frozenset({"4", "6", "8", "10", "12", "36", "38", "40", "42", "44"})
_PERCENT = frozenset({"19", "20", "51", "52"})
_DURATION = re.compile(
    r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9.]{1,12})D)?(?:T(?:([0-9.]{1,12})H)?(?:([0-9.]{1,12})M)?(?:([0-9.]{1,12})S)?)?"
)
_DAY_ALONE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_LONGEST_DAYS = 20_000
"""Working days of one bar; 50 years have 13,000."""
_CALENDAR_DAYS_PER_MONTH = Decimal("30.4375")
_NO_CALENDAR = Decimal(24 * 60)
_DAYS_OF_A_MONTH = 31
_WORK = "1"


def is_mspdi(root: Element) -> bool:
    """Return whether an XML file is Microsoft Project's."""
    return local(root) == "Project" and (
        "schemas.microsoft.com/project" in str(root.tag) or child(root, "Tasks") is not None
    )


def read_mspdi(root: Element, name: str, findings: Findings) -> PlanFile:
    """Return the bars of a file.

    Args:
        root: of the file.
        name: of the file.
        findings: where what is not taken is said.

    Raises:
        UnreadableFile: `not_mspdi`.
    """
    if not is_mspdi(root):
        raise UnreadableFile(
            "not_mspdi",
            "{file} holds <{found}>, not a <Project> of Microsoft Project.",
            file=name,
            found=local(root)[:80],
            expected="<Project>",
        )
    return _Reader(root, name, findings).file()


class _Reader:
    def __init__(self, root: Element, name: str, findings: Findings) -> None:
        self.root = root
        self.name = name
        self.findings = findings
        self.day_minutes = _within(
            text_of(root, "MinutesPerDay"), int(_NO_CALENDAR), HOURS_PER_DAY * 60
        )
        self.month_minutes = self.day_minutes * _within(
            text_of(root, "DaysPerMonth"), _DAYS_OF_A_MONTH, DAYS_PER_MONTH
        )
        self.durations: dict[str, Decimal] = {}
        """Minutes of each task, by its UID."""
        begins = re.match(r"([0-9]{2}):([0-9]{2})", text_of(root, "DefaultStartTime"))
        self.day_begins = (int(begins[1]), int(begins[2])) if begins else (8, 0)

    def file(self) -> PlanFile:
        tasks = self._tasks()
        self.durations = {_uid(task): self._minutes(text_of(task, "Duration")) for _, task in tasks}
        read = [each for row, task in tasks if (each := self._task(task, row))]
        work = self._work()
        known = {entry.uid for entry in read}
        lost = sum(len(cells) for uid, cells in work.items() if uid not in known)
        if lost:
            text = worded("{count} assignments belong to no task and were left out.", count=lost)
            self.findings.add(self.name, 0, "", "work_left_out", text)
        return PlanFile(
            file=self.name,
            title=next(filter(None, self._titles()), ""),
            start=_day(text_of(self.root, "StartDate")),
            entries=tuple(replace(each, work=tuple(work.get(each.uid, ()))) for each in read),
        )

    def _tasks(self) -> list[tuple[int, Element]]:
        """Return (row, task) in the order of the table, which their IDs give: levels hang on it."""
        tasks = list(children(child(self.root, "Tasks"), "Task"))
        numbers = [text_of(task, "ID") for task in tasks]
        if len(set(numbers)) == len(tasks) and all(
            each.isascii() and each.isdecimal() and len(each) < 10 for each in numbers
        ):
            tasks.sort(key=lambda task: int(text_of(task, "ID")))
        rows = list(enumerate(tasks, 1))
        return rows[1:] if self._begins_with_project(tasks) else rows

    def _begins_with_project(self, tasks: list[Element]) -> bool:
        """Return whether the first task is the line of the whole project: all lie under it.

        Programs that count levels from nought have such a task too; its number or name tells.
        """
        levels = [_level(task) for task in tasks]
        if len(tasks) < 2 or levels[0] != 0 or not all(levels[1:]):
            return False
        if "0" in (text_of(tasks[0], "UID"), text_of(tasks[0], "ID")):
            return True
        name = clean_line(text_of(tasks[0], "Name"))
        return name != "" and name in self._titles()

    def _titles(self) -> list[str]:
        return [clean_line(text_of(self.root, each)) for each in ("Title", "Name")]

    def _task(self, task: Element, row: int) -> Entry | None:
        level = _level(task)
        if _flag(task, "IsNull") or (_uid(task) == "0" and not level):
            return None  # a blank line of the table, and the line of the whole project
        name = clean_line(text_of(task, "Name"))
        if reason := self._left_out(task):
            self.findings.add(
                self.name,
                row,
                "",
                reason[0],
                worded("{name}: {reason}", name=name, reason=reason[1]),
            )
            return None
        if _flag(task, "IsSubproject"):
            text = worded(
                "{name}: It stands for another project's file, whose tasks are not in this one.",
                name=name,
            )
            self.findings.add(self.name, row, "", "subproject", text)
        return Entry(
            uid=_uid(task),
            level=1 if level is None else level,
            name=name,
            **self._days(task),
            notes=text_of(task, "Notes"),
            lead=clean_line(text_of(task, "Contact")),
            links=tuple(self._links(task, name, row)),
            row=row,
        )

    def _left_out(self, task: Element) -> tuple[str, Worded] | None:
        """Return why a line of the table is no task of this plan: (code, words)."""
        if text_of(task, "Active") and not _flag(task, "Active"):
            return "inactive", worded("It is not active in the file and was left out.")
        if _flag(task, "ExternalTask"):
            return "external_task", worded("It is a task of another file and was left out.")
        return None

    def _days(self, task: Element) -> _Days:
        """Return the first and the last day, and whether it is a milestone."""
        start = text_of(task, "Start") or text_of(task, "ManualStart")
        finish = text_of(task, "Finish") or text_of(task, "ManualFinish")
        first, last = _moment(start), _moment(finish)
        length = text_of(task, "Duration")
        milestone = _flag(task, "Milestone")
        if not text_of(task, "Milestone"):  # a program that does not know the word
            milestone = bool(_DURATION.fullmatch(length)) and not self._minutes(length)
        ends: date | None
        if last is None and first is not None:
            ends = first.date() if milestone else self._reckoned(first.date(), length)
        elif _DAY_ALONE.fullmatch(finish):
            ends = last.date() if last else None
        else:
            ends = self._last_day(first, last, milestone=milestone)
        return {"first": first.date() if first else None, "last": ends, "milestone": milestone}

    def _reckoned(self, first: date, length: str) -> date:
        """Return the last day of a bar of which only the start and the duration are said."""
        days = int((self._minutes(length) / self.day_minutes).to_integral_value(ROUND_CEILING))
        return last_of_working_days(first, min(max(1, days), _LONGEST_DAYS))

    def _last_day(
        self, first: datetime | None, last: datetime | None, *, milestone: bool
    ) -> date | None:
        """Return the last day worked on: what ends as a day begins ended the day before."""
        if last is None:
            return None
        early = (last.hour, last.minute) <= self.day_begins
        if early and not milestone and (first is None or last.date() > first.date()):
            return last.date() - timedelta(days=1)
        return last.date()

    def _links(self, task: Element, name: str, row: int) -> Iterator[Link]:
        for element in children(task, "PredecessorLink"):
            if _flag(element, "CrossProject"):
                where = clean_line(text_of(element, "CrossProjectName"))[:80] or worded(
                    "another file"
                )
                text = worded(
                    "{name}: It waits for a task of {where}: the link was left out.",
                    name=name,
                    where=where,
                )
                self.findings.add(self.name, row, "", "link_elsewhere", text)
            else:
                yield self._link(element, name, row)

    def _link(self, element: Element, name: str, row: int) -> Link:
        kind = text_of(element, "Type")
        if kind not in _TYPES and kind:
            text = worded(
                "{name}: A link of the unknown type {kind} was taken as finish to start.",
                name=name,
                kind=kind[:20],
            )
            self.findings.add(self.name, row, "", "link_type", text)
        return Link(
            before=text_of(element, "PredecessorUID"),
            type=_TYPES.get(kind, DependencyType.FINISH_START),
            lag=self._lag(element, name, row),
        )

    def _lag(self, element: Element, name: str, row: int) -> Decimal:
        """Return months: of tenths of minutes, or of a percentage of what is waited for."""
        form = text_of(element, "LagFormat")
        number = _number(text_of(element, "LinkLag")) or Decimal(0)
        if form in _ELAPSED:
            return number / 10 / (_NO_CALENDAR * _CALENDAR_DAYS_PER_MONTH)
        if form not in _PERCENT:
            return number / 10 / self.month_minutes
        minutes = self.durations.get(text_of(element, "PredecessorUID"), Decimal(0))
        if number and not minutes:
            text = worded(
                "{name}: A lag of {number} % of a task without a duration was taken as none.",
                name=name,
                number=number,
            )
            self.findings.add(self.name, row, "", "lag_percent", text)
        return number / 100 * minutes / self.month_minutes

    def _work(self) -> dict[str, list[tuple[str, Decimal]]]:
        """Return who works how many person-months on each task."""
        names: dict[str, str] = {}
        for number, resource in enumerate(children(child(self.root, "Resources"), "Resource")):
            name = clean_line(text_of(resource, "Name"))
            kind = text_of(resource, "Type") or _WORK
            if kind == _WORK:
                names[text_of(resource, "UID")] = name
            elif name:
                text = worded(
                    "{name}: It is a material or a cost, no person: it was left out.", name=name
                )
                self.findings.add(self.name, number, "", "no_person", text)
        found: dict[str, list[tuple[str, Decimal]]] = {}
        nameless = Decimal(0)
        for assignment in children(child(self.root, "Assignments"), "Assignment"):
            months = self._assigned(assignment) / self.month_minutes
            who = names.get(text_of(assignment, "ResourceUID"), "")
            if not months:
                continue
            if not who:
                nameless += months
                continue
            found.setdefault(text_of(assignment, "TaskUID"), []).append((who, months))
        if nameless:
            text = worded(
                "{months} person-months are assigned to nobody and were left out.",
                months=f"{nameless:.2f}",
            )
            self.findings.add(self.name, 0, "", "work_of_nobody", text)
        if found:
            hours = self.month_minutes / 60
            text = worded(
                "Work was counted as person-months of {hours} hours.",
                hours=f"{hours.normalize():f}",
            )
            self.findings.add(self.name, 0, "", "hours_per_month", text)
        return found

    def _assigned(self, assignment: Element) -> Decimal:
        """Return the minutes of an assignment; who writes no work says the part of the time."""
        if work := text_of(assignment, "Work"):
            return self._minutes(work)
        units = _number(text_of(assignment, "Units")) or Decimal(0)
        return max(units, Decimal(0)) * self.durations.get(text_of(assignment, "TaskUID"), 0)

    def _minutes(self, text: str) -> Decimal:
        """Return the minutes of "PT80H30M0S", 0 of what is no duration.

        Project writes no days; those of "P5D" are read as days of work, as MPXJ does. Java writes
        years and months too, mostly none of them: "P0Y0M0DT8H0M0.000S".
        """
        found = _DURATION.fullmatch(text)
        if not found:
            return Decimal(0)
        years, months, days, hours, minutes, seconds = (
            _number(part or "0") or Decimal(0) for part in found.groups()
        )
        months += 12 * years
        worked = months * self.month_minutes + days * self.day_minutes
        return worked + hours * 60 + minutes + seconds / 60


class _Days(TypedDict):
    first: date | None
    last: date | None
    milestone: bool


def _uid(task: Element) -> str:
    return text_of(task, "UID") or text_of(task, "ID")


def _flag(element: Element, name: str) -> bool:
    """Return whether a flag is set: Project writes 1, other programs the word."""
    return text_of(element, name).casefold() in ("1", "true")


def _level(task: Element) -> int | None:
    """Return how deep a task lies, by its level or its outline number; None = not said."""
    level = text_of(task, "OutlineLevel")
    if level.isascii() and level.isdecimal() and len(level) < 5:
        return int(level)
    number = text_of(task, "OutlineNumber").strip(".")
    return 1 + number.count(".") if number.strip("0") else None


def _number(text: str) -> Decimal | None:
    """Return a number that can be reckoned with, None of anything else."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None


def _within(text: str, most: int, otherwise: int) -> Decimal:
    """Return a number from 1 to `most`, `otherwise` where the file says none or another."""
    value = _number(text)
    return value if value is not None and 1 <= value <= most else Decimal(otherwise)


def _moment(text: str) -> datetime | None:
    """Return a moment, None of what is none (Project writes "NA" too)."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None
