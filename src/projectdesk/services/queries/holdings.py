"""Read what a partner leads, owns and sits in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projectdesk.domain.consortium import Partner
from projectdesk.errors import NotFound
from projectdesk.services.consortium_rows import HoldingRow
from projectdesk.services.holdings import described, holder_of, holdings_of
from projectdesk.services.labels import name_of
from projectdesk.services.workspace import Workspace


def holdings(workspace: Workspace, partner_id: UUID, last_day: date) -> list[HoldingRow]:
    """Return what is open and held by a partner, or by what belongs to it, after a day.

    Args:
        workspace: the open database.
        partner_id: who leaves or is replaced.
        last_day: its last day in the project.

    Raises:
        NotFound: no such partner.
    """
    with workspace.read() as session:
        partner = session.get(Partner, partner_id)
        if partner is None:
            raise NotFound("not_found", "This partner does not exist any more.", noun="partner")
        rows = []
        for record in holdings_of(session, partner, last_day):
            kind, label, title = described(session, record)
            holder = session.get_one(Partner, holder_of(record))
            rows.append(
                HoldingRow(
                    kind=kind,
                    id=record.id,
                    version=record.version,
                    label=label,
                    title=title,
                    holder_id=holder.id,
                    holder=name_of(session, holder),
                )
            )
    return rows
