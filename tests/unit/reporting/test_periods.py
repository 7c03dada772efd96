from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules.reporting import PeriodFinding, PeriodProblem
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

DEADLINE = date(2026, 4, 30)


def spans(workspace, project):
    rows = queries.reporting_periods(workspace, project).periods
    return [(row.label, row.start_month, row.end_month) for row in rows]


def test_a_project_is_divided_and_says_its_days(reporting):
    found = queries.reporting_periods(reporting.workspace, reporting.consortium.project)
    first, second = found.periods
    assert (first.label, first.starts_on, first.ends_on) == (
        "RP1",
        date(2026, 3, 1),
        date(2027, 8, 31),
    )
    assert first.due_on == date(2027, 10, 30), "60 days after its end"
    assert (second.start_month, second.end_month) == (19, 36)
    assert (first.planned, second.planned) == (Decimal("33.00"), Decimal("39.00"))
    assert found.findings == ()


def test_dividing_again_replaces_what_nobody_used(reporting):
    workspace, project = reporting.workspace, reporting.consortium.project
    commands.divide_into_periods(workspace, project, every=12)
    assert spans(workspace, project) == [("RP1", 1, 12), ("RP2", 13, 24), ("RP3", 25, 36)]
    commands.undo(workspace)
    assert spans(workspace, project) == [("RP1", 1, 18), ("RP2", 19, 36)]
    reporting.enter("UNI", wp1="1")
    with pytest.raises(DomainError) as caught:
        commands.divide_into_periods(workspace, project, count=3)
    assert caught.value.code == "periods_in_use"
    assert spans(workspace, project) == [("RP1", 1, 18), ("RP2", 19, 36)]


def test_a_period_by_hand_follows_on_the_last_one(reporting):
    workspace, project = reporting.workspace, reporting.consortium.project
    row = queries.reporting_periods(workspace, project).periods[1]
    commands.delete(workspace, Kind.REPORTING_PERIOD, row.id, row.version)
    made, _ = commands.add_reporting_period(workspace, project, end_month=30)
    assert spans(workspace, project) == [("RP1", 1, 18), ("RP2", 19, 30)]
    (finding,) = queries.reporting_periods(workspace, project).findings
    assert finding == PeriodFinding(PeriodProblem.GAP, (31, 36))
    last, _ = commands.add_reporting_period(workspace, project)
    assert spans(workspace, project)[2] == ("RP3", 31, 36)
    assert made != last


def test_overlapping_months_are_refused(reporting):
    workspace, project = reporting.workspace, reporting.consortium.project
    with pytest.raises(DomainError) as caught:
        commands.add_reporting_period(workspace, project, 18, 20)
    assert (caught.value.code, caught.value.facts["field"]) == ("periods_overlap", "start_month")
    first = queries.reporting_period(workspace, reporting.first)
    values = {"end_month": 19}
    with pytest.raises(DomainError) as caught:
        commands.set_fields(workspace, Kind.REPORTING_PERIOD, first.id, first.version, values)
    assert (caught.value.code, caught.value.facts["field"]) == ("periods_overlap", "end_month")
    assert spans(workspace, project) == [("RP1", 1, 18), ("RP2", 19, 36)]


def test_partners_are_listed_with_what_is_planned(reporting):
    rows = queries.effort_statements(reporting.workspace, reporting.first)
    assert [row.partner for row in rows] == ["UNI", "LAB", "FIRM", "GHOST"]
    uni, lab, firm, ghost = rows
    assert {line.label: line.planned for line in uni.lines} == {
        "WP1": Decimal("18.00"),
        "WP2": Decimal("3.00"),
        "WP3": Decimal("0.00"),
        "WP4": Decimal("0.00"),
    }
    assert (lab.person, lab.email) == ("Inês Test", "inês@example.org"), "the financial officer"
    assert uni.person == "Maya Test", "the project manager"
    assert firm.planned == Decimal("3.00"), "WP4 runs six months of the period"
    assert (ghost.person_id, ghost.planned, ghost.state) == (None, 0, StatementState.OPEN)


