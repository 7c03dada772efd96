"""Sends what waits in the outbox, each mail once.

A mail is claimed by a conditional update that is committed before the server is spoken to, so that
two desktops on one database never send the same one. Who dies with a claim leaves it: the mail may
have been sent then, and waits for a person (decisions 18). Of this data folder one program sends at
a time; a lock that the system frees tells whether a claim of ours is alive.

A mail goes out as who wrote it: this computer sends the mail of its own account's address.
"""

from __future__ import annotations

import hashlib
import logging
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, update

from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.folders.lock import FolderLock
from projectdesk.mail import links
from projectdesk.mail.account import MailAccount
from projectdesk.mail.address import same_address
from projectdesk.mail.message import parse_received
from projectdesk.mail.retrying import next_try
from projectdesk.mail.smtp import Accepted, Later, Outcome, Refused, SmtpConnection, Unknown
from projectdesk.services import mail_accounts, mail_tokens
from projectdesk.services.outbox import MailState, touch
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

ABANDONED: Final = timedelta(hours=1)
"""A claim of another computer that is so old is of a program that died."""
LATE: Final = timedelta(minutes=15)
"""A mail that goes out so long after its time is late."""
NOT_AFTER_START: Final = frozenset({"reminder"})
"""What nobody wants to get when the meeting has begun."""
STOPPED: Final = "Not sent: its links open"
"""How the reason begins why a mail with links of this network was stopped."""
PRIVATE_LINKS: Final = (
    "Not sent: its links open on this computer or in its network only ({links}). Hold the meeting "
    "on a team server, or send it all the same."
)
_AT_ONCE: Final = 50
_LABELS: Final = {
    MailState.SENT: "Mail was sent",
    MailState.REFUSED: "Mail was refused",
    MailState.UNCERTAIN: "Mail may have been sent",
    MailState.QUEUED: "Mail waits",
    MailState.CANCELLED: "Mail is not needed any more",
}
_log = logging.getLogger(__name__)
_table = schema.outgoing_mail


class Connection(Protocol):
    """A signed-in connection to a server of mail."""

    broken: bool

    def open(self) -> None:
        """Connect and sign in."""

    def close(self) -> None:
        """Say goodbye."""

    def send(self, author: str, recipient: str, content: bytes) -> Outcome:
        """Hand over one mail."""


Connect = Callable[[], Connection]


@dataclass
class Report:
    """What came of one round. problem: why no mail could be sent at all; None = it went."""

    sent: list[UUID] = field(default_factory=list)
    refused: list[UUID] = field(default_factory=list)
    later: list[UUID] = field(default_factory=list)
    uncertain: list[UUID] = field(default_factory=list)
    cancelled: list[UUID] = field(default_factory=list)
    problem: ProjectDeskError | None = None

    def __bool__(self) -> bool:
        """True when anything happened."""
        every = (self.sent, self.refused, self.later, self.uncertain, self.cancelled)
        return any(every) or self.problem is not None


