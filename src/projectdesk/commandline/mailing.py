"""`projectdesk mail send|hand-over|list|show|retry|cancel|check-inbox|read|received`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_found, print_json
from projectdesk.errors import DomainError, ProjectDeskError, UnreadableFile
from projectdesk.exchange.calendar import is_mail
from projectdesk.services import inbox, mail_accounts, replies, sending
from projectdesk.services.commands.mail import cancel_mail
from projectdesk.services.inbox import Read
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as queries
from projectdesk.services.queries import project_by_acronym
from projectdesk.services.workspace import Workspace

_COLUMNS = ("id", "state", "due_at", "recipient", "subject", "project", "reply")


def send(options: argparse.Namespace) -> int:
    """`projectdesk mail send [--now MAIL...]`; exits with 1 when nothing could be sent at all."""
    with opened(options) as workspace:
        if mail_accounts.account(workspace.data) is None:
            raise DomainError(
                "mail_no_account",
                "No mail account is set up on this computer: run `projectdesk mail set-up`.",
            )
        if options.now:
            sending.send_now(workspace, _ids(workspace, options.now))
        report = sending.send_due(workspace)
    done: dict[str, Sequence[object]] = {
        "sent": report.sent,
        "refused": report.refused,
        "later": report.later,
        "uncertain": report.uncertain,
        "cancelled": report.cancelled,
    }
    return _told(options, done, report.problem, "Nothing is due.")


def hand_over(options: argparse.Namespace) -> int:
    """`projectdesk mail hand-over`; exits with 1 when it could not be finished."""
    from projectdesk.services import handing

    with opened(options) as workspace:
        meetings = handing.meetings_ahead(workspace)
        if handing.on_servers(workspace, meetings):
            check_durable(workspace)
        links = {each: handing.server_links(workspace, each) for each in meetings}
        report = handing.hand_over(workspace, links)
    done: dict[str, Sequence[object]] = {
        "handed": report.handed,
        "replaced": report.replaced,
        "taken_back": report.taken_back,
        "left": [{"mail": mail, "code": code} for mail, code in report.left],
    }
    return _told(options, done, report.problem, "The servers have what they are to send.")


def _told(
    options: argparse.Namespace,
    done: Mapping[str, Sequence[object]],
    problem: ProjectDeskError | None,
    nothing: str,
) -> int:
    """Print what came of a round, or `nothing`; return the exit code."""
    if options.json:
        failed = None if problem is None else {"code": problem.code, "text": problem.text}
        print_json({**done, "problem": failed})
        return 0 if problem is None else 1
    for name, mails in done.items():
        if mails:
            print(f"{name.replace('_', ' ')}: {len(mails)}")
    if problem is not None:
        print(problem.text)
        return 1
    if not any(done.values()):
        print(nothing)
    return 0


def list_mail(options: argparse.Namespace) -> int:
    """`projectdesk mail list`."""
    with opened(options) as workspace:
        project = _project(workspace, options)
        rows = queries.outbox(
            workspace,
            [MailState(state) for state in options.state],
            project_id=project,
            meeting_id=meeting_id(workspace, options.meeting) if options.meeting else None,
            limit=options.limit,
        )
    if options.json:
        print_json(rows)
    else:
        print_found([[getattr(row, name) for name in _COLUMNS] for row in rows], _COLUMNS)
    return 0


def show(options: argparse.Namespace) -> int:
    """`projectdesk mail show MAIL [--out FILE]`."""
    with opened(options) as workspace:
        mail_id = queries.mail_id(workspace, options.mail)
        found = queries.mail(workspace, mail_id)
        if options.out is not None:
            _write(options.out, queries.unsent_file(workspace, mail_id)[1])
    if options.json:
        shown = {
            "row": found.row,
            "message_id": found.message_id,
            "headers": dict(found.headers),
            "text": found.text,
            "html": found.html,
            "files": [{"name": name, "bytes": size} for name, size in found.files],
        }
        print_json(shown)
        return 0
    print(f"{found.row.state}: {found.row.reply}" if found.row.reply else found.row.state)
    for name, value in found.headers:
        print(f"{name}: {value}")
    print(f"\n{found.text}")
    for name, size in found.files:
        print(f"[{name}, {size} bytes]")
    return 0


def retry(options: argparse.Namespace) -> int:
    """`projectdesk mail retry MAIL...`; `mail send` sends them."""
    with opened(options) as workspace:
        ids = _ids(workspace, options.mails)
        count = sending.send_again(workspace, ids, private_links=options.private_links)
    _tell(options, {"queued": count}, f"Queued again: {count}.")
    return 0


def cancel(options: argparse.Namespace) -> int:
    """`projectdesk mail cancel MAIL...`."""
    with opened(options) as workspace:
        count = cancel_mail(workspace, _ids(workspace, options.mails))
    _tell(options, {"cancelled": count}, f"Taken back: {count}.")
    return 0


def check_inbox(options: argparse.Namespace) -> int:
    """`projectdesk mail check-inbox`; exits with 1 when the inbox could not be read."""
    from projectdesk.services.inbox_check import check_inbox as check

    with opened(options) as workspace:
        report = check(workspace)
    problem = report.problem
    if options.json:
        told = None if problem is None else {"code": problem.code, "text": problem.text}
        print_json(
            {
                "read": report.read,
                "taken": report.taken,
                "too_large": report.too_large,
                "problem": told,
            }
        )
    else:
        print(f"New mails: {report.read}, taken: {len(report.taken)}.")
        for read_ in report.taken:
            _print_read(read_)
        if problem is not None:
            print(problem.text)
    return 0 if problem is None else 1


def read(options: argparse.Namespace) -> int:
    """`projectdesk mail read FILE.eml|FILE.ics...`: what dropping them on the window does."""
    done: list[dict[str, Any]] = []
    with opened(options) as workspace:
        for file in options.files:
            found = _read(workspace, _content(file))
            done.append({"file": str(file), "read": found})
            if not options.json:
                print(f"{file}:", end=" ")
                _print_read(found)
    if options.json:
        print_json(done)
    return 0


def _read(workspace: Workspace, content: bytes) -> Read:
    """Take a mail, or an answer that a calendar program saved without one."""
    if is_mail(content) or not replies.is_answer(content):
        return inbox.take(workspace, content)
    return Read("", "", "", known=False, taken=replies.take_file(workspace, content))


def received(options: argparse.Namespace) -> int:
    """`projectdesk mail received`."""
    columns = ("read_at", "sender", "subject", "meeting", "outcome", "detail")
    with opened(options) as workspace:
        project = _project(workspace, options)
        rows = queries.received(workspace, project)
    if options.json:
        print_json(rows)
    else:
        print_found([[getattr(row, name) for name in columns] for row in rows], columns)
    return 0


def _print_read(found: Read) -> None:
    if found.known:
        print("was read before; nothing was done.")
    elif found.taken is None:
        print("no answer to anything of ours; nothing was done.")
    else:
        print(found.taken.detail)


def _ids(workspace: Workspace, names: list[str]) -> list[UUID]:
    return [queries.mail_id(workspace, name) for name in names]


def _project(workspace: Workspace, options: argparse.Namespace) -> UUID | None:
    return project_by_acronym(workspace, options.project).id if options.project else None


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened_:
            return opened_.read(inbox.LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(
            "file_unreadable",
            "{file} cannot be read ({reason}).",
            file=str(file),
            reason=error.strerror or str(error),
        ) from error


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise DomainError(
            "file_unwritable",
            "{file} cannot be written ({reason}).",
            file=str(file),
            reason=error.strerror or str(error),
        ) from error


def _tell(options: argparse.Namespace, document: dict[str, object], words: str) -> None:
    if options.json:
        print_json(document)
    else:
        print(words)