def test_a_partner_that_left_before_is_not_asked(reporting):
    workspace = reporting.workspace
    ghost = next(
        row
        for row in queries.partners(workspace, reporting.consortium.project)
        if row.short_name == "GHOST"
    )
    values = {"active_to": date(2027, 1, 31)}
    commands.set_fields(workspace, Kind.PARTNER, ghost.id, ghost.version, values)

    def names(period):
        return [row.partner for row in queries.effort_statements(workspace, period)]

    assert names(reporting.first)[-1] == "GHOST"
    assert "GHOST" not in names(reporting.second)


def test_figures_entered_by_hand_deviate_from_the_plan(reporting):
    reporting.enter("UNI", wp1="20.25", wp2="0")
    row = reporting.statement("UNI")
    assert row.state is StatementState.ANSWERED
    assert (row.reported, row.deviation) == (Decimal("20.25"), Decimal("-0.75"))
    lines = {line.label: line.deviation for line in row.lines}
    assert lines["WP1"] == Decimal("2.25")
    assert lines["WP2"] == Decimal("-3.00")
    assert lines["WP3"] is None
    later = reporting.statement("UNI", reporting.second)
    assert {line.label: line.earlier for line in later.lines}["WP1"] == Decimal("20.25")
    period = queries.reporting_period(reporting.workspace, reporting.first)
    assert (period.reported, period.answered, period.missing) == (Decimal("20.25"), 1, 3)


def test_a_figure_is_taken_away_again(reporting):
    reporting.enter("UNI", wp1="2", wp2="3")
    commands.enter_effort(
        reporting.workspace,
        reporting.first,
        reporting.consortium.partners["UNI"],
        {reporting.consortium.work_packages[2]: None},
    )
    assert reporting.statement("UNI").reported == 2
    commands.undo(reporting.workspace)
    assert reporting.statement("UNI").reported == 5


@pytest.mark.parametrize("months", ["-1", "1.005", "100001", "NaN"])
def test_what_is_no_effort_is_refused(reporting, months):
    with pytest.raises(DomainError) as caught:
        reporting.enter("UNI", wp1=months)
    assert (caught.value.code, caught.value.facts["field"]) == ("bad_person_months", "WP1")
    assert reporting.statement("UNI").id is None


def test_asking_makes_statements_that_keep_their_links(reporting, clock):
    workspace, partners = reporting.workspace, reporting.consortium.partners
    wanted = [partners["LAB"], partners["FIRM"]]
    made, changes = commands.ask_effort(workspace, reporting.first, wanted, DEADLINE)
    assert changes.label == "Ask 2 partners for effort in RP1"
    assert changes.change_id is None, "it is known outside"
    lab = reporting.statement("LAB")
    assert (lab.id, lab.state, lab.asked_at) == (made[0], StatementState.ASKED, clock.now)
    clock.advance(days=3)
    again, _ = commands.ask_effort(workspace, reporting.first, wanted, date(2026, 5, 5))
    assert again == made
    after = reporting.statement("LAB")
    assert (after.desk, after.generation, after.asked_at) == (lab.desk, 1, lab.asked_at)
    assert after.deadline == date(2026, 5, 5)
    reporting.enter("LAB", wp2="4")
    commands.ask_effort(workspace, reporting.first, wanted, date(2026, 6, 6))
    answered = reporting.statement("LAB")
    assert (answered.state, answered.deadline) == (StatementState.ANSWERED, date(2026, 5, 5))


def test_a_deadline_that_is_over_is_refused(reporting):
    partners = [reporting.consortium.partners["LAB"]]
    with pytest.raises(DomainError) as caught:
        commands.ask_effort(reporting.workspace, reporting.first, partners, date(2026, 3, 1))
    assert (caught.value.code, caught.value.facts["field"]) == ("deadline_over", "deadline")
    assert reporting.statement("LAB").id is None


