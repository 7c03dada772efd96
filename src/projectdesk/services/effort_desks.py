"""What a host is told of a reporting period: a desk for each partner that was asked.

The desks belong to no room. As with meetings, a host gets the SHA-256 of each token only; the token
is made from the link key when a link is shown or mailed (decisions 1).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules.reporting import end_of
from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.services.desk_sets import DeskSet
from projectdesk.services.hosting import link_key
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.queries.consortium import project
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.queries.reporting import effort_statements, reporting_period
from projectdesk.services.reporting_keys import period_host_key, period_journal_key
from projectdesk.services.reporting_rows import EffortLink, ReportingPeriodRow, StatementRow
from projectdesk.services.rows import ProjectRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import (
    MAX_HUNDREDTHS,
    DeskSnapshot,
    EffortLine,
    EffortSnapshot,
)
from projectdesk.store import schema

KEPT_OPEN: Final = timedelta(days=30)
"""How long after its deadline a desk is still sent to its host, to be read."""
_SETTING: Final = schema.setting.c
_Status = Literal["asked", "sent_back", "approved", "frozen"]


def period_host(workspace: Workspace, period_id: UUID) -> str:
    """Return where the links of a period lead, as of `Meeting.host`."""
    return setting(workspace, period_host_key(period_id)) or ""


def keep_journal(workspace: Workspace, period_id: UUID, journal: str) -> None:
    """Remember in whose journal the answers of a period come: its host has the desks now."""
    key = period_journal_key(period_id)
    if setting(workspace, key) != journal:
        set_setting(workspace, key, journal)


def effort_desks(workspace: Workspace, period_id: UUID) -> DeskSet:
    """Return the desks of the partners that were asked, as their host needs them.

    Raises:
        NotFound: no such period.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    period = reporting_period(workspace, period_id)
    about = project(workspace, period.project_id)
    asks = organiser(workspace, period.project_id)
    key = link_key(workspace)
    desks = []
    for row in effort_statements(workspace, period_id):
        if row.id is None or row.asked_at is None:
            continue
        snapshot = DeskSnapshot(
            subject=row.id.hex,
            token_hash=token_hash(_token(key, row.id, row.generation)),
            deadline=_deadline(row),
            form=_form(about, period, row, asks),
        )
        desks.append((row.desk, snapshot))
    return DeskSet(period_host(workspace, period_id), tuple(desks))


def effort_links(workspace: Workspace, period_id: UUID, public_url: str) -> list[EffortLink]:
    """Return the personal links of the partners that were asked.

    Args:
        workspace: the open data, with the link key among its secrets.
        period_id: which period.
        public_url: where its host is reached, without path ("https://meet.example.org").

    Raises:
        NotFound: no such period.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    base, key = public_url.rstrip("/"), link_key(workspace)
    return [
        EffortLink(
            statement_id=row.id,
            partner=row.partner,
            person=row.person,
            email=row.email,
            deadline=row.deadline,
            url=f"{base}/d/{row.desk}#{_token(key, row.id, row.generation)}",
        )
        for row in effort_statements(workspace, period_id)
        if row.id is not None and row.asked_at is not None
    ]


def open_periods(workspace: Workspace) -> list[UUID]:
    """Return the periods whose links are still looked at: of no deadline long over.

    Only those that were asked for in this data: a copy of a project (the sample, a project file)
    does not send its links to a host by itself.
    """
    statement = schema.effort_statement.c
    latest = (workspace.now() - KEPT_OPEN).date()
    query = (
        select(statement.period_id)
        .where(statement.asked_at.is_not(None), statement.deadline >= latest)
        .distinct()
    )
    with workspace.read() as session:
        found = sorted(session.scalars(query))
        keys = [period_host_key(each) for each in found]
        hosted = set(session.scalars(select(_SETTING.key).where(_SETTING.key.in_(keys))))
    return [each for each in found if period_host_key(each) in hosted]


def asked_periods(workspace: Workspace) -> frozenset[UUID]:
    """Return the periods for which anybody was asked, however long ago."""
    statement = schema.effort_statement.c
    query = select(statement.period_id).where(statement.asked_at.is_not(None)).distinct()
    with workspace.read() as session:
        return frozenset(session.scalars(query))


# --- inside ---------------------------------------------------------------------------------------


def _token(key: bytes, statement_id: UUID, generation: int) -> str:
    return link_token(key, LinkPurpose.EFFORT, statement_id, generation)


def _deadline(row: StatementRow) -> datetime | None:
    if row.deadline is None:
        return None
    return end_of(row.deadline, zone_of(row.zone or "UTC")).astimezone(UTC)


def _form(
    about: ProjectRow, period: ReportingPeriodRow, row: StatementRow, asks: str
) -> EffortSnapshot:
    status: _Status = "asked"
    if period.frozen_on is not None:
        status = "frozen"
    elif row.state is StatementState.APPROVED:
        status = "approved"
    elif row.state is StatementState.SENT_BACK:
        status = "sent_back"
    return EffortSnapshot(
        project=about.acronym,
        project_title=about.title,
        period=period.label,
        start_month=period.start_month,
        end_month=period.end_month,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        name=row.person,
        organisation=row.partner,
        organiser=asks,
        lines=[
            EffortLine(
                work_package=line.work_package_id.hex,
                label=line.label,
                title=line.title,
                planned=_hundredths(line.planned),
                earlier=_hundredths(line.earlier),
                given=None if line.reported is None else _hundredths(line.reported),
            )
            for line in row.lines
        ],
        status=status,
        sent_back_at=row.decided_at if status == "sent_back" else None,
        remark=row.remark if status == "sent_back" else "",
        comment=row.comment,
        given_at=row.answered_at,
    )


def _hundredths(months: Decimal) -> int:
    return min(int(months * 100), MAX_HUNDREDTHS)
