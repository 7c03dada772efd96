"""A project that moves to a colleague and back."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from projectdesk.domain.workplan import RiskGrade
from projectdesk.errors import DomainError, ProjectDeskError, UnreadableFile
from projectdesk.exchange.project_file import is_project_file
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import queries
from projectdesk.services.commands import (
    create,
    delete,
    document_path,
    export_project_file,
    import_project_file,
    open_sample,
    set_fields,
    undo,
)
from projectdesk.services.project_file.collecting import LOCAL_FIELDS, ids_of_project, records
from projectdesk.services.rows import ImportReport, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES, TABLES
from tests.unit.services.conftest import Clock, add_project


@pytest.fixture
def other(tmp_path: Path, clock: Clock, blank_data: Path) -> Iterator[Workspace]:
    """The colleague's workspace."""
    shutil.copytree(blank_data, tmp_path / "other")
    with Workspace.open(tmp_path / "other", secrets=MemorySecrets(), now=clock) as opened:
        yield opened


def _everything(ws: Workspace, project: UUID) -> dict[str, dict[UUID, dict[str, Any]]]:
    with ws.read() as session:
        return {
            kind.value: {r.id: dict(r.fields) for r in records(session, kind, ids)}
            for kind, ids in ids_of_project(session, project).items()
        }


def _field(ws: Workspace, kind: Kind, record: UUID, name: str) -> Any:
    table = TABLES[ENTITIES[kind.value]]
    with ws.read() as session:
        return session.scalar(select(table.c[name]).where(table.c.id == record))


def _version(ws: Workspace, kind: Kind, record: UUID) -> int:
    return int(_field(ws, kind, record, "version"))


def _set(ws: Workspace, kind: Kind, record: UUID, **values: object) -> None:
    set_fields(ws, kind, record, _version(ws, kind, record), values)


def _delete(ws: Workspace, kind: Kind, record: UUID) -> None:
    delete(ws, kind, record, _version(ws, kind, record))


def _send(sender: Workspace, project: UUID, receiver: Workspace, **how: Any) -> ImportReport:
    path = sender.data.parent / "moved.projectdesk"
    export_project_file(sender, project, path)
    return import_project_file(receiver, path, **how)


def _codes(report: ImportReport) -> list[str]:
    return [warning.code for warning in report.warnings]


class Pair:
    """One project at both: two work packages, a task, a risk."""

    def __init__(self, mine: Workspace, theirs: Workspace) -> None:
        self.project = add_project(mine)
        made = [
            create(mine, Kind.WORK_PACKAGE, {"project_id": self.project, "title": title})[0]
            for title in ("Pilots", "Sensors")
        ]
        self.pilots, self.sensors = made
        self.task = create(mine, Kind.TASK, {"work_package_id": self.pilots, "title": "Build"})[0]
        self.risk = create(
            mine,
            Kind.RISK,
            {"project_id": self.project, "title": "Late", "work_package_ids": [self.pilots]},
        )[0]
        _send(mine, self.project, theirs)


@pytest.fixture
def pair(workspace: Workspace, other: Workspace) -> Pair:
    return Pair(workspace, other)


@pytest.mark.full
def test_the_sample_project_arrives_whole_and_again_changes_nothing(
    workspace: Workspace, other: Workspace
) -> None:
    project = open_sample(workspace)
    before = _everything(workspace, project)
    report = _send(workspace, project, other)
    assert _everything(other, project) == before
    assert report.added == sum(len(of_kind) for of_kind in before.values())
    meetings = queries.meetings(workspace, project)
    assert meetings
    for meeting in meetings:
        assert queries.notes(other, meeting.id) == queries.notes(workspace, meeting.id)
    again = _send(workspace, project, other)
    assert (again.added, again.updated, _codes(again)) == (0, 0, [])
    back = _send(other, project, workspace)
    assert (back.added, back.updated, _codes(back)) == (0, 0, [])


