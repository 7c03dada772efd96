"""Fetches what hosts kept of minutes that guests wrote while no console was there (adr/0082)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from projectdesk.desktop.runtime.host_client import HostClient
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import notes_collected
from projectdesk.signalling.journal import JournalEntry, MinutesWritten
from projectdesk.signalling.writing import KeptMinutes

_log = logging.getLogger(__name__)
_GONE: Final = {"room_unknown", "not_found"}


def written_rooms(entries: Iterable[JournalEntry]) -> list[str]:
    """Return the rooms whose minutes were written, each once, in order."""
    return list(dict.fromkeys(e.room for e in entries if isinstance(e.fact, MinutesWritten)))


def fetch_minutes(
    session: Session,
    client: HostClient,
    rooms: list[str],
    then: Callable[[], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    """Merge the minutes of rooms into ours; what a host does not have any more is passed over.

    Args:
        session: the open data.
        client: of the host.
        rooms: public ids.
        then: called when all are in the database: only then may the journal be acknowledged.
        failed: called instead when host or database are out of reach.
    """
    if not rooms:
        then()
        return
    room, rest = rooms[0], rooms[1:]
    proceed = partial(fetch_minutes, session, client, rest, then, failed)

    def refused(error: ProjectDeskError) -> None:
        if error.code in _GONE:
            proceed()
        else:
            failed(error)

    def damaged(error: ProjectDeskError) -> None:
        if error.code == "bad_update":  # it will be no better the next time
            _log.error("the host's minutes of room %s are damaged", room)
            proceed()
        else:
            failed(error)

    def take(kept: KeptMinutes) -> None:
        session.ask(
            lambda workspace: notes_collected.take_kept(workspace, room, kept),
            lambda _: proceed(),
            damaged,
        )

    client.ask("GET", f"/api/v1/rooms/{room}/minutes", KeptMinutes, take, refused)
