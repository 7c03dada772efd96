"""Mail that is due later, as the journal keeps it: once, replaced, taken back, in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, select

from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.host.journal import desks, entries, keys, mails
from projectdesk.host.journal.mails import Limits
from projectdesk.host.journal.tables import later_mail
from projectdesk.host.posting import checked
from projectdesk.signalling.desk import (
    DeskSnapshot,
    InvitationAnswer,
    PollAnswer,
    PollChoice,
    PollDate,
    PollSnapshot,
)
from projectdesk.signalling.journal import MailSettled
from projectdesk.signalling.mails import MOST_BYTES, LaterMail, allows
from projectdesk.signalling.outcome import BallotAnswer, BallotSnapshot
from tests.unit.host.conftest import NOW
from tests.unit.host.test_journal import desk_snapshot

DUE = NOW + timedelta(hours=1)
ID = "0" * 31 + "1"


def later(
    recipient: str = "ines@example.pt", *, due: datetime = DUE, version: str = "1", **other: Any
) -> LaterMail:
    content = (
        f"From: Office <office@example.org>\r\nTo: {recipient}\r\nSubject: Reminder\r\n"
        f"Message-ID: <{version}@example.org>\r\n\r\nThe meeting begins soon.\r\n"
    )
    given: dict[str, Any] = {
        "author": "office@example.org",
        "recipient": recipient,
        "message_id": f"<{version}@example.org>",
        "content": content.encode(),
        "due_at": due,
    }
    return LaterMail(**(given | other))


@pytest.fixture
def key(engine: Engine) -> str:
    with engine.begin() as connection:
        secret = keys.add(connection, "Ida", NOW)
        keys.set_mail_domains(connection, "Ida", ["example.org"])
        return keys.find_reader(connection, secret) or ""


def put(engine: Engine, key: str, mail: LaterMail, mail_id: str = ID, **how: Any) -> None:
    with engine.begin() as connection:
        owner = how.get("owner", key)
        limits = how.get("limits", Limits())
        mails.put(connection, mail_id, owner, key, mail, NOW, limits)


def settled(engine: Engine, key: str) -> list[MailSettled]:
    with engine.begin() as connection:
        batch = entries.read(connection, key, 0, 100, NOW)
    return [entry.fact for entry in batch.entries if isinstance(entry.fact, MailSettled)]


def row(engine: Engine) -> Any:
    with engine.begin() as connection:
        return connection.execute(select(later_mail)).one()


def test_claimed_once_and_emptied_when_settled(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        assert mails.due(connection, NOW, 10) == []
        assert mails.next_due(connection) == DUE
        assert mails.claim(connection, ID, NOW, None) is None  # not due yet
        assert mails.due(connection, DUE, 10) == [ID]
        claimed = mails.claim(connection, ID, DUE, None)
        assert claimed is not None
        assert claimed.recipient == "ines@example.pt"
        assert mails.claim(connection, ID, DUE, None) is None
    with engine.begin() as connection:
        mails.settle(connection, ID, "sent", "250 OK", DUE + timedelta(minutes=16))
        mails.settle(connection, ID, "refused", "twice", DUE)
    assert settled(engine, key) == [
        MailSettled(
            mail=ID, message_id="<1@example.org>", outcome="sent", words="250 OK", late=True
        )
    ]
    kept = row(engine)
    assert (kept.content, kept.author, kept.recipient) == (b"", "", "")


def test_replaced_while_it_waits_never_after(engine: Engine, key: str) -> None:
    put(engine, key, later())
    put(engine, key, later(version="2", due=DUE + timedelta(hours=1)))
    assert (row(engine).message_id, row(engine).due_at) == (
        "<2@example.org>",
        DUE + timedelta(hours=1),
    )
    with engine.begin() as connection:
        mails.claim(connection, ID, DUE + timedelta(hours=2), None)
    with pytest.raises(Conflict, match="already"):
        put(engine, key, later(version="3"))
    with engine.begin() as connection:
        assert mails.take_back(connection, ID, key, NOW).state == "sending"
        mails.settle(connection, ID, "sent", "", NOW)
        assert mails.take_back(connection, ID, key, NOW).state == "sent"
    with pytest.raises(Conflict):
        put(engine, key, later(version="3"))


def test_taken_back_is_erased_and_may_come_again(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        assert mails.take_back(connection, ID, key, NOW).state == "cancelled"
        assert mails.due(connection, DUE, 10) == []
    assert row(engine).content == b""
    assert settled(engine, key) == []  # who took it back knows
    put(engine, key, later())
    assert row(engine).state == "waiting"


def test_of_another_key_it_is_unknown(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        other = keys.find_reader(connection, keys.add(connection, "Other", NOW)) or ""
        assert mails.waiting(connection, other).mails == []
        with pytest.raises(NotFound):
            mails.take_back(connection, ID, other, NOW)
    with pytest.raises(Conflict, match="in use"):
        put(engine, other, later())
    assert row(engine).state == "waiting"


def test_later_again_until_it_is_given_up(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        mails.claim(connection, ID, DUE, None)
        mails.put_off(connection, ID, DUE + timedelta(minutes=5), DUE)
        assert mails.due(connection, DUE, 10) == []
        assert mails.next_due(connection) == DUE + timedelta(minutes=5)
        again = mails.claim(connection, ID, DUE + timedelta(minutes=5), None)
    assert again is not None
    assert again.attempts == 2


def test_what_a_process_left_may_have_been_sent(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        mails.claim(connection, ID, DUE, "b")
        assert mails.settle_abandoned(connection, DUE, "a") == 0
        assert mails.settle_abandoned_elsewhere(connection, DUE, "a") == 0
        assert mails.settle_abandoned_elsewhere(connection, DUE + timedelta(hours=2), "a") == 1
    assert [fact.outcome for fact in settled(engine, key)] == ["uncertain"]


@pytest.mark.parametrize(
    ("spoil", "outcome"),
    [("over", "cancelled"), ("revoked", "returned"), ("domain", "returned")],
)
def test_what_must_not_go_out_does_not(engine: Engine, key: str, spoil: str, outcome: str) -> None:
    put(engine, key, later(not_after=DUE + timedelta(minutes=30)))
    at = DUE
    with engine.begin() as connection:
        if spoil == "over":
            at = DUE + timedelta(hours=1)
        elif spoil == "revoked":
            keys.revoke(connection, "Ida", NOW)
        else:
            keys.set_mail_domains(connection, "Ida", ["example.pt"])
        assert mails.settle_needless(connection, at) == 1
        assert mails.due(connection, at, 10) == []
    assert [fact.outcome for fact in settled(engine, key)] == [outcome]


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_who_declined_at_their_desk_gets_nothing(engine: Engine, key: str, answer: Any) -> None:
    put(engine, key, later(desk="d"))
    with engine.begin() as connection:
        desks.put(connection, "d", key, desk_snapshot(), NOW)
        desk = desks.find(connection, "d")
        assert desk is not None
        desks.answer(connection, desk, "one", InvitationAnswer(answer=answer), NOW)
        settled_now = mails.settle_needless(connection, DUE)
    assert settled_now == (answer == "declined")
    outcomes = [fact.outcome for fact in settled(engine, key)]
    assert outcomes == (["cancelled"] if answer == "declined" else [])


POLL = PollSnapshot(
    project="TIDEWATER",
    title="WP2 call",
    text="",
    name="Ines",
    organisation="LAB",
    organiser="Maya",
    zone="Europe/Lisbon",
    duration_minutes=60,
    dates=[PollDate(id="1" * 32, starts_at=DUE)],
)
BALLOT = BallotSnapshot(
    project="TIDEWATER",
    body="General Assembly",
    question="Move the budget?",
    description="",
    name="Ines",
    organisation="LAB",
    organiser="Maya",
    choices=["for", "against"],
    needed=3,
    seats=4,
    share="51 %",
)
SAYS_YES = PollAnswer(choices=[PollChoice(date="1" * 32, choice="yes")])


@pytest.mark.parametrize(
    ("form", "said", "needless"),
    [
        (POLL, None, False),
        (POLL, SAYS_YES, True),
        (msgspec.structs.replace(POLL, status="decided"), None, True),
        (BALLOT, None, False),
        (BALLOT, BallotAnswer(choice="for"), True),
        (BALLOT, BallotAnswer(choice=""), False),  # the vote was taken back
        (msgspec.structs.replace(BALLOT, stage="closed"), None, True),
    ],
)
def test_who_answered_at_their_desk_is_not_reminded(
    engine: Engine, key: str, form: Any, said: Any, needless: bool
) -> None:
    put(engine, key, later(desk="d"))
    snapshot = DeskSnapshot(subject="s", token_hash="h", deadline=None, form=form)
    with engine.begin() as connection:
        desks.put(connection, "d", key, snapshot, NOW)
        desk = desks.find(connection, "d")
        assert desk is not None
        if said is not None:
            desks.answer(connection, desk, "one", said, NOW)
        assert mails.settle_needless(connection, DUE) == needless
        assert bool(mails.due(connection, DUE, 10)) != needless


def test_whose_desk_was_withdrawn_gets_nothing(engine: Engine, key: str) -> None:
    put(engine, key, later(desk="d"))
    with engine.begin() as connection:
        desks.put(connection, "d", key, desk_snapshot(), NOW)
        assert mails.settle_needless(connection, DUE) == 0
        desks.withdraw(connection, "d", key, NOW)
        assert mails.settle_needless(connection, DUE) == 1


def test_figures(engine: Engine, key: str) -> None:
    put(engine, key, later())
    put(engine, key, later(), "0" * 31 + "2")
    with engine.begin() as connection:
        mails.claim(connection, ID, DUE, None)
        assert mails.counts(connection, DUE) == (1, 1, 0)
        assert mails.counts(connection, DUE + timedelta(minutes=11)) == (1, 1, 1)


def test_nothing_is_sent_that_only_a_backup_says(engine: Engine, key: str) -> None:
    put(engine, key, later(due=NOW - timedelta(hours=1)))
    put(engine, key, later(), "0" * 31 + "2")
    with engine.begin() as connection:
        entries.start(connection, NOW, restored=True)
        assert mails.due(connection, DUE, 10) == []
    assert [fact.outcome for fact in settled(engine, key)] == ["uncertain", "returned"]


def test_so_many_and_so_much(engine: Engine, key: str) -> None:
    put(engine, key, later(), limits=Limits(waiting=1))
    put(engine, key, later(version="2"), limits=Limits(waiting=1))  # replaces
    with pytest.raises(DomainError, match="at most 1"):
        put(engine, key, later(), "0" * 31 + "2", limits=Limits(waiting=1))
    with pytest.raises(DomainError):
        put(engine, key, later(), "0" * 31 + "2", limits=Limits(size=100))


def test_erased_with_the_journal(engine: Engine, key: str) -> None:
    put(engine, key, later())
    with engine.begin() as connection:
        mails.claim(connection, ID, DUE, None)
        mails.settle(connection, ID, "sent", "", DUE)
        assert mails.erase_old(connection, DUE - timedelta(days=1)) == 0
        assert mails.erase_old(connection, DUE + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        (later(author="office@example.com"), "mail_sender_not_allowed"),
        (later(author="office@sub.example.org"), "mail_sender_not_allowed"),
        (later(message_id="<other@example.org>"), "mail_not_as_told"),
        (later(recipient="a@b.example, c@d.example"), "bad_email"),
        (later(content=later("else@example.pt").content), "mail_not_as_told"),
        (later(content=b"Bcc: all@example.pt\r\n" + later().content), "mail_not_as_told"),
        (
            later(
                content=later().content.replace(
                    b"\r\n\r\n", b"\r\nFrom: boss@bank.example\r\n\r\n", 1
                )
            ),
            "mail_not_as_told",
        ),
        (later(content=b"x" * (MOST_BYTES + 1)), "mail_too_large"),
        (later(due=NOW), "mail_overdue"),
        (later(author="office@example.org\r\nRCPT TO:<x@y.example>"), "bad_email"),
    ],
)
def test_who_may_write_as_whom(mail: LaterMail, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        checked(mail, ("example.org",), NOW)
    assert refused.value.code == code


def test_domains_of_a_key(engine: Engine, key: str) -> None:
    assert checked(later(), ("example.org",), NOW).author == "office@example.org"
    assert allows([".example.org"], "a@uni.example.org")
    assert not allows([".example.org"], "a@example.org")
    assert not allows([], "a@example.org")
    with engine.begin() as connection:
        keys.set_mail_domains(connection, "Ida", ["Über.example", ".EXAMPLE.org"])
        assert mails.domains_of(connection, key) == ("xn--ber-goa.example", ".example.org")
        with pytest.raises(DomainError):
            keys.set_mail_domains(connection, "Ida", ["nothing"])
