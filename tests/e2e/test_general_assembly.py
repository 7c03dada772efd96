"""A General Assembly of eleven partners, from the opening to minutes that accepted themselves.

The chair is at the desktop, two members in Chromium, seven more come by their links without one,
and one is represented. Nothing of it is faked: the host, its journal, its ballots and its desks are
those of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage
from projectdesk.demo.company import Company
from projectdesk.demo.story import Story
from projectdesk.desktop.runtime.minutes_desks import MinutesDesks
from projectdesk.desktop.runtime.typed_lines import TypedLines
from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.meetings import CallRole, MeetingType
from projectdesk.domain.minutes import Acceptance, Minutes, MinutesState, ObjectionState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import Vote, VoteResult, VoteSeat
from projectdesk.errors import ProjectDeskError
from projectdesk.services import audit, commands, queries
from projectdesk.services.circulation_rows import CirculationOrder, ReaderLink
from projectdesk.services.rows import InvitationRow, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import votes
from projectdesk.store import schema
from tests.e2e.members import Members
from tests.support.pdf_ua import assert_accessible

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.timeout(300)]

ZONE = "Europe/Copenhagen"
IN_BROWSERS = 2
BUDGET = "The budget of the second year is adopted."
CHAIR = "Who chairs the Executive Board?"
CANDIDATES = ["Ana Sousa", "Jonas Pagel"]
MEMBER = "The University of Seoul becomes a partner."
OBJECTION = "We spoke of the third year, too."
NOTES = "All members were heard.\nA: @{owner} send the adopted budget //+2w\nD: Meet in Gdańsk.\n"


def prepare(workspace: Workspace) -> Story:
    """Plan an assembly of eleven members for now: the twelfth has left its body."""
    project_id = commands.open_sample(workspace)
    commands.set_me(workspace, {"given_name": "Rui", "family_name": "Sampaio", "zone": ZONE})
    body = next(
        row
        for row in queries.bodies(workspace, project_id)
        if row.kind is BodyKind.GENERAL_ASSEMBLY
    )
    first, *_, last = queries.body_members(workspace, body.id)
    commands.delete(workspace, Kind.BODY_MEMBER, last.id, last.version)
    me = queries.me(workspace)
    assert me is not None
    of = {"project_id": project_id, "person_id": me.id, "partner_id": first.partner_id}
    commands.create(workspace, Kind.MEMBERSHIP, of)
    values = {"representative_id": me.id}
    commands.set_fields(workspace, Kind.BODY_MEMBER, first.id, first.version, values)
    soon = to_local(datetime.now(UTC) + timedelta(minutes=2), ZONE).replace(second=0, microsecond=0)
    meeting_id, _ = commands.plan_meeting(
        workspace, project_id, MeetingType.GENERAL_ASSEMBLY, soon, ZONE
    )
    invited = queries.invitations(workspace, meeting_id)
    chair = next(row for row in invited if row.role is CallRole.CHAIR)
    representatives = [
        next(row for row in invited if row.person_id == member.representative_id)
        for member in queries.body_members(workspace, body.id)
        if member.partner_id != chair.partner_id
    ]
    return Story(
        queries.project(workspace, project_id),
        queries.meeting(workspace, meeting_id),
        chair,
        tuple(representatives[:IN_BROWSERS]),
    )


class Assembly:
    """The players and what they agree on."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.desk = company.desk
        self.workspace = company.desk.workspace
        self.meeting = company.story.meeting.id
        self.members = Members()
        self.lines = TypedLines(self.desk.session)
        self.lines.start()

    @property
    def others(self) -> list[InvitationRow]:
        """Representatives who come without a browser, by participant number."""
        body = queries.meeting(self.workspace, self.meeting).body_id
        assert body is not None
        shown = (self.company.story.chair, *self.company.story.guests)
        partners = {row.partner_id for row in shown}
        seats = queries.body_members(self.workspace, body)
        invited = {row.person_id: row for row in queries.invitations(self.workspace, self.meeting)}
        found = [invited[seat.representative_id] for seat in seats if seat.representative_id]
        return [row for row in found if row.partner_id not in partners]

    def come(self, rows: list[InvitationRow]) -> None:
        """Let members come, and admit who waits."""
        self.members.come({row.name: self.desk.link_of(row.id) for row in rows})
        wanted = {row.id.hex for row in rows}

        def here() -> bool:
            if self.desk.room.lobby:
                self.desk.admit_all()
            return wanted <= {person.id for person in self.desk.room.participants}

        stage.wait(here, "the members to be in")

    def say(self, message: votes.VoteRequest) -> None:
        """Let the chair's console say something."""
        self.desk.window.console.send(message)

    def quorum(self, there: int, *, met: bool) -> None:
        """Wait until everybody knows how the body stands."""
        name = self.others[0].name

        def known() -> bool:
            body = self.members.body(name)
            if body is None:
                return False
            found = body.quorum
            return (found.present + found.represented, found.met) == (there, met)

        stage.wait(known, f"the quorum to be {there}")
        sign = f"{'Quorum' if met else 'No quorum'} {there}/11"
        stage.wait(lambda: all(sign in text for text in self.signs()), "the browsers to show it")

    def signs(self) -> list[str]:
        """Return what the guests' pages show of the quorum."""
        seen = self.company.order("read")["guests"]
        return [seen[guest.name]["shown"]["quorum"] for guest in self.company.story.guests]

    def chair_votes(self, choice: str) -> None:
        """Vote in the desktop's own page."""
        page = self.desk.window.page
        assert page is not None
        done: list[object] = []
        code = f"""(() => {{
            const box = document.querySelector('fieldset.ballot-seat input[value="{choice}"]');
            if (!box) return "";
            box.click();
            box.closest("fieldset").querySelector("button:not([hidden])").click();
            return "voted";
        }})()"""

        def voted() -> bool:
            if "voted" not in done:
                page.evaluate(code, done.append)
            return "voted" in done

        stage.wait(voted, "the chair to vote")

    def hold(self, number: int, asked: votes.PrepareVote, choices: dict[str, str]) -> None:
        """Open a vote, let everybody vote, and close it.

        choices: by name; the chair's and the guests' too, in the words of their pages.
        """
        self.say(asked)
        story = self.company.story
        for guest in story.guests:
            self.company.order("vote", guest, choice=choices[guest.name])
        self.members.vote(number, {row.name: choices[row.name] for row in self.present})
        self.chair_votes(choices[story.chair.name])
        seen = self.others[0].name

        def all_in() -> bool:
            vote = self.members.seen(seen, number)
            return vote is not None and sum(seat.voted for seat in vote.seats) == 11

        stage.wait(all_in, "every seat to have voted")
        self.say(votes.CloseVote(vote=number))

        def closed() -> bool:
            vote = self.members.seen(seen, number)
            return vote is not None and vote.state == "closed"

        stage.wait(closed, "the vote to be counted")

    present: list[InvitationRow]
    """Members without a browser who are there."""


