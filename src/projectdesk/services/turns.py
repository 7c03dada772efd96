"""The order of locks on a team's database: changes of many records go one after another.

PostgreSQL locks a row when it is written, until the commit. A collection, a reminder of everybody,
the end of a vote or an edit of fifty rows write rows in the order in which they come to them: two
such changes of two desktops would each wait for a row of the other, and PostgreSQL would end one of
them (`database_busy`). So each takes the turn before it writes or locks anything else. A change of
one record has no lock of which another could be in need while it waits: it needs no turn.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from projectdesk.services.numbers import reserve

_TURN = "changes of many records"


def take_turn(session: Session) -> None:
    """Wait until no other change of many records runs; this one has the turn until its end."""
    reserve(session, _TURN)
