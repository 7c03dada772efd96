"""The kinds of desks: what a form and its answer are, and which answers are taken.

A later kind adds its structs to `signalling.desk`, a row here, a form to the page and a service
that applies its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from projectdesk.errors import Conflict, DomainError
from projectdesk.host.desks.action import tidy_action
from projectdesk.host.desks.ballot import tidy_ballot
from projectdesk.host.desks.minutes import tidy_minutes
from projectdesk.host.desks.texts import MAX_COMMENT as MAX_COMMENT
from projectdesk.host.desks.texts import tidy_comment
from projectdesk.signalling.desk import (
    Answer,
    EffortAnswer,
    EffortSnapshot,
    FeedSnapshot,
    InvitationAnswer,
    InvitationSnapshot,
    PollAnswer,
    PollSnapshot,
    Snapshot,
)
from projectdesk.signalling.outcome import (
    ActionAnswer,
    ActionSnapshot,
    BallotAnswer,
    BallotSnapshot,
    MinutesAnswer,
    MinutesSnapshot,
)


@dataclass(frozen=True)
class DeskKind:
    """One kind. tidy: returns an answer to a form as it is kept, or raises DomainError.

    answer: None = it is only read.
    """

    form: type[Snapshot]
    answer: type[Answer] | None
    tidy: Callable[[Any, Any], Answer]


def _tidy_invitation(_form: InvitationSnapshot, answer: InvitationAnswer) -> InvitationAnswer:
    return msgspec.structs.replace(answer, comment=tidy_comment(answer.comment))


def _tidy_effort(form: EffortSnapshot, answer: EffortAnswer) -> EffortAnswer:
    """Return the figures in the order of the form: each work package of it, once."""
    if form.status in {"approved", "frozen"}:
        raise Conflict(
            "statement_settled",
            "The coordinator has taken these figures into the report; they cannot be changed here.",
        )
    given = {figure.work_package: figure for figure in answer.figures}
    asked = [line.work_package for line in form.lines]
    if len(given) != len(answer.figures) or given.keys() != set(asked):
        raise DomainError(
            "other_figures",
            "The form was changed meanwhile. Load the page again and enter the figures anew.",
        )
    figures = [given[work_package] for work_package in asked]
    comment = tidy_comment(answer.comment)
    return EffortAnswer(figures=figures, comment=comment, after=form.sent_back_at)


def _tidy_poll(form: PollSnapshot, answer: PollAnswer) -> PollAnswer:
    """Return the choices in the order of the form: each date of it at most once."""
    if form.status == "decided":
        raise Conflict("poll_decided", "The date is settled; answers cannot be changed here.")
    if form.status == "cancelled":
        raise Conflict("poll_cancelled", "This poll was called off.")
    given = {each.date: each for each in answer.choices}
    offered = [each.id for each in form.dates]
    if len(given) != len(answer.choices) or not given.keys() <= set(offered):
        raise DomainError(
            "other_dates",
            "The dates were changed meanwhile. Load the page again and answer anew.",
        )
    choices = [given[date] for date in offered if date in given]
    return PollAnswer(choices=choices, comment=tidy_comment(answer.comment), zone=answer.zone)


def _take_none(_form: FeedSnapshot, _answer: object) -> Answer:
    raise DomainError("wrong_kind", "This link is only read.")


KINDS: Mapping[str, DeskKind] = MappingProxyType(
    {
        "invitation": DeskKind(InvitationSnapshot, InvitationAnswer, _tidy_invitation),
        "effort": DeskKind(EffortSnapshot, EffortAnswer, _tidy_effort),
        "poll": DeskKind(PollSnapshot, PollAnswer, _tidy_poll),
        "ballot": DeskKind(BallotSnapshot, BallotAnswer, tidy_ballot),
        "action": DeskKind(ActionSnapshot, ActionAnswer, tidy_action),
        "minutes": DeskKind(MinutesSnapshot, MinutesAnswer, tidy_minutes),
        "feed": DeskKind(FeedSnapshot, None, _take_none),
    }
)
"""Kind (the `kind` on the wire) to what it is."""


def tidied(form: Snapshot, answer: Answer) -> Answer:
    """Return an answer as it is kept.

    Raises:
        DomainError: `wrong_kind`, or what the kind does not take.
        Conflict: what the kind does not take any more.
    """
    kind = KINDS[str(form.__struct_config__.tag)]
    if kind.answer is not None and not isinstance(answer, kind.answer):
        raise DomainError("wrong_kind", "This answer belongs to another form.")
    return kind.tidy(form, answer)
