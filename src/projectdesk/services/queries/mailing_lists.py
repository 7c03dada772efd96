"""Read the mailing lists of a project: computed, so that nobody keeps them.

A list holds the people of those who take part today. Who has no address is named, never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules.leaders import Candidate, work_package_leader
from projectdesk.errors import NotFound
from projectdesk.services.consortium_rows import (
    ListKind,
    ListPart,
    MailingListRow,
    RecipientRow,
)
from projectdesk.services.queries.consortium import bodies, partners, people
from projectdesk.services.queries.workplan import tasks, work_packages
from projectdesk.services.rows import PartnerRow, PersonRow, WorkPackageRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.worded import worded

_ROLES: Final = {
    PartnerRole.COORDINATOR: "Coordinator",
    PartnerRole.BENEFICIARY: "Beneficiaries",
    PartnerRole.AFFILIATED_ENTITY: "Affiliated entities",
    PartnerRole.ASSOCIATED_PARTNER: "Associated partners",
    PartnerRole.SUBCONTRACTOR: "Subcontractors",
    PartnerRole.THIRD_PARTY: "Third parties",
    PartnerRole.GRANTING_AUTHORITY: "Granting authority",
}


@dataclass(frozen=True)
class _Seat:
    """A partner's seat in a body, and the body's chair."""

    body_id: UUID
    partner_id: UUID | None
    representative_id: UUID | None
    deputy_id: UUID | None


class _Project:
    """What the lists of one project are made of, as of today."""

    def __init__(self, workspace: Workspace, project_id: UUID) -> None:
        today = workspace.now().date()
        self.partners = partners(workspace, project_id, today)
        active = {row.id for row in self.partners}
        everyone = people(workspace, project_id)
        self.people = [p for p in everyone if p.partner_id is None or p.partner_id in active]
        self.by_id = {person.id: person for person in reversed(everyone)}
        self.bodies = bodies(workspace, project_id)
        self.packages = work_packages(workspace, project_id)
        self.tasks = tasks(workspace, project_id)
        self.seats, self.busy = _seats_and_effort(workspace, project_id, active)

    def of_partners(self, ids: Iterable[UUID | None]) -> list[PersonRow]:
        wanted = set(ids) - {None}
        return [person for person in self.people if person.partner_id in wanted]


def _seats_and_effort(
    workspace: Workspace, project_id: UUID, active: set[UUID]
) -> tuple[list[_Seat], dict[UUID, set[UUID]]]:
    """Return the seats of partners that take part, and who has effort in each work package."""
    seat, effort, package = schema.body_member.c, schema.effort.c, schema.work_package.c
    of_body = (
        select(seat.body_id, seat.partner_id, seat.representative_id, seat.deputy_id)
        .join_from(schema.body_member, schema.body)
        .where(schema.body.c.project_id == project_id)
    )
    of_package = (
        select(effort.work_package_id, effort.partner_id, effort.months)
        .join_from(schema.effort, schema.work_package)
        .where(package.project_id == project_id)
    )
    busy: dict[UUID, set[UUID]] = {}
    with workspace.read() as session:
        seats = [_Seat(*row) for row in session.execute(of_body) if row.partner_id in active]
        for package_id, partner_id, months in session.execute(of_package):
            if months > 0:
                busy.setdefault(package_id, set()).add(partner_id)
    return seats, busy


def mailing_lists(workspace: Workspace, project_id: UUID) -> list[MailingListRow]:
    """Return every list of a project that has anybody on it.

    Everybody, by role, bodies with their representatives and deputies, work packages, functions,
    partners, externals; in this order.
    """
    project = _Project(workspace, project_id)
    made = (
        *_whole(project),
        *_by_role(project),
        *_by_body(project),
        *_by_work_package(project),
        *_by_function(project),
        *_by_partner(project),
    )
    return _apart([row for row in made if row.recipients or row.missing])


def _apart(lists: Sequence[MailingListRow]) -> list[MailingListRow]:
    """Return the lists with keys of their own: two bodies may have one name."""
    seen: Counter[str] = Counter()
    found = []
    for row in lists:
        seen[row.key] += 1
        again = seen[row.key]
        found.append(row if again == 1 else replace(row, key=f"{row.key} ({again})"))
    return found


def mailing_list(workspace: Workspace, project_id: UUID, name: str) -> MailingListRow:
    """Return one list by its key or name, in any case.

    Raises:
        NotFound: there is no such list.
    """
    wanted = " ".join(name.split()).casefold()
    lists = mailing_lists(workspace, project_id)
    for row in lists:
        if wanted in (row.key, row.name.casefold()):
            return row
    raise NotFound(
        "no_such_list",
        "There is no mailing list “{name}”: expected one of {known}.",
        name=name,
        known=", ".join(row.key for row in lists) or worded("none, as the project has no people"),
    )


# --- the lists ------------------------------------------------------------------------------------


def _whole(project: _Project) -> Iterator[MailingListRow]:
    inside = [person for person in project.people if person.partner_id is not None]
    outside = [person for person in project.people if person.partner_id is None]
    yield _list("all", ListKind.ALL, "Whole consortium", inside)
    yield _list("externals", ListKind.EXTERNALS, "Externals", outside)


def _by_role(project: _Project) -> Iterator[MailingListRow]:
    for role, name in _ROLES.items():
        of_role = [row.id for row in project.partners if row.role is role]
        found = project.of_partners(of_role)
        yield _list(f"role/{role.value}", ListKind.ROLE, name, found, role.value)


def _by_body(project: _Project) -> Iterator[MailingListRow]:
    for body in project.bodies:
        seats = [seat for seat in project.seats if seat.body_id == body.id]
        representatives = [seat.representative_id for seat in seats]
        deputies = [seat.deputy_id for seat in seats]
        members: dict[ListPart, Sequence[UUID | None]] = {
            ListPart.WHOLE: [body.chair_id, *representatives, *deputies],
            ListPart.REPRESENTATIVES: representatives,
            ListPart.DEPUTIES: deputies,
        }
        for part, ids in members.items():
            found = [project.by_id[each] for each in ids if each in project.by_id]
            key = f"body/{body.name.casefold()}" + (f"/{part.value}" if part else "")
            name = f"{body.name}: {part.value}" if part else body.name
            yield _list(key, ListKind.BODY, name, found, body.name, part)


def _by_work_package(project: _Project) -> Iterator[MailingListRow]:
    leaders = [_leader(project, package) for package in project.packages]
    found = [person for person in leaders if person is not None]
    yield _list("leaders", ListKind.LEADERS, "Work package leaders", found)
    for package in project.packages:
        leads = {t.lead_partner_id for t in project.tasks if t.work_package_id == package.id}
        ids = {package.lead_partner_id, *leads, *project.busy.get(package.id, ())}
        subject = f"{package.label} {package.title}"
        key = package.label.casefold()
        yield _list(key, ListKind.WORK_PACKAGE, subject, project.of_partners(ids), subject)


def _leader(project: _Project, package: WorkPackageRow) -> PersonRow | None:
    """Return who of a work package's lead partner leads it."""
    staff = project.of_partners([package.lead_partner_id])
    found = work_package_leader(
        (Candidate(person.id, person.name, person.function) for person in staff), package.number
    )
    return None if found is None else project.by_id[found.person_id]


