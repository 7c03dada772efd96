"""Creating and changing one record inside a unit: rules, numbers, what follows from what.

The commands of `services.commands.edit` are these in a transaction; other commands call them with
their own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import (
    Body,
    BodyKind,
    Organisation,
    Partner,
    PartnerRole,
    Person,
    Project,
)
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Action, ActionStatus
from projectdesk.domain.preparation import DateOption, DatePoll
from projectdesk.domain.rules import body_rules, project_months, validation, zoned_time
from projectdesk.errors import DomainError
from projectdesk.services import record_checks
from projectdesk.services.action_telling import follow_edit
from projectdesk.services.field_rules import Reference, Rule
from projectdesk.services.kind_spec import KindSpec
from projectdesk.services.kinds import SPECS
from projectdesk.services.numbers import reserve
from projectdesk.services.partner_checks import settle_partner
from projectdesk.services.poll_checks import settle_option, settle_poll
from projectdesk.services.public_holidays import read_region
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store.mapping import TABLES

_COUNTED: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.PARTNER: (("number", "project_id"), ("position", "project_id")),
    Kind.WORK_PACKAGE: (("number", "project_id"),),
    Kind.TASK: (("number", "work_package_id"),),
    Kind.DELIVERABLE: (("number", "work_package_id"),),
    Kind.MILESTONE: (("number", "project_id"),),
    Kind.RISK: (("number", "project_id"),),
    Kind.REPORTING_PERIOD: (("number", "project_id"),),
    Kind.AGENDA_ITEM: (("position", "meeting_id"),),
    Kind.BACKLOG_ITEM: (("position", "project_id"),),
    Kind.REVIEW_QUESTION: (("number", "meeting_id"),),
    Kind.DECISION: (("number", "project_id"),),
    Kind.ACTION: (("number", "project_id"),),
    Kind.VOTE: (("number", "project_id"),),
    Kind.INFORMATION: (("number", "meeting_id"),),
}
"""Fields that take the next free number of their parent when none is given."""


def add_record(unit: Unit, kind: Kind, values: Mapping[str, object]) -> Any:
    """Make a record by the rules of its kind and add it to the unit.

    Args:
        unit: the change.
        kind: what to make.
        values: its fields; what is left out takes its default, numbers the next free one.

    Returns:
        The entity.

    Raises:
        DomainError: a field cannot hold what was given (fact `field`); a parent does not exist.
    """
    spec = SPECS[kind]
    if not spec.by_hand:
        raise DomainError("not_by_hand", "A {noun} is not made by hand.", noun=spec.noun)
    clean = _cleaned(spec, {**spec.fields, **spec.fixed}, _completed(unit, kind, values))
    _require(spec, clean)
    _check_references(unit.session, spec, clean)
    record = spec.entity(**_numbered(unit.session, kind, clean))
    _settle(unit.session, record, frozenset(clean), new=True)
    unit.add(record)
    return record


def change_record(unit: Unit, kind: Kind, record: Any, values: Mapping[str, object]) -> bool:
    """Change fields of a record by the rules of its kind.

    Returns:
        Whether anything differs from before.

    Raises:
        DomainError: a field cannot hold what was given (fact `field`).
    """
    spec = SPECS[kind]
    clean = _followed(record, _cleaned(spec, spec.fields, values))
    moved = {name: value for name, value in clean.items() if getattr(record, name) != value}
    if not moved:
        return False
    _check_references(unit.session, spec, moved, record)
    for name, value in moved.items():
        setattr(record, name, value)
    _settle(unit.session, record, frozenset(moved), new=False)
    return True


def next_number(session: Session, kind: Kind, name: str, parent: str, parent_id: object) -> int:
    """Return the next free number (or position) of a kind below a parent, 1 for the first."""
    table = TABLES[SPECS[kind].entity]
    reserve(session, parent_id)
    largest = session.scalar(select(func.max(table.c[name])).where(table.c[parent] == parent_id))
    return (largest or 0) + 1


# --- before ---------------------------------------------------------------------------------------


def _cleaned(
    spec: KindSpec, rules: Mapping[str, Rule], values: Mapping[str, object]
) -> dict[str, Any]:
    clean = {}
    for name, value in values.items():
        rule = rules.get(name)
        if rule is None:
            raise DomainError(
                "not_editable",
                "The {words} of a {noun} cannot be set.",
                field=name,
                words=name.removesuffix("_id").replace("_", " "),
                noun=spec.noun,
            )
        clean[name] = rule(value, name)
    return clean


def _completed(unit: Unit, kind: Kind, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values with what follows from them before any rule is asked."""
    whole = dict(values)
    if kind in {Kind.DECISION, Kind.ACTION} and "project_id" not in whole:
        meeting_id = whole.get("meeting_id")
        if isinstance(meeting_id, UUID):
            whole["project_id"] = unit.get(Meeting, meeting_id).project_id
    if kind is Kind.DECISION:
        whole.setdefault("made_at", unit.now)
    if kind in {Kind.AGENDA_ITEM, Kind.BACKLOG_ITEM}:
        whole.setdefault("added_at", unit.now)
    if kind is Kind.ATTENDANCE_CORRECTION:
        whole.setdefault("made_at", unit.now)
    if kind is Kind.PROXY:
        whole.setdefault("announced_at", unit.now)
    if kind in {Kind.WORK_PACKAGE, Kind.TASK} and "end_month" not in whole:
        whole["end_month"] = whole.get("start_month", 1)
    if kind is Kind.BODY:
        body_kind = whole.get("kind", BodyKind.GENERAL_ASSEMBLY)
        if isinstance(body_kind, BodyKind):
            whole = {**body_rules.usual_notice(body_kind), **whole}
    return whole


