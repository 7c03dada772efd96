from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from projectdesk.domain.effort import StatementState
from projectdesk.domain.identity import new_id
from projectdesk.host.desks.kinds import tidied
from projectdesk.services import commands, effort_desks, meeting_hosts, queries
from projectdesk.services.rows import Kind
from projectdesk.signalling import codec, journal
from projectdesk.signalling.desk import DeskSnapshot, EffortAnswer, EffortFigure

DEADLINE = date(2026, 4, 30)


@pytest.fixture
def asked(reporting):
    """UNI and LAB were asked for RP1."""
    partners = [reporting.consortium.partners[name] for name in ("UNI", "LAB")]
    commands.ask_effort(reporting.workspace, reporting.first, partners, DEADLINE)
    return reporting


def desk_of(reporting, partner, period=None):
    desks = dict(effort_desks.effort_desks(reporting.workspace, period or reporting.first).desks)
    return desks[reporting.statement(partner, period).desk]


class Host:
    """A host that takes answers, and whose journal is collected."""

    def __init__(self, reporting, clock):
        self.reporting, self.clock = reporting, clock
        self.journal = str(new_id())
        self.entries: list[journal.JournalEntry] = []

    def answer(self, partner, comment="", **months):
        """Answer as the page does, by the form that the desktop sent last."""
        form = desk_of(self.reporting, partner).form
        given = {f"WP{name[2:]}": value for name, value in months.items()}
        figures = [
            EffortFigure(work_package=line.work_package, months=given.get(line.label, 0))
            for line in form.lines
        ]
        self.write(partner, tidied(form, EffortAnswer(figures=figures, comment=comment)))

    def write(self, partner, answer, **changes):
        row = self.reporting.statement(partner)
        assert row.id is not None
        fields = {"desk": row.desk, "subject": row.id.hex, "answer": answer} | changes
        self.entries.append(
            journal.JournalEntry(
                seq=len(self.entries) + 1,
                id=str(new_id()),
                at=self.clock.now,
                room="",
                fact=journal.DeskAnswered(**fields),
            )
        )
        self.clock.advance(minutes=1)

    def collect(self, entries=None):
        chosen = self.entries if entries is None else entries
        batch = journal.JournalBatch(
            journal=self.journal,
            epoch=1,
            entries=chosen,
            last=len(self.entries),
            collected_until=self.clock.now,
        )
        return commands.collect(self.reporting.workspace, batch)


@pytest.fixture
def host(asked, clock):
    return Host(asked, clock)


def test_a_desk_is_the_form_of_its_partner(asked):
    desks = effort_desks.effort_desks(asked.workspace, asked.first)
    assert (desks.host, len(desks.desks)) == ("", 2), "who was not asked has none"
    desk = desk_of(asked, "LAB")
    assert codec.decode_as(codec.encode(desk), DeskSnapshot) == desk
    assert desk.subject == asked.id_of("LAB").hex
    assert desk.deadline == datetime(2026, 4, 30, 22, 59, 59, tzinfo=UTC), "midnight in Lisbon"
    form = desk.form
    assert (form.project, form.period, form.organisation) == ("TIDE", "RP1", "LAB")
    assert (form.name, form.organiser, form.status) == ("Inês Test", "Maya Test", "asked")
    assert (form.starts_on, form.ends_on) == (date(2026, 3, 1), date(2027, 8, 31))
    assert {line.label: line.planned for line in form.lines}["WP2"] == 900
    assert {line.given for line in form.lines} == {None}


def test_a_link_is_of_its_statement_and_of_nothing_else(asked):
    links = effort_desks.effort_links(asked.workspace, asked.first, "https://meet.example.org/")
    assert [link.partner for link in links] == ["UNI", "LAB"]
    lab = links[1]
    address, token = lab.url.split("#")
    assert address == f"https://meet.example.org/d/{asked.statement('LAB').desk}"
    assert desk_of(asked, "LAB").token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in links[0].url
    assert effort_desks.effort_links(asked.workspace, asked.first, "https://x.org")[1].url.endswith(
        token
    ), "sending again gives the same link"
    commands.renew_effort_link(asked.workspace, asked.id_of("LAB"))
    again = effort_desks.effort_links(asked.workspace, asked.first, "https://x.org")[1]
    assert token not in again.url
    assert desk_of(asked, "LAB").token_hash != hashlib.sha256(token.encode()).hexdigest()