@pytest.fixture
def assembly(qtbot: QtBot, chromium_path: Path, data: Path) -> Iterator[Assembly]:
    company = Company(data, None, prepare=prepare)
    assert company.troupe.in_browser
    made = Assembly(company)
    yield made
    made.members.close()
    made.lines.stop()
    company.close()


def test_a_general_assembly(assembly: Assembly, tmp_path: Path) -> None:
    company, desk = assembly.company, assembly.desk
    assert company.story.chair.partner_id is not None
    assert len(assembly.others) == 8
    desk.start_host()
    desk.open_window()
    company.guests_knock()
    company.admit_all()
    *assembly.present, absent = assembly.others
    assembly.come(assembly.present)
    a_member_is_represented(assembly, absent)
    the_quorum_breaks_and_is_restored(assembly)
    three_votes(assembly)
    minutes_are_typed(assembly)
    desk.end_meeting()
    what_was_voted_is_in_the_registers(assembly)
    minutes = circulated(assembly)
    an_objection_makes_a_second_revision(assembly, minutes)
    minutes_accept_themselves(assembly)
    documents_and_trail_hold(assembly, tmp_path)


def a_member_is_represented(assembly: Assembly, absent: InvitationRow) -> None:
    holder = assembly.company.story.guests[0]
    assert absent.partner_id is not None
    assert holder.partner_id is not None
    assembly.quorum(10, met=True)
    assembly.say(
        votes.AnnounceProxy(giver=absent.partner_id.hex, holder=holder.partner_id.hex, note="Ill.")
    )
    assembly.quorum(11, met=True)


