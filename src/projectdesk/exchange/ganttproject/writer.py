"""Writes bars as a file of GanttProject, which 2.8 and 3.x open.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from projectdesk.domain.workplan import DependencyType
from projectdesk.exchange.plans.entries import (
    DAYS_PER_MONTH,
    Entry,
    Link,
    PlanFile,
    last_working_day,
    next_working_day,
    working_days,
)
from projectdesk.exchange.plans.xml import xml_bytes, xml_text

_TYPES = {
    DependencyType.START_START: "1",
    DependencyType.FINISH_START: "2",
    DependencyType.FINISH_FINISH: "3",
    DependencyType.START_FINISH: "4",
}
_WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PROPERTIES = (
    ("tpd0", "type", "icon"),
    ("tpd1", "priority", "icon"),
    ("tpd2", "info", "icon"),
    ("tpd3", "name", "text"),
    ("tpd4", "begindate", "date"),
    ("tpd5", "enddate", "date"),
    ("tpd6", "duration", "int"),
    ("tpd7", "completion", "int"),
    ("tpd8", "coordinator", "text"),
    ("tpd9", "predecessorsr", "text"),
)
_MANAGER = "Default:1"
_MEMBER = "Default:0"
_LOAD_PLACES = Decimal("0.000001")


def write_ganttproject(file: PlanFile, out: Path) -> None:
    """Write the bars to a file.

    Args:
        file: with the dates of all of them.
        out: the file to write.

    Raises:
        OSError: it cannot be written.
    """
    out.write_bytes(xml_bytes(_project(file)))


def _project(file: PlanFile) -> Element:
    entries = file.entries
    view = file.start.isoformat() if file.start else ""
    root = Element(
        "project",
        {
            "name": xml_text(file.title),
            "company": "",
            "webLink": "",
            "view-date": view,
            "view-index": "0",
            "gantt-divider-location": "420",
            "resource-divider-location": "300",
            "version": "3.2.3200",
            "locale": "en",
        },
    )
    SubElement(root, "description")
    _calendar(root)
    tasks = SubElement(root, "tasks", {"empty-milestones": "true"})
    properties = SubElement(tasks, "taskproperties")
    for uid, name, kind in _PROPERTIES:
        attributes = {"id": uid, "name": name, "type": "default", "valuetype": kind}
        SubElement(properties, "taskproperty", attributes)
    ids = {entry.uid: str(number) for number, entry in enumerate(entries)}
    waiting: dict[str, list[tuple[str, Link]]] = {}
    for entry in entries:
        for link in entry.links:
            waiting.setdefault(link.before, []).append((entry.uid, link))
    path: list[Element] = [tasks]
    for entry in entries:
        del path[min(entry.level, len(path)) :]
        path.append(_task(path[-1], entry, waiting, ids))
    _people(root, entries, ids)
    SubElement(root, "vacations")
    SubElement(root, "previous")
    SubElement(root, "roles", {"roleset-name": "Default"})
    return root


def _calendar(root: Element) -> None:
    types = SubElement(SubElement(root, "calendars"), "day-types")
    SubElement(types, "day-type", {"id": "0"})
    SubElement(types, "day-type", {"id": "1"})
    week = {day: "1" if day in ("sat", "sun") else "0" for day in _WEEK}
    SubElement(types, "default-week", {"id": "1", "name": "default", **week})
    SubElement(types, "only-show-weekends", {"value": "false"})
    SubElement(types, "overriden-day-types")  # spelled so by GanttProject
    SubElement(types, "days")


def _days(entry: Entry) -> tuple[date, int]:
    """Return the first working day of a bar, and how many it has; the months stay the same."""
    if entry.first is None or entry.last is None:
        raise ValueError(f"{entry.uid} has no dates")
    last = last_working_day(entry.last)
    if entry.milestone:
        return last, 0
    first = next_working_day(entry.first)
    return first, working_days(first, last)


def _task(
    parent: Element, entry: Entry, waiting: dict[str, list[tuple[str, Link]]], ids: dict[str, str]
) -> Element:
    first, days = _days(entry)
    task = SubElement(
        parent,
        "task",
        {
            "id": ids[entry.uid],
            "name": xml_text(entry.name),
            "meeting": "true" if entry.milestone else "false",
            "start": first.isoformat(),
            "duration": str(days),
            "complete": "0",
            "expand": "true",
        },
    )
    if entry.notes:
        SubElement(task, "notes").text = xml_text(entry.notes)
    for other, link in waiting.get(entry.uid, ()):
        attributes = {
            "id": ids[other],
            "type": _TYPES[link.type],
            "difference": str(int(link.lag * DAYS_PER_MONTH)),
            "hardness": "Rubber",
        }
        SubElement(task, "depend", attributes)
    return task


def _people(root: Element, entries: tuple[Entry, ...], ids: dict[str, str]) -> None:
    """Write partners as resources, their effort as load, and who leads as responsible."""
    named = [name for entry in entries for name, _ in entry.work]
    leads = [entry.lead for entry in entries if entry.lead]
    people = {name: str(number) for number, name in enumerate(dict.fromkeys([*named, *leads]))}
    resources = SubElement(root, "resources")
    for name, uid in people.items():
        attributes = {"id": uid, "name": xml_text(name), "function": _MEMBER, "contacts": ""}
        SubElement(resources, "resource", {**attributes, "phone": ""})
    allocations = SubElement(root, "allocations")
    for entry in entries:
        loads = dict(entry.work)
        _, days = _days(entry)
        for name in dict.fromkeys([*loads, *([entry.lead] if entry.lead else [])]):
            load = loads.get(name, Decimal(0)) * DAYS_PER_MONTH * 100 / max(days, 1)
            leads_it = name == entry.lead
            SubElement(
                allocations,
                "allocation",
                {
                    "task-id": ids[entry.uid],
                    "resource-id": people[name],
                    "function": _MANAGER if leads_it else _MEMBER,
                    "responsible": "true" if leads_it else "false",
                    "load": f"{load.quantize(_LOAD_PLACES, ROUND_HALF_UP).normalize():f}",
                },
            )
