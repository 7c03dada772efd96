"""Each mail goes out once, whatever happens while it is sent."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from projectdesk.domain.meetings import Meeting, MeetingType
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.folders.lock import FolderLock
from projectdesk.mail.account import MailAccount, MailServer, Security, SignIn
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.retrying import GIVE_UP, PAUSES
from projectdesk.mail.smtp import Accepted, Later, Outcome, Refused, Unknown
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import mail_accounts, outbox, sending
from projectdesk.services.sending import Report, send_due
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.mail.mail_server import SmtpServer
from tests.unit.services.conftest import Clock, add_project

ADA = "ada@example.org"


class Line:
    """A connection that answers as a test says, and remembers what it was given."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.given: list[tuple[str, bytes]] = []
        self.opened = 0
        self.broken = False
        self.before: Callable[[], None] = lambda: None

    def open(self) -> None:
        self.opened += 1
        self.broken = False

    def close(self) -> None:
        pass

    def send(self, author: str, recipient: str, content: bytes) -> Outcome:
        assert author == ADA
        self.before()
        self.given.append((recipient, content))
        return self.outcomes.pop(0) if self.outcomes else Accepted("250 OK")


def account(workspace: Workspace, port: int = 25, **changed: object) -> MailAccount:
    parts: dict[str, object] = {
        "address": ADA,
        "smtp": MailServer("127.0.0.1", port, Security.NONE),
        "sign_in": SignIn.NONE,
    }
    return mail_accounts.save(workspace.data, MailAccount(**(parts | changed)))  # type: ignore[arg-type]


def queue(
    workspace: Workspace,
    recipient: str = "ben@example.com",
    *,
    author: str = ADA,
    text: str = "Dear Ben",
    later: float = 0,
    **about: object,
) -> UUID:
    message = compose(
        sender=Mailbox(author),
        recipient=Mailbox(recipient),
        subject="Kick-off",
        text=text,
        message_id=new_message_id(author, uuid4()),
        date=workspace.now(),
    )
    with workspace.change("Invite") as unit:
        return outbox.queue(
            unit,
            purpose=str(about.pop("purpose", "invitation")),
            recipient=recipient,
            message=message,
            due_at=workspace.now() + timedelta(minutes=later),
            **about,  # type: ignore[arg-type]
        )


def state(workspace: Workspace, mail_id: UUID) -> str:
    with workspace.read() as session:
        found = session.scalar(
            select(schema.outgoing_mail.c.state).where(schema.outgoing_mail.c.id == mail_id)
        )
    return str(found)


def go(workspace: Workspace, line: Line) -> Report:
    return send_due(workspace, connect=lambda: line)


def test_what_is_due_goes_out_once(any_workspace: Workspace, clock: Clock) -> None:
    account(any_workspace)
    now, later = queue(any_workspace), queue(any_workspace, later=30)
    line = Line()
    assert go(any_workspace, line).sent == [now]
    assert not go(any_workspace, line)
    assert sending.next_due(any_workspace) == clock.now + timedelta(minutes=30)
    assert not sending.anything_due(any_workspace)
    clock.advance(minutes=31)
    assert sending.anything_due(any_workspace)
    assert go(any_workspace, line).sent == [later]
    assert len(line.given) == 2
    assert line.opened == 2


def test_without_an_account_everything_waits(workspace: Workspace) -> None:
    mail = queue(workspace)
    assert not go(workspace, Line())
    assert state(workspace, mail) == "queued"


def test_a_desktop_sends_the_mail_of_its_own_account_only(workspace: Workspace) -> None:
    account(workspace)
    hers, his = queue(workspace, author="Ada@Example.org"), queue(workspace, author="bob@x.org")
    line = Line()
    line.send = lambda *_: Accepted("250")  # type: ignore[method-assign]
    assert go(workspace, line).sent == [hers]
    assert state(workspace, his) == "queued"


def test_a_refusal_is_told_and_sent_again_by_a_person(workspace: Workspace) -> None:
    account(workspace)
    mail = queue(workspace)
    line = Line(Refused("550 5.1.1 No such user"))
    assert go(workspace, line).refused == [mail]
    assert not go(workspace, line), "nothing by itself"
    assert sending.send_again(workspace, [mail]) == 1
    assert go(workspace, line).sent == [mail]
    first, second = (content for _, content in line.given)
    assert first == second, "the same Message-ID, the same everything"
    with pytest.raises(DomainError, match="sent again"):
        sending.send_again(workspace, [mail])