def test_the_links_stay_where_they_were_first(asked):
    workspace, uni = asked.workspace, asked.consortium.partners["UNI"]
    server = "https://meet.example.org"
    commands.ask_effort(workspace, asked.second, [uni], DEADLINE, host=server)
    assert effort_desks.period_host(workspace, asked.second) == server
    lab = asked.consortium.partners["LAB"]
    commands.ask_effort(workspace, asked.second, [lab], DEADLINE)
    assert effort_desks.effort_desks(workspace, asked.second).host == server
    assert effort_desks.period_host(workspace, asked.first) == ""
    meeting_hosts.keep_server(workspace, "https://other.example.org", "Other")
    meeting_hosts.set_default_host(workspace, "https://other.example.org")
    commands.ask_effort(workspace, asked.second, [lab], DEADLINE)
    assert effort_desks.period_host(workspace, asked.second) == server
    commands.ask_effort(workspace, asked.first, [lab], DEADLINE)
    assert effort_desks.period_host(workspace, asked.first) == "https://other.example.org", (
        "links to this computer open for nobody else"
    )


def test_the_form_follows_what_the_coordinator_does(asked, clock):
    asked.enter("LAB", wp2="9.5")
    form = desk_of(asked, "LAB").form
    assert {line.label: line.given for line in form.lines}["WP2"] == 950
    assert form.given_at == clock.now
    statement = asked.id_of("LAB")
    later = date(2026, 5, 15)
    commands.send_back_effort(asked.workspace, statement, "And WP1?", later)
    desk = desk_of(asked, "LAB")
    assert (desk.form.status, desk.form.remark) == ("sent_back", "And WP1?")
    assert desk.form.sent_back_at == clock.now
    assert desk.deadline == datetime(2026, 5, 15, 22, 59, 59, tzinfo=UTC)
    asked.enter("LAB", wp2="9")
    commands.approve_effort(asked.workspace, [statement])
    assert desk_of(asked, "LAB").form.status == "approved"
    commands.freeze_period(asked.workspace, asked.first)
    assert desk_of(asked, "LAB").form.status == "frozen"
    assert desk_of(asked, "LAB").form.remark == ""


def test_old_links_are_not_sent_to_a_host_for_ever(asked, clock):
    assert effort_desks.open_periods(asked.workspace) == [asked.first]
    clock.now = datetime(2026, 5, 29, tzinfo=UTC)
    assert effort_desks.open_periods(asked.workspace) == [asked.first]
    clock.advance(days=2)
    assert effort_desks.open_periods(asked.workspace) == []


def test_figures_by_link_are_collected_once(host, clock):
    received = clock.now
    host.answer("LAB", wp2=925, comment="Two people left.")
    changes = host.collect()
    assert changes.kinds == {Kind.EFFORT_STATEMENT, Kind.REPORTED_EFFORT}
    row = host.reporting.statement("LAB")
    assert (row.state, row.reported) == (StatementState.ANSWERED, Decimal("9.25"))
    assert (row.comment, row.answered_at) == ("Two people left.", received)
    assert {line.label: line.reported for line in row.lines}["WP1"] == 0, "nothing is a figure too"
    assert not host.collect(), "the same batch again changes nothing"
    assert host.reporting.statement("LAB") == row


def test_the_last_answer_that_the_host_received_counts(host):
    host.answer("LAB", wp2=900)
    host.answer("LAB", wp2=850, wp1=25)
    first, second = host.entries
    host.collect([second])
    host.collect([first])
    row = host.reporting.statement("LAB")
    assert {line.label: line.reported for line in row.lines}["WP2"] == Decimal("8.50")
    assert row.reported == Decimal("8.75")


def test_figures_entered_by_hand_later_stay(host, clock):
    host.answer("LAB", wp2=900)
    host.reporting.enter("LAB", wp2="7")
    host.collect()
    assert host.reporting.statement("LAB").reported == 7


