"""Moving a project to a colleague and back: the `.projectdesk` file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, insert, select

import projectdesk
from projectdesk.domain.minutes import Minutes
from projectdesk.domain.talk import Document
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.exchange import project_file
from projectdesk.services import meeting_hosts, queries
from projectdesk.services.document_store import document_folder, document_path, fetched, share
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.tally import Tally
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.project_file import beside, collecting, merging
from projectdesk.services.rows import ImportReport, Kind
from projectdesk.services.session import Unit
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace
from projectdesk.store import migrate, schema

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from projectdesk.exchange.project_file import ProjectFile, ProjectFileWriter


def export_project_file(workspace: Workspace, project_id: UUID, out: Path) -> Path:
    """Write a project with all that belongs to it to a `.projectdesk` file and return its path.

    Records, their history, the text of minutes with their versions and trails, and the content of
    documents go with it, and the people and organisations that it names. Personal links, keys and
    settings stay.

    Args:
        workspace: the open data.
        project_id: which project.
        out: the file; it appears whole or not at all.

    Raises:
        NotFound: no such project.
        EnvironmentFailure: `file_not_written`.
    """
    facts = queries.project(workspace, project_id)
    me = queries.me(workspace)

    def write(part: Path) -> None:
        with workspace.read() as session, project_file.writing(part) as file:
            ids = collecting.ids_of_project(session, project_id)
            counts = _write_records(session, project_id, ids, file)
            _write_contents(session, workspace, project_id, ids, file)
            file.manifest(
                project_file.Manifest(
                    format=project_file.FORMAT,
                    version=project_file.VERSION,
                    schema=migrate.HEAD,
                    program=projectdesk.__version__,
                    written_at=workspace.now(),
                    written_by=me.name if me else "",
                    project=project_file.ProjectFacts(facts.id, facts.acronym, facts.title),
                    counts=counts,
                )
            )

    return whole(out, write)


def import_project_file(
    workspace: Workspace,
    path: Path,
    *,
    prefer: merging.Prefer = "mine",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Bring a project out of a file in; what is here of it already is merged by its ids.

    What was changed on one side only is taken or stays. Where both sides changed the same field,
    `prefer` decides, and the report's warnings name each.

    Args:
        workspace: the open data.
        path: the file.
        prefer: whose value stays where both sides changed a field, or one side changed what the
            other deleted; each is named in the warnings.
        dry_run: count and show what would change, and change nothing.
        progress: told (records done, records in all), on this thread.
        cancelled: asked before each record; True ends the import with nothing changed.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: nothing was changed.
        DomainError: `import_cancelled`, `meeting_live`, `unknown_choice`.
        EnvironmentFailure: `document_not_kept`; nothing was changed.
    """
    if prefer not in ("mine", "file"):
        raise DomainError("unknown_choice", "Expected mine or file, not “{found}”.", found=prefer)
    taking = Taking(dry_run=dry_run)
    tally = taking.tally
    hosts = frozenset(
        {
            meeting_hosts.THIS_COMPUTER,
            meeting_hosts.LAN,
            *(server.url for server in meeting_hosts.meeting_hosts(workspace).servers),
        }
    )
    with project_file.open_project_file(path, tally.findings) as file:
        label = f"{merging.LABEL}{file.manifest.project.acronym}"
        with taking.unit(workspace, label) as unit:
            merge = merging.Merge(unit, file, tally, ticking(progress, cancelled), prefer, hosts)
            merge.run()
            _take_texts(unit, file, tally)
            beside.take(unit, file, merge.renamed, tally)
            if not dry_run:
                _take_documents(unit, workspace, file)
    return taking.report()


# --- writing --------------------------------------------------------------------------------------


def _write_records(
    session: Session, project_id: UUID, ids: collecting.Ids, file: ProjectFileWriter
) -> dict[str, int]:
    counts = {
        kind.value: file.records(kind.value, collecting.records(session, kind, of_kind))
        for kind, of_kind in ids.items()
    }
    file.history(collecting.history(session, project_id, ids))
    return counts


def _write_contents(
    session: Session,
    workspace: Workspace,
    project_id: UUID,
    ids: collecting.Ids,
    file: ProjectFileWriter,
) -> None:
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    update = schema.minutes_update.c
    for minutes_id in sorted(ids.get(Kind.MINUTES, ())):
        query = select(update.update).where(update.minutes_id == minutes_id).order_by(update.seq)
        updates = session.scalars(query).all()
        if updates:
            file.text(minutes_id, MinutesText.from_state(updates).state())
    beside.write(session, list(ids.get(Kind.MINUTES, ())), list(ids.get(Kind.VOTE, ())), file)
    document = schema.document.c
    for sha256 in session.scalars(
        select(document.sha256).where(document.project_id == project_id).order_by(document.sha256)
    ):
        try:
            file.document(sha256, fetched(workspace, sha256))
        except EnvironmentFailure as failure:
            if failure.code != "document_missing":
                raise


# --- reading --------------------------------------------------------------------------------------


def _take_texts(unit: Unit, file: ProjectFile, tally: Tally) -> None:
    """Merge the text of minutes; two copies of a Yjs document merge by themselves."""
    from projectdesk.text.minutes import MinutesText

    update = schema.minutes_update
    for minutes_id, state in file.texts():
        minutes = unit.session.get(Minutes, minutes_id)
        if minutes is None:
            continue
        here = unit.session.scalars(
            select(update.c.update).where(update.c.minutes_id == minutes_id).order_by(update.c.seq)
        ).all()
        before = MinutesText.from_state(here).state() if here else None
        try:
            after = MinutesText.from_state([*here, state]).state()
        except (ValueError, RuntimeError, DomainError) as error:
            raise project_file.damaged(file.name, "minutes", 0, "a text is damaged") from error
        if before == after:
            continue
        last = unit.session.scalar(
            select(func.max(update.c.seq)).where(update.c.minutes_id == minutes_id)
        )
        values = {"minutes_id": minutes_id, "seq": (last or 0) + 1, "update": state, "at": unit.now}
        unit.session.connection().execute(insert(update), [values])
        unit.touch(Kind.MINUTES, minutes_id, file.manifest.project.id)
        if here:
            tally.updated += 1


def _take_documents(unit: Unit, workspace: Workspace, file: ProjectFile) -> None:
    """Put the content of documents where it belongs; a document without it is fetched later."""
    data = workspace.data
    of_project = schema.document.c.project_id == file.manifest.project.id
    for one in unit.session.scalars(select(Document).where(of_project)):
        if document_path(data, one.sha256) is None:
            if not file.has_document(one.sha256):
                continue
            _unpack(data, file, one.sha256, one.name)
        if workspace.shared:
            share(unit.session.connection(), data, one.sha256)
        if not one.stored:
            one.stored = True


def _unpack(data: Path, file: ProjectFile, sha256: str, name: str) -> None:
    try:
        place = document_folder(data) / sha256[:2]
        place.mkdir(exist_ok=True)
        handle, part = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "wb") as stream:
                file.copy_document(sha256, stream)
                stream.flush()
                os.fsync(stream.fileno())
            Path(part).replace(place / sha256)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFailure(
            "document_not_kept",
            "The file {name} could not be kept ({reason}). Nothing was changed.",
            name=name,
            reason=error.strerror or str(error),
        ) from error
