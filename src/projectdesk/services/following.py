"""What others change in the same database: colleagues on PostgreSQL, a command on SQLite.

The unit of work sends a message with its commit (`services.telling`). A message may be lost with a
connection, and SQLite has none: then the history is read on from the newest change that is known.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from projectdesk.services.rows import Changes, Kind
from projectdesk.services.telling import OVERLAP, Signal, earlier
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.signals import Listening, Watching

EVERYTHING: Final = frozenset(Kind)
_REMEMBERED: Final = 5_000


class Follower:
    """Hears of the changes of others, one wait after another. Used by one thread, closed by any."""

    def __init__(self, workspace: Workspace) -> None:
        """Begin to follow: what was committed since the workspace was opened is heard of.

        Raises:
            EnvironmentFailure: the database does not answer.
        """
        self._workspace = workspace
        self._seen: deque[UUID] = deque(maxlen=_REMEMBERED)
        self._ears: Listening | Watching | None = None
        self._closed = threading.Event()
        self._newest = workspace.first_seen.newest
        self._seen.extend(workspace.first_seen.around)
        self.reconnect()
        # Pages were filled before anybody listened.
        self._early = self._missed()

    def wait(self, seconds: float) -> list[Changes]:
        """Return what others changed; wait up to `seconds` for the first.

        Raises:
            EnvironmentFailure: the connection is lost; `reconnect` begins again.
        """
        if self._early:
            early, self._early = self._early, []
            return early
        if isinstance(self._ears, Listening):
            heard = self._ears.wait(seconds)
            return [changes for message in heard if (changes := self._understood(message))]
        if isinstance(self._ears, Watching) and self._ears.wait(seconds):
            return self._missed()
        return []

    def reconnect(self) -> None:
        """Connect anew after a loss.

        Raises:
            EnvironmentFailure: the database does not answer yet.
        """
        if self._ears is not None:
            self._ears.close()
        self._ears = self._workspace.listen()
        if self._closed.is_set():
            self._ears.close()

    def catch_up(self) -> list[Changes]:
        """Return what others changed while nothing was heard, and that anything may have changed.

        Not everything has a history (text of minutes has none): so after a gap every page asks.
        """
        return [*self._missed(), Changes(kinds=EVERYTHING)]

    def close(self) -> None:
        """Stop following; a `wait` under way ends within a second. Idempotent."""
        self._closed.set()
        if self._ears is not None:
            self._ears.close()

    # --- inside

    def _understood(self, message: str) -> Changes | None:
        try:
            told = msgspec.json.decode(message, type=Signal)
        except (msgspec.ValidationError, msgspec.DecodeError):
            # A newer program may tell more than this one understands.
            return Changes(kinds=EVERYTHING)
        self._note(told.change)
        if told.origin == self._workspace.id.hex:
            return None
        return Changes(
            kinds=frozenset(told.kinds),
            ids=frozenset(told.ids or ()),
            project_ids=frozenset(told.project_ids),
            label=told.label,
            who=told.who,
        )

    def _missed(self) -> list[Changes]:
        since = self._since()
        seen = set(self._seen)
        fresh = [changes for change, changes in since.items() if change not in seen]
        for change in since:
            if change not in seen:
                self._note(change)
        return fresh

    def _note(self, change: UUID) -> None:
        self._seen.append(change)
        if self._newest is None or change > self._newest:
            self._newest = change

    def _since(self) -> dict[UUID, Changes]:
        """Return the changes of others around and after the newest known one, in order."""
        h = schema.history.c
        query = select(h.change_id, h.kind, h.record_id, h.project_id, h.label, h.who).order_by(
            h.change_id, h.seq
        )
        if self._newest is not None:
            query = query.where(h.change_id > earlier(self._newest, OVERLAP))
        with self._workspace.read() as session:
            rows = session.execute(query).all()
        found = {}
        for change, group in itertools.groupby(rows, key=lambda row: row.change_id):
            if self._workspace.made(change):
                continue
            parts = list(group)
            known = all(part.kind for part in parts)
            found[change] = Changes(
                kinds=frozenset(Kind(part.kind) for part in parts) if known else EVERYTHING,
                ids=frozenset(part.record_id for part in parts if part.record_id is not None),
                project_ids=frozenset(p.project_id for p in parts if p.project_id is not None),
                label=parts[0].label,
                who=parts[0].who,
            )
        return found