def test_the_same_figures_answer_a_sending_back(host):
    host.answer("LAB", wp2=900)
    host.collect()
    before = list(host.entries)
    statement = host.reporting.id_of("LAB")
    commands.send_back_effort(host.reporting.workspace, statement, "Sure?", DEADLINE)
    host.answer("LAB", wp2=900)
    host.collect(host.entries[len(before) :])
    row = host.reporting.statement("LAB")
    assert (row.state, row.reported) == (StatementState.ANSWERED, 9)


def test_an_answer_that_crossed_a_sending_back_does_not_settle_it(host):
    host.answer("LAB", wp2=900)
    host.collect()
    statement = host.reporting.id_of("LAB")
    host.answer("LAB", wp2=800)  # received before the desktop sent the statement back
    commands.send_back_effort(host.reporting.workspace, statement, "Sure?", DEADLINE)
    host.collect(host.entries[1:])
    row = host.reporting.statement("LAB")
    assert (row.state, row.reported) == (StatementState.SENT_BACK, 8)


def test_an_answer_that_crossed_an_approval_has_to_be_approved_again(host):
    host.answer("LAB", wp2=900)
    host.collect()
    statement = host.reporting.id_of("LAB")
    commands.approve_effort(host.reporting.workspace, [statement])
    form = desk_of(host.reporting, "LAB").form
    figures = [EffortFigure(work_package=line.work_package, months=1) for line in form.lines]
    host.write("LAB", EffortAnswer(figures=figures))
    host.collect(host.entries[1:])
    row = host.reporting.statement("LAB")
    assert (row.state, row.reported) == (StatementState.ANSWERED, Decimal("0.04"))


def test_a_frozen_period_takes_nothing_and_the_rest_of_the_journal_goes_on(host):
    host.answer("LAB", wp2=900)
    host.collect()
    commands.freeze_period(host.reporting.workspace, host.reporting.first)
    before = host.reporting.statement("LAB")
    figures = [EffortFigure(work_package=new_id().hex, months=1)]
    host.write("LAB", EffortAnswer(figures=figures))
    host.collect(host.entries[1:])
    assert host.reporting.statement("LAB") == before
    assert commands.journal_position(host.reporting.workspace, host.journal) == (1, 2)


@pytest.mark.parametrize(
    "changes", [{"desk": "nnnnnnnnnn"}, {"subject": "0" * 32}, {"subject": "no id"}]
)
def test_answers_of_unknown_desks_are_passed_over(host, changes):
    host.write("LAB", EffortAnswer(figures=[]), **changes)
    assert not host.collect()
    assert host.reporting.statement("LAB").state is StatementState.ASKED


def test_figures_of_work_packages_that_are_gone_are_passed_over(host):
    figures = [
        EffortFigure(work_package=each, months=100)
        for each in (new_id().hex, "no id", host.reporting.consortium.work_packages[2].hex)
    ]
    host.write("LAB", EffortAnswer(figures=figures))
    host.collect()
    assert host.reporting.statement("LAB").reported == 1


def test_a_late_answer_is_said_when_the_host_was_heard(host, clock):
    effort_desks.keep_journal(host.reporting.workspace, host.reporting.first, host.journal)
    host.answer("UNI", wp1=100)
    host.collect()
    clock.now = datetime(2026, 5, 2, tzinfo=UTC)
    row = host.reporting.statement("LAB")
    assert (row.late, row.waiting) == (0, True)
    other = Host(host.reporting, clock)
    other.collect([])
    assert host.reporting.statement("LAB").waiting, "another host says nothing of this one"
    host.collect([])
    row = host.reporting.statement("LAB")
    assert (row.late, row.waiting) == (2, False)
    clock.advance(days=1)
    assert host.reporting.statement("LAB").late == 3


def test_a_deleted_statement_has_no_desk_any_more(asked):
    row = asked.statement("LAB")
    commands.delete(asked.workspace, Kind.EFFORT_STATEMENT, row.id, row.version)
    desks = dict(effort_desks.effort_desks(asked.workspace, asked.first).desks)
    assert row.desk not in desks
    assert queries.reporting_period(asked.workspace, asked.first).asked == 1
    assert timedelta(days=30) == effort_desks.KEPT_OPEN
