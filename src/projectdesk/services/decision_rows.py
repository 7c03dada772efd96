"""Rows of the register of decisions: what was decided, whether it binds, what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.minutes import ActionStatus, DecisionOrigin, DecisionState
from projectdesk.domain.voting import VetoState
from projectdesk.services.procedure_rows import VotingDetail


class Standing(StrEnum):
    """Whether a decision binds, and if not, why.

    BINDING. NO_MINUTES: its meeting has none that were circulated. MINUTES_OPEN: they are not
    accepted yet. NOTICE_DUE: the result of its written procedure was not told yet. VETO_OPEN: a
    veto is still taken. VETO_WAITING: that time is over, the host was not heard since. VETOED,
    REPLACED, WITHDRAWN: by its state. UNPROVEN: of no meeting and no written procedure.
    """

    BINDING = "binding"
    NO_MINUTES = "no_minutes"
    MINUTES_OPEN = "minutes_open"
    NOTICE_DUE = "notice_due"
    VETO_OPEN = "veto_open"
    VETO_WAITING = "veto_waiting"
    VETOED = "vetoed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNPROVEN = "unproven"


@dataclass(frozen=True)
class RegisterRow:
    """One decision of the register; label "TIDEWATER-D7".

    source: title of the meeting, or of the written procedure ("V3"). words: how it was carried, in
    words, as it is kept; said: the same by language, {} = only so. editable: its text may still be
    changed; else a decision that replaces it corrects it.
    vetoes: that stand; raised: all that were raised. actions, open_actions: that follow it up.
    replaced_by: label of the later decision; replaces: labels of the earlier ones.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    label: str
    number: int
    text: str
    made_at: datetime
    meeting_id: UUID | None
    meeting: str
    agenda_item_id: UUID | None
    item: str
    origin: DecisionOrigin
    state: DecisionState
    body_id: UUID | None
    body: str
    vote_id: UUID | None
    vote: str
    secret: bool
    words: str
    veto_until: datetime | None
    binding_at: datetime | None
    standing: Standing
    editable: bool
    vetoes: int
    raised: int
    actions: int
    open_actions: int
    replaced_by_id: UUID | None
    replaced_by: str
    replaces: tuple[str, ...]
    work_package: str
    said: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def source(self) -> str:
        """Where it was taken: the meeting, or the written procedure."""
        return self.meeting or self.vote


@dataclass(frozen=True)
class VetoRow:
    """A veto against a decision.

    voted_for: its member voted for the decision, in an open vote. revising: it stands while the
    minutes with the decision are under revision. Both are for the chair to weigh (terms.md).
    """

    id: UUID
    version: int
    decision_id: UUID
    partner_id: UUID
    partner: str
    person: str
    reason: str
    raised_at: datetime
    state: VetoState
    answer: str
    voted_for: bool = False
    revising: bool = False


@dataclass(frozen=True)
class FollowUpRow:
    """An action that follows a decision up."""

    id: UUID
    label: str
    text: str
    owner: str
    due_on: date | None
    status: ActionStatus


@dataclass(frozen=True)
class DecisionDetail:
    """A decision with its vote, vetoes and what follows it up. context: the minutes of its item."""

    decision: RegisterRow
    vote: VotingDetail | None
    vetoes: tuple[VetoRow, ...]
    actions: tuple[FollowUpRow, ...]
    context: str = ""
