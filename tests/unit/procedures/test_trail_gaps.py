"""What the trail of a written procedure has to tell although it is easily passed over."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete

from projectdesk.domain.rules.audit_chain import AuditStep, Fault
from projectdesk.domain.voting import Vote, VoteState
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import audit, commands, personal_data
from projectdesk.services.procedure_keys import procedure_host_key
from projectdesk.services.procedure_records import TRAILS_SINCE
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.procedures.conftest import EARLIEST, Procedure
from tests.unit.procedures.test_procedure_trail import (
    broken,
    closed,
    cut,
    forge,
    forget_end,
    steps,
)


@pytest.fixture
def colleague(tmp_path: Path, clock, blank_data: Path):
    shutil.copytree(blank_data, tmp_path / "colleague")
    with Workspace.open(tmp_path / "colleague", secrets=MemorySecrets(), now=clock) as there:
        yield there


def send(sender: Workspace, project: UUID, receiver: Workspace) -> None:
    path = sender.data.parent / "moved.projectdesk"
    commands.export_project_file(sender, project, path)
    commands.import_project_file(receiver, path, prefer="mine")


def test_a_veto_that_is_changed_and_taken_back_in_one_collection(host, workspace):
    for partner in ("UNI", "LAB", "FIRM"):
        host.vote(partner, "for")
    closed(host)
    commands.tell_result(workspace, host.procedure.id, by_mail=False)
    said = ("It takes our budget.", "It takes our staff.", "It takes our staff.", "")
    for reason in said:
        host.veto("FIRM", reason)
    received = host.entries[-1].at
    host.collect()
    assert steps(host.procedure)[-3:] == [
        (AuditStep.VETOED, "FIRM: D1: It takes our budget."),
        (AuditStep.VETOED, "FIRM: D1: It takes our staff."),
        (AuditStep.VETO_WITHDRAWN, "FIRM: D1"),
    ]
    assert audit.trail(workspace, host.procedure.id)[-1].at == received
    assert broken(host.procedure) is None


def test_links_of_a_person_who_is_forgotten_are_told_without_a_name(opened, workspace):
    opened.enter(LAB="for")
    person = opened.seat("LAB").voter_id
    personal_data.erase_person(workspace, person)
    told = audit.trail(workspace, opened.id)[-1]
    assert (told.step, told.subject_id) == (AuditStep.READER_REVOKED, opened.seat("LAB").id)
    assert told.text == personal_data.ERASED
    assert broken(opened) is None


def test_two_procedures_in_one_change_are_both_told(assembly, workspace):
    made = [assembly.create(), assembly.create()]
    with workspace.change("Open two") as unit:
        for each in made:
            vote = unit.get(Vote, each.id)
            vote.state, vote.opened_at = VoteState.OPEN, unit.now
    assert [[step for step, _ in steps(each)] for each in made] == [[AuditStep.OPENED]] * 2


def test_a_link_that_is_shut_and_opened_by_an_undo(opened, workspace):
    commands.revoke_ballot_link(workspace, opened.seat("LAB").id)
    commands.undo(workspace)
    assert steps(opened)[-2:] == [
        (AuditStep.READER_REVOKED, "LAB, Inês Test"),
        (AuditStep.LINK_RENEWED, "LAB, Inês Test, as it was before"),
    ]
    assert broken(opened) is None


@pytest.mark.full
def test_an_old_procedure_is_not_accused_by_a_trail_from_elsewhere(
    opened, assembly, workspace, clock
):
    """Others' trails say nothing of what this data kept; what is kept here says it."""
    setting = schema.setting
    old, new = (assembly.create(deadline=EARLIEST + timedelta(days=9)) for _ in range(2))
    clock.advance(minutes=5)
    commands.open_procedure(workspace, old.id)
    cut(workspace, old.id, after=0)
    forget_end(workspace, old.id)
    imported = (procedure_host_key(opened.id), TRAILS_SINCE)
    forge(workspace, delete(setting).where(setting.c.key.in_(imported)))
    assert broken(old) is None
    clock.advance(minutes=5)
    commands.open_procedure(workspace, new.id)
    assert [broken(each) for each in (opened, old, new)] == [None, None, None]
    cut(workspace, new.id, after=0)
    forget_end(workspace, new.id)
    assert [broken(each) for each in (old, new)] == [None, (1, Fault.UNTOLD)]


@pytest.mark.full
def test_a_vote_that_is_kept_against_the_files_is_told_last(opened, workspace, colleague, clock):
    project = opened.vote.project_id
    send(workspace, project, colleague)
    Procedure(replace(opened.assembly, workspace=colleague), opened.id).enter(UNI="for")
    clock.advance(minutes=5)
    opened.enter(UNI="against")
    send(colleague, project, workspace)
    told = [text.split(":")[0] for step, text in steps(opened) if step is AuditStep.VOTED]
    assert told == ["against", "for", "against"]
    assert broken(opened) is None


@pytest.mark.full
def test_a_file_in_which_two_procedures_were_counted_tells_of_both(
    opened, assembly, workspace, colleague, clock
):
    project = opened.vote.project_id
    second = assembly.create()
    commands.open_procedure(workspace, second.id)
    send(workspace, project, colleague)
    clock.now = EARLIEST + timedelta(minutes=5)
    for each in (opened, second):
        commands.close_procedure(colleague, each.id, even_if_early=True)
    forge(colleague, delete(schema.audit_text), delete(schema.audit_entry))  # an older program
    send(colleague, project, workspace)
    assert [steps(each)[-1][0] for each in (opened, second)] == [AuditStep.COUNTED] * 2
    assert [broken(each) for each in (opened, second)] == [None, None]
