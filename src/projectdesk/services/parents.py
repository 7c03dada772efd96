"""Which reference of a record leads to its project, where the record does not name that itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from projectdesk.domain.consortium import Body, Partner
from projectdesk.domain.effort import EffortStatement, ReportingPeriod
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Action, Decision, Minutes
from projectdesk.domain.preparation import DatePoll, DateVoter
from projectdesk.domain.voting import Vote
from projectdesk.domain.workplan import WorkPackage

PARENTS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "work_package_id": WorkPackage,
        "meeting_id": Meeting,
        "body_id": Body,
        "partner_id": Partner,
        "period_id": ReportingPeriod,
        "statement_id": EffortStatement,
        "date_poll_id": DatePoll,
        "date_voter_id": DateVoter,
        "minutes_id": Minutes,
        "action_id": Action,
        "decision_id": Decision,
        "vote_id": Vote,
    }
)
"""By the reference's name, in the order in which they are followed."""