def _followed(record: Any, clean: dict[str, Any]) -> dict[str, Any]:
    """Return the new values with what follows from them and was not given."""
    if isinstance(record, Body) and "kind" in clean:
        now = {name: getattr(record, name) for name in body_rules.usual_notice(record.kind)}
        return {**body_rules.notice_after(record.kind, clean["kind"], now), **clean}
    if isinstance(record, Action):
        follow_edit(record, clean)
    return clean


_MADE_HERE = frozenset({"number", "starts_at"})


def _require(spec: KindSpec, clean: Mapping[str, Any]) -> None:
    """Refuse to make a record without what it cannot be without."""
    for each in fields(spec.entity):
        optional = each.default is not MISSING or each.default_factory is not MISSING
        if not optional and each.name not in clean and each.name not in _MADE_HERE:
            raise validation.refuse("required", each.name, "This cannot be empty.")


def _numbered(session: Session, kind: Kind, clean: dict[str, Any]) -> dict[str, Any]:
    for name, parent in _COUNTED.get(kind, ()):
        if name not in clean:
            clean[name] = next_number(session, kind, name, parent, clean[parent])
    if kind is Kind.PARTNER and clean["number"] == 1:
        clean.setdefault("role", PartnerRole.COORDINATOR)
    if kind is Kind.MEETING:
        clean["starts_at"] = zoned_time.to_utc(clean["local_start"], clean["zone"])
    return clean


def _check_references(
    session: Session, spec: KindSpec, clean: Mapping[str, Any], record: Any = None
) -> None:
    """Refuse a reference to what does not exist or belongs to another project."""
    project_id = record_checks.project_of(session, clean, record)
    rules = {**spec.fields, **spec.fixed}
    for name, value in clean.items():
        rule = rules[name]
        if isinstance(rule, Reference) and value is not None:
            record_checks.check_reference(session, name, rule.kind, value, project_id)
    if "work_package_ids" in clean:
        for each in clean["work_package_ids"]:
            record_checks.check_reference(
                session, "work_package_ids", Kind.WORK_PACKAGE, each, project_id
            )


# --- after ----------------------------------------------------------------------------------------


def _settle(session: Session, record: Any, moved: frozenset[str], *, new: bool) -> None:
    """Derive what follows from the changed fields, then check the record as a whole."""
    match record:
        case Project():
            _settle_project(record, moved)
        case Meeting() if new or moved & {"local_start", "zone", "fold_rule"}:
            record.starts_at = zoned_time.to_utc(record.local_start, record.zone, record.fold_rule)
            # What clocks show then: nothing may print a time that its day leaves out.
            record.local_start = zoned_time.to_local(record.starts_at, record.zone)
            record.tzdata = zoned_time.tzdata_version()
        case Action() if "status" in moved and record.status is not ActionStatus.DONE:
            record.done_on = None
        case Partner():
            settle_partner(record, moved)
        case Person():
            _settle_person(session, record, moved)
        case DateOption():
            settle_option(session, record, new=new)
        case DatePoll() if not new:
            settle_poll(session, record, moved)
    record_checks.check_record(session, record, moved)


def _settle_person(session: Session, person: Person, moved: frozenset[str]) -> None:
    """Keep the region one of the country's: of another country it says nothing any more."""
    if not person.region or not moved & {"region", "country", "organisation_id"}:
        return
    employer = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    country = person.country or (employer.country if employer else "")
    try:
        person.region = read_region(country, person.region)
    except DomainError:
        if "region" in moved:
            raise
        person.region = ""


def _settle_project(project: Project, moved: frozenset[str]) -> None:
    """Keep start, end and duration in step: the duration rules, unless only the end was set."""
    validation.days_in_order(
        project.start_date, project.end_date if "end_date" in moved else None, "end_date"
    )
    if project.start_date is None:
        return
    by_end = "end_date" in moved and "duration_months" not in moved
    if (by_end or project.duration_months is None) and project.end_date is not None:
        months = project_months.duration(project.start_date, project.end_date)
        if not 1 <= months <= project_months.LAST_MONTH:
            raise validation.refuse(
                "end_before_start", "end_date", "The project ends outside its possible months."
            )
        project.duration_months = months
    elif moved & {"start_date", "duration_months"} and project.duration_months is not None:
        project.end_date = project_months.last_day(project.start_date, project.duration_months)
