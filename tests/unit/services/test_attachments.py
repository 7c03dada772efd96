from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.errors import DomainError, EnvironmentFailure, FileTooLarge, NotFound
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import queries
from projectdesk.services.commands import (
    attach_documents,
    attachments,
    copy_to_open,
    create,
    delete,
    document_path,
    move_document,
    undo,
)
from projectdesk.services.commands.attachments import safe_name
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project

CONTENT = b"%PDF-1.7" + bytes(range(256)) * 300
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    path.write_bytes(CONTENT)
    return path


def _package(workspace: Workspace, project: UUID) -> UUID:
    return create(workspace, Kind.WORK_PACKAGE, {"project_id": project, "title": "Pilots"})[0]


def test_a_file_is_attached_and_its_content_is_kept_once(workspace: Workspace, plan: Path) -> None:
    project = add_project(workspace)
    package = _package(workspace, project)
    _, changes = attach_documents(workspace, Kind.WORK_PACKAGE, package, [plan])
    attach_documents(workspace, Kind.PROJECT, project, [plan])
    assert changes.label == "Attach “plan.pdf” to WP1"
    whole, part = queries.attached_documents(workspace, project)
    assert (part.owner_kind, part.owner, part.size) == (
        Kind.WORK_PACKAGE,
        "WP1 Pilots",
        len(CONTENT),
    )
    assert (whole.owner_kind, whole.owner_id, whole.here) == (Kind.PROJECT, project, True)
    place = document_path(workspace.data, DIGEST)
    assert place is not None
    assert place.read_bytes() == CONTENT
    kept = [path for path in (workspace.data / "documents").rglob("*") if path.is_file()]
    assert kept == [place]


def test_it_is_taken_back_and_found_by_its_name(workspace: Workspace, plan: Path) -> None:
    project = add_project(workspace)
    attach_documents(workspace, Kind.PROJECT, project, [plan])
    assert [hit.title for hit in queries.search(workspace, "pla")] == ["plan.pdf"]
    undo(workspace)
    assert queries.attached_documents(workspace, project) == []
    assert queries.search(workspace, "plan.p") == []


def test_the_same_again_is_said_and_a_new_version_is_not(workspace: Workspace, plan: Path) -> None:
    project = add_project(workspace)
    attach_documents(workspace, Kind.PROJECT, project, [plan])
    with pytest.raises(DomainError) as caught:
        attach_documents(workspace, Kind.PROJECT, project, [plan])
    assert caught.value.code == "already_attached"
    plan.write_bytes(CONTENT + b"2")
    attach_documents(workspace, Kind.PROJECT, project, [plan])
    assert len(queries.attached_documents(workspace, project)) == 2


def test_it_goes_with_what_it_is_attached_to(workspace: Workspace, plan: Path) -> None:
    project = add_project(workspace)
    package = _package(workspace, project)
    attach_documents(workspace, Kind.WORK_PACKAGE, package, [plan])
    delete(workspace, Kind.WORK_PACKAGE, package, 1)
    assert queries.attached_documents(workspace, project) == []
    undo(workspace)
    [row] = queries.attached_documents(workspace, project)
    assert row.here


def test_it_moves_within_its_project_only(workspace: Workspace, plan: Path) -> None:
    project = add_project(workspace)
    package = _package(workspace, project)
    [document], _ = attach_documents(workspace, Kind.PROJECT, project, [plan])
    move_document(workspace, document, 1, Kind.WORK_PACKAGE, package)
    [row] = queries.attached_documents(workspace, project)
    assert (row.owner_kind, row.version) == (Kind.WORK_PACKAGE, 2)
    elsewhere = _package(workspace, add_project(workspace, "OTHER"))
    with pytest.raises(DomainError) as caught:
        move_document(workspace, document, 2, Kind.WORK_PACKAGE, elsewhere)
    assert caught.value.code == "other_project"


def test_what_cannot_be_attached_is_refused(
    workspace: Workspace, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = add_project(workspace)
    with pytest.raises(NotFound):
        attach_documents(workspace, Kind.PROJECT, project, [tmp_path / "none.pdf"])
    with pytest.raises(DomainError, match="folder"):
        attach_documents(workspace, Kind.PROJECT, project, [tmp_path])
    with pytest.raises(DomainError, match="cannot be attached"):
        attach_documents(workspace, Kind.PERSON, project, [plan])
    monkeypatch.setattr(attachments, "LARGEST", 100)
    with pytest.raises(FileTooLarge):
        attach_documents(workspace, Kind.PROJECT, project, [plan])
    assert queries.attached_documents(workspace, project) == []


def test_a_full_disk_leaves_nothing(
    workspace: Workspace, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = add_project(workspace)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFailure) as caught:
        attach_documents(workspace, Kind.PROJECT, project, [plan])
    monkeypatch.undo()
    assert caught.value.code == "document_not_kept"
    assert "plan.pdf" in caught.value.text
    assert [path for path in (workspace.data / "documents").rglob("*") if path.is_file()] == []
    assert queries.attached_documents(workspace, project) == []


def test_a_copy_to_open_has_the_name_and_cannot_be_written(
    workspace: Workspace, plan: Path, tmp_path: Path
) -> None:
    attach_documents(workspace, Kind.PROJECT, add_project(workspace), [plan])
    copy = copy_to_open(workspace, DIGEST, "plan.pdf", tmp_path / "open")
    assert (copy.name, copy.read_bytes()) == ("plan.pdf", CONTENT)
    assert stat.S_IMODE(copy.stat().st_mode) & 0o222 == 0
    assert copy_to_open(workspace, DIGEST, "plan.pdf", tmp_path / "open") == copy
    with pytest.raises(EnvironmentFailure):
        copy_to_open(workspace, "0" * 64, "plan.pdf", tmp_path / "open")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a:b|c?.pdf", "a_b_c_.pdf"),
        ("CON\x00\n.txt", "CON__.txt"),
        ("con.txt", "_con.txt"),
        ("...", "document"),
        ("x" * 300 + ".docx", "x" * 120 + ".docx"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.full
def test_a_colleague_on_the_teams_database_can_open_it(
    postgres_database: Callable[[], str], plan: Path, tmp_path: Path
) -> None:
    url = postgres_database()
    secrets = MemorySecrets()
    with (
        Workspace.open(tmp_path / "mine", url=url, secrets=secrets) as mine,
        Workspace.open(tmp_path / "theirs", url=url, secrets=secrets) as theirs,
    ):
        project = add_project(mine)
        attach_documents(mine, Kind.PROJECT, project, [plan])
        [row] = queries.attached_documents(theirs, project)
        assert row.here
        assert document_path(theirs.data, DIGEST) is None
        copy = copy_to_open(theirs, DIGEST, "plan.pdf", tmp_path / "open")
        assert copy.read_bytes() == CONTENT
        assert document_path(theirs.data, DIGEST) is not None
        [place] = (mine.data / "documents").glob("*/*")
        assert place.read_bytes() == CONTENT