def the_quorum_breaks_and_is_restored(assembly: Assembly) -> None:
    going = assembly.present[3:]
    assembly.members.leave(row.name for row in going)
    assembly.quorum(7, met=False)
    stage.wait(lambda: "7 of 11" in "".join(warnings(assembly)), "the pages to warn")
    assembly.come(going)
    assembly.quorum(11, met=True)


def warnings(assembly: Assembly) -> list[str]:
    seen = assembly.company.order("read")["guests"]
    return [words for guest in seen.values() for words in guest["shown"]["banners"]]


def three_votes(assembly: Assembly) -> None:
    story = assembly.company.story
    names = [story.chair.name, *(row.name for row in (*story.guests, *assembly.present))]
    first = story.guests[0].name
    open_vote = dict.fromkeys(names, "for") | {assembly.present[0].name: "against"}
    pages = dict.fromkeys((row.name for row in story.guests), "For")
    assembly.hold(1, votes.PrepareVote(question=BUDGET, open=True), open_vote | pages)
    secret = open_vote | {first: "Against", story.guests[1].name: "For"}
    assembly.hold(2, votes.PrepareVote(question=MEMBER, secret=True, open=True), secret)
    chosen = dict.fromkeys(names, CANDIDATES[1]) | {first: CANDIDATES[0]}
    asked = votes.PrepareVote(question=CHAIR, choices=CANDIDATES, open=True)
    assembly.hold(3, asked, chosen)
    counted = assembly.members.seen(assembly.present[0].name, 2)
    assert counted is not None
    assert len(counted.ballots) == 11
    assert {seat.choice for seat in counted.seats} == {""}
    listed = {ballot.receipt for ballot in counted.ballots}
    assert set(assembly.members.receipts()) <= listed
    assert len(assembly.members.receipts()) == len(assembly.present)


def minutes_are_typed(assembly: Assembly) -> None:
    desk = assembly.desk
    desk.next_item()
    desk.type_notes(NOTES.replace("{owner}", assembly.company.story.guests[0].partner))

    def records() -> bool:
        decisions = queries.decisions(assembly.workspace, meeting_id=assembly.meeting)
        actions = queries.actions(assembly.workspace, meeting_id=assembly.meeting)
        return bool(actions) and any(row.text == "Meet in Gdańsk." for row in decisions)

    stage.wait(records, "typed lines to become records", 20)


def what_was_voted_is_in_the_registers(assembly: Assembly) -> None:
    workspace, meeting = assembly.workspace, assembly.meeting
    with workspace.read() as session:
        column = schema.vote.c
        held = session.query(Vote).where(column.meeting_id == meeting).order_by(column.number).all()
        facts = [(v.question, v.result, v.seats, v.present, v.secret) for v in held]
        seat = schema.vote_seat.c
        cast = {
            vote.question: [
                (row.choice, row.voted_at is not None)
                for row in session.query(VoteSeat).where(seat.vote_id == vote.id)
            ]
            for vote in held
        }
    assert facts == [
        (BUDGET, VoteResult.CARRIED, 11, 11, False),
        (MEMBER, VoteResult.CARRIED, 11, 11, True),
        (CHAIR, VoteResult.CHOSEN, 11, 11, False),
    ]
    assert sorted(choice for choice, _ in cast[BUDGET]) == ["against", *["for"] * 10]
    assert cast[MEMBER] == [("", True)] * 11
    decisions = {row.text for row in queries.decisions(workspace, meeting_id=meeting)}
    assert {BUDGET, MEMBER, "Meet in Gdańsk."} <= decisions
    (action,) = queries.actions(workspace, meeting_id=meeting)
    assert action.text.endswith("send the adopted budget")
    assert action.owner_partner_id == assembly.company.story.guests[0].partner_id
    there = [row for row in assembly.desk.attendance() if row.times]
    assert len(there) == 10


