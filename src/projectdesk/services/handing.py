"""Hands reminders that are due later to a team's server, and takes back what is no longer true.

The server sends them at their time, also while this computer is off (adr/0103): those of meetings
(`later_meetings`), of date polls and written procedures (`later_asking`), of actions
(`later_actions`). What is to be there is compared with what is there, each time: a meeting that
moved, was cancelled or deleted, a reminder that was taken out, somebody who declined, answered or
was erased needs no notice of its own.

A mail has the same id however often it is composed (of what, whom, when), so nobody is reminded
twice: not by two desktops, and not after one was put back from a backup. `handed` is committed
before the server gets a mail; only its word lets this computer send the mail itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from projectdesk.errors import DomainError, EnvironmentFailure, NotFound, ProjectDeskError
from projectdesk.folders.lock import FolderLock
from projectdesk.mail.account import MailAccount
from projectdesk.mail.address import same_address, shown_address, wire_address
from projectdesk.mail.message import as_bytes, header_text
from projectdesk.services import later_actions, later_asking, later_meetings, mail_accounts
from projectdesk.services.host_requests import HostAccess, access_to, ask
from projectdesk.services.hosting import personal_links
from projectdesk.services.later_mail import MARGIN, Wanted
from projectdesk.services.later_meetings import meetings_ahead as meetings_ahead
from projectdesk.services.later_meetings import on_servers as on_servers
from projectdesk.services.outbox import MailState, touch
from projectdesk.services.queries.meetings import meeting
from projectdesk.services.reminder_mails import REMINDER
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.mails import LaterMail, MailFacts, allows
from projectdesk.store import schema

_mail = schema.outgoing_mail
_log = logging.getLogger(__name__)
_REFUSALS: Final = frozenset(
    {
        "mail_not_taken",
        "mail_sender_not_allowed",
        "mail_not_as_told",
        "mail_too_large",
        "message_too_large",
        "too_many_mails",
        "mail_overdue",
        "mail_taken",
        "bad_email",
    }
)
"""What a server says that does not take a mail."""
_WAITS: Final = "mail_not_waiting"
_TAKEN: Final = "mail_taken"
_REFUSED_LASTS: Final = timedelta(hours=1)


@dataclass
class HandReport:
    """What came of one round. left: mails that this computer sends itself, and why.

    problem: why the round could not be finished; None = it was.
    """

    handed: list[UUID] = field(default_factory=list)
    replaced: list[UUID] = field(default_factory=list)
    taken_back: list[UUID] = field(default_factory=list)
    left: list[tuple[UUID, str]] = field(default_factory=list)
    problem: ProjectDeskError | None = None

    def __bool__(self) -> bool:
        """True when anything happened."""
        return any((self.handed, self.replaced, self.taken_back, self.left, self.problem))


def anything_handed(workspace: Workspace) -> bool:
    """Tell whether a server has, or may have, mail of this data."""
    if workspace.copied_at is not None:
        return False
    with workspace.read() as session:
        query = select(_mail.c.id).where(_mail.c.state == MailState.HANDED.value).limit(1)
        return session.scalar(query) is not None


def others_ahead(workspace: Workspace) -> bool:
    """Tell whether a server may have to remind of polls, procedures or actions."""
    return later_asking.asked_ahead(workspace) or later_actions.actions_ahead(workspace)


def server_links(workspace: Workspace, meeting_id: UUID) -> dict[UUID, str]:
    """Return the personal links of a meeting that is held on a server; {} for others.

    The server must have the meeting already: the desktop sends it there.

    Raises:
        EnvironmentFailure, RemoteProtocolError: the server does not say its public address.
    """
    if meeting_id not in on_servers(workspace, [meeting_id]):
        return {}
    place = meeting(workspace, meeting_id).host
    facts = ask(access_to(workspace, place), "GET", "/api/v1/host", HostFacts)
    links = personal_links(workspace, meeting_id, facts.public_url)
    return {link.invitation_id: link.url for link in links}


def hand_over(
    workspace: Workspace,
    links: Mapping[UUID, Mapping[UUID, str]],
    *,
    stop: Callable[[], bool] = lambda: False,
    ours: dict[UUID, str] | None = None,
) -> HandReport:
    """Bring servers to what is to be sent later; return what was done.

    Args:
        workspace: the open data.
        links: the meetings whose reminders are handed over (`meetings_ahead`), each with its
            personal links by invitation; those that open here only are left out of the mails.
        stop: asked between two mails.
        ours: which Message-ID this program confirmed last, by mail; kept from call to call. What
            another computer of the same person has replaced since is left as it is.

    Raises:
        EnvironmentFailure: `mail_being_handed`; another program of this data folder does it now.
    """
    report = HandReport()
    if workspace.copied_at is not None:
        return report
    lock = FolderLock(
        workspace.data / "handing.lock",
        "mail_being_handed",
        "Another program hands over the mail of {folder} now.",
    )
    with lock:
        known = mail_accounts.account(workspace.data)
        try:
            _take_back(workspace, known, stop, report)
            if known is not None and known.later_server:
                _bring(workspace, known, links, stop, report, {} if ours is None else ours)
        except ProjectDeskError as error:
            report.problem = error
    return report


# --- what is no longer true -----------------------------------------------------------------------


def _take_back(
    workspace: Workspace,
    known: MailAccount | None,
    stop: Callable[[], bool],
    report: HandReport,
) -> None:
    """Take back what is not to be sent (any more), and settle what never arrived at a server."""
    with workspace.read() as session:
        rows = session.execute(
            select(_mail).where(_mail.c.state == MailState.HANDED.value).order_by(_mail.c.due_at)
        ).all()
    if not rows:
        return
    true = _true_ids(workspace, rows)
    soonest = workspace.now() + MARGIN
    silent: set[str] = set()
    for row in rows:
        if stop():
            return
        mine = known is not None and same_address(known.address, row.author)
        stale = row.id not in true or true[row.id] not in {None, row.sender}
        chosen = known is not None and row.sender == known.later_server
        # Not confirmed, and too late to be handed over again: the server must say that it has none.
        lost = mine and row.tried_at is None and row.due_at <= soonest
        if not (stale or lost or (mine and not chosen)):
            continue
        try:
            access = access_to(workspace, row.sender)
        except EnvironmentFailure as missing:
            _log.info("mail stays at %s: %s", row.sender, missing.code)
            continue
        if row.sender in silent:
            continue
        try:
            gone = _withdrawn(access, row.id)
        except ProjectDeskError as error:
            # The others can still be told; what this one has stays handed.
            silent.add(row.sender)
            report.problem = error
            continue
        if gone is None and not mine:
            continue  # a colleague's: only their key sees it
        if gone or (gone is None and row.tried_at is None):
            back = MailState.QUEUED if lost and not stale else MailState.CANCELLED
            if _settle(workspace, row, back, ""):
                report.taken_back.append(row.id)
        elif gone is None:
            words = f"{_shown(row.sender)} does not know this mail (any more)."
            _settle(workspace, row, MailState.UNCERTAIN, words)


def _withdrawn(access: HostAccess, mail: UUID) -> bool | None:
    """Take a mail back from a server; False: too late, it goes out; None: not known there."""
    try:
        facts = ask(access, "DELETE", f"/api/v1/mails/{mail.hex}", MailFacts)
    except NotFound as error:
        if error.code != "mail_unknown":
            raise  # something else answers there
        return None
    return facts.state in {"cancelled", "returned"}


def _true_ids(workspace: Workspace, rows: Sequence[Row[Any]]) -> dict[UUID, str | None]:
    """Return the ids of the mails that are to be sent, or were due, of what these remind of.

    With each the host that may have it, None = any: the others could not see who has answered.
    """
    meetings = {row.meeting_id for row in rows if row.purpose == REMINDER}
    asked = {row.record_id for row in rows if row.purpose in later_asking.PURPOSES}
    actions = {row.record_id for row in rows if row.purpose == later_actions.PURPOSE}
    return {
        **dict.fromkeys(later_meetings.true_ids(workspace, meetings)),
        **later_asking.true_ids(workspace, asked),
        **later_actions.true_ids(workspace, actions),
    }


# --- what is to be there --------------------------------------------------------------------------


def _bring(
    workspace: Workspace,
    known: MailAccount,
    links: Mapping[UUID, Mapping[UUID, str]],
    stop: Callable[[], bool],
    report: HandReport,
    ours: dict[UUID, str],
) -> None:
    meetings = [each for each in meetings_ahead(workspace) if each in links]
    if stop() or not (meetings or others_ahead(workspace)):
        return
    # Before the first mail is claimed: a server that is not there has none of them.
    access = access_to(workspace, known.later_server)
    facts = ask(access, "GET", "/api/v1/host", HostFacts)
    check_sender(facts, known)
    for wanted in _wanted(workspace, {each: links[each] for each in meetings}, access, facts):
        if stop():
            return
        _bring_one(workspace, access, wanted, report, ours)


def _wanted(
    workspace: Workspace,
    links: Mapping[UUID, Mapping[UUID, str]],
    access: HostAccess,
    facts: HostFacts,
) -> Iterator[Wanted]:
    """Return all that is to be at a server, composed only when it is its turn."""
    for meeting_id, theirs in links.items():
        yield from later_meetings.wanted(workspace, meeting_id, theirs, access.url)
    yield from later_asking.wanted(workspace, access.url, facts)
    yield from later_actions.wanted(workspace, access.url, facts)


def check_server(workspace: Workspace, known: MailAccount) -> None:
    """Ask whether the server that an account names sends its mail; nothing is changed.

    Raises:
        DomainError: `server_sends_no_mail`, `mail_sender_not_allowed`.
        EnvironmentFailure, RemoteProtocolError: it does not answer, or does not know our key.
    """
    access = access_to(workspace, known.later_server)
    check_sender(ask(access, "GET", "/api/v1/host", HostFacts), known)


def check_sender(facts: HostFacts, known: MailAccount) -> None:
    """Refuse a server that sends no mail for this account.

    Raises:
        DomainError: `server_sends_no_mail`, `mail_sender_not_allowed`.
    """
    if not facts.mail_from:
        raise DomainError(
            "server_sends_no_mail",
            "The server sends no mail for this computer's API key. Whoever runs it can allow it "
            "(serve --smtp, serve keys mail).",
        )
    address = wire_address(known.address)
    if not allows(facts.mail_from, address):
        raise DomainError(
            "mail_sender_not_allowed",
            "The server sends no mail of {domain} for this computer's API key, only of: {allowed}.",
            domain=address.rpartition("@")[2].lower(),
            allowed=", ".join(facts.mail_from),
        )


def _bring_one(
    workspace: Workspace,
    access: HostAccess,
    wanted: Wanted,
    report: HandReport,
    ours: dict[UUID, str],
) -> None:
    if wanted.due_at <= workspace.now() + MARGIN:
        return  # the others took long
    with workspace.read() as session:
        row = session.execute(select(_mail).where(_mail.c.id == wanted.id)).first()
    if row is not None:
        if row.state not in {MailState.HANDED.value, MailState.CANCELLED.value}:
            return  # it went out, or waits for a person
        if row.state == MailState.HANDED.value and row.sender != access.url:
            return  # another server has it still
        mine = same_address(row.author, wanted.author)
        if row.state == MailState.HANDED.value and not mine:
            return  # a colleague's server sends it
        if _is_there(row, wanted) or _was_refused(row, wanted, workspace.now()):
            return
        if row.message_id != wanted.message_id and ours.get(wanted.id) == wanted.message_id:
            return  # another computer of mine says it in other words since
    message = wanted.message()
    content, subject = as_bytes(message), header_text(message, "Subject")
    values = _as_now(wanted, content, subject)
    if not _claim(workspace, access.url, wanted, row, values):
        return
    later = LaterMail(
        author=wanted.author,
        recipient=wanted.recipient,
        message_id=wanted.message_id,
        content=content,
        due_at=wanted.due_at,
        not_after=wanted.not_after,
        desk=wanted.desk,
    )
    try:
        ask(access, "PUT", f"/api/v1/mails/{wanted.id.hex}", MailFacts, later)
    except ProjectDeskError as error:
        if error.code == _WAITS:
            return  # it is being sent; the journal says what came of it
        if error.code not in _REFUSALS:
            raise
        _leave(workspace, access, wanted, error, report)
        return
    _confirm(workspace, wanted, values)
    ours[wanted.id] = wanted.message_id
    had = row is not None and row.state == MailState.HANDED.value and row.tried_at is not None
    (report.replaced if had else report.handed).append(wanted.id)


def _is_there(row: Row[Any], wanted: Wanted) -> bool:
    """Tell whether the server has confirmed this very mail."""
    return (
        row.state == MailState.HANDED.value
        and row.tried_at is not None
        and row.message_id == wanted.message_id
    )


def _was_refused(row: Row[Any], wanted: Wanted, now: datetime) -> bool:
    """Tell whether the server refused this very mail a while ago: asked again, it would again."""
    return bool(
        row.state == MailState.CANCELLED.value
        and row.reply
        and row.message_id == wanted.message_id
        and now - row.made_at < _REFUSED_LASTS
    )


def _claim(
    workspace: Workspace,
    server: str,
    wanted: Wanted,
    row: Row[Any] | None,
    values: Mapping[str, Any],
) -> bool:
    """Say that the server may have the mail from now on; False: somebody else was faster."""
    with workspace.change("Hand mail over", undoable=False) as unit:
        if row is None:
            if unit.session.scalar(select(_mail.c.id).where(_mail.c.id == wanted.id)) is not None:
                return False
            unit.session.execute(
                insert(_mail).values(
                    id=wanted.id,
                    purpose=wanted.purpose,
                    project_id=wanted.project_id,
                    meeting_id=wanted.meeting_id,
                    record_id=wanted.record_id,
                    due_at=wanted.due_at,
                    private_links=False,
                    sender=server,
                    made_at=unit.now,
                    **values,
                )
            )
        elif row.state == MailState.HANDED.value:
            return True  # what the server has stays here until it confirms the other
        else:
            changed = unit.session.execute(
                update(_mail)
                .where(_mail.c.id == wanted.id, _mail.c.state == row.state)
                .values(sender=server, made_at=unit.now, **values)
            )
            if not changed.rowcount:  # type: ignore[attr-defined]
                return False
        touch(unit, wanted.project_id, wanted.meeting_id, wanted.person_id)
    return True


def _confirm(workspace: Workspace, wanted: Wanted, values: Mapping[str, Any]) -> None:
    """Note that the server has the mail as it is here."""
    with workspace.change("Mail was handed over", undoable=False) as unit:
        unit.session.execute(
            update(_mail)
            .where(_mail.c.id == wanted.id, _mail.c.state == MailState.HANDED.value)
            .values({**values, "tried_at": unit.now})
        )
        touch(unit, wanted.project_id, wanted.meeting_id, wanted.person_id)


def _as_now(wanted: Wanted, content: bytes, subject: str) -> Mapping[str, Any]:
    """Return what a row says of a mail in this version."""
    return {
        "message_id": wanted.message_id,
        "person_id": wanted.person_id,
        "author": shown_address(wanted.author),
        "recipient": shown_address(wanted.recipient),
        "subject": subject,
        "content": content,
        "state": MailState.HANDED.value,
        "tried_at": None,
        "sent_at": None,
        "retry_at": None,
        "attempts": 0,
        "reply": "",
    }


def _leave(
    workspace: Workspace,
    access: HostAccess,
    wanted: Wanted,
    error: ProjectDeskError,
    report: HandReport,
) -> None:
    """Let this computer send a mail that the server does not take; an older one is taken back."""
    if _withdrawn(access, wanted.id) is False:
        return
    with workspace.read() as session:
        row = session.execute(select(_mail).where(_mail.c.id == wanted.id)).first()
    words = f"{_shown(access.url)} does not take it: {error.text}"
    # Of an id that another key has there, an older mail goes out: it must not go out from here too.
    elsewhere = error.code == _TAKEN and row is not None and row.tried_at is not None
    state = MailState.UNCERTAIN if elsewhere else MailState.CANCELLED
    if row is not None and _settle(workspace, row, state, words):
        report.left.append((wanted.id, error.code))


def _settle(workspace: Workspace, row: Row[Any], state: MailState, words: str) -> bool:
    with workspace.change("Mail that was handed over", undoable=False) as unit:
        changed = unit.session.execute(
            update(_mail)
            .where(_mail.c.id == row.id, _mail.c.state == MailState.HANDED.value)
            .values(state=state.value, reply=words, sender="", tried_at=None)
        )
        touch(unit, row.project_id, row.meeting_id, row.person_id)
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def _shown(url: str) -> str:
    return urlsplit(url).netloc or url
