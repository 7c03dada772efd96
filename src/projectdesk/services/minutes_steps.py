"""What the commands on the life of minutes share: whether a step can be taken, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import Minutes
from projectdesk.domain.rules.minutes_life import Bar, Step
from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.services import queries
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.minutes_versions import VersionContent, newest_content
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace

MAX_WORDS: Final = 4000
"""Longest objection, answer or reason in characters, as on the page of a personal link."""

WHY_NOT: Final[Mapping[Bar, str]] = MappingProxyType(
    {
        Bar.NOT_HELD: "The meeting is not over yet.",
        Bar.EMPTY: "The minutes hold nothing yet: no text, no decision, no action.",
        Bar.NOT_CIRCULATED: "The minutes are a draft: circulate them first.",
        Bar.CIRCULATED: "The minutes are circulated already. To change them, begin a new revision.",
        Bar.WINDOW: "Objections are still taken: wait for the end of the window.",
        Bar.WAITING: "The window is over, but the host of the links was not heard since; what came "
        "in time is not known yet.",
        Bar.OBJECTED: "An objection waits for the chair's answer.",
        Bar.UPHELD: "An objection was upheld: its change goes into a new revision.",
        Bar.ACCEPTED: "The minutes are accepted.",
        Bar.SUPERSEDED: "A newer revision took the place of these minutes.",
    }
)
"""Why a step cannot be taken, in words."""
_NO_TURNING: Final = frozenset({Bar.CIRCULATED, Bar.ACCEPTED, Bar.SUPERSEDED})


def check_step(life: MinutesLife, step: Step, passing: Bar | None = None) -> None:
    """Refuse a step that cannot be taken now.

    Args:
        life: where the minutes stand.
        step: what is to be done.
        passing: a reason that somebody overrides.

    Raises:
        Conflict: somebody was faster: `minutes_circulated`, `minutes_accepted`, ...
        DomainError: `minutes_empty`, `minutes_window`, ...
    """
    why = life.bar(step)
    if why is None or why is passing:
        return
    kind = Conflict if why in _NO_TURNING else DomainError
    raise kind(f"minutes_{why.value}", WHY_NOT[why])


def newest_minutes(unit: Unit, life: MinutesLife) -> Minutes:
    """Return the revision that counts.

    Raises:
        NotFound: `no_minutes`.
    """
    if life.newest is None:
        raise NotFound("no_minutes", "This meeting has no minutes.")
    return unit.get(Minutes, life.newest.id)


def circulated_content(session: Session, minutes: Minutes) -> VersionContent:
    """Return what was circulated."""
    found = newest_content(session, minutes.id)
    if found is None:
        raise NotFound("no_such_version", "What was circulated is not kept in this data.")
    return found


def titled(life: MinutesLife, minutes: Minutes) -> str:
    """Return what a trail is of, in words."""
    return f"{life.project}: {life.meeting}, revision {minutes.revision}"


def name_of_person(unit: Unit, person_id: UUID) -> str:
    """Return how the trail calls somebody."""
    person = unit.get(Person, person_id)
    return person.name or person.email


def my_name(workspace: Workspace) -> str:
    """Return who works here, "" before they said who they are."""
    me = queries.me(workspace)
    return me.name if me is not None else ""