def test_who_is_late_and_by_how_much(reporting, clock):
    partners = [reporting.consortium.partners[name] for name in ("LAB", "FIRM", "UNI")]
    commands.ask_effort(reporting.workspace, reporting.first, partners, date(2026, 3, 5))
    reporting.enter("UNI", wp1="1")
    clock.now = clock.now.replace(day=5, hour=22)
    assert reporting.statement("LAB").late == 0
    assert reporting.statement("FIRM").late == 1, "in Auckland the sixth has begun"
    clock.advance(days=3)
    assert reporting.statement("LAB").late == 3
    assert reporting.statement("UNI").late == 0
    period = queries.reporting_period(reporting.workspace, reporting.first)
    assert (period.late, period.missing) == (2, 3)


def test_approving_takes_answers_only_and_can_be_undone(reporting, clock):
    workspace = reporting.workspace
    commands.ask_effort(
        workspace, reporting.first, [reporting.consortium.partners["LAB"]], DEADLINE
    )
    reporting.enter("UNI", wp1="1")
    both = [reporting.id_of("UNI"), reporting.id_of("LAB")]
    with pytest.raises(DomainError) as caught:
        commands.approve_effort(workspace, both)
    assert caught.value.code == "not_answered"
    assert reporting.statement("UNI").state is StatementState.ANSWERED
    commands.approve_effort(workspace, both[:1])
    row = reporting.statement("UNI")
    assert (row.state, row.decided_at) == (StatementState.APPROVED, clock.now)
    with pytest.raises(DomainError) as caught:
        reporting.enter("UNI", wp1="2")
    assert caught.value.code == "is_approved"
    commands.undo(workspace)
    assert reporting.statement("UNI").state is StatementState.ANSWERED


def test_sending_back_needs_a_reason_and_opens_the_desk_again(reporting, clock):
    workspace = reporting.workspace
    reporting.enter("UNI", wp1="1")
    statement = reporting.id_of("UNI")
    with pytest.raises(DomainError) as caught:
        commands.send_back_effort(workspace, statement, "  ", DEADLINE)
    assert caught.value.facts["field"] == "remark"
    changes = commands.send_back_effort(workspace, statement, "Only one?", DEADLINE)
    assert changes.change_id is None
    row = reporting.statement("UNI")
    assert (row.state, row.remark, row.deadline) == (
        StatementState.SENT_BACK,
        "Only one?",
        DEADLINE,
    )
    assert row.asked_at == clock.now, "its link is on the host from now on"
    assert queries.reporting_period(workspace, reporting.first).reported == 0


def test_a_reminder_is_noted_for_who_is_missing(reporting, clock):
    workspace, partners = reporting.workspace, reporting.consortium.partners
    commands.ask_effort(workspace, reporting.first, [partners["LAB"], partners["UNI"]], DEADLINE)
    reporting.enter("UNI", wp1="1")
    commands.remind_effort(workspace, [reporting.id_of("LAB"), reporting.id_of("UNI")])
    assert reporting.statement("LAB").reminded_at == clock.now
    assert reporting.statement("UNI").reminded_at is None
    reporting.enter("FIRM", wp4="1")
    with pytest.raises(DomainError) as caught:
        commands.remind_effort(workspace, [reporting.id_of("FIRM")])
    assert caught.value.code == "not_asked"


