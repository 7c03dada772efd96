"""Put the data into a team's database, or a team's data into a file; exactly, all of it or nothing.

The content of documents goes along as far as it is here; a team's database holds it for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from projectdesk.domain.identity import new_id
from projectdesk.errors import Conflict, EnvironmentFailure
from projectdesk.folders import make_private, unusable
from projectdesk.services import link_keys, mine
from projectdesk.services.document_store import copy_contents
from projectdesk.services.session import explained
from projectdesk.services.team_database import TeamDatabase, checked
from projectdesk.services.workspace import COPIED_AT, DATABASE_ID, TEAM_COPY, Workspace
from projectdesk.store import database, schema, transfer

Progress = Callable[[int, int], object]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Copied:
    """What a copy did. counts: rows of each table. rows: of all of them."""

    counts: dict[str, int]

    @property
    def rows(self) -> int:
        """How many rows were copied."""
        return sum(self.counts.values())


def copy_to_team(
    workspace: Workspace,
    team: TeamDatabase,
    password: str,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Copied:
    """Copy the open data into a team's database, which must be empty.

    The link key goes along in this computer's key store, so that links that were sent stay good.

    Args:
        workspace: the open data.
        team: where to.
        password: of the database.
        progress: called with rows done and rows in all.
        cancelled: asked now and then; True takes everything back.

    Raises:
        DomainError: `copy_cancelled`; a field of `team` is wrong.
        Conflict: `same_data`, `other_data`: the database holds something already.
        EnvironmentFailure: the database or the key store cannot be reached; nothing was copied.
    """
    url = checked(team).url(password)
    target = database.open_database(workspace.data, url, workspace.now())
    try:
        with explained(), target.writing.begin() as connection:
            transfer.lock_against_writers(connection)
            with workspace.read() as session:
                source = session.connection()
                _check_empty(source, connection)
                counts = transfer.copy_tables(
                    source,
                    connection,
                    progress,
                    cancelled,
                    without=(schema.document_content,),
                    settings_without=DATABASE_ID,
                )
                copy_contents(source, connection, workspace.data)
                me = session.scalar(select(schema.person.c.id).where(mine.is_me(session)))
            after = _identified(connection)
        if me is not None:
            mine.remember(workspace.data, after, me)
        link_keys.pass_on(workspace.secrets, workspace.database_id, after)
        return Copied(counts)
    finally:
        target.close()


def copy_to_file(
    workspace: Workspace,
    file: Path,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Copied:
    """Copy the open data into a new file, which can be restored as a backup on any computer.

    Args:
        workspace: the open data.
        file: where to; must not exist.
        progress: called with rows done and rows in all.
        cancelled: asked now and then; True leaves no file.

    Raises:
        DomainError: `copy_cancelled`.
        EnvironmentFailure: `file_exists`; the disk or the database failed: there is no file.
    """
    if file.exists():
        raise EnvironmentFailure(
            "file_exists", "There is a file {file} already. Choose another name.", file=str(file)
        )
    with _new_file(file) as partial:
        counts = _fill(workspace, partial, progress, cancelled, whole=True)
    link_keys.pass_on(workspace.secrets, workspace.database_id, None)
    return Copied(counts)


def refresh_copy(workspace: Workspace, cancelled: Cancelled = lambda: False) -> Path | None:
    """Renew the copy of a team's database that stands in for it; None for this computer's data.

    The directory of organisations is left out: it is large, and nobody's own.

    Raises:
        DomainError: `copy_cancelled`.
        EnvironmentFailure: the disk or the database failed; the copy before stays.
    """
    if not workspace.shared or workspace.copied_at is not None:
        return None
    file = workspace.data / TEAM_COPY
    with _new_file(file) as partial:
        _fill(workspace, partial, lambda _done, _total: None, cancelled, whole=False)
    return file


# --- inside


def _check_empty(source: Connection, target: Connection) -> None:
    if transfer.is_empty(target):
        return
    project = schema.project.c
    here = set(source.scalars(select(project.id)))
    there = set(target.scalars(select(project.id)))
    if here & there:
        raise Conflict(
            "same_data",
            "The database holds {count} of these projects already: nothing was copied. Use it as "
            "it is; two states of the same projects are not mixed.",
            count=len(here & there),
        )
    raise Conflict(
        "other_data",
        "The database holds other data ({count} projects): nothing was copied. Choose an empty "
        "database, or move single projects as files.",
        count=len(there),
    )


def _identified(connection: Connection) -> UUID:
    kept = schema.setting.c
    found = connection.scalar(select(kept.value).where(kept.key == DATABASE_ID))
    if found is None:
        found = new_id().hex
        connection.execute(insert(schema.setting).values(key=DATABASE_ID, value=found))
    return UUID(found)


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Lend a file beside `file` that takes its name when all went well."""
    partial = file.with_name(file.name + ".partial")
    make_private(file.parent)
    try:
        partial.unlink(missing_ok=True)
        yield partial
        partial.chmod(0o600)  # everything that is known of everybody
        partial.replace(file)
    except OSError as error:
        raise unusable(file.parent, error) from error
    finally:
        for companion in ("", "-wal", "-shm", "-journal"):
            partial.with_name(partial.name + companion).unlink(missing_ok=True)


def _fill(
    workspace: Workspace, file: Path, progress: Progress, cancelled: Cancelled, *, whole: bool
) -> dict[str, int]:
    """Write the open data into a new SQLite file."""
    target = database.new_file(file)
    person, setting = schema.person, schema.setting
    try:
        with explained(), target.writing.begin() as connection:
            with workspace.read() as session:
                counts = transfer.copy_tables(
                    session.connection(),
                    connection,
                    progress,
                    cancelled,
                    without=(
                        schema.document_content,
                        *(() if whole else (schema.directory_entry,)),
                    ),
                    settings_without=DATABASE_ID if whole else "",
                )
                if whole:
                    copy_contents(session.connection(), connection, workspace.data)
                me = session.scalar(select(person.c.id).where(mine.is_me(session)))
            if whole and workspace.shared:
                # The data of one computer says itself whose it is.
                connection.execute(update(person).values(is_me=person.c.id == me))
            if not whole:
                at = workspace.now().isoformat()
                connection.execute(insert(setting).values(key=COPIED_AT, value=at))
    finally:
        target.close()
    return counts
