"""A project larger than most: what pages look like when they are full.

The names are invented and long on purpose.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from projectdesk.domain.consortium import BodyKind, OrganisationType, PartnerRole
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.workplan import DeliverableStatus, DeliverableType
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

PARTNERS = 64
WORK_PACKAGES = 14
_PLACES = (
    ("DE", "Universität für Angewandte Meeresforschung und Küstenschutz Norddeutschland", "UAMK"),
    ("FR", "Centre national de recherche sur les systèmes énergétiques décentralisés", "CNSED"),
    ("PL", "Politechnika Bałtycka im. Jana Śniadeckiego w Szczecinie, Wydział Elektroniki", "PBS"),
    ("GR", "Ινστιτούτο Θαλάσσιων Τεχνολογιών και Περιβαλλοντικής Παρακολούθησης", "ITHTP"),
    ("FI", "Merenkulun automaation tutkimuskeskus Oy", "MATKE"),
    ("PT", "Associação para a Inovação em Sistemas Autónomos do Atlântico", "AISAA"),
    ("IT", "Istituto Superiore di Tecnologie Ambientali e Oceanografiche", "ISTAO"),
    ("US", "New England Institute of Ocean Engineering", "NEIOE"),
)
_ZONES = {
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "PL": "Europe/Warsaw",
    "GR": "Europe/Athens",
    "FI": "Europe/Helsinki",
    "PT": "Europe/Lisbon",
    "IT": "Europe/Rome",
    "US": "America/New_York",
}
_TOPICS = (
    "Requirements, reference architecture and interoperability of distributed sensing nodes",
    "Energy harvesting and power management below the sea surface",
    "Acoustic networking and data fusion across heterogeneous vehicles",
    "Demonstrations in the Baltic Sea, the Aegean and the North Atlantic",
    "Exploitation, standardisation and communication",
)


def fill(workspace: Workspace) -> UUID:
    """Put one heavy project into the data and return its id."""
    commands.set_me(
        workspace,
        {
            "given_name": "Annemarie",
            "family_name": "Oberhollenzer-Fürstenberg",
            "email": "annemarie@example.org",
            "zone": "Europe/Berlin",
        },
    )
    project, _ = commands.create(
        workspace,
        Kind.PROJECT,
        {
            "acronym": "HYDROSPHERE-NET",
            "title": "Heterogeneous distributed networks of autonomous vehicles for the "
            "observation of coastal and deep-sea ecosystems under climate change",
            "grant_number": "101234567",
            "programme": "Horizon Europe",
            "start_date": date(2026, 1, 1),
            "end_date": date(2030, 12, 31),
            "duration_months": 60,
            "total_cost": Decimal("24871336.25"),
            "eu_contribution": Decimal("19999999.50"),
            "objective": " ".join(_TOPICS) * 6,
        },
    )
    partners = _partners(workspace, project)
    _assembly(workspace, project, partners)
    packages = _plan(workspace, project, partners)
    _efforts(workspace, project, partners, packages)
    _periods(workspace, project)
    for number in range(4):
        commands.plan_meeting(
            workspace,
            project,
            list(MeetingType)[number],
            datetime(2026, 12, 1 + number, 9 + number),  # noqa: DTZ001 - planned times are naive
            "Europe/Berlin",
        )
    return project


def _partners(workspace: Workspace, project: UUID) -> list[UUID]:
    made = []
    for number in range(1, PARTNERS + 1):
        country, name, short = _PLACES[number % len(_PLACES)]
        organisation, _ = commands.create(
            workspace,
            Kind.ORGANISATION,
            {
                "legal_name": f"{name} {number}",
                "short_name": f"{short}{number}",
                "country": country,
                "pic": f"9{number:08d}",
                "type": list(OrganisationType)[number % 5],
            },
        )
        role = PartnerRole.COORDINATOR if number == 1 else PartnerRole.BENEFICIARY
        partner, _ = commands.create(
            workspace,
            Kind.PARTNER,
            {
                "project_id": project,
                "organisation_id": organisation,
                "number": number,
                "short_name": f"{short}{number}",
                "role": PartnerRole.ASSOCIATED_PARTNER if number > 50 else role,
                "contribution": Decimal(number * 61234) + Decimal("0.75"),
            },
        )
        made.append(partner)
        _person(workspace, project, partner, organisation, number, country)
    return made


def _assembly(workspace: Workspace, project: UUID, partners: list[UUID]) -> None:
    body, _ = commands.create(
        workspace,
        Kind.BODY,
        {
            "project_id": project,
            "kind": BodyKind.GENERAL_ASSEMBLY,
            "name": "General Assembly of all beneficiaries and associated partners",
        },
    )
    commands.add_body_members(workspace, body, partners)


def _person(
    workspace: Workspace,
    project: UUID,
    partner: UUID,
    organisation: UUID,
    number: int,
    country: str,
) -> None:
    person, _ = commands.create(
        workspace,
        Kind.PERSON,
        {
            "given_name": f"Maximiliane{number}",
            "family_name": "von Hohenstein-Waldburg",
            "email": f"maximiliane.von.hohenstein.{number}@example.org",
            "organisation_id": organisation,
            "zone": _ZONES[country],
        },
    )
    commands.create(
        workspace,
        Kind.MEMBERSHIP,
        {
            "project_id": project,
            "person_id": person,
            "partner_id": partner,
            "function": "Scientific lead",
        },
    )


def _efforts(
    workspace: Workspace, project: UUID, partners: list[UUID], packages: list[UUID]
) -> None:
    """Fill the effort matrix: leaders most, every other partner a little in about half of it."""
    cells: dict[tuple[UUID, UUID], Decimal | None] = {}
    for column, package in enumerate(packages, start=1):
        for row, partner in enumerate(partners):
            if row == column:  # its leader, see _plan
                cells[partner, package] = Decimal(48 + 7 * column) + Decimal("0.25")
            elif (row * 5 + column * 3) % 7 < 4:
                quarters = (row * 11 + column * 17) % 56 + 2
                cells[partner, package] = Decimal(quarters) / 4
    # A leader with a whole institute behind it: the widest number that the matrix has to show.
    cells[partners[WORK_PACKAGES], packages[-1]] = Decimal("1204.75")
    commands.set_efforts(workspace, project, cells)


def _plan(workspace: Workspace, project: UUID, partners: list[UUID]) -> list[UUID]:
    """Add work packages with all in them; return their ids."""
    packages = []
    for number in range(1, WORK_PACKAGES + 1):
        package, _ = commands.create(
            workspace,
            Kind.WORK_PACKAGE,
            {
                "project_id": project,
                "title": _TOPICS[number % len(_TOPICS)],
                "lead_partner_id": partners[number],
                "start_month": number,
                "end_month": min(60, number + 36),
            },
        )
        packages.append(package)
        _tasks(workspace, project, package, number, partners)
        for step in range(1, 9):
            commands.create(
                workspace,
                Kind.DELIVERABLE,
                {
                    "work_package_id": package,
                    "title": f"Report {step} on {_TOPICS[(number + step) % len(_TOPICS)].lower()}",
                    "lead_partner_id": partners[(number * step) % len(partners)],
                    "due_month": min(60, number + 5 * step),
                    "type": list(DeliverableType)[step % 8],
                    "status": list(DeliverableStatus)[step % 7],
                },
            )
        commands.create(
            workspace,
            Kind.MILESTONE,
            {
                "project_id": project,
                "title": f"Gate {number}: {_TOPICS[number % len(_TOPICS)].lower()}",
                "work_package_ids": [package],
                "due_month": min(60, number * 4),
                "means_of_verification": "Report accepted by the Executive Board",
            },
        )
    return packages


def _tasks(
    workspace: Workspace, project: UUID, package: UUID, number: int, partners: list[UUID]
) -> None:
    """Add seven tasks to a work package, each waiting for the one before; some too early."""
    before: UUID | None = None
    for step in range(7):
        start = min(58, number + 5 * step)
        task, _ = commands.create(
            workspace,
            Kind.TASK,
            {
                "work_package_id": package,
                "title": f"{_TOPICS[(number + step) % len(_TOPICS)]}, step {step + 1}",
                "lead_partner_id": partners[(number + step) % len(partners)],
                "start_month": start,
                "end_month": min(60, start + (4 if (step + number) % 5 else 6)),
            },
        )
        if before is not None and step % 2:
            commands.create(
                workspace,
                Kind.DEPENDENCY,
                {"project_id": project, "before_task_id": before, "after_task_id": task},
            )
        before = task


def _periods(workspace: Workspace, project: UUID) -> None:
    for first, last in ((1, 12), (13, 30), (31, 48), (49, 60)):
        commands.create(
            workspace,
            Kind.REPORTING_PERIOD,
            {"project_id": project, "start_month": first, "end_month": last},
        )