def send_due(
    workspace: Workspace,
    *,
    connect: Connect | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Send what is due of this computer's account; return what came of it.

    Args:
        workspace: the open database.
        connect: makes a connection; None = to the account's server.
        stop: asked between two mails.

    Raises:
        EnvironmentFailure: `mail_being_sent`: another program of this data folder sends now.
    """
    report = Report()
    if workspace.copied_at is not None:
        return report
    lock = FolderLock(
        workspace.data / "mail.lock",
        "mail_being_sent",
        "Another program is sending the mail of {folder} now.",
    )
    with lock:
        settle_abandoned(workspace, report)
        try:
            known = mail_accounts.account(workspace.data)
            if known is not None:
                _send_all(workspace, known, connect or _connecting(workspace, known), stop, report)
        except ProjectDeskError as error:
            report.problem = error
    return report


def anything_due(workspace: Workspace) -> bool:
    """Tell whether there is something for `send_due` to do."""
    if workspace.copied_at is not None:
        return False
    known = mail_accounts.account(workspace.data)
    with workspace.read() as session:
        left = select(_table.c.id).where(_abandoned(workspace)).limit(1)
        if session.scalar(left) is not None:
            return True
        if known is None:
            return False
        due = select(_table.c.author).where(_due(workspace.now())).distinct()
        return any(same_address(known.address, author) for author in session.scalars(due))


def next_due(workspace: Workspace) -> datetime | None:
    """Return when the next mail of this outbox is due; None = nothing waits."""
    when = func.coalesce(_table.c.retry_at, _table.c.due_at, type_=_table.c.due_at.type)
    with workspace.read() as session:
        found: datetime | None = session.scalar(
            select(func.min(when, type_=_table.c.due_at.type)).where(
                _table.c.state == MailState.QUEUED.value
            )
        )
    return found


def settle_abandoned(workspace: Workspace, report: Report | None = None) -> int:
    """Make uncertain what a program that died was sending; return how many mails.

    For who holds the lock of the data folder: no claim of ours is alive then.
    """
    with workspace.change("Mail that may have been sent", undoable=False) as unit:
        found = unit.session.execute(
            update(_table)
            .where(_abandoned(workspace))
            .values(state=MailState.UNCERTAIN.value, reply="")
            .returning(_table.c.id, _table.c.project_id, _table.c.meeting_id, _table.c.person_id)
        ).all()
        for row in found:
            touch(unit, row.project_id, row.meeting_id, row.person_id)
    if report is not None:
        report.uncertain.extend(row.id for row in found)
    return len(found)


def sender_name(data: Path) -> str:
    """Return how a claim names who made it: this computer and its data folder."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:8]
    return f"{platform.node() or 'computer'} {digest}"


# --- one round ------------------------------------------------------------------------------------


def _connecting(workspace: Workspace, known: MailAccount) -> Connect:
    def connect() -> Connection:
        given = mail_accounts.credentials(workspace.secrets, known)
        return SmtpConnection(known.smtp, given, known.ca_file)

    return connect


def _send_all(
    workspace: Workspace,
    known: MailAccount,
    connect: Connect,
    stop: Callable[[], bool],
    report: Report,
) -> None:
    tried: set[UUID] = set()
    connection: Connection | None = None
    try:
        while not stop():
            waiting = [row for row in _waiting(workspace, known) if row.id not in tried]
            if not waiting:
                return
            for row in waiting:
                if stop():
                    return
                tried.add(row.id)
                if _settled_unsent(workspace, known, row, report):
                    continue
                if connection is None or connection.broken:
                    # Before the claim: a server that is not there makes no mail uncertain.
                    connection = mail_tokens.signed_in(workspace.secrets, known, connect)
                _send_one(workspace, row, connection, report)
    finally:
        if connection is not None:
            connection.close()


def _send_one(
    workspace: Workspace, row: Row[tuple[object, ...]], connection: Connection, report: Report
) -> None:
    if not _claim(workspace, row.id):
        return  # another desktop has it, or it was cancelled
    outcome = connection.send(row.author, row.recipient, row.content)
    now = workspace.now()
    match outcome:
        case Accepted(words):
            _settle(workspace, row, MailState.SENT, words, sent_at=now)
            report.sent.append(row.id)
        case Refused(words):
            _settle(workspace, row, MailState.REFUSED, words)
            report.refused.append(row.id)
        case Unknown(words):
            _settle(workspace, row, MailState.UNCERTAIN, words)
            report.uncertain.append(row.id)
        case Later(words):
            again = next_try(row.attempts + 1, row.due_at, now)
            if again is None:
                _settle(workspace, row, MailState.REFUSED, words)
                report.refused.append(row.id)
            else:
                _settle(workspace, row, MailState.QUEUED, words, retry_at=again)
                report.later.append(row.id)
    _log.info("mail %s: %s", row.id, type(outcome).__name__.lower())


def _claim(workspace: Workspace, mail_id: UUID) -> bool:
    """Say `sending`, committed; False when it is not queued any more."""
    with workspace.change("Send mail", undoable=False) as unit:
        changed = unit.session.execute(
            update(_table)
            .where(_table.c.id == mail_id, _table.c.state == MailState.QUEUED.value)
            .values(
                state=MailState.SENDING.value,
                sender=sender_name(workspace.data),
                tried_at=unit.now,
                attempts=_table.c.attempts + 1,
                reply="",
            )
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def _settle(
    workspace: Workspace,
    row: Row[tuple[object, ...]],
    state: MailState,
    words: str,
    *,
    came_from: MailState = MailState.SENDING,
    sent_at: datetime | None = None,
    retry_at: datetime | None = None,
) -> bool:
    with workspace.change(_LABELS[state], undoable=False) as unit:
        changed = unit.session.execute(
            update(_table)
            .where(_table.c.id == row.id, _table.c.state == came_from.value)
            .values(state=state.value, reply=words, sent_at=sent_at, retry_at=retry_at)
        )
        touch(unit, row.project_id, row.meeting_id, row.person_id)
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def _settled_unsent(
    workspace: Workspace, known: MailAccount, row: Row[tuple[object, ...]], report: Report
) -> bool:
    """Settle a mail that must not go out: its links open here only, or its time is over."""
    if _is_over(workspace, row):
        words = "The meeting had begun before this could be sent."
        if _settle(workspace, row, MailState.CANCELLED, words, came_from=MailState.QUEUED):
            report.cancelled.append(row.id)
        return True
    if row.private_links or known.private_links:
        return False
    found = links.private_links(links.texts_of(parse_received(row.content)))
    if not found:
        return False
    words = PRIVATE_LINKS.format(links=", ".join(found[:3]))
    if _settle(workspace, row, MailState.REFUSED, words, came_from=MailState.QUEUED):
        report.refused.append(row.id)
    return True


def _is_over(workspace: Workspace, row: Row[tuple[object, ...]]) -> bool:
    if row.purpose not in NOT_AFTER_START or row.meeting_id is None:
        return False
    meeting = schema.meeting.c
    with workspace.read() as session:
        starts = session.scalar(select(meeting.starts_at).where(meeting.id == row.meeting_id))
    return starts is not None and starts <= workspace.now()


# --- which ones -----------------------------------------------------------------------------------


def _due(now: datetime) -> ColumnElement[bool]:
    return (
        (_table.c.state == MailState.QUEUED.value)
        & (_table.c.due_at <= now)
        & or_(_table.c.retry_at.is_(None), _table.c.retry_at <= now)
    )


def _abandoned(workspace: Workspace) -> ColumnElement[bool]:
    own = _table.c.sender == sender_name(workspace.data)
    old = _table.c.tried_at < workspace.now() - ABANDONED
    return (_table.c.state == MailState.SENDING.value) & or_(own, old)


def _waiting(workspace: Workspace, known: MailAccount) -> list[Row[tuple[object, ...]]]:
    query: Select[tuple[object, ...]] = (
        select(_table).where(_due(workspace.now())).order_by(_table.c.due_at, _table.c.id)
    )
    with workspace.read() as session:
        authors = session.scalars(select(_table.c.author).where(_due(workspace.now())).distinct())
        mine = [author for author in authors if same_address(known.address, author)]
        if not mine:
            return []
        return list(session.execute(query.where(_table.c.author.in_(mine)).limit(_AT_ONCE)).all())


# --- what a person does ---------------------------------------------------------------------------


def send_again(workspace: Workspace, mail_ids: list[UUID], *, private_links: bool = False) -> int:
    """Let mails that were refused, or may have been sent, go out (again); return how many.

    Each keeps its Message-ID, so that a recipient's program can tell that it is the same one.

    Args:
        workspace: the open database.
        mail_ids: which ones.
        private_links: also with links that open on this computer or in its network only.

    Raises:
        DomainError: `mail_not_again`; none of them was refused or is uncertain.
    """
    again = (MailState.REFUSED.value, MailState.UNCERTAIN.value)
    values: dict[str, object] = {
        "state": MailState.QUEUED.value,
        "retry_at": None,
        "attempts": 0,
        "reply": "",
        "sent_at": None,
    }
    if private_links:
        values["private_links"] = True
    with workspace.change("Send mail again", undoable=False) as unit:
        found = unit.session.execute(
            update(_table)
            .where(_table.c.id.in_(mail_ids), _table.c.state.in_(again))
            .values(tried_at=None, **values)
            .returning(_table.c.project_id, _table.c.meeting_id, _table.c.person_id)
        ).all()
        if not found:
            raise DomainError(
                "mail_not_again",
                "Only mail that was refused, or that may have been sent, is sent again.",
            )
        for row in found:
            touch(unit, row.project_id, row.meeting_id, row.person_id)
    return len(found)


def send_now(workspace: Workspace, mail_ids: list[UUID]) -> int:
    """Let mails that wait for their time, or for another try, go out at once; return how many."""
    with workspace.change("Send mail now", undoable=False) as unit:
        found = unit.session.execute(
            update(_table)
            .where(_table.c.id.in_(mail_ids), _table.c.state == MailState.QUEUED.value)
            .values(
                retry_at=None,
                due_at=case((_table.c.due_at > unit.now, unit.now), else_=_table.c.due_at),
            )
            .returning(_table.c.project_id, _table.c.meeting_id, _table.c.person_id)
        ).all()
        for row in found:
            touch(unit, row.project_id, row.meeting_id, row.person_id)
    return len(found)