def frozen_refusals(reporting):
    """Yield what would change something of the first period."""
    workspace, partners = reporting.workspace, reporting.consortium.partners
    uni, lab = reporting.statement("UNI"), reporting.statement("LAB")
    first = queries.reporting_period(workspace, reporting.first)
    package = queries.work_packages(workspace, reporting.consortium.project)[0]
    partner = queries.partners(workspace, reporting.consortium.project)[0]
    yield lambda: commands.ask_effort(workspace, first.id, [partners["GHOST"]], DEADLINE)
    yield lambda: commands.enter_effort(workspace, first.id, partners["LAB"], {})
    yield lambda: reporting.enter("FIRM", wp4="2")
    yield lambda: commands.approve_effort(workspace, [lab.id])
    yield lambda: commands.send_back_effort(workspace, uni.id, "No", DEADLINE)
    yield lambda: commands.renew_effort_link(workspace, uni.id)
    yield lambda: commands.freeze_period(workspace, first.id)
    yield lambda: commands.delete(workspace, Kind.EFFORT_STATEMENT, uni.id, uni.version)
    yield lambda: commands.delete(workspace, Kind.REPORTING_PERIOD, first.id, first.version)
    yield lambda: commands.delete(workspace, Kind.WORK_PACKAGE, package.id, package.version)
    yield lambda: commands.delete(workspace, Kind.PARTNER, partner.id, partner.version)
    for values in ({"frozen_on": None}, {"due_days": 30}, {"end_month": 17}):
        yield lambda values=values: commands.set_fields(
            workspace, Kind.REPORTING_PERIOD, first.id, first.version, values
        )
    yield lambda: commands.undo(workspace)


def test_nothing_of_a_frozen_period_changes_any_more(reporting, clock):
    workspace = reporting.workspace
    reporting.enter("UNI", wp1="1")
    commands.approve_effort(workspace, [reporting.id_of("UNI")])
    reporting.enter("LAB", wp2="2")
    changes = commands.freeze_period(workspace, reporting.first)
    assert changes.change_id is None
    before = queries.effort_statements(workspace, reporting.first)
    period = queries.reporting_period(workspace, reporting.first)
    assert period.frozen_on == clock.now.date()
    clock.advance(days=1)
    for refused in frozen_refusals(reporting):
        with pytest.raises(DomainError) as caught:
            refused()
        assert caught.value.code == "period_frozen", caught.value
    assert queries.effort_statements(workspace, reporting.first) == before
    assert queries.reporting_period(workspace, reporting.first) == period
    reporting.enter("UNI", reporting.second, wp1="3")
    assert reporting.statement("UNI", reporting.second).reported == 3


def test_what_was_planned_for_a_frozen_period_stays_whatever_becomes_of_the_plan(reporting):
    workspace, consortium = reporting.workspace, reporting.consortium
    lab, package = consortium.partners["LAB"], consortium.work_packages[2]
    commands.freeze_period(workspace, reporting.first)
    before = reporting.statement("LAB")
    assert before.planned == Decimal(9)
    commands.set_efforts(workspace, consortium.project, {(lab, package): Decimal(36)})
    (moved,) = [
        row for row in queries.work_packages(workspace, consortium.project) if row.id == package
    ]
    values = {"start_month": 19}
    commands.set_fields(workspace, Kind.WORK_PACKAGE, package, moved.version, values)
    assert reporting.statement("LAB").planned == before.planned
    assert reporting.statement("LAB", reporting.second).planned == Decimal(36)


def test_a_project_goes_with_its_frozen_periods_and_comes_back(reporting):
    workspace, project_id = reporting.workspace, reporting.consortium.project
    reporting.enter("UNI", wp1="1")
    commands.freeze_period(workspace, reporting.first)
    project = queries.project(workspace, project_id)
    commands.delete(workspace, Kind.PROJECT, project_id, project.version)
    with pytest.raises(NotFound):
        queries.reporting_periods(workspace, project_id)
    commands.undo(workspace)
    assert reporting.statement("UNI").reported == 1
    assert queries.reporting_period(workspace, reporting.first).frozen_on is not None


def test_an_affiliated_entity_stands_below_its_beneficiary(reporting):
    workspace, partners = reporting.workspace, reporting.consortium.partners
    university = queries.partners(workspace, reporting.consortium.project)[0]
    linked, _ = commands.create(
        workspace,
        Kind.PARTNER,
        {
            "project_id": reporting.consortium.project,
            "organisation_id": university.organisation_id,
            "short_name": "HOSPITAL",
            "role": PartnerRole.AFFILIATED_ENTITY,
            "parent_id": partners["UNI"],
        },
    )
    order = [row.partner_id for row in queries.effort_statements(workspace, reporting.first)]
    assert order[:2] == [partners["UNI"], linked]
