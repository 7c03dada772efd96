"""Date polls by mail: the question, answers that quote it, reminders, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Any

import pytest
from sqlalchemy import select, update

from projectdesk.domain.preparation import PollRule, PollState
from projectdesk.domain.rules.date_polls import Verdict
from projectdesk.errors import DomainError
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.mail.message import parse_received
from projectdesk.mail.poll_letter import Occasion
from projectdesk.services import commands, inbox, mail_accounts, poll_desks, queries
from projectdesk.services.inbox import Read
from projectdesk.services.inbox_heard import note_read
from projectdesk.services.rows import Kind
from projectdesk.store import schema
from tests.unit.date_polls.conftest import DEADLINE, STARTS, Asked

SERVER = "https://meet.example.org"


def keep_account(asked: Asked, name: str) -> None:
    server = MailServer(host="mail.example.org", port=587)
    account = MailAccount(address="maya@example.org", name=name, smtp=server)
    mail_accounts.save(asked.workspace.data, account)


@pytest.fixture
def mailed(asked: Asked) -> Asked:
    """All four voters were asked by mail; Kiri reads German."""
    person = next(row for row in queries.people(asked.workspace) if row.given_name == "Kiri")
    commands.set_fields(
        asked.workspace, Kind.PERSON, person.id, person.version, {"languages": ["de", "en"]}
    )
    keep_account(asked, "Maya Test")
    links = poll_desks.poll_links(asked.workspace, asked.id, SERVER)
    everybody = {voter.id for voter in asked.detail().voters}
    sent, _ = commands.mail_voters(asked.workspace, asked.id, links, everybody)
    assert sent == 4
    return asked


def outgoing(asked: Asked, purpose: str = "date-poll", state: str = "queued") -> dict[str, Any]:
    """Return the mails of the outbox by recipient."""
    table = schema.outgoing_mail
    query = select(table).where(table.c.purpose == purpose, table.c.state == state)
    with asked.workspace.read() as session:
        return {row.recipient: row for row in session.execute(query)}


def text_of(row: Any) -> str:
    message = parse_received(row.content)
    part = next(each for each in message.walk() if each.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def answer(
    asked: Asked,
    name: str,
    text: str,
    *,
    sender: str = "",
    refers: bool = True,
    at: datetime | None = None,
    word: str = "Poll",
    state: str = "queued",
) -> Read:
    """Answer by mail as a mail program does: the words above, the question quoted below.

    word: what stands before the code of the poll, in the language of the mail. state: of the mail
    that is answered.
    """
    row = outgoing(asked, state=state)[f"{name.lower()}@example.org"]
    quoted = "\n".join(f"> {line}" for line in text_of(row).splitlines())
    message = EmailMessage(SMTPUTF8)
    message["From"] = sender or row.recipient
    message["To"] = "maya@example.org"
    message["Subject"] = f"Re: {row.subject}"
    message["Message-ID"] = f"<{abs(hash((name, text, at)))}@example.org>"
    if refers:
        message["In-Reply-To"] = row.message_id
    quoted = quoted.replace("Poll ", f"{word} ")
    message.set_content(f"{text}\n\nOn Monday, Maya Test wrote:\n{quoted}\n")
    return inbox.take(asked.workspace, message.as_bytes(), at or asked.workspace.now())


def outcome(read: Read) -> str:
    return "" if read.taken is None else read.taken.outcome


# --- the question -------------------------------------------------------------------------------


def test_each_voter_gets_their_own_link_their_own_clock_and_language(mailed: Asked) -> None:
    found = outgoing(mailed)
    links = {
        link.email: link.url for link in poll_desks.poll_links(mailed.workspace, mailed.id, SERVER)
    }
    assert set(found) == set(links)
    for recipient, url in links.items():
        assert [each for each in links.values() if each in text_of(found[recipient])] == [url]
    ines = text_of(found["inês@example.org"])
    assert "[   ] 1  Tue 24 March 2026, 09:00 – 10:30 (UTC)" in ines
    assert "[   ] 3  Tue 31 March 2026, 09:00 – 10:30 (UTC+1)" in ines
    assert "by the clock of Lisbon" in ines
    assert "Please answer by Monday 16 March 2026, 22:59 Lisbon." in ines
    kiri = text_of(found["kiri@example.org"])
    assert found["kiri@example.org"].subject == "Wann passt es Ihnen? WP2 call (TIDE)"
    assert "[   ] 2  Fr 27. März 2026, 02:00 – 03:30 (UTC+13)" in kiri


def test_who_asks_is_who_stands_in_from(asked: Asked) -> None:
    keep_account(asked, "Dana Rivers")  # the account's name counts, also before I said who I am
    links = poll_desks.poll_links(asked.workspace, asked.id, SERVER)
    mail = next(
        each
        for each in commands.compose_poll_mails(asked.workspace, asked.id, links, Occasion.QUESTION)
        if each.name.startswith("Inês")
    )
    assert mail.message["From"] == "Dana Rivers <maya@example.org>"
    assert "Dana Rivers asks which of these dates suit you for:" in mail.text
    assert "\nDana Rivers\n" in mail.text


@pytest.mark.full
def test_the_mail_can_be_shown_and_saved_without_sending(asked: Asked) -> None:
    links = poll_desks.poll_links(asked.workspace, asked.id, SERVER)
    mails = commands.compose_poll_mails(asked.workspace, asked.id, links, Occasion.QUESTION)
    assert len(mails) == 4
    assert outgoing(asked) == {}


@pytest.mark.full
def test_nothing_is_queued_that_nothing_would_send(asked: Asked) -> None:
    links = poll_desks.poll_links(asked.workspace, asked.id, SERVER)
    voters = {voter.id for voter in asked.detail().voters}
    with pytest.raises(DomainError) as caught:
        commands.mail_voters(asked.workspace, asked.id, links, voters)
    assert caught.value.code == "no_mail_account"


def ask(asked: Asked, server: str = SERVER, **manner: bool) -> int:
    links = poll_desks.poll_links(asked.workspace, asked.id, server)
    everybody = {voter.id for voter in asked.detail().voters}
    return commands.mail_voters(asked.workspace, asked.id, links, everybody, **manner)[0]


def test_nobody_is_asked_twice_unless_that_is_meant(mailed: Asked) -> None:
    with pytest.raises(DomainError) as caught:
        ask(mailed)
    assert caught.value.code == "asked_already"
    assert len(outgoing(mailed)) == 4, "what waits in the outbox counts as asked"
    commands.renew_poll_link(mailed.workspace, mailed.voter("Kiri").id)
    assert ask(mailed) == 1, "the mail with the old link asks nobody any more"
    links = poll_desks.poll_links(mailed.workspace, mailed.id, SERVER)
    found = commands.asked_by_mail(mailed.workspace, mailed.id, links)
    assert found == {voter.id for voter in mailed.detail().voters}
    assert ask(mailed, again=True) == 4


def test_links_of_this_network_are_refused_as_those_of_an_invitation_are(asked: Asked) -> None:
    keep_account(asked, "Maya Test")
    for server in ("http://127.0.0.1:8080", "https://meet.lan"):
        with pytest.raises(DomainError) as caught:
            ask(asked, server)
        assert caught.value.code == "link_not_public"
    assert outgoing(asked) == {}
    assert ask(asked, "http://127.0.0.1:8080", anyway=True) == 4
    assert all(row.private_links for row in outgoing(asked).values()), "the sender lets them go"
    assert ask(asked, "http://127.0.0.1:8080", reminder=True) == 4
    assert all(row.private_links for row in outgoing(asked, "date-poll-reminder").values())


# --- answers ------------------------------------------------------------------------------------


def test_an_answer_by_mail_is_read_in_once(mailed: Asked, clock: Any) -> None:
    read = answer(mailed, "Inês", "1 yes\n2 if need be\n3 no\nFrom 9 on.")
    assert outcome(read) == "answer_taken"
    voter = mailed.voter("Inês")
    assert (mailed.said("Inês"), voter.comment, voter.answered_at) == (
        "ymn", "From 9 on.", clock.now
    )  # fmt: skip
    assert answer(mailed, "Inês", "1 yes\n2 if need be\n3 no\nFrom 9 on.").known
    clock.advance(hours=1)
    answer(mailed, "Inês", "2 no")
    assert mailed.said("Inês") == "ynn", "dates that it does not name stay"


@pytest.mark.full
def test_the_page_shows_what_was_answered_by_mail(mailed: Asked, clock: Any) -> None:
    answer(mailed, "Kiri", "alle ja")
    form = mailed.desk("Kiri").form
    assert [date.given for date in form.dates] == ["yes"] * 3
    assert form.given_at == clock.now


def test_our_own_mail_sent_back_is_no_answer(mailed: Asked) -> None:
    read = answer(mailed, "Inês", "Thank you, I will look.")
    assert outcome(read) == "answer_unclear"
    assert mailed.said("Inês") == "---"


def test_a_mail_without_reference_counts_from_the_voters_address_only(mailed: Asked) -> None:
    read = answer(mailed, "Inês", "all yes", refers=False, sender="mallory@example.org")
    assert outcome(read) == "answer_of_nobody"
    assert mailed.said("Inês") == "---"
    read = answer(mailed, "Inês", "all no", refers=False, sender="Inês Test <INÊS@example.org>")
    assert outcome(read) == "answer_taken"
    assert mailed.said("Inês") == "nnn"


def test_a_poll_is_known_by_its_code_in_every_language(mailed: Asked) -> None:
    read = answer(mailed, "Inês", "1 yes", refers=False, word="Ankieta")
    assert outcome(read) == "answer_taken"


def test_an_answer_to_dates_that_changed_is_not_guessed(mailed: Asked) -> None:
    commands.add_dates(mailed.workspace, mailed.id, [STARTS[0] - timedelta(days=1)])
    read = answer(mailed, "Inês", "1 yes")
    assert outcome(read) == "answer_unclear"
    assert mailed.said("Inês") == "----"


def test_answers_that_come_late_or_after_a_newer_one_do_not_count(
    mailed: Asked, clock: Any
) -> None:
    clock.advance(hours=2)
    mailed.enter("Inês", "yyy")
    earlier = clock.now - timedelta(hours=1)
    assert outcome(answer(mailed, "Inês", "all no", at=earlier)) == "answer_outdated"
    late = DEADLINE + timedelta(seconds=1)
    assert outcome(answer(mailed, "Inês", "all no", at=late)) == "answer_late"
    commands.cancel_poll(mailed.workspace, mailed.id)
    assert mailed.said("Inês") == "yyy"


@pytest.mark.full
def test_other_mail_is_left_to_others(mailed: Asked) -> None:
    message = EmailMessage(SMTPUTF8)
    message["From"] = "inês@example.org"
    message["Subject"] = "Lunch?"
    message.set_content("1 yes")
    assert inbox.take(mailed.workspace, message.as_bytes()).taken is None


# --- reminders ----------------------------------------------------------------------------------


@pytest.fixture
def reminded(mailed: Asked) -> Asked:
    """The poll reminds seven and two days before its deadline."""
    poll = mailed.detail().poll
    days = {"reminder_days": [2, 7, 2]}
    commands.set_fields(mailed.workspace, Kind.DATE_POLL, poll.id, poll.version, days)
    assert mailed.detail().poll.reminder_days == (7, 2)
    return mailed


def due(asked: Asked) -> set[str]:
    found = commands.due_poll_reminders(asked.workspace)
    names = {voter.id: voter.name.removesuffix(" Test") for voter in asked.detail().voters}
    return {names[voter] for each in found for voter in each.voter_ids}


def remind(asked: Asked) -> None:
    links = poll_desks.poll_links(asked.workspace, asked.id, SERVER)
    for each in commands.due_poll_reminders(asked.workspace):
        commands.mail_voters(asked.workspace, each.poll_id, links, each.voter_ids, reminder=True)


def test_what_two_desktops_find_due_goes_out_once(reminded: Asked, clock: Any) -> None:
    links = poll_desks.poll_links(reminded.workspace, reminded.id, SERVER)
    clock.now = DEADLINE - timedelta(days=7)
    (found,) = commands.due_poll_reminders(reminded.workspace)
    made = [commands.remind_due(reminded.workspace, found, links)[0] for _ in range(2)]
    assert made == [4, 0]


def test_who_is_missing_is_reminded_once_for_each_chosen_day(reminded: Asked, clock: Any) -> None:
    reminded.enter("Maya", "yyy")
    clock.now = DEADLINE - timedelta(days=7, seconds=1)
    assert due(reminded) == set()
    clock.now = DEADLINE - timedelta(days=7)
    assert due(reminded) == {"Inês", "Kiri", "Petra"}
    remind(reminded)
    assert due(reminded) == set()
    assert "Reminder" in outgoing(reminded, "date-poll-reminder")["inês@example.org"].subject
    answer(reminded, "Inês", "all yes")
    assert set(outgoing(reminded, "date-poll-reminder")) == {
        "kiri@example.org", "petra@example.org"
    }, "what still waits for who answered is taken back"  # fmt: skip
    clock.now = DEADLINE - timedelta(days=1)
    assert due(reminded) == {"Kiri", "Petra"}
    clock.now = DEADLINE
    assert due(reminded) == set()


@pytest.mark.full
def test_days_that_passed_meanwhile_are_one_reminder(reminded: Asked, clock: Any) -> None:
    clock.now = DEADLINE - timedelta(hours=1)
    assert due(reminded) == {"Maya", "Inês", "Kiri", "Petra"}
    remind(reminded)
    assert due(reminded) == set()


# --- the end ------------------------------------------------------------------------------------


def test_a_poll_that_decides_itself_tells_who_was_mailed(mailed: Asked, clock: Any) -> None:
    poll = mailed.detail().poll
    commands.set_fields(
        mailed.workspace, Kind.DATE_POLL, poll.id, poll.version, {"rule": PollRule.AT_DEADLINE}
    )
    answer(mailed, "Inês", "3 yes\n1, 2 no")
    clock.now = DEADLINE + timedelta(minutes=1)
    (decided,) = commands.settle_polls(mailed.workspace)
    assert outgoing(mailed) == {}, "the question is not sent any more"
    told = outgoing(mailed, "date-poll-result")
    assert len(told) == 4
    ines = told["inês@example.org"]
    assert ines.subject == "The date is settled: WP2 call (TIDE)"
    assert "Tue 31 March 2026, 09:00 – 10:30 (UTC+1) Lisbon" in text_of(ines)
    assert SERVER not in text_of(ines)
    assert ines.meeting_id == decided.meeting_id


def test_a_poll_decides_itself_once_answers_by_mail_were_read(mailed: Asked, clock: Any) -> None:
    poll = mailed.detail().poll
    commands.set_fields(
        mailed.workspace, Kind.DATE_POLL, poll.id, poll.version, {"rule": PollRule.AT_DEADLINE}
    )
    with mailed.workspace.change("They go out") as unit:
        unit.session.execute(update(schema.outgoing_mail).values(state="sent"))
    note_read(mailed.workspace, "maya@example.org", clock.now)
    mailed.enter("Inês", "nny")
    clock.now = DEADLINE + timedelta(minutes=1)
    assert commands.settle_polls(mailed.workspace) == [], "mails of the last hours are not read yet"
    answer(mailed, "Kiri", "1 yes\n2 yes\n3 no", at=DEADLINE - timedelta(hours=1), state="sent")
    note_read(mailed.workspace, "maya@example.org", clock.now)
    assert mailed.detail().poll.verdict is not Verdict.CLEAR, "Kiri cannot come then"
    mailed.enter("Inês", "nyn")
    (decided,) = commands.settle_polls(mailed.workspace)
    assert decided.starts_at == mailed.detail().options[1].starts_at


@pytest.mark.full
def test_who_closes_by_hand_chooses_whether_voters_are_told(mailed: Asked) -> None:
    option = mailed.detail().options[0]
    commands.close_poll(mailed.workspace, mailed.id, option.id, tell=True)
    assert len(outgoing(mailed, "date-poll-result")) == 4
    with pytest.raises(DomainError):
        commands.close_poll(mailed.workspace, mailed.id, option.id)


@pytest.mark.full
def test_a_poll_that_is_called_off_says_so(mailed: Asked) -> None:
    commands.cancel_poll(mailed.workspace, mailed.id, tell=True)
    assert mailed.detail().poll.state is PollState.CANCELLED
    subjects = {row.subject for row in outgoing(mailed, "date-poll-result").values()}
    assert subjects == {
        "No date: the poll is called off: WP2 call (TIDE)",
        "Kein Termin: die Umfrage ist abgesagt: WP2 call (TIDE)",
    }
