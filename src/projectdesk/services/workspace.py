"""One open database and everything that services need beside it.

Made by the composition root (`bootstrap`), handed to every command and query as first argument.
Importing this module loads SQLAlchemy (about 0.3 to 0.75 s): the desktop imports it on its pool.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from uuid import UUID

from sqlalchemy import URL, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.identity import new_id
from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets import SecretStore, choose
from projectdesk.services import mine
from projectdesk.services.audit_anchor import keep_ends
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit, UnitSession, explained
from projectdesk.services.telling import seen_changes, signal_of
from projectdesk.services.turns import take_turn
from projectdesk.services.undoing import UndoStack
from projectdesk.store import schema, signals
from projectdesk.store.backup import with_newest_backup
from projectdesk.store.database import Database, open_copy, open_database
from projectdesk.store.lock import DataLock
from projectdesk.store.signals import Listening, Watching
from projectdesk.store.upkeep import forget_deleted_text

log = logging.getLogger(__name__)

Listener = Callable[[Changes], None]

DATABASE_ID = "database-id"
"""The setting that names a team's database; each desktop keeps by it who uses it there."""
COPIED_AT = "copied-at"
"""The setting of a copy of a team's database that says how old it is."""
TEAM_COPY = "team-copy.sqlite"
"""File of the data folder: the newest copy of the team's database, for when it is out of reach."""
_REMEMBERED = 5_000
_READ_ONLY = (
    "read_only_copy",
    "There is no connection to the team database, and this is only a copy of it: nothing was "
    "changed.",
)
_UNKNOWN = (
    "saving_unknown",
    "The connection to the database broke while this was saved. Whether it is saved shows when the "
    "connection is back.",
)

__all__ = ["DataLock", "Listener", "Workspace", "lock_data", "utc_now"]


def utc_now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)


def lock_data(data: Path) -> DataLock:
    """Return the lock of a data folder: the desktop holds it while it runs, others need not.

    Use it with `with`, or `acquire` and `release`; taking it raises `EnvironmentFailure`
    (`data_in_use`) while another desktop has the folder open.
    """
    return DataLock(data)