def circulated(assembly: Assembly) -> UUID:
    order = CirculationOrder(
        public_url=assembly.desk.published.address.public_url, send=False, anyway=True
    )
    done, _ = commands.circulate_minutes(assembly.workspace, assembly.meeting, order)
    assert done.readers >= 11
    return done.minutes_id


def links(assembly: Assembly, minutes: UUID) -> list[ReaderLink]:
    """Send the readers' desks to the host, and return their links."""
    desk = assembly.desk
    desks = MinutesDesks(desk._hosts, desk.session, desk.data)
    found: list[ReaderLink] = []
    failures: list[ProjectDeskError] = []
    desks.publish(minutes, found.extend, failures.append)
    stage.wait(lambda: found or failures, "the desks of the readers")
    desks.stop()
    assert failures == []
    return found


def newest(assembly: Assembly) -> Minutes:
    with assembly.workspace.read() as session:
        column = schema.minutes.c
        query = session.query(Minutes).where(column.meeting_id == assembly.meeting)
        return query.order_by(column.revision.desc()).first()  # type: ignore[return-value]


def an_objection_makes_a_second_revision(assembly: Assembly, minutes: UUID) -> None:
    workspace, guest = assembly.workspace, assembly.company.story.guests[0]
    url = next(link.url for link in links(assembly, minutes) if link.name == guest.name)
    agenda = queries.agenda(workspace, assembly.meeting)
    assembly.company.order("object", url=url, item=agenda[0].title, text=OBJECTION)

    def raised() -> bool:
        assembly.desk.hosting.collect()
        return bool(objections(assembly, minutes))

    stage.wait(raised, "the objection", 30)
    ((objection, text),) = objections(assembly, minutes)
    assert text == OBJECTION
    commands.answer_objection(workspace, objection, ObjectionState.UPHELD, "It is added.")
    commands.revise_minutes(workspace, assembly.meeting, "An objection was upheld.")
    second = circulated(assembly)
    assert second != minutes
    assert (newest(assembly).revision, newest(assembly).state) == (2, MinutesState.CIRCULATED)


def objections(assembly: Assembly, minutes: UUID) -> list[tuple[UUID, str]]:
    with assembly.workspace.read() as session:
        column = schema.objection.c
        query = schema.objection.select().where(column.minutes_id == minutes)
        return [(row.id, row.text) for row in session.execute(query)]


def minutes_accept_themselves(assembly: Assembly) -> None:
    """Fifteen days are not waited for: the window ends now, and the host is heard after it."""
    workspace, desk = assembly.workspace, assembly.desk
    second = newest(assembly)
    links(assembly, second.id)
    with workspace.change("The window ends", undoable=False) as unit:
        unit.get(Minutes, second.id).objections_until = workspace.now() + timedelta(seconds=1)
    desks = MinutesDesks(desk._hosts, desk.session, desk.data)

    def accepted() -> bool:
        desk.hosting.collect()
        desks.look()
        return newest(assembly).state is MinutesState.ACCEPTED

    stage.wait(accepted, "the minutes to accept themselves", 90)
    desks.stop()
    assert newest(assembly).acceptance is Acceptance.UNOPPOSED
    binding = queries.decision_register(workspace, assembly.company.story.project.id)
    ours = [row for row in binding if row.meeting_id == assembly.meeting]
    assert ours
    assert all(row.binding_at is not None for row in ours if row.veto_until is None)


def documents_and_trail_hold(assembly: Assembly, out: Path) -> None:
    workspace = assembly.workspace
    pdf = out / "minutes.pdf"
    commands.export_document(workspace, assembly.meeting, "minutes", "pdf", pdf)
    assert_accessible(pdf)
    chains = audit.verify(workspace, assembly.company.story.project.id)
    assert [chain.broken for chain in chains] == [None] * len(chains)
    assert len(chains) >= 2
