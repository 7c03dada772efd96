"""Reads Microsoft Project's XML as bars.

With or without its namespace. Work becomes person-months by the file's own hours a day and days a
month, lags become months the same way.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.entries import DAYS_PER_MONTH, HOURS_PER_DAY, Entry, Link, PlanFile
from projectdesk.exchange.plans.xml import child, children, local, text_of
from projectdesk.exchange.values import clean_line

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
_DURATION = re.compile(r"PT(?:([0-9.]{1,12})H)?(?:([0-9.]{1,12})M)?(?:([0-9.]{1,12})S)?")
_CALENDAR_DAYS_PER_MONTH = Decimal("30.4375")
_NO_CALENDAR = Decimal(24 * 60)
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
        minutes = _number(text_of(root, "MinutesPerDay")) or Decimal(HOURS_PER_DAY * 60)
        days = _number(text_of(root, "DaysPerMonth")) or Decimal(DAYS_PER_MONTH)
        self.month_minutes = minutes * days
        begins = re.match(r"([0-9]{2}):([0-9]{2})", text_of(root, "DefaultStartTime"))
        self.day_begins = (int(begins[1]), int(begins[2])) if begins else (8, 0)

    def file(self) -> PlanFile:
        work = self._work()
        tasks = list(children(child(self.root, "Tasks"), "Task"))
        entries = [each for row, task in enumerate(tasks, 1) if (each := self._task(task, row))]
        known = {entry.uid for entry in entries}
        lost = sum(len(cells) for uid, cells in work.items() if uid not in known)
        if lost:
            text = f"{lost} assignments belong to no task and were left out."
            self.findings.add(self.name, 0, "", "work_left_out", text)
        return PlanFile(
            file=self.name,
            title=clean_line(text_of(self.root, "Title") or text_of(self.root, "Name")),
            start=_day(text_of(self.root, "StartDate")),
            entries=tuple(
                Entry(
                    uid=entry.uid,
                    level=entry.level,
                    name=entry.name,
                    first=entry.first,
                    last=entry.last,
                    milestone=entry.milestone,
                    notes=entry.notes,
                    lead=entry.lead,
                    links=entry.links,
                    work=tuple(work.get(entry.uid, ())),
                    row=entry.row,
                )
                for entry in entries
            ),
        )

    def _task(self, task: Element, row: int) -> Entry | None:
        level = text_of(task, "OutlineLevel")
        if text_of(task, "IsNull") == "1" or (text_of(task, "UID") == "0" and level in ("", "0")):
            return None  # a blank line of the table, and the line of the whole project
        name = clean_line(text_of(task, "Name"))
        if text_of(task, "Active") == "0":
            text = f"{name}: It is not active in the file and was left out."
            self.findings.add(self.name, row, "", "inactive", text)
            return None
        first = _moment(text_of(task, "Start") or text_of(task, "ManualStart"))
        last = _moment(text_of(task, "Finish") or text_of(task, "ManualFinish"))
        milestone = text_of(task, "Milestone") == "1"
        return Entry(
            uid=text_of(task, "UID"),
            level=int(level) if level.isdecimal() and len(level) < 5 else 1,
            name=name,
            first=first.date() if first else None,
            last=self._last_day(first, last, milestone=milestone),
            milestone=milestone,
            notes=text_of(task, "Notes"),
            lead=clean_line(text_of(task, "Contact")),
            links=tuple(self._link(each, name, row) for each in children(task, "PredecessorLink")),
            row=row,
        )

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

    def _link(self, element: Element, name: str, row: int) -> Link:
        form = text_of(element, "LagFormat")
        tenths = _number(text_of(element, "LinkLag")) or Decimal(0)
        if form in _PERCENT:
            if tenths:
                text = f"{name}: A lag of {tenths} % of a task was taken as none."
                self.findings.add(self.name, row, "", "lag_percent", text)
            tenths = Decimal(0)
        if form in _ELAPSED:
            month = _NO_CALENDAR * _CALENDAR_DAYS_PER_MONTH
        else:
            month = self.month_minutes
        kind = text_of(element, "Type")
        if kind not in _TYPES and kind:
            text = f"{name}: A link of the unknown type {kind[:20]} was taken as finish to start."
            self.findings.add(self.name, row, "", "link_type", text)
        return Link(
            before=text_of(element, "PredecessorUID"),
            type=_TYPES.get(kind, DependencyType.FINISH_START),
            lag=tenths / 10 / month,
        )

    def _work(self) -> dict[str, list[tuple[str, Decimal]]]:
        """Return who works how many person-months on each task."""
        names: dict[str, str] = {}
        for number, resource in enumerate(children(child(self.root, "Resources"), "Resource")):
            name = clean_line(text_of(resource, "Name"))
            kind = text_of(resource, "Type") or _WORK
            if kind == _WORK:
                names[text_of(resource, "UID")] = name
            elif name:
                text = f"{name}: It is a material or a cost, no person: it was left out."
                self.findings.add(self.name, number, "", "no_person", text)
        found: dict[str, list[tuple[str, Decimal]]] = {}
        nameless = Decimal(0)
        for assignment in children(child(self.root, "Assignments"), "Assignment"):
            months = _minutes(text_of(assignment, "Work")) / self.month_minutes
            who = names.get(text_of(assignment, "ResourceUID"), "")
            if not months:
                continue
            if not who:
                nameless += months
                continue
            found.setdefault(text_of(assignment, "TaskUID"), []).append((who, months))
        if nameless:
            text = f"{nameless:.2f} person-months are assigned to nobody and were left out."
            self.findings.add(self.name, 0, "", "work_of_nobody", text)
        if found:
            hours = self.month_minutes / 60
            text = f"Work was counted as person-months of {hours.normalize():f} hours."
            self.findings.add(self.name, 0, "", "hours_per_month", text)
        return found


def _number(text: str) -> Decimal | None:
    """Return a number that can be reckoned with, None of anything else."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None


def _minutes(text: str) -> Decimal:
    """Return the minutes of "PT80H30M0S", 0 of what is no duration."""
    found = _DURATION.fullmatch(text)
    if not found:
        return Decimal(0)
    hours, minutes, seconds = (_number(part or "0") or Decimal(0) for part in found.groups())
    return hours * 60 + minutes + seconds / 60


def _moment(text: str) -> datetime | None:
    """Return a moment, None of what is none (Project writes "NA" too)."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None
