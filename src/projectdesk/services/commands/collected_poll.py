"""What voters of date polls said by their personal links, out of the host's journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.preparation import DateChoice, DateOption, DatePoll, DateVoter, PollState
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError
from projectdesk.services.commands.date_polls import put_votes
from projectdesk.services.session import Unit
from projectdesk.signalling.desk import PollAnswer
from projectdesk.signalling.journal import DeskAnswered
from projectdesk.store import schema


def poll_answered(unit: Unit, at: datetime, fact: DeskAnswered) -> bool:
    """Write a voter's answer down; the one that the host received last counts.

    A poll that was decided or cancelled keeps what it was decided by. Dates that are gone are
    passed over.

    Args:
        unit: the collection's change.
        at: when the host received it.
        fact: with an answer of the kind poll.

    Returns:
        Whether it was taken; False if nothing here is meant.
    """
    answer = fact.answer
    query = select(DateVoter).where(schema.date_voter.c.desk == fact.desk)
    voter = unit.session.scalars(query).first()
    if not isinstance(answer, PollAnswer) or voter is None or voter.id.hex != fact.subject:
        return False
    if unit.get(DatePoll, voter.date_poll_id).state is not PollState.OPEN:
        return False
    if voter.answered_at is not None and at < voter.answered_at:
        return True
    choices: dict[UUID, DateChoice] = {}
    for said in answer.choices:
        option = _option(unit, said.date)
        if option is not None and option.date_poll_id == voter.date_poll_id:
            choices[option.id] = DateChoice(said.choice)
    put_votes(unit, voter, choices, at)
    voter.comment = answer.comment
    voter.zone = known_zone(answer.zone)
    return True


def known_zone(name: str) -> str:
    """Return a zone that a browser named; "" for one that the rules of zones here do not have."""
    try:
        return name and zone_of(name).key
    except DomainError:
        return ""


def _option(unit: Unit, text: str) -> DateOption | None:
    try:
        return unit.session.get(DateOption, UUID(text))
    except ValueError:
        return None
