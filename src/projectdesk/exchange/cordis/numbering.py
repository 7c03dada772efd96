"""Participant numbers: 1 is the coordinator, third parties share their parent's.

May import: domain, exchange.findings.
"""

from __future__ import annotations

from projectdesk.domain.consortium import PartnerRole
from projectdesk.exchange.cordis.records import ConsortiumRecord, ParticipationRecord
from projectdesk.exchange.cordis.roles import HOST_INSTITUTION
from projectdesk.exchange.findings import Findings
from projectdesk.worded import worded

_DEPENDENT = (PartnerRole.THIRD_PARTY, PartnerRole.AFFILIATED_ENTITY, PartnerRole.SUBCONTRACTOR)
_LAST = 1 << 30


def arrange(record: ConsortiumRecord, findings: Findings) -> None:
    """Settle role of the coordinator, participant numbers and order of one consortium.

    The file's own order numbers stand where they are unique and the coordinator has 1; else the
    coordinator becomes 1 and the others follow in the file's order. A third party with another's
    order number has that as `parent_number` and none of its own.
    """
    parts = record.participations
    coordinator = _coordinator(record, findings)
    owners = {part.order for part in parts if part.role not in _DEPENDENT and part.order}
    numbered = [p for p in parts if p.role not in _DEPENDENT or p.order not in owners]
    numbered.sort(key=lambda p: (p is not coordinator, p.order or _LAST, p.role in _DEPENDENT))
    orders = [part.order for part in numbered]
    keep = None not in orders and len(set(orders)) == len(orders)
    if keep and coordinator is not None:
        keep = coordinator.order == 1
    if not keep and any(orders):
        text = worded(
            "Participants of {acronym} were numbered anew.", acronym=record.acronym or record.number
        )
        findings.add(record.file, record.row, "order", "renumbered", text)
    new_numbers: dict[int, int] = {}
    for index, part in enumerate(numbered, start=1):
        part.number = part.order if keep else index
        if part.order is not None and part.number is not None:
            new_numbers.setdefault(part.order, part.number)
    for part in parts:
        if part.number is None and part.order is not None:
            part.parent_number = new_numbers.get(part.order)
    parts.sort(key=lambda p: (p.number or p.parent_number or _LAST, p.number is None))
    for position, part in enumerate(parts):
        part.position = position


def _coordinator(record: ConsortiumRecord, findings: Findings) -> ParticipationRecord | None:
    """Return the one coordinator; others of that role become beneficiaries."""
    found = [p for p in record.participations if p.role is PartnerRole.COORDINATOR]
    name = record.acronym or record.number
    if not found:
        hosts = [p for p in record.participations if p.source_role == HOST_INSTITUTION]
        if not hosts:
            if record.participations:
                text = worded("{name} has no coordinator in this file.", name=name)
                findings.add(record.file, record.row, "role", "no_coordinator", text)
            return None
        found = hosts[:1]
        found[0].role = PartnerRole.COORDINATOR
    found.sort(key=lambda p: (p.ended, p.order or _LAST))
    for other in found[1:]:
        other.role = PartnerRole.BENEFICIARY
        text = worded(
            "{name} has a second coordinator, {legal_name}: a beneficiary.",
            name=name,
            legal_name=other.organisation.legal_name,
        )
        findings.add(record.file, other.row, "role", "second_coordinator", text)
    return found[0]
