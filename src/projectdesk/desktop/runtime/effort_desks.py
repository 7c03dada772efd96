"""The desks of reporting periods: see `own_desks`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.own_desks import DeskOwners, OwnDesks
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.reporting_rows import EffortLink
    from projectdesk.services.workspace import Workspace

_MATTERS: Final = frozenset(
    {
        Kind.REPORTING_PERIOD,
        Kind.EFFORT_STATEMENT,
        Kind.REPORTED_EFFORT,
        Kind.EFFORT,
        Kind.WORK_PACKAGE,
        Kind.PARTNER,
        Kind.PERSON,
        Kind.PROJECT,
    }
)


class EffortDesks(OwnDesks["EffortLink"]):
    """Sends the desks of reporting periods to their hosts, and takes back what is gone."""

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        periods = DeskOwners("effort-desks.json", _MATTERS, _matter, _desks, _links)
        super().__init__(periods, hosts, session, data, parent)


# --- on the database's thread ---------------------------------------------------------------------


def _matter(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the periods that a host has to be told of: open ones, and known ones that went."""
    from projectdesk.services import effort_desks

    gone = known - effort_desks.asked_periods(workspace)
    return [*effort_desks.open_periods(workspace), *sorted(gone)]


def _desks(workspace: Workspace, period: UUID) -> DeskSet:
    from projectdesk.services import effort_desks

    return effort_desks.effort_desks(workspace, period)


def _links(
    workspace: Workspace, period: UUID, public_url: str, journal: str
) -> tuple[EffortLink, ...]:
    from projectdesk.services import effort_desks

    effort_desks.keep_journal(workspace, period, journal)
    return tuple(effort_desks.effort_links(workspace, period, public_url))