class Workspace:
    """An open database; commands and queries of any thread go through it.

    id: of this opening; tells its commits from those of others. data: the data folder. secrets:
    where keys and passwords are. now: the clock (UTC). undo: what this session may take back.
    first_seen: the changes that were there at the opening. database_id: which team's database it
    is, None for the data of this computer. copied_at: when this read-only copy of a team's database
    was made, None for the database itself.
    """

    def __init__(
        self,
        database: Database,
        secrets: SecretStore,
        now: Callable[[], datetime],
        copied_at: datetime | None = None,
    ) -> None:
        self.id = new_id()
        self.data = database.data
        self.copied_at = copied_at
        self.secrets = secrets
        self.now = now
        self.undo = UndoStack()
        self._database = database
        self._writer = threading.Lock()
        self._writing_thread: int | None = None
        self._listeners: list[Listener] = []
        self._listeners_lock = threading.Lock()
        self._made: deque[UUID] = deque(maxlen=_REMEMBERED)
        self._mine = mine.Mine(shared=copied_at is not None or not database.local)
        self.database_id: UUID | None = None
        if self._mine.shared:
            self.database_id = self._identify()
            self._mine.person_id = mine.recall(self.data, self.database_id)
        with self.read() as session:
            self.first_seen = seen_changes(session)

    @classmethod
    def open(
        cls,
        data: Path,
        *,
        url: str | URL | None = None,
        secrets: SecretStore | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> Workspace:
        """Open the database of a data folder; make, back up and migrate it as needed.

        Args:
            data: the data folder; made if missing.
            url: a PostgreSQL URL for a team's database; None = SQLite in `data`.
            secrets: where secrets are; None = the keyring or what stands in for it.
            now: the clock.

        Raises:
            EnvironmentFailure: `synced_folder`, `network_folder`, `database_newer`,
                `database_corrupt` (fact `newest_backup`), `disk_full`, `database_unreachable`...
        """
        database = open_database(data, url, now())
        try:
            forget_deleted_text(database, now())
            return cls(database, choose(data) if secrets is None else secrets, now)
        except BaseException:
            database.close()
            raise

    @classmethod
    def open_copy(
        cls,
        data: Path,
        *,
        secrets: SecretStore | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> Workspace | None:
        """Open the newest copy of a team's database, to be read only; None when there is none.

        Args:
            data: the data folder.
            secrets: where secrets are; None = the keyring or what stands in for it.
            now: the clock.
        """
        database = open_copy(data / TEAM_COPY, data)
        if database is None:
            return None
        kept = schema.setting.c
        query = select(kept.key, kept.value).where(kept.key.in_((DATABASE_ID, COPIED_AT)))
        try:
            with database.reading.connect() as connection:
                found = {row.key: row.value for row in connection.execute(query)}
            copied_at = datetime.fromisoformat(found[COPIED_AT])
            return cls(database, choose(data) if secrets is None else secrets, now, copied_at)
        except (KeyError, ValueError, SQLAlchemyError):
            log.exception("the copy of the team's database cannot be read")
            database.close()
            return None

    @property
    def local(self) -> bool:
        """True when the data is the SQLite file of the data folder, False for a server's."""
        return self._database.local

    @property
    def shared(self) -> bool:
        """True when the data is a team's: it has other users, at other desktops."""
        return self._mine.shared

    def is_mine(self, person: Person) -> bool:
        """Return whether a person is who uses this desktop."""
        return person.id == self._mine.person_id if self.shared else person.is_me

    def remember_me(self, person: UUID) -> None:
        """Keep who uses this desktop, where the data cannot say it."""
        if self.database_id is not None and person != self._mine.person_id:
            mine.remember(self.data, self.database_id, person)
            self._mine.person_id = person

    def made(self, change: UUID) -> bool:
        """Return whether a change was made through this workspace."""
        with self._listeners_lock:  # who follows other programs asks on a thread of its own
            return change in self._made

    def listen(self) -> Listening | Watching:
        """Return what hears of the commits of other programs (`services.following`).

        Raises:
            EnvironmentFailure: the database does not answer.
        """
        return self._database.listen()

    def close(self) -> None:
        """Close the database. Idempotent. Commands that run are waited for."""
        with self._writer:
            self._database.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with what changed, after each commit, on the committing thread.

        Returns:
            A function that ends it. Idempotent.
        """
        with self._listeners_lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._listeners_lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the data, for queries; nothing is written."""
        with (
            self._explained(),
            Session(
                self._database.reading,
                autoflush=False,
                close_resets_only=False,
                info=self._mine.info(),
            ) as session,
        ):
            yield session

    @contextmanager
    def change(
        self, label: str, *, bulk: bool = False, undoable: bool = True, in_turn: bool = False
    ) -> Iterator[Unit]:
        """Make one change: see `services.session` for the rule.

        Args:
            label: what is done, in words ("Change title of WP3"); shown by undo and toasts.
            bulk: thousands of rows; history is one summary row, and there is no undo.
            undoable: False for what was collected, sent or circulated.
            in_turn: of many records, which another desktop may write too (`services.turns`).

        Raises:
            Conflict: something moved on or contradicts.
            EnvironmentFailure: `disk_full`, `database_busy`, ...; nothing was changed.
            RuntimeError: a change inside a change.
        """
        if self.copied_at is not None:
            raise EnvironmentFailure(*_READ_ONLY)
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("changes do not nest: pass the unit on")
        with self._writer:
            self._writing_thread = threading.get_ident()
            try:
                with (
                    self._explained(),
                    UnitSession(
                        self._database.writing,
                        expire_on_commit=False,
                        close_resets_only=False,
                        info=self._mine.info(),
                    ) as session,
                ):
                    unit = Unit(session, label, self.now(), bulk=bulk, undoable=undoable)
                    if in_turn:
                        take_turn(session)
                    yield unit
                    self._commit(session, unit)
                    changes = unit.committed()
                    if changes.change_id is not None:
                        self.undo.remember(changes.change_id, unit.label, unit.steps)
            finally:
                self._writing_thread = None
        self._announce(changes)

    def _commit(self, session: Session, unit: Unit) -> None:
        who = _who(session)
        unit.finish(who)
        keep_ends(unit, self)
        pending = unit.pending()
        if pending and self.shared:
            signals.tell(session.connection(), signal_of(self.id, unit.change_id, who, pending))
        with self._listeners_lock:
            self._made.append(unit.change_id)
        try:
            session.commit()
        except SQLAlchemyError as error:
            if signals.broke(error):
                raise EnvironmentFailure(*_UNKNOWN) from error
            raise

    def _identify(self) -> UUID:
        """Return the id of a team's database; it is given one when it has none."""
        kept = schema.setting.c
        query = select(kept.value).where(kept.key == DATABASE_ID)
        with self.read() as session:
            found = session.scalar(query)
        if found is None:
            with self._explained(), Session(self._database.writing) as session, session.begin():
                reserve(session, DATABASE_ID)
                found = session.scalar(query)
                if found is None:
                    found = new_id().hex
                    session.execute(insert(schema.setting).values(key=DATABASE_ID, value=found))
        return UUID(found)

    def _announce(self, changes: Changes) -> None:
        if not changes:
            return
        with self._listeners_lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(changes)
            except Exception:
                # The change is committed: a page that fails to hear of it must not undo that.
                log.exception("a subscriber failed on %s", changes.label)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with explained():
                yield
        except EnvironmentFailure as failure:
            if not self.local:
                raise
            better = with_newest_backup(failure, self.data)
            if better is failure:
                raise
            raise better from failure


def _who(session: Session) -> str:
    """Return the name of the person whose desktop this is, "" before they said."""
    person = schema.person.c
    row = session.execute(
        select(person.given_name, person.family_name).where(mine.is_me(session)).limit(1)
    ).first()
    return f"{row[0]} {row[1]}".strip() if row else ""