def test_later_is_tried_again_with_growing_pauses_and_not_for_ever(
    workspace: Workspace, clock: Clock
) -> None:
    account(workspace)
    mail = queue(workspace)
    began = clock.now
    for attempt in range(200):
        line = Line(Later("450 4.2.1 Busy"))
        report = go(workspace, line)
        if report.refused:
            break
        assert report.later == [mail]
        pause = PAUSES[min(attempt, len(PAUSES) - 1)]
        clock.advance(seconds=pause.total_seconds() - 1)
        assert not go(workspace, Line()), "not before its time"
        clock.advance(seconds=1)
    assert state(workspace, mail) == "refused"
    assert GIVE_UP < clock.now - began < GIVE_UP + PAUSES[-1] * 2


def test_a_broken_line_is_opened_anew_for_the_next_mail(workspace: Workspace) -> None:
    account(workspace)
    queue(workspace), queue(workspace, "cleo@example.com")
    line = Line(Unknown("The connection broke."))
    line.before = lambda: setattr(line, "broken", not line.given)
    report = go(workspace, line)
    assert (len(report.uncertain), len(report.sent), line.opened) == (1, 1, 2)


def test_a_server_that_is_not_there_leaves_everything_as_it_was(workspace: Workspace) -> None:
    account(workspace)
    mail = queue(workspace)

    class Dead(Line):
        def open(self) -> None:
            raise EnvironmentFailure("mail_no_answer", "no answer")

    report = go(workspace, Dead())
    assert report.problem is not None
    assert report.problem.code == "mail_no_answer"
    assert state(workspace, mail) == "queued"


def test_what_a_program_that_died_was_sending_waits_for_a_person(
    any_workspace: Workspace, clock: Clock
) -> None:
    account(any_workspace)
    ours, others = queue(any_workspace), queue(any_workspace)
    table = schema.outgoing_mail
    with any_workspace.change("Claims") as unit:
        for mail, who in ((ours, sending.sender_name(any_workspace.data)), (others, "another")):
            unit.session.execute(
                update(table)
                .where(table.c.id == mail)
                .values(state="sending", sender=who, tried_at=clock.now)
            )
    line = Line()
    assert go(any_workspace, line).uncertain == [ours]
    assert state(any_workspace, others) == "sending", "another computer may be at it"
    clock.advance(hours=2)
    assert go(any_workspace, line).uncertain == [others]
    assert not line.given
    assert sending.send_again(any_workspace, [ours, others]) == 2
    assert len(go(any_workspace, line).sent) == 2


def test_only_one_program_of_a_data_folder_sends(workspace: Workspace) -> None:
    with (
        FolderLock(workspace.data / "mail.lock", "x", "x"),
        pytest.raises(EnvironmentFailure, match="Another program"),
    ):
        go(workspace, Line())


def test_links_that_open_here_only_are_not_mailed_unless_told(workspace: Workspace) -> None:
    known = account(workspace)
    mail = queue(workspace, text="Join: http://127.0.0.1:8080/r/abc#token and https://pd.eu/x")
    line = Line()
    assert go(workspace, line).refused == [mail]
    assert not line.given
    with workspace.read() as session:
        words = str(session.scalar(select(schema.outgoing_mail.c.reply)))
    assert "http://127.0.0.1:8080" in words
    assert "token" not in words
    sending.send_again(workspace, [mail], private_links=True)
    assert go(workspace, line).sent == [mail]
    mail = queue(workspace, text="https://192.168.1.5:8443/r/abc")
    account(workspace, private_links=True, smtp=known.smtp)
    assert go(workspace, line).sent == [mail]


def test_a_reminder_of_a_meeting_that_began_is_not_sent(workspace: Workspace, clock: Clock) -> None:
    account(workspace)
    meeting = Meeting(
        project_id=add_project(workspace),
        title="General Assembly",
        type=MeetingType.GENERAL_ASSEMBLY,
        local_start=clock.now.replace(tzinfo=None),
        zone="UTC",
        starts_at=clock.now + timedelta(minutes=10),
        duration_minutes=60,
    )
    with workspace.change("Plan") as unit:
        unit.add(meeting)
    reminder = queue(workspace, purpose="reminder", meeting_id=meeting.id)
    clock.advance(minutes=11)
    line = Line()
    assert go(workspace, line).cancelled == [reminder]
    assert not line.given


