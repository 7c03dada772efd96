"""Written procedures: opened, answered, closed by themselves, told; and what binds when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import BodyMember
from projectdesk.domain.minutes import DecisionOrigin, DecisionState
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VetoState, VoteResult, VoteState
from projectdesk.errors import DomainError, NotFound
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.decision_rows import Standing
from projectdesk.services.procedure_desks import open_procedures
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.rows import Kind
from projectdesk.signalling.outcome import BallotAnswer
from projectdesk.store import schema
from tests.unit.procedures.conftest import EARLIEST, QUESTION, URL, ZONE


def refused(code, run, *given, **named):
    with pytest.raises(DomainError) as caught:
        run(*given, **named)
    assert caught.value.code == code
    return caught.value


@pytest.fixture
def account(workspace):
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(
        workspace.data, MailAccount(address="maya@example.org", name="Maya Test", smtp=server)
    )


def outgoing(workspace, purpose="written-procedure"):
    """Return who is written for a purpose, sorted."""
    table = schema.outgoing_mail.c
    query = select(table.recipient).where(table.purpose == purpose, table.state == "queued")
    with workspace.read() as session:
        return sorted(session.scalars(query))


def closed(host):
    """Let the deadline pass, and the host be heard after it."""
    host.clock.now = EARLIEST + timedelta(minutes=5)
    host.collect()
    return commands.settle_procedures(host.procedure.workspace)


class TestOpening:
    def test_the_seats_are_kept_as_they_are_then(self, assembly):
        procedure = assembly.create()
        assert procedure.vote.stage is ProcedureStage.DRAFT
        with assembly.workspace.change("Default") as unit:
            member = next(
                row.id
                for row in queries.body_members(assembly.workspace, assembly.body)
                if row.partner == "FIRM"
            )
            unit.get(BodyMember, member).in_default = True
        commands.open_procedure(assembly.workspace, procedure.id)
        seats = {seat.partner: seat for seat in procedure.detail().seats}
        assert [(name, bool(seat.desk), seat.in_default) for name, seat in seats.items()] == [
            ("UNI", True, False),
            ("LAB", True, False),
            ("FIRM", False, True),
            ("GHOST", False, False),
        ]
        assert seats["LAB"].voter == "Inês Test", "the deputy, as there is no representative"
        assert (procedure.vote.seats, procedure.vote.needed, procedure.vote.share) == (
            3,
            2,
            "51\N{NO-BREAK SPACE}%",
        )

    @pytest.mark.full
    def test_the_earliest_deadline_is_said(self, assembly, clock):
        error = refused(
            "deadline_too_soon", assembly.create, deadline=EARLIEST - timedelta(minutes=1)
        )
        assert error.facts["field"] == "deadline"
        assert error.facts["earliest"] == "2026-03-12"
        procedure = assembly.create()
        clock.advance(days=1)
        error = refused(
            "deadline_too_soon", commands.open_procedure, assembly.workspace, procedure.id
        )
        assert error.facts["earliest"] == "2026-03-13", "counted from when it is opened"

    @pytest.mark.full
    def test_it_is_not_secret_and_says_why(self, assembly):
        error = refused("secret_procedure", assembly.create, secret=True)
        assert "under the name" in error.text

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"choices": ["A"]}, "bad_choices"),
            ({"choices": ["A", "a"]}, "bad_choices"),
            ({"manner": Manner(zone="Mars/Base")}, "unknown_zone"),
            ({"manner": Manner(reminder_days=(0,))}, "bad_reminder"),
        ],
    )
    @pytest.mark.full
    def test_what_cannot_be_held_is_refused(self, assembly, fields, code):
        refused(code, assembly.create, **fields)
        assert queries.procedures(assembly.workspace) == []

    @pytest.mark.full
    def test_what_was_asked_is_not_changed_any_more(self, opened):
        workspace = opened.workspace
        refused("procedure_sent", commands.change_procedure, workspace, opened.id, question="No")
        row = opened.vote
        refused(
            "procedure_sent",
            commands.set_fields,
            workspace,
            Kind.VOTE,
            row.id,
            row.version,
            {"question": "No"},
        )
        refused("procedure_sent", commands.open_procedure, workspace, opened.id)
        assert opened.vote.question == QUESTION

    @pytest.mark.full
    def test_a_draft_is_changed_and_undone(self, assembly):
        procedure = assembly.create()
        changed = commands.change_procedure(
            assembly.workspace, procedure.id, Manner(zone=ZONE, closes_early=True), question="Yes"
        )
        assert (procedure.vote.question, procedure.vote.closes_early) == ("Yes", True)
        commands.undo(assembly.workspace, changed.change_id)
        assert procedure.vote.question == QUESTION


class TestAnswers:
    def test_count_once_and_the_last_one_counts(self, opened, host):
        host.vote("UNI", "against")
        host.vote("UNI", "for", "After all.")
        host.vote("LAB", "abstain")
        for _ in range(2):
            host.collect()
        host.collect(host.entries[:1])
        assert opened.votes() == {"UNI": "for", "LAB": "abstain", "FIRM": "", "GHOST": ""}
        assert opened.seat("UNI").comment == "After all."
        assert [seat.partner for seat in opened.detail().missing] == ["FIRM", "GHOST"]

    @pytest.mark.full
    def test_a_vote_is_taken_back(self, opened, host):
        host.vote("UNI", "for")
        host.vote("UNI", "")
        host.collect()
        assert opened.seat("UNI").is_missing

    @pytest.mark.full
    def test_what_came_late_or_means_another_does_not_count(self, opened, host, clock):
        answer = BallotAnswer(choice="for")
        host.write("UNI", answer, subject="0" * 32)
        host.write("LAB", BallotAnswer(choice="perhaps"))
        clock.now = EARLIEST + timedelta(seconds=1)
        host.write("FIRM", answer)
        host.collect()
        assert set(opened.votes().values()) == {""}

    @pytest.mark.full
    def test_by_hand_shows_at_the_desk(self, opened):
        opened.enter(GHOST="for", UNI="against")
        form = opened.desk("UNI").form
        assert (form.given, form.given_at is not None) == ("against", True)
        assert opened.seat("GHOST").by_hand
        refused("unknown_choice", opened.enter, UNI="perhaps")

    @pytest.mark.full
    def test_the_form_says_whose_it_is_and_what_carries(self, opened):
        form = opened.desk("LAB").form
        assert (form.name, form.organisation, form.organiser) == ("Inês Test", "LAB", "Maya Test")
        assert (form.needed, form.seats, form.stage) == (3, 4, "vote")
        assert opened.desk("LAB").deadline == EARLIEST

    @pytest.mark.full
    def test_another_person_gets_a_link_of_their_own(self, opened):
        before = commands.ballot_links(opened.workspace, opened.id, URL)
        people = opened.assembly.consortium.people
        commands.set_voter(opened.workspace, opened.seat("LAB").id, people["Rui"])
        after = {
            link.partner: link for link in commands.ballot_links(opened.workspace, opened.id, URL)
        }
        old = next(link for link in before if link.partner == "LAB")
        assert after["LAB"].name == "Rui Test"
        assert after["LAB"].url.split("#")[0] == old.url.split("#")[0]
        assert after["LAB"].url != old.url
        assert opened.desk("LAB").form.name == "Rui Test"
        commands.set_voter(opened.workspace, opened.seat("GHOST").id, people["Petra"])
        assert opened.seat("GHOST").desk, "a member that had nobody is asked then"

    @pytest.mark.full
    def test_a_revoked_link_opens_nothing(self, opened):
        commands.revoke_ballot_link(opened.workspace, opened.seat("UNI").id)
        assert opened.desk("UNI").token_hash == ""
        links = commands.ballot_links(opened.workspace, opened.id, URL)
        assert [link.partner for link in links] == ["LAB", "FIRM"]
        commands.renew_ballot_link(opened.workspace, opened.seat("UNI").id)
        assert opened.desk("UNI").token_hash
        with pytest.raises(DomainError, match="Nobody votes"):
            commands.renew_ballot_link(opened.workspace, opened.seat("GHOST").id)


class TestClosing:
    def test_it_waits_for_the_host(self, opened, host, clock):
        for partner in ("UNI", "LAB", "FIRM"):
            host.vote(partner, "for")
        clock.now = EARLIEST + timedelta(hours=1)
        assert commands.settle_procedures(opened.workspace).closed == ()
        assert opened.vote.stage is ProcedureStage.WAITING
        refused("waiting_for_host", commands.close_procedure, opened.workspace, opened.id)
        host.collect()
        (done,) = commands.settle_procedures(opened.workspace).closed
        assert (done.result, done.told) == (VoteResult.CARRIED, False)
        assert done.words == "carried: 3 for, of all 4 votes, 51 % needed (3)"
        assert commands.settle_procedures(opened.workspace).closed == ()

    @pytest.mark.full
    def test_what_is_carried_becomes_a_decision(self, opened, host):
        opened.enter(UNI="for", LAB="for", FIRM="for", GHOST="against")
        (done,) = closed(host).closed
        decision = queries.decision_detail(opened.workspace, done.decision_id).decision
        assert (decision.label, decision.text) == ("TIDE-D1", QUESTION)
        assert decision.origin is DecisionOrigin.WRITTEN_PROCEDURE
        assert (decision.standing, decision.editable) == (Standing.NOTICE_DUE, True)
        assert opened.vote.counts == (3, 1, 0)
        assert opened.vote.decision_id == decision.id

    def test_silence_is_no_consent(self, opened, host):
        opened.enter(UNI="for", LAB="for")
        (done,) = closed(host).closed
        assert (done.result, done.decision_id) == (VoteResult.NO_QUORUM, None)
        assert queries.decision_register(opened.workspace) == []
        commands.tell_result(opened.workspace, opened.id, by_mail=False)
        assert (opened.vote.stage, opened.vote.veto_until) == (ProcedureStage.OVER, None)

    @pytest.mark.full
    def test_one_of_several_choices_needs_the_share_of_all(self, assembly, clock):
        procedure = assembly.create(choices=["Lisbon", "Tallinn"])
        commands.open_procedure(assembly.workspace, procedure.id)
        procedure.enter(UNI="Lisbon", LAB="Lisbon", FIRM="Tallinn")
        clock.now = EARLIEST + timedelta(minutes=1)
        (done,) = commands.settle_procedures(assembly.workspace).closed
        assert done.result is VoteResult.LOST
        assert done.words.startswith("nothing chosen: 2 of all 4 votes at most")

    @pytest.mark.full
    def test_when_all_have_voted_it_closes_early_if_so_set(self, assembly):
        early = assembly.create(
            choices=["Lisbon", "Tallinn"], manner=Manner(zone=ZONE, closes_early=True)
        )
        late = assembly.create()
        for procedure in (early, late):
            commands.open_procedure(assembly.workspace, procedure.id)
        early.enter(UNI="Lisbon", LAB="Lisbon", FIRM="Lisbon", GHOST="Tallinn")
        late.enter(UNI="for", LAB="for", FIRM="for", GHOST="for")
        (done,) = commands.settle_procedures(assembly.workspace).closed
        assert (done.vote_id, done.result) == (early.id, VoteResult.CHOSEN)
        decision = queries.decision_detail(assembly.workspace, done.decision_id).decision
        assert decision.text == f"{QUESTION} Lisbon"
        refused("procedure_runs", commands.close_procedure, assembly.workspace, late.id)
        commands.close_procedure(assembly.workspace, late.id, even_if_early=True)
        assert late.vote.state is VoteState.CLOSED

    @pytest.mark.full
    def test_a_vote_that_crossed_the_closing_is_passed_over(self, opened, host):
        opened.enter(UNI="for", LAB="for", FIRM="for", GHOST="for")
        commands.close_procedure(opened.workspace, opened.id, even_if_early=True)
        host.write("UNI", BallotAnswer(choice="against"))
        host.collect()
        assert opened.votes()["UNI"] == "for"

    @pytest.mark.full
    def test_a_procedure_is_called_off(self, opened):
        commands.cancel_procedure(opened.workspace, opened.id)
        assert opened.desk("UNI").form.stage == "cancelled"
        refused("procedure_closed", opened.enter, UNI="for")


@pytest.fixture
def told(opened, host):
    """A procedure that was carried, and whose result was told: the time for a veto runs."""
    opened.enter(UNI="for", LAB="for", FIRM="for", GHOST="against")
    closed(host)
    commands.tell_result(opened.workspace, opened.id, by_mail=False)
    return opened


def register(procedure):
    (row,) = queries.decision_register(procedure.workspace)
    return row


def after_the_window(host, *, heard=True):
    host.clock.now = datetime(2026, 3, 28, 23, 0, 1, tzinfo=UTC)
    if heard:
        host.collect()
    return commands.settle_procedures(host.procedure.workspace)


class TestVetoes:
    @pytest.mark.full
    def test_the_window_opens_with_the_notice(self, told):
        row = register(told)
        assert row.veto_until == datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC)
        assert (row.standing, row.editable) == (Standing.VETO_OPEN, False)
        desk = told.desk("UNI")
        assert (desk.deadline, desk.form.stage, desk.form.outcome) == (
            row.veto_until,
            "veto",
            "carried",
        )
        refused("result_told", commands.tell_result, told.workspace, told.id, by_mail=False)

    def test_it_binds_when_the_window_ended_and_the_host_was_heard(self, told, host):
        assert after_the_window(host, heard=False).bound == ()
        assert register(told).standing is Standing.VETO_WAITING
        host.collect()
        (bound,) = commands.settle_procedures(told.workspace).bound
        row = register(told)
        assert (bound, row.binding_at, row.standing) == (row.id, row.veto_until, Standing.BINDING)
        refused(
            "decision_binds",
            commands.raise_veto,
            told.workspace,
            row.id,
            told.seat("UNI").partner_id,
            "Late",
        )
        assert told.desk("UNI").form.stage == "closed"

    def test_a_veto_by_the_link_stops_it(self, told, host):
        host.veto("FIRM", "It doubles our costs.")
        host.collect()
        row = register(told)
        assert (row.state, row.standing, row.vetoes) == (
            DecisionState.VETOED,
            Standing.VETOED,
            1,
        )
        assert told.desk("FIRM").form.veto == "It doubles our costs."
        assert told.desk("UNI").form.veto == ""
        assert after_the_window(host).bound == ()
        assert register(told).binding_at is None

    @pytest.mark.full
    def test_what_is_taken_back_does_not_stop_it(self, told, host):
        host.veto("FIRM", "It doubles our costs.")
        host.veto("FIRM", "")
        host.collect()
        assert register(told).state is DecisionState.TAKEN
        assert len(after_the_window(host).bound) == 1

    @pytest.mark.full
    def test_the_same_member_has_one_veto(self, told, host):
        host.veto("FIRM", "Costs.")
        host.veto("FIRM", "Costs, and time.")
        host.collect()
        (veto,) = queries.decision_detail(told.workspace, register(told).id).vetoes
        assert (veto.reason, veto.person, veto.state) == (
            "Costs, and time.",
            "Kiri Test",
            VetoState.RAISED,
        )

    @pytest.mark.full
    def test_what_is_not_admitted_needs_a_reason(self, told, host):
        commands.raise_veto(
            told.workspace, register(told).id, told.seat("GHOST").partner_id, "We do not like it."
        )
        (veto,) = queries.decision_detail(told.workspace, register(told).id).vetoes
        error = refused(
            "required", commands.settle_veto, told.workspace, veto.id, VetoState.NOT_ADMITTED
        )
        assert error.facts["field"] == "answer"
        commands.settle_veto(
            told.workspace, veto.id, VetoState.NOT_ADMITTED, "No interest is affected."
        )
        assert register(told).state is DecisionState.TAKEN
        host.write("FIRM", BallotAnswer(veto="Costs.", stage="veto"))
        host.collect()
        assert register(told).state is DecisionState.VETOED

    @pytest.mark.full
    def test_a_late_veto_is_not_taken(self, told, host, clock):
        clock.now = register(told).veto_until + timedelta(seconds=1)
        host.write("FIRM", BallotAnswer(veto="Costs.", stage="veto"))
        host.collect()
        assert register(told).state is DecisionState.TAKEN
        error = refused(
            "veto_too_late",
            commands.raise_veto,
            told.workspace,
            register(told).id,
            told.seat("UNI").partner_id,
            "Late",
        )
        assert error.facts["field"] == "raised_at"

    @pytest.mark.full
    def test_a_veto_is_undone(self, told):
        changes = commands.raise_veto(
            told.workspace, register(told).id, told.seat("UNI").partner_id, "Time."
        )
        commands.undo(told.workspace, changes.change_id)
        assert register(told).state is DecisionState.TAKEN


class TestMail:
    @pytest.mark.full
    def test_members_are_asked_once_reminded_and_told(self, opened, host, clock, account):
        links = commands.ballot_links(opened.workspace, opened.id, URL)
        ids = {link.seat_id for link in links}
        count, _ = commands.mail_members(opened.workspace, opened.id, links, ids)
        assert count == 3
        refused("asked_already", commands.mail_members, opened.workspace, opened.id, links, ids)
        everybody = ["inês@example.org", "kiri@example.org", "maya@example.org"]
        assert outgoing(opened.workspace) == everybody
        host.vote("UNI", "for")
        host.collect()
        clock.now = EARLIEST - timedelta(days=1)
        (due,) = commands.due_ballot_reminders(opened.workspace)
        assert len(due.seat_ids) == 2, "GHOST was never asked, UNI has voted"
        commands.mail_members(
            opened.workspace, opened.id, links, due.seat_ids, reminder=True, checked=False
        )
        assert commands.due_ballot_reminders(opened.workspace) == []
        refused(  # what another desktop found before is not due any more
            "nobody_to_write", commands.mail_members, opened.workspace, opened.id, links,
            due.seat_ids, reminder=True, checked=False,
        )  # fmt: skip
        opened.enter(LAB="for", FIRM="for")
        (done,) = closed(host).closed
        assert done.told
        assert opened.vote.stage is ProcedureStage.VETO
        assert outgoing(opened.workspace, "written-procedure-result") == everybody

    def test_the_letter_says_all_that_a_member_needs(self, opened, account):
        links = commands.ballot_links(opened.workspace, opened.id, URL)
        mails = commands.ballot_letters(
            opened.workspace, opened.id, links, commands.BallotOccasion.QUESTION
        )
        mail = mails[opened.seat("FIRM").id]
        link = next(each.url for each in links if each.partner == "FIRM")
        for words in (
            QUESTION,
            link,
            "3 of 4 votes",
            "Friday 13 March 2026, 11:59 Auckland",
            "answer this mail with a line of its own",
            "kept under your name",
        ):
            assert words in mail.text
        html = mail.message.get_body(("html",)).get_content()
        assert QUESTION in html
        assert link in html

    @pytest.mark.full
    def test_links_of_this_network_are_not_mailed_unless_told(self, opened, account):
        links = commands.ballot_links(opened.workspace, opened.id, "http://127.0.0.1:8765")
        ids = {link.seat_id for link in links}
        run = commands.mail_members
        refused("link_not_public", run, opened.workspace, opened.id, links, ids)
        assert run(opened.workspace, opened.id, links, ids, anyway=True)[0] == 3

    @pytest.mark.full
    def test_a_new_link_takes_back_what_waits(self, opened, account):
        links = commands.ballot_links(opened.workspace, opened.id, URL)
        seat = opened.seat("UNI").id
        commands.mail_members(opened.workspace, opened.id, links, {seat})
        commands.renew_ballot_link(opened.workspace, seat)
        links = commands.ballot_links(opened.workspace, opened.id, URL)
        assert commands.asked_members(opened.workspace, opened.id, links) == frozenset()


@pytest.mark.full
def test_only_what_was_opened_here_is_sent_to_a_host(opened, assembly):
    draft = assembly.create()
    assert open_procedures(opened.workspace) == [opened.id]
    assert draft.id not in open_procedures(opened.workspace)


@pytest.mark.full
def test_procedures_are_found_by_label(opened):
    for text in ("V1", "tide-v1", opened.id.hex[:8]):
        assert queries.procedure_named(opened.workspace, text).vote.id == opened.id
    with pytest.raises(NotFound, match="procedure list"):
        queries.procedure_named(opened.workspace, "V9")
