"""Words in which commands say whether decisions bind and how far procedures are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from projectdesk.commandline.minutes_words import moment_there
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VetoState
from projectdesk.services import queries
from projectdesk.services.decision_rows import RegisterRow, Standing
from projectdesk.services.procedure_rows import VotingRow
from projectdesk.services.workspace import Workspace

STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.BINDING: "binding",
        Standing.NO_MINUTES: "no minutes circulated yet",
        Standing.MINUTES_OPEN: "minutes not accepted yet",
        Standing.NOTICE_DUE: "result not told yet",
        Standing.VETO_OPEN: "a veto is still taken",
        Standing.VETO_WAITING: "veto time over, host not heard since",
        Standing.VETOED: "vetoed",
        Standing.REPLACED: "replaced",
        Standing.WITHDRAWN: "withdrawn",
        Standing.UNPROVEN: "no meeting and no procedure",
    }
)
STAGES: Final[Mapping[ProcedureStage, str]] = MappingProxyType(
    {
        ProcedureStage.DRAFT: "draft",
        ProcedureStage.VOTING: "members vote",
        ProcedureStage.WAITING: "deadline over, host not heard since",
        ProcedureStage.DUE: "to be closed",
        ProcedureStage.RESULT: "closed, result not told yet",
        ProcedureStage.VETO: "told, a veto is taken",
        ProcedureStage.VETO_WAITING: "veto time over, host not heard since",
        ProcedureStage.OVER: "over",
        ProcedureStage.CANCELLED: "cancelled",
    }
)
VETOES: Final[Mapping[VetoState, str]] = MappingProxyType(
    {
        VetoState.RAISED: "raised",
        VetoState.WITHDRAWN: "withdrawn",
        VetoState.NOT_ADMITTED: "not admitted",
    }
)


def stage(row: VotingRow) -> str:
    """Return how far a procedure is; "" of a vote in a meeting."""
    return "" if row.stage is None else STAGES[row.stage]


def zone_of(workspace: Workspace, row: RegisterRow) -> str:
    """Return the zone in which a decision's days end: of its meeting, or of its procedure."""
    if row.meeting_id is not None:
        return queries.meeting(workspace, row.meeting_id).zone
    if row.vote_id is not None:
        return queries.vote_detail(workspace, row.vote_id).vote.zone
    return "UTC"


def binding(veto_until: datetime | None, binding_at: datetime | None, zone: str) -> str:
    """Return since when it binds, or until when a veto is taken: " since 2026-03-01 10:00 UTC"."""
    if binding_at is not None:
        return f" since {moment_there(binding_at, zone)}"
    return "" if veto_until is None else f", veto until {moment_there(veto_until, zone)}"