def _by_function(project: _Project) -> Iterator[MailingListRow]:
    functions: dict[str, list[PersonRow]] = {}
    for person in project.people:
        if person.function:
            functions.setdefault(person.function.casefold(), []).append(person)
    for folded, found in sorted(functions.items()):
        name = found[0].function
        yield _list(f"function/{folded}", ListKind.FUNCTION, name, found, name)


def _by_partner(project: _Project) -> Iterator[MailingListRow]:
    for row in project.partners:
        found = project.of_partners([row.id])
        key = f"partner/{row.short_name.casefold()}"
        yield _list(key, ListKind.PARTNER, row.short_name, found, _numbered(row))


def _numbered(row: PartnerRow) -> str:
    return row.short_name if row.number is None else f"{row.number}  {row.short_name}"


def _list(
    key: str,
    kind: ListKind,
    name: str,
    found: Iterable[PersonRow],
    subject: str = "",
    part: ListPart = ListPart.WHOLE,
) -> MailingListRow:
    reached: dict[str, RecipientRow] = {}
    missing: dict[UUID, RecipientRow] = {}
    for person in found:
        row = RecipientRow(
            person.id, person.name, person.email.strip(), person.partner, person.function
        )
        if row.email:
            reached.setdefault(row.email.casefold(), row)
        else:
            missing.setdefault(row.person_id, row)
    return MailingListRow(
        key, kind, name, subject, part, tuple(reached.values()), tuple(missing.values())
    )
