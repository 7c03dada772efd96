"""Date polls from the draft to the meeting, and their desks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from projectdesk.domain.meetings import CallRole, MeetingType
from projectdesk.domain.preparation import PollRule, PollState
from projectdesk.domain.rules.date_polls import Verdict
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, meeting_hosts, poll_desks, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.rows import Kind
from projectdesk.signalling import codec
from projectdesk.signalling.desk import DeskSnapshot
from tests.unit.date_polls.conftest import DEADLINE, STARTS, ZONE, Asked, Host, make_poll

FIRST, SECOND, THIRD = STARTS


def refused(run: Any, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        run()
    assert caught.value.code == code


# --- the draft ----------------------------------------------------------------------------------


def test_a_draft_has_its_dates_in_utc_and_its_voters_by_partner(drafted: Asked) -> None:
    found = drafted.detail()
    assert (found.poll.state, found.poll.verdict) == (PollState.DRAFT, Verdict.COLLECTING)
    assert [option.starts_at for option in found.options] == [
        datetime(2026, 3, 24, 9, tzinfo=UTC),
        datetime(2026, 3, 26, 13, tzinfo=UTC),
        datetime(2026, 3, 31, 8, tzinfo=UTC),
    ]
    assert [(row.partner, row.required) for row in found.voters] == [
        ("UNI", True), ("LAB", True), ("FIRM", True), ("", False)
    ]  # fmt: skip
    assert (found.poll.voters, found.poll.missing, found.poll.answered) == (4, 4, 0)
    assert poll_desks.poll_desks(drafted.workspace, drafted.id).desks == ()
    assert poll_desks.open_polls(drafted.workspace) == []


def test_the_dates_of_a_draft_follow_its_zone(drafted: Asked) -> None:
    poll = drafted.detail().poll
    commands.set_fields(
        drafted.workspace, Kind.DATE_POLL, poll.id, poll.version, {"zone": "Asia/Seoul"}
    )
    assert drafted.detail().options[0].starts_at == datetime(2026, 3, 24, 1, tzinfo=UTC)
    commands.undo(drafted.workspace)
    assert drafted.detail().options[0].starts_at == datetime(2026, 3, 24, 9, tzinfo=UTC)


@pytest.mark.full
def test_a_draft_is_made_and_taken_back_as_one(drafted: Asked) -> None:
    commands.undo(drafted.workspace)
    assert queries.date_polls(drafted.workspace) == []


@pytest.mark.full
def test_dates_and_voters_come_once(drafted: Asked) -> None:
    refused(lambda: commands.add_dates(drafted.workspace, drafted.id, [FIRST]), "double_date")
    aware = datetime(2026, 4, 1, 9, tzinfo=UTC)
    refused(
        lambda: commands.add_dates(drafted.workspace, drafted.id, [aware]), "local_time_with_zone"
    )
    many = [FIRST + timedelta(minutes=15 * step) for step in range(1, 99)]
    refused(lambda: commands.add_dates(drafted.workspace, drafted.id, many), "too_many_dates")
    everybody = {row.person_id: row.required for row in drafted.detail().voters}
    added = {drafted.consortium.people["Rui"]: False}
    commands.set_voters(drafted.workspace, drafted.id, everybody | added)
    assert len(drafted.detail().voters) == 5
    assert drafted.voter("Rui").partner == "LAB"


def test_choosing_the_voters_takes_others_away_with_what_they_said(drafted: Asked) -> None:
    drafted.enter("Kiri", "yyy")
    people = drafted.consortium.people
    wanted = {people["Maya"]: False, people["Inês"]: True, people["Ole"]: True}
    commands.set_voters(drafted.workspace, drafted.id, wanted)
    found = drafted.detail()
    assert {row.name: row.required for row in found.voters} == {
        "Maya Test": False, "Inês Test": True, "Ole Test": True
    }  # fmt: skip
    commands.undo(drafted.workspace)
    assert drafted.said("Kiri") == "yyy"
    assert drafted.voter("Maya").required


@pytest.mark.full
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"deadline": None}, "deadline_needed"),
        ({"deadline": datetime(2026, 3, 1, tzinfo=UTC)}, "deadline_over"),
        ({"deadline": datetime(2026, 4, 1, tzinfo=UTC)}, "deadline_after_dates"),
    ],
)
def test_a_poll_is_not_opened_with_a_deadline_that_makes_no_sense(
    drafted: Asked, fields: dict[str, Any], code: str
) -> None:
    poll = drafted.detail().poll
    commands.set_fields(drafted.workspace, Kind.DATE_POLL, poll.id, poll.version, fields)
    refused(lambda: commands.open_poll(drafted.workspace, drafted.id), code)
    assert drafted.detail().poll.state is PollState.DRAFT


@pytest.mark.full
def test_a_poll_needs_dates_to_come_and_voters(drafted: Asked, clock: Any) -> None:
    workspace, project = drafted.workspace, drafted.consortium.project
    voters = [NewVoter(drafted.consortium.people["Maya"])]
    bare, _ = commands.create_poll(workspace, project, "None", ZONE, [], voters)
    refused(lambda: commands.open_poll(workspace, bare), "no_dates")
    alone, _ = commands.create_poll(workspace, project, "Nobody", ZONE, STARTS)
    refused(lambda: commands.open_poll(workspace, alone), "no_voters")
    clock.advance(days=40)
    commands.set_voters(workspace, alone, {drafted.consortium.people["Maya"]: True})
    refused(lambda: commands.open_poll(workspace, alone), "dates_over")


# --- desks and links ----------------------------------------------------------------------------


def test_a_desk_is_the_form_of_its_voter(asked: Asked) -> None:
    desk = asked.desk("Inês")
    assert codec.decode_as(codec.encode(desk), DeskSnapshot) == desk
    assert (desk.subject, desk.deadline) == (asked.voter("Inês").id.hex, DEADLINE)
    form = desk.form
    assert (form.kind if hasattr(form, "kind") else form.__struct_config__.tag) == "poll"
    assert (form.project, form.title, form.name) == ("TIDE", "WP2 call", "Inês Test")
    assert (form.organisation, form.organiser, form.zone) == ("LAB", "Maya Test", ZONE)
    assert (form.status, form.duration_minutes, form.text) == (
        "asked", 90, "Sensors and calibration."
    )  # fmt: skip
    assert [date.starts_at for date in form.dates] == [
        option.starts_at for option in asked.detail().options
    ]


def test_a_link_is_of_its_voter_and_of_nothing_else(asked: Asked) -> None:
    links = poll_desks.poll_links(asked.workspace, asked.id, "https://meet.example.org/")
    found = {link.name: link.url for link in links}
    assert len(set(found.values())) == 4
    address, token = found["Kiri Test"].split("#")
    assert address == f"https://meet.example.org/d/{asked.voter('Kiri').desk}"
    assert asked.desk("Kiri").token_hash == hashlib.sha256(token.encode()).hexdigest()
    commands.renew_poll_link(asked.workspace, asked.voter("Kiri").id)
    assert asked.desk("Kiri").token_hash != hashlib.sha256(token.encode()).hexdigest()
    commands.revoke_voter(asked.workspace, asked.voter("Kiri").id)
    assert asked.desk("Kiri").token_hash == ""
    again = poll_desks.poll_links(asked.workspace, asked.id, "https://meet.example.org")
    assert "Kiri Test" not in {link.name for link in again}


def test_voters_see_who_answered_only_where_the_organiser_shows_it(asked: Asked) -> None:
    asked.enter("Inês", "ymn")
    form = asked.desk("Kiri").form
    assert (form.answered, form.voters, form.dates[0].yes) == ([], 0, 0)
    poll = asked.detail().poll
    commands.set_fields(
        asked.workspace, Kind.DATE_POLL, poll.id, poll.version, {"shows_answers": True}
    )
    form = asked.desk("Kiri").form
    assert (form.answered, form.voters) == (["Inês Test"], 4)
    assert [(date.yes, date.if_need_be, date.no) for date in form.dates] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1)
    ]  # fmt: skip
    assert [date.given for date in form.dates] == [None, None, None], "her own answer, not his"
    assert [date.given for date in asked.desk("Inês").form.dates] == ["yes", "if_need_be", "no"]


@pytest.mark.full
def test_the_links_stay_where_they_were_first(asked: Asked) -> None:
    server = "https://meet.example.org"
    other = make_poll(asked.workspace, asked.consortium)
    commands.open_poll(asked.workspace, other.id, server)
    commands.open_poll(asked.workspace, other.id)
    assert other.detail().poll.host == server
    assert asked.detail().poll.host == ""
    meeting_hosts.keep_server(asked.workspace, server, "Ours")
    meeting_hosts.set_default_host(asked.workspace, server)
    commands.open_poll(asked.workspace, asked.id)
    assert asked.detail().poll.host == server, "links to this computer open for nobody else"


def test_a_date_people_were_shown_stays_what_it_was(asked: Asked) -> None:
    option = asked.detail().options[0]
    moved = {"local_start": FIRST + timedelta(hours=1)}
    refused(
        lambda: commands.set_fields(
            asked.workspace, Kind.DATE_OPTION, option.id, option.version, moved
        ),
        "poll_is_open",
    )
    poll = asked.detail().poll
    refused(
        lambda: commands.set_fields(
            asked.workspace, Kind.DATE_POLL, poll.id, poll.version, {"zone": "UTC"}
        ),
        "poll_is_open",
    )


# --- answers ------------------------------------------------------------------------------------


def test_answers_by_link_are_collected_once(host: Host) -> None:
    asked, received = host.asked, host.clock.now
    host.answer("Kiri", "ymn", comment="Not before 9.", zone="Pacific/Auckland")
    changes = host.collect()
    assert Kind.DATE_VOTER in changes.kinds
    row = asked.voter("Kiri")
    assert (asked.said("Kiri"), row.comment, row.zone) == (
        "ymn", "Not before 9.", "Pacific/Auckland"
    )  # fmt: skip
    assert row.answered_at == received
    assert asked.detail().poll.missing == 3
    assert not host.collect(), "the same batch again changes nothing"
    assert asked.voter("Kiri") == row


@pytest.mark.full
def test_the_last_answer_that_the_host_received_counts(host: Host) -> None:
    host.answer("Kiri", "yyy")
    host.answer("Kiri", "n-y")
    first, second = host.entries
    host.collect([second])
    host.collect([first])
    assert host.asked.said("Kiri") == "n-y"


def test_an_answer_of_dates_that_are_gone_counts_for_the_others(host: Host) -> None:
    host.answer("Kiri", "yym", zone="Mars/Olympus")
    option = host.asked.detail().options[1]
    commands.delete(host.asked.workspace, Kind.DATE_OPTION, option.id, option.version)
    host.collect()
    assert host.asked.said("Kiri") == "ym"
    assert host.asked.voter("Kiri").zone == ""


@pytest.mark.full
@pytest.mark.parametrize("wrong", ["desk", "subject"])
def test_an_answer_of_a_desk_that_is_not_here_is_passed_over(host: Host, wrong: str) -> None:
    host.answer("Kiri", "yyy")
    answer = host.entries.pop().fact.answer  # type: ignore[union-attr]
    host.write("Kiri", answer, **{wrong: uuid4().hex})
    host.collect()
    assert host.asked.said("Kiri") == "---"


def test_an_answer_by_hand_is_whole_and_can_be_taken_back(asked: Asked) -> None:
    asked.enter("Petra", "yyn", "By telephone.")
    asked.enter("Petra", "m--")
    assert (asked.said("Petra"), asked.voter("Petra").comment) == ("m--", "By telephone.")
    commands.undo(asked.workspace)
    assert asked.said("Petra") == "yyn"
    foreign = {uuid4(): next(iter(asked.choices("yyy").values()))}
    voter = asked.voter("Petra").id
    refused(lambda: commands.enter_votes(asked.workspace, voter, foreign), "other_dates")


@pytest.mark.full
def test_who_is_revoked_does_not_count(asked: Asked) -> None:
    asked.enter("Kiri", "nny")
    commands.revoke_voter(asked.workspace, asked.voter("Kiri").id)
    found = asked.detail()
    assert (found.poll.voters, found.poll.answered) == (3, 0)
    assert [option.standing.no for option in found.options] == [0, 0, 0]


@pytest.mark.full
def test_reminding_is_noted_of_who_is_missing(asked: Asked, clock: Any) -> None:
    asked.enter("Inês", "yyy")
    missing = [voter.id for voter in asked.detail().missing]
    assert len(missing) == 3
    clock.advance(days=3)
    commands.remind_voters(asked.workspace, [*missing, asked.voter("Inês").id])
    assert asked.voter("Kiri").reminded_at == clock.now
    assert asked.voter("Inês").reminded_at is None


# --- the end ------------------------------------------------------------------------------------


def test_a_poll_decides_itself_only_after_its_host_was_heard(host: Host) -> None:
    asked, workspace = host.asked, host.asked.workspace
    host.answer("Maya", "yyn")
    host.answer("Inês", "nyy")
    host.collect()
    host.clock.now = DEADLINE - timedelta(seconds=1)
    host.answer("Kiri", "-m-")
    host.clock.now = DEADLINE + timedelta(seconds=1)
    assert asked.detail().poll.verdict is Verdict.WAITING
    assert commands.settle_polls(workspace) == []
    host.collect()
    assert asked.detail().poll.verdict is Verdict.CLEAR
    (decided,) = commands.settle_polls(workspace)
    assert decided.starts_at == asked.detail().options[1].starts_at
    assert commands.settle_polls(workspace) == []
    poll = asked.detail().poll
    assert (poll.state, poll.starts_at) == (PollState.DECIDED, decided.starts_at)
    assert poll.meeting_id == decided.meeting_id


def test_the_chosen_date_becomes_the_meeting_with_the_voters(asked: Asked) -> None:
    option = asked.detail().options[2]
    meeting_id, _ = commands.close_poll(asked.workspace, asked.id, option.id)
    meeting = queries.meeting(asked.workspace, meeting_id)
    assert (meeting.title, meeting.type) == ("WP2 call", MeetingType.WORK_PACKAGE_CALL)
    assert (meeting.local_start, meeting.zone, meeting.duration_minutes) == (THIRD, ZONE, 90)
    assert meeting.starts_at == option.starts_at
    assert meeting.items > 0, "the template of its type"
    invited = {row.name: row for row in queries.invitations(asked.workspace, meeting_id)}
    assert set(invited) == {f"{name} Test" for name in ("Maya", "Inês", "Kiri", "Petra")}
    assert invited["Maya Test"].role is CallRole.CHAIR
    assert invited["Kiri Test"].partner == "FIRM"
    form = asked.desk("Kiri").form
    assert (form.status, form.chosen) == ("decided", option.id.hex)
    commands.undo(asked.workspace)
    assert asked.detail().poll.state is PollState.OPEN
    with pytest.raises(NotFound):
        queries.meeting(asked.workspace, meeting_id)


def test_the_chosen_date_moves_the_meeting_it_is_about(drafted: Asked) -> None:
    workspace = drafted.workspace
    meeting_id, _ = commands.plan_meeting(
        workspace,
        drafted.consortium.project,
        MeetingType.EXECUTIVE_BOARD,
        datetime.fromisoformat("2026-03-10T09:00"),
        "Europe/Lisbon",
    )
    poll_id, _ = commands.create_poll(
        workspace, drafted.consortium.project, "Board, moved", ZONE, STARTS, meeting_id=meeting_id
    )
    assert queries.date_poll(workspace, poll_id).poll.type is MeetingType.EXECUTIVE_BOARD
    option = queries.date_poll(workspace, poll_id).options[2]
    before = queries.invitations(workspace, meeting_id)
    moved, _ = commands.close_poll(workspace, poll_id, option.id)
    assert moved == meeting_id
    meeting = queries.meeting(workspace, meeting_id)
    assert (meeting.local_start, meeting.zone, meeting.starts_at) == (THIRD, ZONE, option.starts_at)
    assert queries.invitations(workspace, meeting_id)[0].person_id == before[0].person_id
    commands.undo(workspace)
    assert queries.meeting(workspace, meeting_id).zone == "Europe/Lisbon"


def test_a_tie_is_left_to_the_organiser(asked: Asked, clock: Any) -> None:
    asked.enter("Inês", "yyn")
    clock.now = DEADLINE + timedelta(minutes=1)
    found = asked.detail()
    assert found.poll.verdict is Verdict.TIE
    assert [option.number for option in found.best] == [1, 2]
    assert commands.settle_polls(asked.workspace) == []
    commands.close_poll(asked.workspace, asked.id, found.best[1].id)
    assert asked.detail().options[1].chosen


def test_a_date_that_passed_meanwhile_is_not_the_best(drafted: Asked, clock: Any) -> None:
    poll = drafted.detail().poll
    late = {"deadline": drafted.detail().options[1].starts_at - timedelta(hours=1)}
    commands.set_fields(drafted.workspace, Kind.DATE_POLL, poll.id, poll.version, late)
    commands.open_poll(drafted.workspace, drafted.id)
    for name in ("Maya", "Inês", "Kiri"):
        drafted.enter(name, "ymm")
    drafted.enter("Petra", "ymn")
    assert [option.is_best for option in drafted.detail().options] == [True, False, False]
    clock.now = late["deadline"] + timedelta(minutes=1)  # the first date was two days ago
    assert [option.is_best for option in drafted.detail().options] == [False, True, False]
    (decided,) = commands.settle_polls(drafted.workspace)
    assert decided.starts_at == drafted.detail().options[1].starts_at
    assert [option.is_best for option in drafted.detail().options] == [True, False, False]


def test_all_answered_closes_before_the_deadline(drafted: Asked) -> None:
    poll = drafted.detail().poll
    commands.set_fields(
        drafted.workspace, Kind.DATE_POLL, poll.id, poll.version, {"rule": PollRule.ALL_ANSWERED}
    )
    commands.open_poll(drafted.workspace, drafted.id)
    for name in ("Maya", "Inês", "Kiri"):
        drafted.enter(name, "nyn")
    assert commands.settle_polls(drafted.workspace) == []
    drafted.enter("Petra", "nnn")
    (decided,) = commands.settle_polls(drafted.workspace)
    assert decided.starts_at == drafted.detail().options[1].starts_at


def test_a_cancelled_poll_takes_nothing_more(host: Host) -> None:
    asked = host.asked
    host.answer("Kiri", "yyy")
    commands.cancel_poll(asked.workspace, asked.id)
    host.collect()
    assert asked.said("Kiri") == "---"
    assert asked.desk("Kiri").form.status == "cancelled"
    for run in (
        lambda: commands.cancel_poll(asked.workspace, asked.id),
        lambda: commands.open_poll(asked.workspace, asked.id),
        lambda: asked.enter("Kiri", "yyy"),
        lambda: commands.close_poll(asked.workspace, asked.id, asked.detail().options[0].id),
    ):
        refused(run, "poll_is_closed")


@pytest.mark.full
def test_settled_links_are_not_sent_to_a_host_for_ever(asked: Asked, clock: Any) -> None:
    assert poll_desks.open_polls(asked.workspace) == [asked.id]
    commands.cancel_poll(asked.workspace, asked.id)
    clock.advance(days=29)
    assert poll_desks.open_polls(asked.workspace) == [asked.id]
    clock.advance(days=2)
    assert poll_desks.open_polls(asked.workspace) == []


@pytest.mark.full
def test_a_poll_is_found_by_its_title_or_the_beginning_of_its_id(drafted: Asked) -> None:
    make_poll(drafted.workspace, drafted.consortium)
    refused(lambda: queries.date_poll_named(drafted.workspace, "wp2 CALL"), "several_polls")
    found = queries.date_poll_named(drafted.workspace, str(drafted.id))
    assert found.poll.id == drafted.id
    with pytest.raises(NotFound):
        queries.date_poll_named(drafted.workspace, "zz")


@pytest.mark.full
def test_an_answer_of_no_choice_has_no_record(asked: Asked) -> None:
    asked.enter("Kiri", "y--")
    asked.enter("Kiri", "---")
    assert asked.voter("Kiri").is_missing
    assert asked.voter("Kiri").answered_at is None