def test_stopping_leaves_the_rest_queued(workspace: Workspace) -> None:
    account(workspace)
    mails = [queue(workspace) for _ in range(3)]
    line = Line()
    report = send_due(workspace, connect=lambda: line, stop=lambda: bool(line.given))
    assert len(report.sent) == 1
    assert sorted(state(workspace, mail) for mail in mails) == ["queued", "queued", "sent"]


def test_a_mail_taken_back_in_the_last_moment_stays_here(workspace: Workspace) -> None:
    account(workspace)
    queue(workspace, "ben@example.com")
    second = queue(workspace, "cleo@example.com")
    line = Line()

    def take_back() -> None:
        with workspace.change("Take back") as unit:
            outbox.cancel(unit, mail_ids=[second])

    line.before = take_back
    assert len(go(workspace, line).sent) == 1
    assert [recipient for recipient, _ in line.given] == ["ben@example.com"]
    assert state(workspace, second) == "cancelled"


@pytest.mark.full
def test_two_desktops_of_a_team_send_each_mail_once(
    postgres_database: Callable[[], str], tmp_path: Path, clock: Clock
) -> None:
    """The second one looks before the first one's claim, and claims after it."""
    url = postgres_database()
    desks = [
        Workspace.open(tmp_path / name, url=url, secrets=MemorySecrets(), now=clock)
        for name in ("one", "two")
    ]
    try:
        for desk in desks:
            account(desk)
        mails = {queue(desks[0]) for _ in range(4)}
        lines = Line(), Line()

        def other_desktop() -> None:
            if not lines[1].given:
                go(desks[1], lines[1])

        lines[0].before = other_desktop
        report = go(desks[0], lines[0])
        assert len(lines[0].given) + len(lines[1].given) == 4
        assert len(lines[0].given) == len(report.sent) == 1
        assert {state(desks[0], mail) for mail in mails} == {"sent"}
    finally:
        for desk in desks:
            desk.close()


# --- with a real server ---------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.mark.loopback
def test_a_mail_arrives_at_a_real_server(workspace: Workspace, server: SmtpServer) -> None:
    account(workspace, server.port)
    mail = queue(workspace)
    assert send_due(workspace).sent == [mail]
    assert server.delivered[0].rcpt_tos == ["ben@example.com"]


_KILLED = """
    import os, signal, sys
    from pathlib import Path
    from projectdesk.mail import smtp
    from projectdesk.secrets.memory import MemorySecrets
    from projectdesk.services.sending import send_due
    from projectdesk.services.workspace import Workspace

    real = smtp.smtplib.SMTP.getreply

    def killed_after_the_text(self):
        if getattr(self, "said_all", False):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self)

    real_send = smtp.smtplib.SMTP.send

    def send(self, data):
        real_send(self, data)
        self.said_all = data == b".\\r\\n"

    smtp.smtplib.SMTP.send = send
    smtp.smtplib.SMTP.getreply = killed_after_the_text
    with Workspace.open(Path(sys.argv[1]), secrets=MemorySecrets()) as workspace:
        send_due(workspace)
"""


@pytest.mark.full
@pytest.mark.loopback
@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_who_is_killed_while_sending_sends_nothing_twice(
    workspace: Workspace, server: SmtpServer, clock: Clock
) -> None:
    account(workspace, server.port)
    clock.now -= timedelta(days=9_000)  # due for the other process, whose clock is the real one
    mail = queue(workspace)
    script = textwrap.dedent(_KILLED)
    killed = subprocess.run(
        [sys.executable, "-c", script, str(workspace.data)], timeout=60, check=False
    )
    assert killed.returncode == -9
    clock.now += timedelta(days=9_000)
    assert send_due(workspace).uncertain == [mail]
    assert not send_due(workspace), "only a person sends it again"
    sending.send_again(workspace, [mail])
    assert send_due(workspace).sent == [mail]
    delivered = [envelope.content for envelope in server.delivered]
    assert delivered in ([delivered[0]], [delivered[0]] * 2), "one, or the same one twice"
