"""Documents of what is voted on: attached, fixed when it is opened, given by the links."""

from __future__ import annotations

from pathlib import Path

import pytest

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.mail.ballot_letter import BallotOccasion
from projectdesk.services import commands, procedure_mail, queries
from projectdesk.services.document_store import document_path
from projectdesk.services.procedure_desks import ballot_links, procedure_desks
from projectdesk.services.rows import Kind
from tests.unit.procedures.conftest import URL


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "Budget WP2.pdf"
    file.write_bytes(b"%PDF budget")
    return file


@pytest.fixture
def draft(assembly, paper):
    """A draft with one document, that was attached to the project before."""
    procedure = assembly.create()
    (made,), _ = commands.attach_documents(
        assembly.workspace, Kind.PROJECT, assembly.consortium.project, [paper]
    )
    commands.attach_existing(assembly.workspace, Kind.VOTE, procedure.id, [made])
    return procedure


def refused(run) -> str:
    with pytest.raises(DomainError) as caught:
        run()
    return caught.value.code


def rows(workspace, procedure):
    project = procedure.vote.project_id
    found = queries.attached_documents(workspace, project)
    return [row for row in found if row.owner_id == procedure.id]


def test_what_is_there_already_is_attached_too_and_undone(draft, workspace):
    (row,) = rows(workspace, draft)
    assert (row.owner_kind, row.name, row.here) == (Kind.VOTE, "Budget WP2.pdf", True)
    assert row.owner == f"{draft.vote.label} {draft.vote.question}"
    assert len(queries.attached_documents(workspace, draft.vote.project_id)) == 2
    again = refused(lambda: commands.attach_existing(workspace, Kind.VOTE, draft.id, [row.id]))
    assert again == "already_attached"
    commands.undo(workspace)
    assert draft.detail().documents == ()


def test_what_members_vote_on_does_not_change_any_more(draft, workspace, paper):
    (row,) = rows(workspace, draft)
    commands.open_procedure(workspace, draft.id)
    name = {"name": "Another.pdf"}
    for change in (
        lambda: commands.set_fields(workspace, Kind.DOCUMENT, row.id, row.version, name),
        lambda: commands.delete(workspace, Kind.DOCUMENT, row.id, row.version),
        lambda: commands.move_document(
            workspace, row.id, row.version, Kind.PROJECT, draft.vote.project_id
        ),
        lambda: commands.attach_documents(workspace, Kind.VOTE, draft.id, [_another(paper)]),
        lambda: commands.undo(workspace),
    ):
        assert refused(change) == "documents_fixed"
    assert [each.name for each in draft.detail().documents] == ["Budget WP2.pdf"]
    note = {"note": "As sent."}
    commands.set_fields(workspace, Kind.DOCUMENT, row.id, row.version, note)
    assert draft.detail().documents[0].note == "As sent."
    vote = draft.vote
    commands.delete(workspace, Kind.VOTE, vote.id, vote.version)  # with all that belongs to it
    left = queries.attached_documents(workspace, vote.project_id)
    assert [each.owner_kind for each in left] == [Kind.PROJECT]


def test_a_project_goes_with_an_opened_procedure_and_its_documents(draft, workspace):
    commands.open_procedure(workspace, draft.id)
    project = next(each for each in queries.projects(workspace) if each.id == draft.vote.project_id)
    commands.delete(workspace, Kind.PROJECT, project.id, project.version)
    assert queries.attached_documents(workspace, project.id) == []


def test_a_content_that_is_gone_here_keeps_nothing_else_from_the_host(draft, workspace):
    commands.open_procedure(workspace, draft.id)
    (document,) = draft.detail().documents
    path = document_path(workspace.data, document.sha256)
    assert path is not None
    path.unlink()
    found = procedure_desks(workspace, draft.id)
    assert found.desks
    assert len(found.files) == int(workspace.shared)  # a team's database has it, too


def _another(paper: Path) -> Path:
    other = paper.with_name("Later.pdf")
    other.write_bytes(b"%PDF later")
    return other


def test_members_get_them_by_their_links_and_are_told_in_the_letter(draft, workspace):
    commands.open_procedure(workspace, draft.id)
    (document,) = draft.detail().documents
    found = procedure_desks(workspace, draft.id)
    assert [(each.sha256, each.path.read_bytes()) for each in found.files] == [
        (document.sha256, b"%PDF budget")
    ]
    for _, desk in found.desks:
        (offered,) = desk.form.documents
        assert (offered.name, offered.size, offered.sha256) == (
            "Budget WP2.pdf",
            11,
            document.sha256,
        )
    links = ballot_links(workspace, draft.id, URL)
    letters = procedure_mail.ballot_letters(workspace, draft.id, links, BallotOccasion.QUESTION)
    texts = [mail.text for mail in letters.values()]
    assert texts
    assert all("– Budget WP2.pdf (1 kB)" in text for text in texts)


def test_what_cannot_be_given_is_said_before_anybody_is_asked(draft, workspace, monkeypatch):
    monkeypatch.setattr("projectdesk.services.voted_documents.MAX_DESK_FILE", 10)
    assert refused(lambda: commands.open_procedure(workspace, draft.id)) == "document_too_large"
    monkeypatch.undo()
    (document,) = draft.detail().documents
    path = document_path(workspace.data, document.sha256)
    assert path is not None
    path.unlink()
    if not workspace.shared:
        with pytest.raises(EnvironmentFailure) as caught:
            commands.open_procedure(workspace, draft.id)
        assert caught.value.code == "document_missing"
        assert draft.vote.opened_at is None
