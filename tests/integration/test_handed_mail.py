"""Reminders that a real server sends over a real mail server while the desktop is closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.meetings import Meeting, MeetingType
from projectdesk.host.serve import keys_add, keys_mail
from projectdesk.mail.account import MailAccount, MailServer, Security, SignIn
from projectdesk.mail.message import parse
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, handing, mail_accounts, queries
from projectdesk.services.commands.meetings import plan_meeting
from projectdesk.services.host_requests import access_to, ask
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import Acknowledge
from projectdesk.signalling.journal import JournalBatch
from tests.unit.mail.mail_server import SmtpServer
from tests.unit.meetings.conftest import add_consortium
from tests.unit.services.conftest import blank_data as blank_data

pytestmark = [pytest.mark.loopback, pytest.mark.full]

_PATIENCE_S = 60.0


class Serving:
    """`projectdesk serve` as a process, on one folder and one port."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self._options = options
        self._port = "0"
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> str:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "projectdesk", "serve", "--data", str(self.data)),
                *("--port", self._port, *self._options),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")
        self._port = self.url.rpartition(":")[2]
        return self.url

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            os.kill(self.process.pid, how)
            self.process.wait(timeout=_PATIENCE_S)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def change(self, query: str, *values: Any) -> list[Any]:
        """Ask the host's journal while the host is down, or only read."""
        with (
            contextlib.closing(sqlite3.connect(self.data / "host.sqlite3")) as connection,
            connection,
        ):
            return connection.execute(query, values).fetchall()


def until(found: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + _PATIENCE_S
    while not found():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def serving(tmp_path: Path, smtp: SmtpServer) -> Iterator[Serving]:
    smtp_options = ("--smtp", f"localhost:{smtp.port}", "--smtp-security", "none")
    made = Serving(tmp_path / "host", *smtp_options)
    made.start()
    yield made
    made.end(signal.SIGKILL)


class Desktop:
    """A desktop's data and secrets, open or closed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.secrets = MemorySecrets()

    def open(self) -> Workspace:
        return Workspace.open(self.data, secrets=self.secrets)


@pytest.fixture
def desktop(tmp_path: Path, blank_data: Path, serving: Serving) -> Desktop:
    shutil.copytree(blank_data, tmp_path / "data")
    made = Desktop(tmp_path / "data")
    key = keys_add(serving.data, "Office")
    keys_mail(serving.data, "Office", ["example.org"])
    with made.open() as workspace:
        keep_server(workspace, serving.url, "Team", key)
        mail_accounts.save(
            workspace.data,
            MailAccount(
                "office@example.org",
                "Project office",
                smtp=MailServer("nowhere.example.org", 587, Security.STARTTLS),
                sign_in=SignIn.NONE,
                private_links=True,
                later_server=serving.url,
            ),
        )
    return made


def hand_over(desktop: Desktop, serving: Serving) -> UUID:
    """Plan a meeting on the server with a reminder, hand it over, and close the desktop."""
    with desktop.open() as workspace:
        consortium = add_consortium(workspace)
        local = (datetime.now(UTC) + timedelta(days=2)).replace(tzinfo=None, microsecond=0)
        meeting, _ = plan_meeting(workspace, consortium.project, MeetingType.KICK_OFF, local, "UTC")
        with workspace.change("Hold it there") as unit:
            unit.get(Meeting, meeting).host = serving.url
        commands.add_reminders(workspace, meeting, [24 * 60])
        links = {meeting: handing.server_links(workspace, meeting)}
        report = handing.hand_over(workspace, links)
        assert report.problem is None
        assert len(report.handed) == queries.meeting_reminders(workspace, meeting).recipients
        return meeting


def collect(workspace: Workspace, serving: Serving) -> None:
    access = access_to(workspace, serving.url)
    batch = ask(access, "GET", "/api/v1/journal?after=0&limit=1000", JournalBatch)
    commands.collect(workspace, batch)
    place = Acknowledge(journal=batch.journal, epoch=batch.epoch, seq=batch.entries[-1].seq)
    ask(access, "POST", "/api/v1/journal/acknowledge", type(None), place)


def come_due(serving: Serving, *, since: timedelta) -> None:
    """Let the mails be due while the host is down, by its own clock."""
    moment = (datetime.now(UTC) - since).strftime("%Y-%m-%d %H:%M:%S.%f")
    serving.change("UPDATE later_mail SET due_at = ?", moment)


@pytest.mark.parametrize("late", [False, True])
def test_sent_while_the_desktop_is_closed(
    desktop: Desktop, serving: Serving, smtp: SmtpServer, late: bool
) -> None:
    hand_over(desktop, serving)
    (count,) = serving.change("SELECT count(*) FROM later_mail WHERE state = 'waiting'")[0]
    serving.end()
    assert smtp.delivered == []
    come_due(serving, since=timedelta(hours=3) if late else timedelta(0))
    serving.start()

    def settled() -> bool:
        rows = serving.change("SELECT state, content, recipient, author FROM later_mail")
        return all(row[0] in {"sent", "refused"} for row in rows)

    until(settled, "the server sent what was due")
    rows = serving.change("SELECT content, recipient, author FROM later_mail")
    assert set(rows) == {(b"", "", "")}  # nothing of it is kept
    with desktop.open() as workspace:
        collect(workspace, serving)
        collect(workspace, serving)
        shown = mail_queries.outbox(workspace)
        assert len(shown) == count
        sent = [row for row in shown if row.state is MailState.SENT]
        # One address needs a server that knows SMTPUTF8; this one does not.
        assert {row.state for row in shown} == {MailState.SENT, MailState.REFUSED}
        assert len(smtp.delivered) == len(sent)
        ids = {mail_queries.mail(workspace, row.id).message_id for row in sent}
    delivered = [parse(each.content) for each in smtp.delivered]
    assert {str(each["Message-ID"]) for each in delivered} == ids
    assert all(f"{serving.url}/r/" in each.as_string() for each in delivered)


def test_killed_while_it_sends_nothing_goes_twice(
    desktop: Desktop, serving: Serving, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(desktop, serving)
    serving.end()
    come_due(serving, since=timedelta(0))
    taken: list[Any] = []

    async def never_answers(_server: Any, _session: Any, envelope: Any) -> str:
        taken.append(envelope)
        if len(taken) == 1:
            await asyncio.sleep(_PATIENCE_S)
        return "250 OK"

    monkeypatch.setattr(smtp.handler, "handle_DATA", never_answers)
    serving.start()
    until(lambda: bool(taken), "the text of the first mail arrived")
    serving.end(signal.SIGKILL)
    serving.start()
    until(
        lambda: (
            not serving.change("SELECT 1 FROM later_mail WHERE state IN ('waiting', 'sending')")
        ),
        "the others went out",
    )
    with desktop.open() as workspace:
        collect(workspace, serving)
        states = [row.state for row in mail_queries.outbox(workspace)]
    assert states.count(MailState.UNCERTAIN) == 1
    recipients = [envelope.rcpt_tos[0] for envelope in taken]
    assert len(recipients) == len(set(recipients))
