"""Mail of actions: who gets which when, that nobody gets one twice, and how answers are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import Conflict, DomainError
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import action_mail, commands, inbox, mail_accounts, queries
from projectdesk.services.action_mail import SentMail
from projectdesk.services.action_settings import (
    FollowUpSettings,
    follow_up,
    set_follow_up,
    turn_on,
)
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.actions.conftest import DUE, HOST, Todo
from tests.unit.meetings.conftest import add_consortium
from tests.unit.services.test_queries import counted

pytestmark = pytest.mark.usefixtures("account")


def sent(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Return the mails of the outbox that were not taken back: purpose, to, subject."""
    mail = schema.outgoing_mail.c
    query = select(mail.purpose, mail.recipient, mail.subject).order_by(mail.made_at, mail.id)
    with workspace.read() as session:
        return [tuple(row) for row in session.execute(query.where(mail.state != "cancelled"))]


def message(workspace: Workspace, number: int = -1) -> EmailMessage:
    mail = schema.outgoing_mail.c
    with workspace.read() as session:
        found = session.scalars(select(mail.content).order_by(mail.made_at, mail.id)).all()
    parsed = message_from_bytes(found[number], policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def on(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def rules(workspace: Workspace, **changes: Any) -> None:
    """Set when mail goes out; without a digest unless one is asked for."""
    settings = follow_up(workspace)
    changed = replace(settings.rules, **({"weekday": None} | changes))
    set_follow_up(workspace, replace(settings, rules=changed))


@pytest.fixture
def followed(todo: Todo) -> Todo:
    """The consortium's actions, whose mail goes out by itself; without a digest."""
    turn_on(todo.workspace, todo.consortium.project)
    rules(todo.workspace)
    return todo


# --- given ----------------------------------------------------------------------------------------


def test_people_get_all_of_theirs_in_one_mail_and_once(todo: Todo) -> None:
    links = todo.link("A1", "A2", "A3")
    count, _ = action_mail.give_actions(todo.workspace, list(todo.ids.values()), links)
    assert count == 2
    assert [(to, subject) for _, to, subject in sent(todo.workspace)] == [
        ("kiri@example.org", "An action for you: [TIDE A3] Buy sensors."),
        ("rui@example.org", "2 actions for you"),
    ]
    told = text(message(todo.workspace))
    assert "TIDE A1  Send the draft.\n    Due 20 March 2026\n" in told
    assert next(each.url for each in links if each.action_id == todo.ids["A2"]) in told
    with pytest.raises(DomainError) as refused:
        action_mail.give_actions(todo.workspace, list(todo.ids.values()), links)
    assert refused.value.code == "nobody_to_write"
    assert todo.consortium.project in follow_up(todo.workspace).projects


@pytest.mark.full
def test_links_of_this_network_go_out_when_somebody_says_so(todo: Todo) -> None:
    inside = [replace(link, url="http://192.168.0.9/d/x#y") for link in todo.link("A1")]
    ids = [todo.ids["A1"]]
    with pytest.raises(DomainError) as refused:
        action_mail.give_actions(todo.workspace, ids, inside)
    assert refused.value.code == "link_not_public"
    assert todo.row("A1").sent_at is None
    assert action_mail.give_actions(todo.workspace, ids, inside, anyway=True)[0] == 1


@pytest.mark.full
def test_a_mail_that_waits_is_taken_back_with_its_action(todo: Todo) -> None:
    action_mail.give_actions(todo.workspace, [todo.ids["A3"]], todo.link("A3"))
    action_commands.assign_action(todo.workspace, [todo.ids["A3"]], todo.consortium.people["Rui"])
    assert sent(todo.workspace) == []
    assert todo.row("A3").sent_at is None


@pytest.mark.full
def test_german_speakers_are_written_german(todo: Todo) -> None:
    [person] = [r for r in queries.people(todo.workspace, todo.consortium.project)
                if r.name == "Kiri Test"]  # fmt: skip
    values = {"languages": ["de", "en"]}
    commands.set_fields(todo.workspace, Kind.PERSON, person.id, person.version, values)
    action_mail.give_actions(todo.workspace, [todo.ids["A3"]], todo.link("A3"))
    assert sent(todo.workspace)[0][2] == "Eine Aufgabe für Sie: [TIDE A3] Buy sensors."
    assert "Fällig am 20. März 2026" in text(message(todo.workspace))


# --- by itself ------------------------------------------------------------------------------------


def test_nothing_goes_out_before_it_is_turned_on(todo: Todo, clock: Any) -> None:
    clock.now = on(DUE - timedelta(days=3))
    assert not action_mail.due_mail(todo.workspace)
    assert action_mail.send_due(todo.workspace)[0] == SentMail()


def test_reminders_before_and_after_and_none_twice(followed: Todo, clock: Any) -> None:
    ws = followed.workspace
    days = []
    for day in range(-5, 12):
        for hour in (6, 18):
            clock.now = on(DUE + timedelta(days=day), hour)
            made, _ = action_mail.send_due(ws)
            if made != SentMail():
                days.append((day, hour, made.reminders))
    # A1 and A3 are due that day; A2 of Rui three weeks later.
    assert days == [(-3, 6, 2), (1, 6, 2), (7, 6, 2)]


@pytest.mark.full
def test_one_reminder_tells_of_all_that_is_due(followed: Todo, clock: Any) -> None:
    followed.add("Write to all.", "Rui")
    due = action_mail.due_mail(followed.workspace)
    assert not due
    clock.now = on(DUE + timedelta(days=1))
    due = action_mail.due_mail(followed.workspace)
    assert len(due.unlinked) == 4, "all that may be told of Rui's and Kiri's has no link yet"
    action_mail.send_due(followed.workspace, followed.link("A1", "A5"))
    mails = sent(followed.workspace)
    assert ("action-reminder", "rui@example.org", "Reminder: 2 actions") in mails
    rui = next(
        text(message(followed.workspace, n))
        for n, (_, to, _) in enumerate(mails)
        if to == "rui@example.org"
    )
    assert "Due 20 March 2026, a day late" in rui
    assert rui.count(f"{HOST}/d/") == 2
    assert "A2" not in re.sub(r"https?://\S+", "", rui), "links are random, and may have it"
    assert message(followed.workspace)["Auto-Submitted"] == "auto-generated"


@pytest.mark.full
def test_what_is_done_or_postponed_is_not_reminded_of(followed: Todo, clock: Any) -> None:
    action_commands.close_action(followed.workspace, [followed.ids["A1"]])
    action_commands.postpone_action(
        followed.workspace, [followed.ids["A3"]], DUE + timedelta(days=20)
    )
    clock.now = on(DUE + timedelta(days=1))
    assert not action_mail.due_mail(followed.workspace)


@pytest.mark.full
def test_a_link_of_this_network_is_left_out_of_what_goes_by_itself(
    followed: Todo, clock: Any
) -> None:
    links = [replace(each, url="http://127.0.0.1:8/d/x#y") for each in followed.link("A3")]
    clock.now = on(DUE - timedelta(days=3))
    action_mail.send_due(followed.workspace, links)
    for number in (0, 1):
        assert "127.0.0.1" not in message(followed.workspace, number).as_string()
        assert "Or answer this mail" in text(message(followed.workspace, number))


def test_the_digest_comes_once_a_week_late_first(followed: Todo, clock: Any) -> None:
    rules(followed.workspace, weekday=0, before=(), after=(), escalate_after=None)
    followed.add("No date for this.", "Rui", None)
    clock.now = on(date(2026, 3, 30))
    made = [action_mail.send_due(followed.workspace)[0].digests for _ in range(3)]
    assert made == [2, 0, 0]
    clock.now = on(date(2026, 4, 4))
    assert action_mail.send_due(followed.workspace)[0] == SentMail()
    mails = sent(followed.workspace)
    assert ("action-digest", "rui@example.org", "Your open actions: 3, 1 late") in mails
    rui = next(
        text(message(followed.workspace, n))
        for n, (_, to, _) in enumerate(mails)
        if to == "rui@example.org"
    )
    at = [rui.index(each) for each in ("LATE", "TIDE A1", "LATER", "TIDE A2", "WITHOUT A DATE")]
    assert at == sorted(at)
    clock.now = on(date(2026, 4, 6))
    assert action_mail.send_due(followed.workspace)[0].digests == 2


def test_more_people_take_no_more_queries_to_find_whose_digest_is_due(
    followed: Todo, clock: Any
) -> None:
    rules(followed.workspace, weekday=0)
    clock.now = on(date(2026, 3, 30))
    with counted() as few:
        assert len(action_mail.due_mail(followed.workspace).digests) == 2
    for owner in ("Ole", "Inês", "Maya"):
        followed.add("Sell sensors.", owner)
    with counted() as many:
        assert len(action_mail.due_mail(followed.workspace).digests) == 5
    assert len(many) == len(few)


@pytest.mark.full
def test_nobody_without_open_actions_gets_a_digest(followed: Todo, clock: Any) -> None:
    rules(followed.workspace, weekday=0, before=(), after=(), escalate_after=None)
    action_commands.close_action(followed.workspace, list(followed.ids.values()))
    clock.now = on(date(2026, 3, 30))
    assert not action_mail.due_mail(followed.workspace)


@pytest.mark.full
def test_a_digest_stands_for_a_reminder_of_that_day(followed: Todo, clock: Any) -> None:
    monday = date(2026, 3, 23)
    label = followed.add("On Monday.", "Ole", monday + timedelta(days=3))
    rules(followed.workspace, weekday=0)
    clock.now = on(monday)
    action_mail.send_due(followed.workspace)
    ole = [purpose for purpose, to, _ in sent(followed.workspace) if to == "ole@example.org"]
    assert ole == ["action-digest"]
    assert followed.row(label).reminded_at == clock.now
    clock.advance(hours=2)
    assert not action_mail.due_mail(followed.workspace)


@pytest.mark.usefixtures("assembly")
def test_the_partners_representative_is_told_once(followed: Todo, clock: Any) -> None:
    rules(followed.workspace, before=(), after=())
    clock.now = on(DUE + timedelta(days=13))
    assert not action_mail.due_mail(followed.workspace)
    clock.now = on(DUE + timedelta(days=14))
    made = [action_mail.send_due(followed.workspace)[0].escalations for _ in range(2)]
    # Kiri represents FIRM and is late herself: FIRM has nobody else.
    assert made == [1, 0]
    assert sent(followed.workspace) == [
        ("action-escalation", "inês@example.org",
         "Late action of LAB: [TIDE A1] Send the draft.")
    ]  # fmt: skip
    told = text(message(followed.workspace))
    assert "14 days late" in told
    assert "with Rui Test" in told
    assert "/d/" not in told, "the personal link is its owner's alone"
    assert followed.row("A1").escalated_at == clock.now


@pytest.mark.full
def test_without_a_seat_the_partners_people_are_told(followed: Todo, clock: Any) -> None:
    rules(followed.workspace, before=(), after=())
    followed.add("Maps.", "Ole")
    clock.now = on(DUE + timedelta(days=14))
    action_mail.send_due(followed.workspace)
    told = {to: subject for _, to, subject in sent(followed.workspace)}
    assert "maya@example.org" in told, "the project manager of UNI, for Ole"


@pytest.mark.full
def test_days_that_make_no_sense_are_refused(workspace: Workspace) -> None:
    for wrong in (
        FollowUp(before=(-1,)),
        FollowUp(after=(1, 2, 3, 4, 5, 6)),
        FollowUp(escalate_after=400),
        FollowUp(weekday=7),
    ):
        with pytest.raises(DomainError):
            set_follow_up(workspace, FollowUpSettings(wrong))
    assert follow_up(workspace) == FollowUpSettings()


# --- answers --------------------------------------------------------------------------------------


def answer(workspace: Workspace, words: str, to: EmailMessage, **headers: str) -> inbox.Read:
    """Answer a mail of ours, quoting it; return what became of it."""
    reply = EmailMessage()
    reply["From"] = headers.get("sender", "Rui Test <rui@example.org>")
    reply["To"] = "maya@uni.example"
    reply["Subject"] = f"Re: {to['Subject']}"
    reply["Message-ID"] = headers.get("id", "<one@example.org>")
    if headers.get("refers", "yes") == "yes":
        reply["In-Reply-To"] = str(to["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in text(to).splitlines())
    reply.set_content(f"{words}\n\nOn Mon, Maya Test wrote:\n{quoted}\n")
    return inbox.take(workspace, reply.as_bytes())


@pytest.fixture
def given(todo: Todo, clock: Any) -> EmailMessage:
    """The mail that gives Rui A1 and A2."""
    ids = [todo.ids["A1"], todo.ids["A2"]]
    action_mail.give_actions(todo.workspace, ids, todo.link("A1", "A2"))
    clock.advance(hours=1)
    return message(todo.workspace)


def test_an_answer_closes_and_postpones_once(todo: Todo, given: EmailMessage) -> None:
    words = "A1: done, it is in the folder\nA2 2026-05-04\nwe wait for the port"
    read = answer(todo.workspace, words, given)
    assert read.taken is not None
    assert read.taken.outcome == "answer_taken"
    assert read.taken.detail == "Rui Test: TIDE A1 is done. TIDE A2 is postponed to 2026-05-04."
    again = answer(todo.workspace, words, given)
    assert again.known
    assert todo.row("A1").status is ActionStatus.DONE
    assert todo.row("A2").due_on == date(2026, 5, 4)
    assert todo.notes("A1") == [("done", "Rui", "it is in the folder")]
    assert todo.notes("A2") == [("postponed", "Rui", "we wait for the port")]


@pytest.mark.full
def test_what_is_not_read_is_told_and_changes_nothing(todo: Todo, given: EmailMessage) -> None:
    read = answer(todo.workspace, "all done!", given)
    assert read.taken is not None
    assert read.taken.outcome == "answer_unclear"
    assert todo.row("A1").status is ActionStatus.OPEN


@pytest.mark.full
def test_our_own_lines_quoted_without_a_sign_are_not_theirs(
    todo: Todo, given: EmailMessage
) -> None:
    answer(todo.workspace, f"A1 done\n\n{text(given)}", given)
    assert todo.notes("A2") == []
    assert todo.row("A1").status is ActionStatus.DONE


@pytest.mark.full
def test_a_single_action_is_known_by_the_subject_from_its_owner_only(todo: Todo) -> None:
    action_mail.give_actions(todo.workspace, [todo.ids["A3"]], todo.link("A3"))
    ours = message(todo.workspace)
    stranger = answer(todo.workspace, "done", ours, refers="no")
    assert stranger.taken is not None
    assert stranger.taken.outcome == "answer_of_nobody"
    assert todo.row("A3").status is ActionStatus.OPEN
    kiri = {"sender": "kiri@example.org", "refers": "no", "id": "<two@example.org>"}
    assert answer(todo.workspace, "done", ours, **kiri).taken is not None
    assert todo.row("A3").status is ActionStatus.DONE


@pytest.mark.full
def test_other_mail_is_left_alone(todo: Todo) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "rui@example.org", "[TIDE A1] and lunch"
    mail.set_content("done")
    assert inbox.take(todo.workspace, mail.as_bytes()).taken is None, "A1 has no link"
    assert todo.notes("A1") == []


# --- two desktops ---------------------------------------------------------------------------------


@pytest.mark.full
def test_two_desktops_send_each_mail_once(
    postgres_database: Callable[[], str], clock: Any, tmp_path: Path
) -> None:
    url, secrets = postgres_database(), MemorySecrets()
    account = MailAccount(address="maya@uni.example", smtp=MailServer("smtp.uni.example", 587))
    with (
        Workspace.open(tmp_path / "one", url=url, secrets=secrets, now=clock) as first,
        Workspace.open(tmp_path / "two", url=url, secrets=secrets, now=clock) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        todo = Todo(first, add_consortium(first))
        for owner in ("Rui", "Kiri", "Ole", "Inês"):
            todo.add(f"To be done by {owner}.", owner)
        turn_on(first, todo.consortium.project)
        for each in (first, second):
            mail_accounts.save(each.data, account)
        clock.now = on(DUE + timedelta(days=17))  # a Monday
        start = Barrier(2)

        def send(workspace: Workspace) -> SentMail | None:
            start.wait()
            try:
                return action_mail.send_due(workspace)[0]
            except Conflict:
                return None  # the other one sends it

        for _ in range(2):
            list(pool.map(send, (first, second)))
        mails = [(purpose, to) for purpose, to, _ in sent(first)]
    assert len(mails) == len(set(mails))
    assert [purpose for purpose, _ in mails].count("action-digest") == 4
    assert "action-escalation" in {purpose for purpose, _ in mails}
