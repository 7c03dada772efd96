"""Reminders of what the work plan awaits: by themselves, by hand, once, and in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.catalogues import languages
from projectdesk.domain.rules.deliverables import Step
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import DomainError
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.mail.plan_letter import PlanLetter, PlanLine, as_html, as_text
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import mail_accounts, plan_reminders, queries
from projectdesk.services.commands import set_fields, set_me
from projectdesk.services.plan_reminders import PlanReminded
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.services.conftest import Clock, add_project
from tests.unit.services.test_late import Plan

DUE = date(2026, 3, 31)


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


@pytest.fixture
def plan(any_workspace: Workspace, clock: Clock) -> Plan:
    """D1.1 of Ana is due on 31 March; reminders are on since 1 March."""
    clock.now = on(date(2026, 3, 1))
    made = Plan(any_workspace)
    server = MailServer("smtp.rio.example", 587)
    account = MailAccount(address="maya@rio.example", name="Maya Test", smtp=server)
    mail_accounts.save(any_workspace.data, account)
    made.deliverable(due_month=3, status=DeliverableStatus.INTERNAL_REVIEW, reviewed_on=DUE)
    plan_reminders.set_plan_reminding(any_workspace, (14, 3), (1, 7, 21), {made.project: True})
    return made


def mails(workspace: Workspace) -> list[EmailMessage]:
    table = schema.outgoing_mail.c
    with workspace.read() as session:
        found = session.scalars(select(table.content).order_by(table.made_at, table.id))
        return [message_from_bytes(each, policy=policy.default) for each in found]


def deliverable(plan: Plan) -> UUID:
    return queries.deliverables(plan.workspace, plan.project)[0].id


def change(plan: Plan, **values: object) -> None:
    row = queries.deliverables(plan.workspace, plan.project)[0]
    set_fields(plan.workspace, Kind.DELIVERABLE, row.id, row.version, values)


def test_reminders_go_out_around_the_due_day_and_none_twice(plan: Plan, clock: Clock) -> None:
    days = []
    for day in (-20, -15, -14, -14, -13, -4, -3, -3, 0, 1, 1, 2, 6, 7, 20, 21, 21, 28):
        clock.now = on(DUE + timedelta(days=day))
        made, _ = plan_reminders.send_due(plan.workspace)
        days += [day] * made.mails
    assert days == [-14, -3, 1, 7, 21]
    last = mails(plan.workspace)[-1]
    assert (last["To"], last["From"]) == ("Ana <ana@rio.example>", "Maya Test <maya@rio.example>")
    assert last["Subject"] == "AQUA: reminder of D1.1"
    assert last["Auto-Submitted"] == "auto-generated"
    words = last.get_body(("plain",)).get_content()
    assert "Submission: Due 31 March 2026, 21 days late" in words
    assert "Maya Test reminds you of what the work plan awaits from you." in words
    told = plan_reminders.told(plan.workspace)[deliverable(plan)]
    assert (told.step, told.due_on, told.at) == (Step.SUBMISSION, DUE, on(DUE + timedelta(days=21)))


@pytest.mark.full
def test_what_was_off_meanwhile_is_one_mail(plan: Plan, clock: Clock) -> None:
    clock.now = on(DUE + timedelta(days=2))
    assert plan_reminders.send_due(plan.workspace)[0] == PlanReminded(1)
    assert plan_reminders.send_due(plan.workspace)[0] == PlanReminded()


@pytest.mark.full
def test_a_new_due_day_and_the_next_step_begin_anew(plan: Plan, clock: Clock) -> None:
    clock.now = on(DUE + timedelta(days=1))
    assert plan_reminders.send_due(plan.workspace)[0].mails == 1
    change(plan, due_month=4)
    clock.now = on(date(2026, 4, 27))
    assert plan_reminders.send_due(plan.workspace)[0].mails == 1
    change(plan, status=DeliverableStatus.SUBMITTED, submitted_on=date(2026, 4, 28))
    clock.now = on(date(2026, 5, 1))
    assert plan_reminders.due_reminders(plan.workspace) == []


@pytest.mark.full
def test_what_was_due_before_it_was_turned_on_is_left_alone(plan: Plan, clock: Clock) -> None:
    project = {plan.project: False}
    plan_reminders.set_plan_reminding(plan.workspace, (14, 3), (1, 7, 21), project)
    clock.now = on(DUE + timedelta(days=2))
    assert plan_reminders.due_reminders(plan.workspace) == []
    plan_reminders.set_plan_reminding(plan.workspace, (3,), (1, 7), {plan.project: True})
    assert plan_reminders.due_reminders(plan.workspace) == []
    clock.now = on(DUE + timedelta(days=7))
    assert [row.label for row in plan_reminders.due_reminders(plan.workspace)] == ["D1.1"]


@pytest.mark.full
def test_nobody_is_reminded_by_their_own_desktop(plan: Plan, clock: Clock) -> None:
    set_me(plan.workspace, {"family_name": "Me", "email": "me@rio.example"})
    mine = queries.me(plan.workspace)
    assert mine is not None
    plan.add(Kind.MEMBERSHIP, project_id=plan.project, person_id=mine.id,
             partner_id=plan.partner, function="WP2 lead")  # fmt: skip
    plan.deliverable(work_package_id=plan.wp2, lead_partner_id=plan.partner, due_month=3)
    clock.now = on(DUE + timedelta(days=1))
    assert [row.label for row in plan_reminders.due_reminders(plan.workspace)] == ["D1.1"]


@pytest.mark.full
def test_by_hand_a_reminder_goes_out_at_any_time_and_says_who_is_unknown(
    plan: Plan, clock: Clock
) -> None:
    plan.deliverable(work_package_id=plan.wp2, due_month=2)
    clock.now = on(date(2026, 3, 10))
    rows = queries.late_items(plan.workspace, plan.project, clock.now.date())
    made, _ = plan_reminders.remind(plan.workspace, rows)
    assert (made.mails, [row.label for row in made.unreachable]) == (1, ["D2.1"])
    (mail,) = mails(plan.workspace)
    assert mail["Auto-Submitted"] is None, "somebody pressed Send"
    unknown = [row for row in rows if not row.email]
    with pytest.raises(DomainError) as refused:
        plan_reminders.remind(plan.workspace, unknown)
    assert refused.value.code == "nobody_to_remind"


@pytest.mark.full
def test_what_was_told_of_what_is_gone_is_dropped(plan: Plan, clock: Clock) -> None:
    clock.now = on(DUE + timedelta(days=1))
    plan_reminders.send_due(plan.workspace)
    other = plan.deliverable(due_month=3)
    change(plan, status=DeliverableStatus.SUBMITTED, submitted_on=date(2026, 3, 30))
    clock.now = on(DUE + timedelta(days=7))
    plan_reminders.send_due(plan.workspace)
    assert set(plan_reminders.told(plan.workspace)) == {other}


@pytest.mark.full
def test_without_an_account_they_are_written_to_files(
    plan: Plan, clock: Clock, tmp_path: Path
) -> None:
    mail_accounts.forget(plan.workspace.data, MemorySecrets())
    set_me(plan.workspace, {"family_name": "Maya", "email": "maya@rio.example"})
    clock.now = on(DUE + timedelta(days=1))
    with pytest.raises(DomainError) as refused:
        plan_reminders.send_due(plan.workspace)
    assert refused.value.code == "no_mail_account"
    made, _ = plan_reminders.send_due(plan.workspace, tmp_path / "mails")
    assert made.mails == 1
    (file,) = (tmp_path / "mails").iterdir()
    assert b"X-Unsent: 1" in file.read_bytes()
    assert mails(plan.workspace) == []
    assert plan_reminders.due_reminders(plan.workspace) == []


def test_people_who_share_an_address_have_a_file_each(
    plan: Plan, clock: Clock, tmp_path: Path
) -> None:
    bo = plan.add(Kind.PERSON, family_name="Bo", email="ana@rio.example")
    (row,), out = queries.late_items(plan.workspace, plan.project, DUE), tmp_path / "mails"
    made, _ = plan_reminders.remind(plan.workspace, [row, replace(row, person_id=bo)], out)
    assert made.mails == len(list(out.iterdir())) == 2
    again, _ = plan_reminders.remind(plan.workspace, [row], out)
    assert (again.mails, len(list(out.iterdir()))) == (1, 3), "the first may not be sent yet"


def test_reminders_of_another_project_do_not_go_out_with_those_of_one(
    plan: Plan, clock: Clock
) -> None:
    clock.now = on(DUE + timedelta(days=1))
    other = add_project(plan.workspace, "BLUE")
    assert plan_reminders.send_due(plan.workspace, project_id=other)[0].mails == 0
    assert plan_reminders.send_due(plan.workspace, project_id=plan.project)[0].mails == 1


@pytest.mark.full
@pytest.mark.parametrize("days", [(91,), (-1,), (1, 2, 3, 4, 5, 6)])
def test_days_that_make_no_sense_are_refused(plan: Plan, days: tuple[int, ...]) -> None:
    with pytest.raises(DomainError) as refused:
        plan_reminders.set_plan_reminding(plan.workspace, days, (), {})
    assert refused.value.code == "bad_days"
    assert plan_reminders.plan_reminding(plan.workspace).rules.before == (14, 3)


def test_every_language_has_the_words_and_a_page_holds_no_markup_of_a_title() -> None:
    for language in languages("mail"):
        for step in Step:
            line = PlanLine("AQUA", "D1.1", "<b>Report</b>", step.value, DUE, 3, DUE)
            letter = PlanLetter(language, "Ana", "Maya", DUE + timedelta(days=3), [line] * 6)
            assert "D1.1" in as_text(letter)
            assert "{" not in as_text(letter)
            assert "<b>" not in as_html(letter)
            assert letter.subject.endswith("(6)")