@pytest.mark.full
def test_it_arrives_on_postgresql_too(any_workspace: Workspace, other: Workspace) -> None:
    project = open_sample(other)
    _send(other, project, any_workspace)
    assert _everything(any_workspace, project) == _everything(other, project)
    back = _send(any_workspace, project, other)
    assert (back.added, back.updated) == (0, 0)


def test_arriving_is_one_change_that_can_be_taken_back(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    undo(other)
    assert queries.projects(other) == []


def test_what_only_one_side_changed_is_taken_or_stays(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _set(other, Kind.WORK_PACKAGE, pair.pilots, title="Field trials")
    _set(workspace, Kind.WORK_PACKAGE, pair.sensors, title="Sensing")
    added = create(other, Kind.TASK, {"work_package_id": pair.sensors, "title": "Theirs"})[0]
    mine = create(workspace, Kind.TASK, {"work_package_id": pair.sensors, "title": "Mine"})[0]
    report = _send(other, pair.project, workspace)
    assert _field(workspace, Kind.WORK_PACKAGE, pair.pilots, "title") == "Field trials"
    assert _field(workspace, Kind.WORK_PACKAGE, pair.sensors, "title") == "Sensing"
    assert {t.id for t in queries.tasks(workspace, pair.project)} == {pair.task, added, mine}
    assert (report.added, report.updated, _codes(report)) == (1, 1, [])
    [change] = [change for change in report.preview if change.what == "updated"]
    assert change.fields == (("title", "Pilots", "Field trials"),)


def test_two_fields_of_one_record_merge(workspace: Workspace, other: Workspace, pair: Pair) -> None:
    _set(other, Kind.WORK_PACKAGE, pair.pilots, title="Field trials")
    _set(workspace, Kind.WORK_PACKAGE, pair.pilots, objectives="Ten sites")
    assert _codes(_send(other, pair.project, workspace)) == []
    assert _codes(_send(workspace, pair.project, other)) == []
    for ws in (workspace, other):
        assert _field(ws, Kind.WORK_PACKAGE, pair.pilots, "title") == "Field trials"
        assert _field(ws, Kind.WORK_PACKAGE, pair.pilots, "objectives") == "Ten sites"


@pytest.mark.full
def test_the_same_field_on_both_sides_is_said_and_chosen(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _set(other, Kind.RISK, pair.risk, likelihood=RiskGrade.HIGH)
    _set(workspace, Kind.RISK, pair.risk, likelihood=RiskGrade.LOW)
    report = _send(other, pair.project, workspace)
    assert _codes(report) == ["changed_on_both_sides"]
    assert "R1: likelihood was changed" in report.warnings[0].text
    assert _field(workspace, Kind.RISK, pair.risk, "likelihood") is RiskGrade.LOW
    again = _send(other, pair.project, workspace)
    assert _codes(again) == ["changed_on_both_sides"], "it is told until it is settled"
    there = _send(workspace, pair.project, other, dry_run=True)
    assert _codes(there) == ["changed_on_both_sides"], "and the colleague is asked too"
    taken = _send(other, pair.project, workspace, prefer="file")
    assert "the file's is taken" in taken.warnings[0].text
    assert _field(workspace, Kind.RISK, pair.risk, "likelihood") is RiskGrade.HIGH
    _set(other, Kind.RISK, pair.risk, likelihood=RiskGrade.MEDIUM)
    assert _codes(_send(other, pair.project, workspace)) == []
    assert _field(workspace, Kind.RISK, pair.risk, "likelihood") is RiskGrade.MEDIUM


def test_what_only_i_changed_stays_whatever_is_preferred(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    path = workspace.data.parent / "old.projectdesk"
    export_project_file(workspace, pair.project, path)
    _set(workspace, Kind.WORK_PACKAGE, pair.pilots, title="Mine")
    _delete(workspace, Kind.RISK, pair.risk)
    report = import_project_file(workspace, path, prefer="file")
    assert _field(workspace, Kind.WORK_PACKAGE, pair.pilots, "title") == "Mine"
    assert queries.risks(workspace, pair.project) == []
    assert (report.added, report.updated, _codes(report)) == (0, 0, ["stays_deleted"])
    assert report.warnings[0].text == "R1 was deleted here: it stays deleted."


@pytest.mark.full
def test_a_project_that_is_gone_comes_back_whole(workspace: Workspace, tmp_path: Path) -> None:
    project = open_sample(workspace)
    before = _everything(workspace, project)
    path = export_project_file(workspace, project, tmp_path / "p.projectdesk")
    _delete(workspace, Kind.PROJECT, project)
    report = import_project_file(workspace, path)
    assert _codes(report) == []
    assert _everything(workspace, project) == before
    undo(workspace)
    assert queries.projects(workspace) == []
    import_project_file(workspace, path)
    assert _everything(workspace, project) == before


def test_a_file_is_known_by_what_is_in_it(workspace: Workspace, pair: Pair, tmp_path: Path) -> None:
    path = export_project_file(workspace, pair.project, tmp_path / "renamed.zip")
    assert is_project_file(path)
    assert not is_project_file(Path(__file__))
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", "{}")
    assert not is_project_file(tmp_path / "other.zip")


@pytest.mark.full
def test_what_was_taken_once_is_no_edit_of_mine(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    """There and back three times: each import is compared with what was known after the last."""
    for title in ("One", "Two", "Three"):
        _set(other, Kind.WORK_PACKAGE, pair.pilots, title=title)
        assert _codes(_send(other, pair.project, workspace)) == []
        assert _field(workspace, Kind.WORK_PACKAGE, pair.pilots, "title") == title
        assert _codes(_send(workspace, pair.project, other)) == []


def test_what_one_side_deleted_goes(workspace: Workspace, other: Workspace, pair: Pair) -> None:
    _delete(other, Kind.WORK_PACKAGE, pair.pilots)  # and its task
    _send(other, pair.project, workspace)
    assert [w.id for w in queries.work_packages(workspace, pair.project)] == [pair.sensors]
    assert queries.tasks(workspace, pair.project) == []
    assert _field(workspace, Kind.RISK, pair.risk, "work_package_ids") == []
    undo(workspace)
    assert [t.id for t in queries.tasks(workspace, pair.project)] == [pair.task]


def test_what_the_other_changed_since_stays(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _delete(other, Kind.TASK, pair.task)
    _set(workspace, Kind.TASK, pair.task, title="Build two")
    assert _codes(_send(other, pair.project, workspace)) == ["deleted_there"]
    assert _field(workspace, Kind.TASK, pair.task, "title") == "Build two"


def test_something_new_under_what_was_deleted_keeps_it(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _delete(other, Kind.WORK_PACKAGE, pair.sensors)
    new = create(workspace, Kind.TASK, {"work_package_id": pair.sensors, "title": "New"})[0]
    assert _codes(_send(other, pair.project, workspace)) == ["deleted_there"]
    assert _field(workspace, Kind.TASK, new, "title") == "New"


def test_what_was_deleted_here_stays_deleted(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _delete(workspace, Kind.TASK, pair.task)
    assert _codes(_send(other, pair.project, workspace)) == ["stays_deleted"]
    assert queries.tasks(workspace, pair.project) == []
    _set(other, Kind.TASK, pair.task, title="Build two")
    assert _codes(_send(other, pair.project, workspace)) == ["deleted_here"]
    assert queries.tasks(workspace, pair.project) == []
    _send(other, pair.project, workspace, prefer="file")
    assert [t.title for t in queries.tasks(workspace, pair.project)] == ["Build two"]


def test_a_number_that_is_taken_gives_way(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    mine = create(workspace, Kind.ACTION, {"project_id": pair.project, "text": "Mine"})[0]
    theirs = create(other, Kind.ACTION, {"project_id": pair.project, "text": "Theirs"})[0]
    assert _codes(_send(other, pair.project, workspace)) == ["number_taken"]
    assert _field(workspace, Kind.ACTION, mine, "number") == 1
    assert _field(workspace, Kind.ACTION, theirs, "number") == 2


def test_people_and_organisations_that_are_here_are_not_doubled(
    workspace: Workspace, other: Workspace
) -> None:
    project = add_project(workspace)
    organisation = create(
        workspace, Kind.ORGANISATION, {"legal_name": "University of Y", "pic": "999997930"}
    )[0]
    partner = create(
        workspace, Kind.PARTNER, {"project_id": project, "organisation_id": organisation}
    )[0]
    person = create(
        workspace,
        Kind.PERSON,
        {"family_name": "Lund", "email": "eva@y.example", "organisation_id": organisation},
    )[0]
    membership = create(
        workspace,
        Kind.MEMBERSHIP,
        {"project_id": project, "person_id": person, "partner_id": partner},
    )[0]
    known = create(other, Kind.PERSON, {"family_name": "Lund", "email": "eva@y.example"})[0]
    kept = create(other, Kind.ORGANISATION, {"legal_name": "Y", "pic": "999997930"})[0]
    _send(workspace, project, other)
    assert [row.id for row in queries.people(other)] == [known]
    assert _field(other, Kind.MEMBERSHIP, membership, "person_id") == known
    assert _field(other, Kind.PARTNER, partner, "organisation_id") == kept
    assert _field(other, Kind.ORGANISATION, kept, "legal_name") == "Y"
    again = _send(workspace, project, other)
    assert (again.added, again.updated) == (0, 0)


def test_documents_come_with_their_content(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    content = b"%PDF" + bytes(range(256)) * 40
    digest = hashlib.sha256(content).hexdigest()
    place = workspace.data / "documents" / digest[:2] / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    document = UUID(int=7)
    with workspace.change("Attach") as unit:
        unit.session.connection().execute(
            insert(schema.document).values(
                id=document,
                version=1,
                project_id=pair.project,
                name="plan.pdf",
                size=len(content),
                sha256=digest,
                shared_at=unit.now,
                stored=True,
            )
        )
        unit.touch(Kind.DOCUMENT, document, pair.project)
    path = workspace.data.parent / "with.projectdesk"
    export_project_file(workspace, pair.project, path)
    import_project_file(other, path)
    arrived = document_path(other.data, digest)
    assert arrived is not None
    assert arrived.read_bytes() == content
    assert _field(other, Kind.DOCUMENT, document, "stored") is True

    arrived.unlink()
    _rewrite(path, f"documents/{digest}", lambda data: data[:-1] + b"?")
    with pytest.raises(UnreadableFile):
        import_project_file(other, path)
    assert document_path(other.data, digest) is None
    assert list(arrived.parent.iterdir()) == []


@pytest.mark.full
def test_what_is_of_this_computer_only_does_not_travel(
    workspace: Workspace, tmp_path: Path
) -> None:
    project = open_sample(workspace)
    path = export_project_file(workspace, project, tmp_path / "p.projectdesk")
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
        people = [json.loads(line) for line in archive.read("records/person.jsonl").splitlines()]
    assert people
    assert not any(name in each["fields"] for each in people for name in LOCAL_FIELDS["person"])
    with workspace.read() as session:
        keys = list(session.scalars(select(schema.setting.c.value)))
    assert not any(value in text for value in keys if len(value) > 20)


# --- bad files ------------------------------------------------------------------------------------


def _rewrite(path: Path, member: str, change: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, change(data) if name == member else data)


def _line(change: Any) -> Any:
    def run(data: bytes) -> bytes:
        lines = [json.loads(line) for line in data.splitlines()]
        change(lines)
        return b"\n".join(json.dumps(line).encode() for line in lines)

    return run


def _put(name: str, value: object) -> Any:
    return _line(lambda lines: lines[0]["fields"].__setitem__(name, value))


DAMAGE: list[tuple[str, Any, str]] = [
    ("manifest.json", lambda _: b"{}", "not_a_project_file"),
    ("manifest.json", lambda _: b"[1", "project_file_damaged"),
    ("manifest.json", lambda d: d.replace(b'"version": 1', b'"version": 9'), "project_file_newer"),
    ("records/task.jsonl", _put("start_month", "M3"), "project_file_damaged"),
    ("records/task.jsonl", _put("start_month", 1 << 70), "project_file_damaged"),
    ("records/task.jsonl", _put("title", None), "project_file_damaged"),
    ("records/task.jsonl", _put("work_package_id", str(UUID(int=5))), "project_file_damaged"),
    ("records/risk.jsonl", _put("likelihood", "certain"), "project_file_damaged"),
    ("records/risk.jsonl", _put("work_package_ids", ["x"]), "project_file_damaged"),
    ("records/project.jsonl", _put("total_cost", "NaN"), "project_file_damaged"),
    ("records/project.jsonl", _put("start_date", "2026-13-01"), "project_file_damaged"),
    ("records/project.jsonl", lambda _: b"", "project_file_damaged"),
    ("records/task.jsonl", lambda d: d + b"\n" + d, "project_file_damaged"),
    ("records/task.jsonl", lambda d: d[:-20], "project_file_damaged"),
    ("records/task.jsonl", lambda _: b"\xff\xfe" * 20, "project_file_damaged"),
    ("history.jsonl", lambda _: b"[" * 100_000, "project_file_damaged"),
]
"""Member, what is done to it, code of the refusal."""


def test_a_damaged_file_is_refused_and_changes_nothing(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    _set(workspace, Kind.TASK, pair.task, title="Build two")
    path = workspace.data.parent / "bad.projectdesk"
    before = _everything(other, pair.project)
    for member, change, code in DAMAGE:
        export_project_file(workspace, pair.project, path)
        _rewrite(path, member, change)
        with pytest.raises(UnreadableFile) as caught:
            import_project_file(other, path)
        assert caught.value.code == code
        assert path.name in caught.value.text
        assert _everything(other, pair.project) == before


def test_a_field_of_a_later_version_is_said_and_passed_over(
    workspace: Workspace, other: Workspace, pair: Pair
) -> None:
    path = workspace.data.parent / "later.projectdesk"
    export_project_file(workspace, pair.project, path)
    _rewrite(path, "records/task.jsonl", _put("mood", "good"))
    assert _codes(import_project_file(other, path)) == ["unknown_field"]


@pytest.mark.full
def test_cancelling_changes_nothing(workspace: Workspace, other: Workspace) -> None:
    project = open_sample(workspace)
    path = export_project_file(workspace, project, workspace.data.parent / "s.projectdesk")
    seen: list[int] = []
    with pytest.raises(DomainError, match="cancelled"):
        import_project_file(
            other,
            path,
            progress=lambda done, _total: seen.append(done),
            cancelled=lambda: len(seen) > 20,
        )
    assert len(seen) == 21
    assert queries.projects(other) == []


@pytest.mark.full
def test_a_preview_changes_nothing(workspace: Workspace, other: Workspace) -> None:
    project = open_sample(workspace)
    path = export_project_file(workspace, project, workspace.data.parent / "s.projectdesk")
    report = import_project_file(other, path, dry_run=True)
    assert report.added > 50
    assert Kind.PROJECT in {change.kind for change in report.preview}
    assert queries.projects(other) == []


@pytest.mark.full
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_file_whatever_crashes_it(
    workspace: Workspace, other: Workspace, data: st.DataObject
) -> None:
    path = workspace.data.parent / "fuzz.projectdesk"
    if not path.exists():
        export_project_file(workspace, Pair(workspace, other).project, path)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    place = data.draw(st.integers(0, len(whole) - 1))
    junk = data.draw(st.binary(max_size=8))
    broken = workspace.data.parent / "broken.projectdesk"
    broken.write_bytes((whole[:place] + junk + whole[place + len(junk) :])[: cut or None])
    with suppress(ProjectDeskError):  # refused in words; anything else that is raised fails
        import_project_file(other, broken)
