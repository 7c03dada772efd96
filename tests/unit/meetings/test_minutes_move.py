"""Circulated minutes move to a colleague with their versions, authors, typed lines and trail."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import UnreadableFile
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import audit, minutes_versions
from projectdesk.services.commands import (
    decisions,
    export_project_file,
    import_project_file,
    undo,
)
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.support.erased_texts import erase_text
from tests.unit.meetings.circulating import (
    answer,
    circulated,
    decide,
    gather,
    hosted,
    pass_window,
)
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written

BESIDE = (
    schema.minutes_version,
    schema.minutes_author,
    schema.typed_line,
    schema.audit_entry,
    schema.audit_text,
)


@pytest.fixture
def colleague(tmp_path: Path, clock, blank_data: Path) -> Iterator[Workspace]:
    shutil.copytree(blank_data, tmp_path / "colleague")
    with Workspace.open(tmp_path / "colleague", secrets=MemorySecrets(), now=clock) as opened:
        yield opened


def project_of(workspace: Workspace, meeting: UUID) -> UUID:
    with workspace.read() as session:
        return session.get_one(Meeting, meeting).project_id


def send(sender: Workspace, meeting: UUID, receiver: Workspace, change: Any = None) -> ImportReport:
    path = sender.data.parent / "moved.projectdesk"
    export_project_file(sender, project_of(sender, meeting), path)
    if change is not None:
        rewrite(path, *change)
    return import_project_file(receiver, path)


def rewrite(path: Path, table: str, change: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = f"beside/{table}.jsonl"
    rows = [json.loads(line)["fields"] for line in members[name].splitlines()]
    members[name] = b"".join(json.dumps({"fields": row}).encode() + b"\n" for row in change(rows))
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)


def beside(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    with workspace.read() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in BESIDE
        }


def steps(workspace: Workspace, meeting: UUID) -> list[str]:
    newest = minutes_life(workspace, meeting).newest
    assert newest is not None
    return [row.step for row in audit.trail(workspace, newest.id)]


def codes(report: ImportReport) -> list[str]:
    return [warning.code for warning in report.warnings]


def test_what_was_circulated_arrives_and_its_trail_holds(workspace, written, colleague):
    decide(workspace, written)
    rui = circulated(workspace, written)["Rui"]
    hosted(workspace, written)
    gather(workspace, answer(workspace, rui, (None, "Wrong.")))
    report = send(workspace, written, colleague)
    assert codes(report) == []
    mine = beside(workspace)
    assert mine["minutes_version"]
    assert mine["minutes_author"]
    assert beside(colleague) == mine
    assert [(chain.broken, chain.steps) for chain in audit.verify(colleague)] == [(None, 4)]
    assert minutes_versions.versions(colleague, written)
    again = send(workspace, written, colleague)
    assert (codes(again), again.updated) == ([], 0)
    assert beside(colleague) == mine


def test_the_trail_goes_on_here_and_comes_back(workspace, written, colleague, consortium):
    decision = decide(workspace, written)
    circulated(workspace, written)
    send(workspace, written, colleague)
    decisions.raise_veto(colleague, decision, consortium.partners["LAB"], "Costs.")
    assert steps(colleague, written)[-1] == AuditStep.VETOED
    send(colleague, written, workspace)
    # Told once: what the file's trail tells is not told of its records again.
    assert steps(workspace, written) == steps(colleague, written)
    assert beside(workspace)["audit_entry"] == beside(colleague)["audit_entry"]
    assert [chain.broken for chain in audit.verify(workspace)] == [None]


@pytest.mark.full
def test_a_trail_that_went_on_in_both_places_goes_on_with_both(
    workspace, written, colleague, consortium
):
    decision = decide(workspace, written)
    rui = circulated(workspace, written)["Rui"]
    hosted(workspace, written)
    send(workspace, written, colleague)
    decisions.raise_veto(colleague, decision, consortium.partners["LAB"], "Costs.")
    gather(workspace, answer(workspace, rui, (None, "Wrong.")))
    mine = steps(workspace, written)
    report = send(colleague, written, workspace)
    assert codes(report) == ["trail_parted"]
    assert steps(workspace, written) == [*mine, AuditStep.VETOED]
    assert [chain.broken for chain in audit.verify(workspace)] == [None]
    back = send(workspace, written, colleague)
    assert codes(back) == ["trail_parted"]
    assert sorted(steps(colleague, written)) == sorted(steps(workspace, written))
    assert [chain.broken for chain in audit.verify(colleague)] == [None]
    for sender, receiver in ((workspace, colleague), (colleague, workspace)):
        before = beside(receiver)
        assert codes(send(sender, written, receiver)) == []
        assert beside(receiver) == before


@pytest.mark.full
def test_accepted_minutes_taken_back_and_brought_again(workspace, written, colleague, clock):
    circulated(workspace, written)
    pass_window(workspace, clock, written)
    report = send(workspace, written, colleague)
    undo(colleague, report.changes.change_id)
    assert audit.verify(colleague) == []
    again = send(workspace, written, colleague)
    assert codes(again) == []
    assert [chain.broken for chain in audit.verify(colleague)] == [None]
    assert beside(colleague) == beside(workspace)


@pytest.mark.full
def test_an_erased_text_stays_erased(workspace, written, colleague):
    circulated(workspace, written)
    send(workspace, written, colleague)
    newest = minutes_life(colleague, written).newest
    with colleague.change("Erase") as unit:
        erase_text(unit, newest.id, 1)
    send(workspace, written, colleague)
    assert audit.trail(colleague, newest.id)[0].text is None
    send(colleague, written, workspace)
    assert audit.trail(workspace, newest.id)[0].text is not None


def test_a_trail_that_does_not_hold_is_said_and_shows(workspace, written, colleague):
    circulated(workspace, written)

    def forged(rows):
        rows[-1]["step"] = "accepted"
        return rows

    report = send(workspace, written, colleague, ("audit_entry", forged))
    assert codes(report) == ["trail_broken"]
    assert [chain.broken.seq for chain in audit.verify(colleague)] == [2]
    whole = beside(workspace)
    assert codes(send(colleague, written, workspace)) == ["trail_broken"]
    assert beside(workspace) == whole


@pytest.mark.full
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit_entry", lambda rows: [*rows, rows[0]]),
        ("audit_entry", lambda rows: [{**rows[0], "seq": 0}]),
        ("audit_entry", lambda rows: [{**rows[0], "at": "yesterday"}]),
        ("audit_text", lambda rows: [{**rows[0], "text": "a\0b"}]),
        ("minutes_version", lambda rows: [{**rows[0], "content": "{}"}]),
        ("minutes_version", lambda rows: [{**rows[0], "state": "lost"}]),
        ("minutes_author", lambda rows: [{"client": 1}]),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_changes_nothing(
    workspace, written, colleague, table, change
):
    circulated(workspace, written)
    with pytest.raises(UnreadableFile) as refused:
        send(workspace, written, colleague, (table, change))
    assert refused.value.code == "project_file_damaged"
    assert table in str(refused.value)
    assert beside(colleague) == {each.name: [] for each in BESIDE}
