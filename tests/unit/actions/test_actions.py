"""What is done with actions here, by their links, and what follows."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.workplan import Deliverable, DeliverableStatus
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.action_desks import action_desks, linked_projects, subject_of
from projectdesk.services.action_rows import ActionFilter
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.rows import Kind
from projectdesk.signalling.outcome import ActionAnswer, ActionSnapshot
from projectdesk.store import schema
from tests.unit.actions.conftest import DUE, Host, Todo

LATER = date(2026, 5, 4)


def labels(todo: Todo, today: date = date(2026, 3, 30), **wanted: Any) -> list[str]:
    rows = queries.actions(todo.workspace, wanted=ActionFilter(**wanted), today=today)
    return [row.label for row in rows]


def test_actions_are_filtered(todo: Todo) -> None:
    assert labels(todo) == ["A1", "A2", "A3", "A4"]
    assert labels(todo, late=True) == ["A1", "A3"]
    assert labels(todo, person="rui") == ["A1", "A2"]
    assert labels(todo, person="kiri@example.org") == ["A3"]
    assert labels(todo, partner="LAB", late=True) == ["A1"]
    assert labels(todo, without_owner=True) == labels(todo, without_date=True) == ["A4"]
    assert labels(todo, due_before=date(2026, 3, 21)) == ["A1", "A3"]
    assert labels(todo, today=date(2026, 4, 6), this_week=True) == ["A2"]
    assert labels(todo, text="PORT") == ["A2"]
    action_commands.close_action(todo.workspace, [todo.ids["A1"]])
    assert labels(todo, status=ActionStatus.DONE) == ["A1"]
    assert labels(todo, late=True) == ["A3"]


@pytest.mark.full
def test_an_action_is_found_by_its_label(todo: Todo) -> None:
    project = todo.consortium.project
    assert queries.action_numbered(todo.workspace, project, "a2").text == "Ask the port."
    for label in ("A99", "B1", "A²", ""):
        with pytest.raises(NotFound, match="no action"):
            queries.action_numbered(todo.workspace, project, label)


def test_closing_notes_who_and_can_be_undone(todo: Todo) -> None:
    both = [todo.ids["A1"], todo.ids["A2"]]
    action_commands.close_action(todo.workspace, both, "In the folder.")
    assert todo.row("A1").done_on == date(2026, 3, 2)
    assert todo.notes("A2") == [("done", "Maya", "In the folder.")]
    commands.undo(todo.workspace)
    assert todo.row("A1").status is ActionStatus.OPEN
    assert todo.notes("A1") == []


def test_the_first_date_is_kept_until_it_is_the_date_again(todo: Todo) -> None:
    ids = [todo.ids["A1"]]
    action_commands.postpone_action(todo.workspace, ids, LATER, "Ill.")
    row = todo.row("A1")
    assert (row.due_on, row.first_due_on) == (LATER, DUE)
    action_commands.postpone_action(todo.workspace, ids, LATER + timedelta(days=7))
    assert todo.row("A1").first_due_on == DUE
    row = todo.row("A1")
    commands.set_fields(todo.workspace, Kind.ACTION, row.id, row.version, {"due_on": DUE})
    assert todo.row("A1").first_due_on is None


@pytest.mark.full
def test_a_cell_that_is_edited_keeps_the_first_date_too(todo: Todo) -> None:
    row = todo.row("A1")
    commands.set_fields(todo.workspace, Kind.ACTION, row.id, row.version, {"due_on": LATER})
    assert todo.row("A1").first_due_on == DUE
    commands.undo(todo.workspace)
    assert (todo.row("A1").due_on, todo.row("A1").first_due_on) == (DUE, None)


@pytest.mark.full
@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2040, 1, 1)])
def test_an_action_is_not_postponed_to_any_day(todo: Todo, day: date) -> None:
    with pytest.raises(DomainError) as refused:
        action_commands.postpone_action(todo.workspace, [todo.ids["A1"]], day)
    assert refused.value.code == "due_too_far"
    assert todo.notes("A1") == []


@pytest.mark.full
def test_what_is_closed_is_reopened_before_it_is_postponed(todo: Todo) -> None:
    ids = [todo.ids["A1"]]
    action_commands.drop_action(todo.workspace, ids[0], "The port was closed.")
    assert todo.row("A1").status is ActionStatus.DROPPED
    with pytest.raises(DomainError, match="reopen it first"):
        action_commands.postpone_action(todo.workspace, ids, LATER)
    action_commands.reopen_action(todo.workspace, ids)
    assert todo.row("A1").status is ActionStatus.OPEN
    assert [kind for kind, _, _ in todo.notes("A1")] == ["comment", "reopened"]


@pytest.mark.full
def test_dropping_needs_a_reason(todo: Todo) -> None:
    with pytest.raises(DomainError):
        action_commands.drop_action(todo.workspace, todo.ids["A1"], "  ")
    assert todo.row("A1").status is ActionStatus.OPEN


# --- links ----------------------------------------------------------------------------------------


def test_a_desk_says_whose_it_is_and_what_was_told(todo: Todo) -> None:
    [link] = todo.link("A1")
    action_commands.comment_action(todo.workspace, todo.ids["A1"], "Half of it is there.")
    found = action_desks(todo.workspace, todo.consortium.project)
    ((desk, snapshot),) = found.desks
    form = snapshot.form
    assert isinstance(form, ActionSnapshot)
    assert (form.name, form.organisation, form.label) == ("Rui Test", "LAB", "A1")
    assert [(each.name, each.text) for each in form.remarks] == [
        ("Maya Test", "Half of it is there.")
    ]
    token = link.url.partition("#")[2]
    assert snapshot.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert link.url.startswith(f"https://meet.example.org/d/{desk}#")
    assert token not in repr(snapshot)
    assert snapshot.deadline is None
    assert linked_projects(todo.workspace) == [todo.consortium.project]


@pytest.mark.full
def test_a_link_lives_30_days_after_its_action_was_closed(todo: Todo, clock: Any) -> None:
    todo.link("A1")
    action_commands.close_action(todo.workspace, [todo.ids["A1"]])
    ((_, snapshot),) = action_desks(todo.workspace, todo.consortium.project).desks
    assert snapshot.deadline == datetime(2026, 4, 1, 23, 59, 59, tzinfo=UTC)
    clock.advance(days=31)
    assert action_desks(todo.workspace, todo.consortium.project).desks == ()
    assert linked_projects(todo.workspace) == []


def test_who_does_it_now_gets_another_link(todo: Todo) -> None:
    [before] = todo.link("A1")
    old = todo.row("A1").desk
    action_commands.assign_action(todo.workspace, [todo.ids["A1"]], todo.consortium.people["Kiri"])
    row = todo.row("A1")
    assert (row.person, row.partner) == ("Kiri Test", "FIRM")
    assert row.desk not in {None, old}
    [after] = todo.link("A1")
    assert after.name == "Kiri Test"
    assert after.url.partition("#")[2] != before.url.partition("#")[2]


@pytest.mark.full
def test_a_cell_with_another_owner_ends_the_link_too(todo: Todo) -> None:
    todo.link("A1")
    row = todo.row("A1")
    values = {"owner_person_id": todo.consortium.people["Inês"]}
    commands.set_fields(todo.workspace, Kind.ACTION, row.id, row.version, values)
    assert todo.row("A1").desk != row.desk
    assert todo.row("A1").generation == row.generation + 1


@pytest.mark.full
def test_a_link_is_renewed_and_revoked(todo: Todo) -> None:
    [before] = todo.link("A1")
    action_commands.renew_action_link(todo.workspace, todo.ids["A1"])
    [after] = todo.link("A1")
    assert after.url != before.url
    action_commands.revoke_action_link(todo.workspace, todo.ids["A1"])
    assert todo.link("A1") == []
    ((_, snapshot),) = action_desks(todo.workspace, todo.consortium.project).desks
    assert snapshot.token_hash == ""


@pytest.mark.full
def test_nobody_gets_no_link(todo: Todo) -> None:
    with pytest.raises(DomainError) as refused:
        todo.link("A4")
    assert refused.value.code == "nobody_does_it"


# --- collected ------------------------------------------------------------------------------------


def test_what_is_told_by_link_counts_once(todo: Todo, host: Host) -> None:
    todo.link("A1", "A3")
    host.tell("A1", "comment", "Half of it is there.")
    host.tell("A1", "postpone", "Ill.", LATER)
    host.tell("A3", "done")
    host.collect()
    host.collect()
    host.collect(list(reversed(host.entries))[:0])
    assert (todo.row("A1").due_on, todo.row("A1").first_due_on) == (LATER, DUE)
    assert todo.row("A3").status is ActionStatus.DONE
    assert todo.notes("A1") == [
        ("comment", "Rui", "Half of it is there."),
        ("postponed", "Rui", "Ill."),
    ]
    assert todo.notes("A3") == [("done", "Kiri", "")]


@pytest.mark.full
def test_done_twice_and_not_done_after_all(todo: Todo, host: Host) -> None:
    todo.link("A1")
    for what in ("done", "done", "reopen", "done"):
        host.tell("A1", what)
    host.collect()
    assert todo.row("A1").status is ActionStatus.DONE
    assert [kind for kind, _, _ in todo.notes("A1")] == ["done", "reopened", "done"]


def test_what_was_told_before_something_known_changes_nothing(
    todo: Todo, host: Host, clock: Any
) -> None:
    todo.link("A1")
    host.tell("A1", "done")
    clock.advance(hours=1)
    action_commands.postpone_action(todo.workspace, [todo.ids["A1"]], LATER)
    host.collect()
    assert todo.row("A1").status is ActionStatus.OPEN
    assert [kind for kind, _, _ in todo.notes("A1")] == ["done", "postponed"]


def test_who_did_it_before_is_heard_and_does_not_decide(todo: Todo, host: Host) -> None:
    todo.link("A1")
    host.tell("A1", "done", "Long ago.")
    action_commands.assign_action(todo.workspace, [todo.ids["A1"]], todo.consortium.people["Kiri"])
    host.collect()
    assert todo.row("A1").status is ActionStatus.OPEN
    assert todo.notes("A1") == [("comment", "Rui", "Long ago. (done)")]


@pytest.mark.full
def test_a_day_that_cannot_be_keeps_the_words(todo: Todo, host: Host) -> None:
    todo.link("A1")
    host.tell("A1", "postpone", "Some time.", date(2099, 1, 1))
    host.collect()
    assert todo.row("A1").due_on == DUE
    assert todo.notes("A1") == [("comment", "Rui", "Some time. (postponed: 2099-01-01)")]


@pytest.mark.full
@pytest.mark.parametrize("subject", ["", "x.y", f"{'0' * 32}.{'1' * 32}"])
def test_a_desk_of_nothing_here_does_not_stop_the_journal(
    todo: Todo, host: Host, subject: str
) -> None:
    todo.link("A1")
    host.write(ActionAnswer(what="done"), desk="abcdefghij", subject=subject)
    host.tell("A1", "done")
    host.collect()
    assert todo.row("A1").status is ActionStatus.DONE


@pytest.mark.full
def test_a_dropped_action_stays_dropped_for_its_owner(todo: Todo, host: Host) -> None:
    todo.link("A1")
    row = todo.row("A1")
    host.write(ActionAnswer(what="reopen"), desk=row.desk or "", subject=subject_of(row))
    action_commands.drop_action(todo.workspace, row.id, "Not needed.")
    host.clock.advance(hours=1)
    host.write(ActionAnswer(what="reopen"), desk=row.desk or "", subject=subject_of(row))
    host.collect()
    assert todo.row("A1").status is ActionStatus.DROPPED


# --- a deliverable follows ------------------------------------------------------------------------


def deliverable(todo: Todo) -> UUID:
    d = schema.deliverable.c
    with todo.workspace.change("Begin") as unit:
        [found] = unit.session.scalars(
            select(Deliverable).where(d.work_package_id == todo.consortium.work_packages[1])
        )
        found.status = DeliverableStatus.IN_PREPARATION
        return found.id


def status(todo: Todo) -> DeliverableStatus:
    rows = queries.deliverables(todo.workspace, todo.consortium.project)
    return next(row.status for row in rows if row.label == "D1.1")


def test_a_step_is_proposed_and_taken_with_one_click(todo: Todo) -> None:
    label = todo.add("Send the draft of D1.1", "Ole", deliverable_id=deliverable(todo))
    assert todo.detail(label).proposal is None
    action_commands.close_action(todo.workspace, [todo.ids[label]])
    assert status(todo) is DeliverableStatus.IN_PREPARATION
    proposal = todo.detail(label).proposal
    assert proposal is not None
    assert (proposal.label, proposal.status) == ("D1.1", DeliverableStatus.INTERNAL_REVIEW)
    action_commands.take_proposed_step(todo.workspace, proposal)
    assert status(todo) is DeliverableStatus.INTERNAL_REVIEW
    assert todo.detail(label).proposal is None
    commands.undo(todo.workspace)
    assert status(todo) is DeliverableStatus.IN_PREPARATION


@pytest.mark.full
def test_a_deliverable_follows_where_the_action_says_so(todo: Todo, host: Host) -> None:
    of = deliverable(todo)
    label = todo.add("Send it round -> internal review", "Ole", deliverable_id=of)
    other = todo.add("Draw the maps", "Ole", deliverable_id=of)
    todo.link(label, other)
    host.tell(label, "done")
    host.collect()
    assert status(todo) is DeliverableStatus.IN_PREPARATION, "another action is open"
    host.tell(other, "done")
    host.tell(label, "reopen")
    host.tell(label, "done")
    host.collect()
    assert status(todo) is DeliverableStatus.INTERNAL_REVIEW


@pytest.mark.full
def test_home_tells_what_owners_told(todo: Todo, host: Host, clock: Any) -> None:
    todo.link("A1", "A3")
    since = clock.now
    clock.advance(minutes=1)
    host.tell("A1", "postpone", "Ill.", LATER)
    host.tell("A3", "done")
    host.collect()
    told = [row for row in queries.changes_since(todo.workspace, since) if row.kind is Kind.ACTION]
    assert [(row.what, row.record_id) for row in told if "A1" in row.what or "A3" in row.what] == [
        ("Rui Test postponed A1 “Send the draft.” to 2026-05-04: Ill.", todo.ids["A1"]),
        ("Kiri Test has done A3 “Buy sensors.”", todo.ids["A3"]),
    ]
    assert not any(row.what.startswith("Collected") for row in told)
