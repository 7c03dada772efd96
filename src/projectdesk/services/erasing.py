"""What is past its period is erased: in small transactions, for good, and told in counts.

Never erased are what was not collected or sent yet, and what belongs to a meeting that is still in
use: one that is planned or live, or whose minutes wait to be accepted (for a year at most). What is
erased takes its history and its entries of the search index with it; there is no undo.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Update, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.retention import OF_HOSTS, Kept
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import document_upkeep, recordings
from projectdesk.services.history_upkeep import count_history, erase_history
from projectdesk.services.outbox import EMPTIED, EMPTIED_INCOMING, MailState
from projectdesk.services.retention import Period, periods, tell_hosts
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema, search
from projectdesk.store.backup import backups, made_at
from projectdesk.store.upkeep import UNDO_LASTS

log = logging.getLogger(__name__)
EVERY: Final = timedelta(days=1)
_BATCH: Final = 200
_HELD_UP: Final = timedelta(days=365)
"""Minutes that nobody accepted for so long hold nothing up any more."""
DOCUMENTS: Final = "documents"
"""Contents of documents that are not there any more: no period of its own."""
_OVER: Final = (MailState.SENT.value, MailState.REFUSED.value, MailState.CANCELLED.value)

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Erased:
    """What of one thing is erased, or would be.

    kept: a `Kept`, or "documents". days: its period, None = it has none. count: records or files.
    size: bytes, of files. waiting: past the period, but still needed by minutes that wait, by an
    undo, or by a backup.
    """

    kept: str
    days: int | None
    count: int = 0
    size: int = 0
    waiting: int = 0


def is_due(workspace: Workspace) -> bool:
    """Return whether nothing was erased for a day."""
    if workspace.copied_at is not None:
        return False
    last = document_upkeep.read_noted(workspace.data).applied_at
    return last is None or not timedelta() <= workspace.now() - last < EVERY


def erase_over(
    workspace: Workspace, *, dry_run: bool = False, cancelled: Cancelled = lambda: False
) -> list[Erased]:
    """Erase what is past its period; return what of each thing.

    Args:
        workspace: the open data.
        dry_run: only count.
        cancelled: asked between small transactions; True stops, what is erased stays erased.

    Raises:
        EnvironmentFailure: `read_only_copy`, or the database or the disk failed; what was erased
            before stays erased, and the rest goes the next time.
    """
    if workspace.copied_at is not None:
        raise EnvironmentFailure(
            "read_only_copy", "This is only a copy of the team's data: nothing is erased in it."
        )
    done = []
    for each in periods(workspace):
        if each.kept not in OF_HOSTS and not cancelled():
            done.append(_erase(workspace, each, dry_run=dry_run, cancelled=cancelled))
    done.append(_erase_documents(workspace, dry_run=dry_run, cancelled=cancelled))
    if not dry_run:
        tell_hosts(workspace)
        for one in done:
            if one.count:
                log.info("erased after its period: %s of %s", one.count, one.kept)
    return done


def _erase(workspace: Workspace, period: Period, *, dry_run: bool, cancelled: Cancelled) -> Erased:
    told = Erased(period.kept.value, period.days)
    if period.kept is Kept.RECORDINGS:
        return _erase_recordings(workspace, told, dry_run=dry_run)
    if period.days is None:
        return told
    before = workspace.now() - timedelta(days=period.days)
    match period.kept:
        case Kept.BACKUPS:
            return _erase_files(told, _old_backups(workspace.data, before), dry_run=dry_run)
        case Kept.LOGS:
            return _erase_files(told, _old_logs(workspace.data, before), dry_run=dry_run)
        case Kept.HISTORY:
            if dry_run:
                return replace(told, count=count_history(workspace, before))
            return replace(told, count=erase_history(workspace, before, cancelled))
        case Kept.BUSY_TIMES:
            return _erase_busy(workspace, told, before, dry_run=dry_run)
        case Kept.CONNECTION_CHECKS:
            return _erase_checks(workspace, told, before, dry_run=dry_run)
        case Kept.MAIL:
            return _erase_mail(workspace, told, before, dry_run=dry_run, cancelled=cancelled)
        case _:
            return _erase_records(workspace, told, before, dry_run=dry_run, cancelled=cancelled)


# --- meetings in use ------------------------------------------------------------------------------


def in_use(now: datetime) -> Select[UUID]:
    """Return the query of the meetings of which nothing may be erased yet."""
    meeting, minutes = schema.meeting.c, schema.minutes.c
    waits = select(minutes.meeting_id).where(
        minutes.state.in_([MinutesState.DRAFT, MinutesState.CIRCULATED])
    )
    recent = func.coalesce(meeting.held_until, meeting.ended_at, meeting.starts_at) > now - _HELD_UP
    return select(meeting.id).where(
        or_(
            meeting.state == MeetingState.LIVE,
            and_(meeting.state == MeetingState.PLANNED, recent),
            and_(meeting.id.in_(waits), recent),
        )
    )


# --- files and captions of calls ------------------------------------------------------------------


def _erase_records(
    workspace: Workspace, told: Erased, before: datetime, *, dry_run: bool, cancelled: Cancelled
) -> Erased:
    table, over = _over(Kept(told.kept), before)
    held = table.c.meeting_id.in_(in_use(workspace.now()))
    waiting = _count(workspace, _how_many(table, and_(over, held)))
    told = replace(told, waiting=waiting)
    if dry_run:
        return replace(told, count=_count(workspace, _how_many(table, and_(over, ~held))))
    free = select(table.c.id).where(over, ~held).order_by(table.c.id)
    count = 0
    while not cancelled():
        with workspace.change(
            "Erase what is past its period", undoable=False, in_turn=True
        ) as unit:
            ids = list(unit.session.scalars(free.limit(_BATCH)))
            hashes = _hashes(unit.session, table, ids)
            unit.session.execute(delete(table).where(table.c.id.in_(ids)))
            _forget(unit.session, table.name, ids)
            for each in ids:
                unit.touch(Kind(table.name), each)
        if hashes:  # only now: what is noted must not be named any more
            document_upkeep.note_unused(workspace, hashes)
        count += len(ids)
        if len(ids) < _BATCH:
            break
    return replace(told, count=count)


def _over(kept: Kept, before: datetime) -> tuple[Table, ColumnElement[bool]]:
    if kept is Kept.CAPTIONS:
        return schema.caption_line, schema.caption_line.c.written_at < before
    d = schema.document.c
    # A file of a chat that somebody attached to something of the work plan is a document of it;
    # one that is still at its host is not collected.
    loose = (d.work_package_id.is_(None), d.deliverable_id.is_(None), d.partner_id.is_(None))
    chat = (d.file.is_not(None), d.meeting_id.is_not(None), d.stored.is_(True))
    return schema.document, and_(d.shared_at < before, *chat, *loose)


def _hashes(session: Session, table: Table, ids: Sequence[UUID]) -> list[str]:
    if table is not schema.document:
        return []
    return list(session.scalars(select(table.c.sha256).where(table.c.id.in_(ids))))


def _forget(session: Session, kind: str, ids: Sequence[UUID]) -> None:
    """Take history and search entries of erased records away."""
    h = schema.history
    session.execute(delete(h).where(h.c.kind == kind, h.c.record_id.in_(ids)))
    search.remove(session, [(kind, each) for each in ids])


# --- mail, calendars, tests -----------------------------------------------------------------------


def _erase_mail(
    workspace: Workspace, told: Erased, before: datetime, *, dry_run: bool, cancelled: Cancelled
) -> Erased:
    """Empty what was sent or received. That it was, and its Message-ID, stay: none goes twice."""
    out, come = schema.outgoing_mail, schema.incoming_mail
    sent_at = func.coalesce(out.c.sent_at, out.c.tried_at, out.c.made_at)
    held = out.c.meeting_id.in_(in_use(workspace.now()))
    sent = and_(out.c.state.in_(_OVER), sent_at < before, out.c.recipient != "")
    got = and_(come.c.received_at < before, come.c.sender != "")
    got_held = come.c.meeting_id.in_(in_use(workspace.now()))
    free_out = and_(sent, or_(out.c.meeting_id.is_(None), ~held))
    free_in = and_(got, or_(come.c.meeting_id.is_(None), ~got_held))

    def total(*parts: tuple[Table, ColumnElement[bool]]) -> int:
        return sum(_count(workspace, _how_many(table, where)) for table, where in parts)

    waiting = total((out, and_(sent, held)), (come, and_(got, got_held)))
    told = replace(told, waiting=waiting)
    if dry_run:
        return replace(told, count=total((out, free_out), (come, free_in)))
    count = 0
    for table, key, where, empty in (
        (out, out.c.id, free_out, EMPTIED),
        (come, come.c.message_id, free_in, EMPTIED_INCOMING),
    ):
        changed = update(table).values(**empty)
        count += _in_batches(workspace, select(key).where(where), key, changed, cancelled)
    return replace(told, count=count)


def _in_batches(
    workspace: Workspace,
    query: Select[Any],
    key: ColumnElement[Any],
    changed: Update,
    cancelled: Cancelled,
) -> int:
    count = 0
    while not cancelled():
        with workspace.change(
            "Erase what is past its period", undoable=False, in_turn=True
        ) as unit:
            ids = list(unit.session.scalars(query.limit(_BATCH)))
            if ids:
                unit.session.execute(changed.where(key.in_(ids)))
        count += len(ids)
        if len(ids) < _BATCH:
            break
    return count


def _erase_busy(workspace: Workspace, told: Erased, before: datetime, *, dry_run: bool) -> Erased:
    """Erase busy times that are over, and those of calendars that are gone."""
    busy = schema.busy_time
    gone = ~busy.c.source_id.in_(select(schema.busy_source.c.id))
    over = or_(busy.c.ends_at < before, busy.c.last_day < before.date(), gone)
    return _erase_rows(workspace, told, busy, over, dry_run=dry_run)


def _erase_checks(workspace: Workspace, told: Erased, before: datetime, *, dry_run: bool) -> Erased:
    """Erase old connection tests, and those of invitations that are gone."""
    checks = schema.connection_check
    gone = ~checks.c.invitation_id.in_(select(schema.invitation.c.id))
    over = or_(checks.c.checked_at < before, gone)
    return _erase_rows(workspace, told, checks, over, dry_run=dry_run)


def _erase_rows(
    workspace: Workspace, told: Erased, table: Table, over: ColumnElement[bool], *, dry_run: bool
) -> Erased:
    if dry_run:
        return replace(told, count=_count(workspace, _how_many(table, over)))
    with workspace.change("Erase what is past its period", undoable=False, in_turn=True) as unit:
        found: Any = unit.session.execute(delete(table).where(over))
    return replace(told, count=int(found.rowcount))


def _how_many(table: Table, where: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(table).where(where)


def _count(workspace: Workspace, query: Select[Any]) -> int:
    with workspace.read() as session:
        return int(session.scalar(query) or 0)


# --- files of this computer -----------------------------------------------------------------------


def _erase_recordings(workspace: Workspace, told: Erased, *, dry_run: bool) -> Erased:
    """Erase recordings past their period, and those of meetings that were deleted a week ago."""
    now = workspace.now()
    folders = dict(_recordings(workspace.data))
    if not folders:
        return told
    with workspace.read() as session:
        used = set(session.scalars(in_use(now)))
        h = schema.history.c
        gone = set(
            session.scalars(
                select(h.record_id).where(
                    h.kind == Kind.MEETING.value,
                    h.operation == "delete",
                    h.at < now - UNDO_LASTS,
                    ~h.record_id.in_(select(schema.meeting.c.id)),
                )
            )
        )
    over, waiting = [], 0
    before = None if told.days is None else now - timedelta(days=told.days)
    for folder, meeting in folders.items():
        if meeting in gone:
            over.append(folder)
        elif before is not None and _ended(folder) < before:
            if meeting in used:
                waiting += 1
            else:
                over.append(folder)
    size = sum(_size(folder) for folder in over)
    if not dry_run:
        for folder in over:
            recordings.erase_here(folder)
            if not any(folder.parent.iterdir()):
                folder.parent.rmdir()
    return replace(told, count=len(over), size=size, waiting=waiting)


def _recordings(data: Path) -> Iterator[tuple[Path, UUID]]:
    for folder in recordings.folders(data):
        try:
            meeting = UUID(folder.parent.name)
        except ValueError:
            continue
        if folder.is_dir():
            yield folder, meeting


def _ended(folder: Path) -> datetime:
    """Return when a recording was over; of one that is half fetched, when it was last gone on."""
    row = recordings.read_row(folder)
    if row is not None and row.started_at is not None:
        return row.started_at + timedelta(seconds=row.seconds)
    times = [path.stat().st_mtime for path in folder.rglob("*")] or [folder.stat().st_mtime]
    return datetime.fromtimestamp(max(times), UTC)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _old_backups(data: Path, before: datetime) -> list[Path]:
    """Return the backups before an instant; the newest stays, whatever its age."""
    return [path for path in backups(data)[1:] if made_at(path) < before]


def _old_logs(data: Path, before: datetime) -> list[Path]:
    logs = (path for path in (data / "logs").glob("*.log*") if path.is_file())
    return [path for path in logs if path.stat().st_mtime < before.timestamp()]


def _erase_files(told: Erased, over: Sequence[Path], *, dry_run: bool) -> Erased:
    size = sum(path.stat().st_size for path in over)
    if not dry_run:
        for path in over:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise EnvironmentFailure(
                    "disk_failed",
                    "{file} cannot be erased ({reason}).",
                    file=str(path),
                    reason=error.strerror or str(error),
                ) from error
    return replace(told, count=len(over), size=size)


def _erase_documents(workspace: Workspace, *, dry_run: bool, cancelled: Cancelled) -> Erased:
    noted = document_upkeep.read_noted(workspace.data)
    unused = document_upkeep.find_unused(workspace, noted)
    told = Erased(
        DOCUMENTS,
        UNDO_LASTS.days,
        len(unused.over),
        sum(unused.over.values()),
        unused.waiting + unused.held,
    )
    if dry_run:
        return told
    noted.applied_at = workspace.now()
    document_upkeep.keep_noted(workspace.data, noted)
    count, size = document_upkeep.erase_unused(workspace, unused, cancelled)
    return replace(told, count=count, size=size)
