"""Votes of a call reach the records once; votes of a room are written down by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import AttendanceInterval, Companion, Minutes, MinutesState
from projectdesk.domain.voting import (
    AGAINST,
    FOR,
    Proxy,
    Veto,
    VoteResult,
    VoteSeat,
    VoteState,
)
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import commands, queries
from projectdesk.services.commands.collect import collect
from projectdesk.services.commands.votes import HeldByHand, record_vote
from projectdesk.services.hosting import room_snapshot
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import journal
from tests.unit.meetings.conftest import Consortium
from tests.unit.meetings.test_collect import Script, at

RECORD = journal.VoteRecord(
    number=1,
    question="Adopt the budget?",
    description="",
    choices=[],
    secret=False,
    weighted=False,
    quorum_numerator=2,
    quorum_denominator=3,
    majority_numerator=2,
    majority_denominator=3,
    base="cast",
    tie="lost",
    item=None,
)


@pytest.fixture
def assembly(workspace: Workspace, consortium: Consortium, kick_off: UUID) -> UUID:
    """Make the kick-off one of a body: UNI (Maya chairs), LAB (Inês, deputy Rui), FIRM, GHOST."""
    body = Body(project_id=consortium.project, name="General Assembly", proxy_limit=1)
    body.chair_id = consortium.people["Maya"]
    named = {"UNI": ("Maya", None), "LAB": ("Inês", "Rui"), "FIRM": ("Kiri", None)}
    with workspace.change("Make a body") as unit:
        unit.add(body)
        unit.get(Meeting, kick_off).body_id = body.id
        for name, partner in consortium.partners.items():
            representative, deputy = named.get(name, (None, None))
            people = consortium.people
            unit.add(
                BodyMember(
                    body_id=body.id,
                    partner_id=partner,
                    representative_id=people[representative] if representative else None,
                    deputy_id=people[deputy] if deputy else None,
                    in_default=name == "GHOST",
                )
            )
    return body.id


@pytest.fixture
def script(workspace: Workspace, kick_off: UUID, assembly: UUID) -> Script:
    return Script(workspace, kick_off)


def seat(partner: UUID, choice: str = "", voter: str = "", **more: Any) -> Any:
    """Return a seat of the journal."""
    fields = {"present": True, "voted": bool(choice), "choice": choice, "voter": voter, **more}
    return journal.VoteSeatRecord(partner=partner.hex, **fields)


def opened(script: Script, minute: float, seats: list[Any], **changes: Any) -> journal.VoteRecord:
    """Add the opening of a vote."""
    record = msgspec.structs.replace(RECORD, **changes)
    script.add(minute, journal.VoteOpened(vote=record, seats=seats, by="x"))
    return record


def closed(
    script: Script, minute: float, record: journal.VoteRecord, seats: list[Any], **changes: Any
) -> None:
    """Add the end of a vote that was opened two minutes before."""
    fields = {
        "vote": record,
        "opened_at": at(minute - 2),
        "seats": seats,
        "counts": [2, 1, 0],
        "result": "carried",
        "chosen": "for",
        "seats_voting": 3,
        "there": 3,
        "words": {"en": "carried: 2 of 3 votes cast, 2/3 needed (2)", "de": "angenommen"},
        "by": "x",
    }
    script.add(minute, journal.VoteClosed(**{**fields, **changes}))


def seats_of(workspace: Workspace) -> list[VoteSeat]:
    """Return all seats of votes."""
    with workspace.read() as session:
        return list(session.scalars(select(VoteSeat)))


def test_an_open_vote_is_kept_with_who_voted_how_and_becomes_a_decision(
    workspace, consortium, kick_off, script
) -> None:
    partners = consortium.partners
    script.opened(0)
    empty = [seat(partners[name]) for name in ("UNI", "LAB", "FIRM")]
    record = opened(script, 5, empty, item=script.items[1])
    inês, maya = script.people["Inês"].id.hex, script.people["Maya"].id.hex
    script.add(6, journal.VoteCast(vote=1, partner=partners["LAB"].hex, choice="against", by=inês))
    script.collect()
    [vote] = queries.meeting_votes(workspace, kick_off)
    assert (vote.vote.state, vote.vote.label) == (VoteState.OPEN, "V1")
    final = [
        seat(partners["UNI"], FOR, maya, voted_at=at(6)),
        seat(partners["LAB"], AGAINST, inês, voted_at=at(6)),
        seat(partners["FIRM"], FOR, maya, voted_at=at(6), proxy=partners["UNI"].hex),
    ]
    closed(script, 7, record, final)
    script.collect()
    collect(workspace, script.batch(epoch=2))
    [vote] = queries.meeting_votes(workspace, kick_off)
    assert (vote.vote.state, vote.vote.result) == (VoteState.CLOSED, VoteResult.CARRIED)
    assert vote.vote.counts == (2, 1, 0)
    by_name = {each.partner: each for each in vote.seats}
    assert [by_name[name].choice for name in ("UNI", "LAB", "FIRM")] == [FOR, AGAINST, FOR]
    assert (by_name["LAB"].voter, by_name["FIRM"].proxy) == ("Inês Test", "UNI")
    [decision] = queries.decisions(workspace, consortium.project)
    assert (decision.text, decision.agenda_item_id.hex) == ("Adopt the budget?", script.items[1])
    assert vote.vote.words == "carried: 2 of 3 votes cast, 2/3 needed (2)"
    assert vote.vote.decision_id == decision.id


def test_of_a_secret_vote_only_who_voted_is_kept(workspace, consortium, kick_off, script) -> None:
    partners = consortium.partners
    record = opened(script, 5, [seat(partners["UNI"]), seat(partners["LAB"])], secret=True)
    final = [seat(partners["UNI"], voted=True), seat(partners["LAB"])]
    closed(script, 7, record, final, result="lost", chosen="", counts=[0, 1, 0])
    script.collect()
    kept = {each.partner_id: each for each in seats_of(workspace)}
    assert kept[partners["UNI"]].voted_at == at(7)
    assert kept[partners["LAB"]].voted_at is None
    assert {each.choice for each in kept.values()} == {""}
    assert queries.decisions(workspace, consortium.project) == []


def test_a_vote_whose_opening_was_not_collected_is_kept_all_the_same(
    workspace, consortium, kick_off, script
) -> None:
    closed(script, 7, RECORD, [seat(consortium.partners["UNI"], FOR)])
    script.collect()
    assert queries.meeting_votes(workspace, kick_off)[0].vote.result is VoteResult.CARRIED


def test_a_vote_on_another_host_begins_to_count_anew(
    workspace, consortium, kick_off, script
) -> None:
    seats = [seat(consortium.partners["UNI"], FOR)]
    record = opened(script, 5, seats)
    closed(script, 7, record, seats)
    record = opened(script, 15, seats, question="Adopt the plan?")
    closed(script, 17, record, seats)
    script.collect()
    found = queries.meeting_votes(workspace, kick_off)
    assert [each.vote.question for each in found] == ["Adopt the budget?", "Adopt the plan?"]
    assert all(each.vote.carried for each in found)


def test_a_vote_that_was_called_off_counts_nothing(workspace, consortium, kick_off, script) -> None:
    partner = consortium.partners["LAB"]
    opened(script, 5, [seat(partner)])
    script.add(6, journal.VoteCast(vote=1, partner=partner.hex, choice="for", by="x"))
    script.add(7, journal.VoteCancelled(vote=1, by="x"))
    script.collect()
    assert queries.meeting_votes(workspace, kick_off)[0].vote.state is VoteState.CANCELLED
    assert [each.choice for each in seats_of(workspace)] == [""]


def test_a_veto_of_the_meeting_is_kept_against_the_decision(
    workspace, consortium, kick_off, script
) -> None:
    partner = consortium.partners["LAB"]
    record = opened(script, 5, [seat(partner, FOR)])
    closed(script, 7, record, [seat(partner, FOR)])
    script.add(8, journal.VetoNoted(vote=1, partner=partner.hex, reason="Our IPR.", by="x"))
    script.collect()
    with workspace.read() as session:
        [veto] = session.scalars(select(Veto))
    assert (veto.partner_id, veto.reason, veto.raised_at) == (partner, "Our IPR.", at(8))


def test_a_proxy_of_the_call_is_kept_and_ends(workspace, consortium, script) -> None:
    partners = consortium.partners
    giver, holder = partners["FIRM"].hex, partners["UNI"].hex
    script.add(3, journal.ProxyAnnounced(giver=giver, holder=holder, note="by mail", by="x"))
    script.add(9, journal.ProxyEnded(giver=giver, holder=holder, by="x"))
    script.collect()
    with workspace.read() as session:
        [proxy] = session.scalars(select(Proxy))
    assert (proxy.from_partner_id, proxy.announced_at, proxy.ended_at) == (
        partners["FIRM"],
        at(3),
        at(9),
    )


def test_a_partner_of_another_project_is_passed_over(workspace, kick_off, script) -> None:
    script.add(3, journal.ProxyAnnounced(giver="f" * 32, holder="junk", note="", by="x"))
    record = opened(script, 5, [seat(UUID(int=7))])
    closed(script, 7, record, [seat(UUID(int=7), FOR)])
    script.collect()
    assert seats_of(workspace) == []
    assert len(queries.meeting_votes(workspace, kick_off)) == 1


def test_the_host_is_told_of_the_body_its_people_and_its_proxies(
    workspace, consortium, kick_off, script
) -> None:
    partners = consortium.partners
    with workspace.change("Give a proxy") as unit:
        unit.add(
            Proxy(
                meeting_id=kick_off,
                from_partner_id=partners["FIRM"],
                to_partner_id=partners["UNI"],
                announced_at=at(0),
            )
        )
    told = room_snapshot(workspace, kick_off)
    body = told.body
    assert body is not None
    assert [one.name for one in body.members] == ["UNI", "LAB", "FIRM", "GHOST"]
    assert body.members[3].in_default
    assert (body.chair, body.rules.proxy_limit) == (partners["UNI"].hex, 1)
    lab = body.members[1]
    assert (lab.representative, lab.deputy) == tuple(
        script.people[name].id.hex if name in script.people else None for name in ("Inês", "Rui")
    )
    assert [(one.giver, one.holder) for one in body.proxies] == [
        (partners["FIRM"].hex, partners["UNI"].hex)
    ]
    assert {one.partner for one in told.invitees} <= {p.hex for p in partners.values()} | {None}


# --- by hand --------------------------------------------------------------------------------------


def test_a_vote_held_in_a_room_is_counted_written_down_and_undone(
    workspace, consortium, kick_off, assembly
) -> None:
    partners = consortium.partners
    ballots = {partners["UNI"]: FOR, partners["LAB"]: FOR, partners["FIRM"]: AGAINST}
    made, _ = commands.record_vote(
        workspace, kick_off, HeldByHand("Adopt the budget?", ballots=ballots)
    )
    [vote] = queries.meeting_votes(workspace, kick_off)
    assert (vote.vote.id, vote.vote.words) == (made, "carried: 2 of 3 votes cast, 2/3 needed (2)")
    assert all(each.by_hand for each in vote.seats)
    [decision] = queries.decisions(workspace, consortium.project)
    assert decision.text == "Adopt the budget?"
    commands.undo(workspace)
    assert queries.meeting_votes(workspace, kick_off) == []
    assert queries.decisions(workspace, consortium.project) == []


def test_all_others_with_a_vote_are_written_down_at_once(
    workspace, consortium, kick_off, assembly
) -> None:
    partners = consortium.partners
    held = HeldByHand("Adopt it?", ballots={partners["FIRM"]: AGAINST}, others=FOR)
    commands.record_vote(workspace, kick_off, held)
    there = [partners["UNI"], partners["FIRM"]]
    commands.record_vote(workspace, kick_off, HeldByHand("And this?", there=there, others=FOR))
    first, second = queries.meeting_votes(workspace, kick_off)
    votes = [{seat.partner: seat.choice for seat in each.seats} for each in (first, second)]
    assert votes == [
        {"UNI": FOR, "LAB": FOR, "FIRM": AGAINST, "GHOST": ""},
        {"UNI": FOR, "LAB": "", "FIRM": FOR, "GHOST": ""},
    ], "GHOST is in default"


def test_a_secret_vote_of_a_room_is_written_down_by_its_counts(
    workspace, consortium, kick_off, assembly
) -> None:
    there = list(consortium.partners.values())[:3]
    held = HeldByHand("Elect Ana?", counts=(2, 1, 0), there=there)
    record_vote(workspace, kick_off, held)
    [vote] = queries.meeting_votes(workspace, kick_off)
    assert (vote.vote.secret, vote.vote.result) == (True, VoteResult.CARRIED)
    assert {each.choice for each in vote.seats} == {""}


@pytest.fixture
def attended(workspace: Workspace, kick_off: UUID, assembly: UUID) -> None:
    """The kick-off was held; UNI alone was in the call, FIRM let UNI represent it."""
    rows = queries.invitations(workspace, kick_off)
    maya = next(row for row in rows if row.name.startswith("Maya"))
    with workspace.change("Hold", undoable=False) as unit:
        meeting = unit.get(Meeting, kick_off)
        meeting.state = MeetingState.HELD
        meeting.opened_at = meeting.starts_at
        meeting.ended_at = meeting.starts_at + timedelta(hours=1)
        unit.add(
            AttendanceInterval(
                meeting_id=kick_off,
                invitation_id=maya.id,
                name=maya.name,
                joined_at=meeting.starts_at,
                left_at=meeting.ended_at,
            )
        )


def test_a_vote_of_who_was_absent_is_refused_unless_told_they_were_there(
    workspace, consortium, kick_off, attended
) -> None:
    uni, lab = consortium.partners["UNI"], consortium.partners["LAB"]
    ballots = {uni: FOR, lab: FOR}
    with pytest.raises(DomainError, match="LAB voted, but attendance has nobody") as failure:
        record_vote(workspace, kick_off, HeldByHand("Adopt?", ballots))
    assert failure.value.code == "absent_voted"
    assert queries.meeting_votes(workspace, kick_off) == []
    record_vote(workspace, kick_off, HeldByHand("Adopt?", ballots, there=[uni, lab]))
    record_vote(workspace, kick_off, HeldByHand("Adopt?", ballots, voters_there=True))
    votes = queries.meeting_votes(workspace, kick_off)
    assert [{s.partner for s in each.seats if s.present} for each in votes] == [{"UNI", "LAB"}] * 2


def test_a_vote_by_proxy_that_is_written_down_says_who_held_it(
    workspace, consortium, kick_off, attended
) -> None:
    uni, firm = consortium.partners["UNI"], consortium.partners["FIRM"]
    with workspace.change("Announce", undoable=False) as unit:
        unit.add(
            Proxy(
                meeting_id=kick_off,
                from_partner_id=firm,
                to_partner_id=uni,
                announced_at=unit.get(Meeting, kick_off).starts_at,
            )
        )
    record_vote(workspace, kick_off, HeldByHand("Adopt?", {uni: FOR, firm: FOR}))
    [vote] = queries.meeting_votes(workspace, kick_off)
    assert {seat.partner: seat.proxy for seat in vote.seats if seat.present} == {
        "UNI": "",
        "FIRM": "UNI",
    }


@pytest.mark.parametrize("state", [MinutesState.CIRCULATED, MinutesState.ACCEPTED])
def test_no_vote_goes_into_minutes_that_are_out(
    workspace, consortium, kick_off, assembly, state: MinutesState
) -> None:
    held = HeldByHand("Adopt?", {consortium.partners["UNI"]: FOR})
    with workspace.change("Circulate", undoable=False) as unit:
        unit.add(Minutes(meeting_id=kick_off, revision=1, state=state))
    with pytest.raises(Conflict, match="Begin a new revision") as failure:
        record_vote(workspace, kick_off, held)
    assert failure.value.code == f"minutes_{state.value}"
    assert queries.decisions(workspace, consortium.project) == []
    with workspace.change("Begin anew", undoable=False) as unit:
        unit.add(Minutes(meeting_id=kick_off, revision=2))
    record_vote(workspace, kick_off, held)
    assert len(queries.meeting_votes(workspace, kick_off)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"question": " "}, "no_question"),
        ({"ballots": {}}, "no_votes"),
        ({"ballots": {"UNI": "perhaps"}}, "unknown_choice"),
        ({"ballots": {"GHOST": FOR}}, "unknown_member"),
        ({"choices": ("Ghent",)}, "bad_choices"),
        ({"counts": (1, 1)}, "bad_counts"),
        ({"counts": (9, 0, 0)}, "bad_counts"),
        ({"counts": (3, 0, 0), "there": []}, "more_votes_than_members"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    workspace, consortium, kick_off, assembly, changes: dict[str, Any], code: str
) -> None:
    fields = {"question": "Adopt?", "ballots": {"UNI": FOR}, **changes}
    partners = consortium.partners
    given = fields["ballots"] if "counts" not in changes else {}
    fields["ballots"] = {partners[name]: choice for name, choice in given.items()}
    with pytest.raises(DomainError) as failure:
        record_vote(workspace, kick_off, HeldByHand(**fields))
    assert failure.value.code == code
    assert queries.meeting_votes(workspace, kick_off) == []


def test_a_meeting_of_no_body_has_no_votes(workspace, consortium, kick_off) -> None:
    with pytest.raises(DomainError, match="no meeting of a body"):
        record_vote(workspace, kick_off, HeldByHand("Adopt?"))


def test_a_vote_that_was_left_open_is_called_off_and_that_is_undone(
    workspace, consortium, kick_off, script
) -> None:
    partner = consortium.partners["LAB"]
    opened(script, 5, [seat(partner)])
    script.add(6, journal.VoteCast(vote=1, partner=partner.hex, choice="for", by="x"))
    script.collect()
    [vote] = queries.meeting_votes(workspace, kick_off)
    commands.call_off_vote(workspace, vote.vote.id)
    assert queries.meeting_votes(workspace, kick_off)[0].vote.state is VoteState.CANCELLED
    assert [each.choice for each in seats_of(workspace)] == [""]
    with pytest.raises(DomainError, match="Only an open vote"):
        commands.call_off_vote(workspace, vote.vote.id)
    commands.undo(workspace)
    assert [each.choice for each in seats_of(workspace)] == ["for"]


def test_a_member_in_the_room_is_a_companion_of_the_chair(workspace, consortium, script) -> None:
    partner, chair = consortium.partners["FIRM"], script.people["Maya"].id
    there = {"partner": partner.hex, "by": chair.hex}
    script.add(3, journal.MemberInRoom(there=True, **there))
    script.add(9, journal.MemberInRoom(there=False, **there))
    script.collect()
    with workspace.read() as session:
        [companion] = session.scalars(select(Companion))
    assert (companion.invitation_id, companion.partner_id) == (chair, partner)
    assert (companion.from_at, companion.to_at) == (at(3), at(9))
