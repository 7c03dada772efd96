"""What follows from a change of a date poll: the instants of its dates, and what is fixed by then.

Once people were asked, a date that they were shown stays what it was; another one is added instead.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.preparation import DateOption, DatePoll, PollState
from projectdesk.domain.rules.validation import refuse
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.store import schema


def settle_option(session: Session, option: DateOption, *, new: bool) -> None:
    """Derive the instant of a date from its poll's zone.

    Raises:
        DomainError: `poll_is_open`, voters were shown this date; `unknown_zone`.
    """
    poll = session.get(DatePoll, option.date_poll_id)
    if poll is None:
        return  # the reference is checked with the record
    if not new and poll.state is not PollState.DRAFT:
        raise refuse(
            "poll_is_open",
            "local_start",
            "People were asked about this date. Add another one, and take this one away.",
        )
    _derive(option, poll.zone)


def settle_poll(session: Session, poll: DatePoll, moved: frozenset[str]) -> None:
    """Derive the dates of a poll anew when its zone changed.

    Raises:
        DomainError: `poll_is_open` (field zone); `unknown_zone`.
    """
    if "zone" not in moved:
        return
    if poll.state is not PollState.DRAFT:
        raise refuse("poll_is_open", "zone", "People were asked; the dates stay what they are.")
    query = select(DateOption).where(schema.date_option.c.date_poll_id == poll.id)
    for option in session.scalars(query):
        _derive(option, poll.zone)


def _derive(option: DateOption, zone: str) -> None:
    """Set the instant of a date, and the time that clocks show then: some day they skip an hour."""
    option.starts_at = to_utc(option.local_start, zone, option.fold_rule)
    option.local_start = to_local(option.starts_at, zone)
