"""Minutes written by several desktops at once, and without the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, notes_aside, notes_store, queries
from projectdesk.services.notes import NotesDocument, open_notes
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


def _meeting(workspace: Workspace) -> tuple[UUID, UUID]:
    """Return a meeting and its agenda item."""
    from datetime import datetime

    project = add_project(workspace)
    meeting, _ = commands.create(
        workspace,
        Kind.MEETING,
        {
            "project_id": project,
            "title": "Board",
            "local_start": datetime(2026, 4, 1, 10),  # noqa: DTZ001 - planned times are naive
            "zone": "UTC",
            "duration_minutes": 60,
        },
    )
    item, _ = commands.create(
        workspace, Kind.AGENDA_ITEM, {"meeting_id": meeting, "title": "Welcome"}
    )
    return meeting, item


@pytest.fixture
def opened() -> Iterator[Callable[[Workspace, UUID], NotesDocument]]:
    """Open notes that are closed after the test."""
    with ExitStack() as stack:

        def open_(workspace: Workspace, meeting: UUID) -> NotesDocument:
            notes = open_notes(workspace, meeting)
            stack.callback(notes.close, abandon=True)
            return notes

        yield open_


Open = Callable[[Workspace, UUID], NotesDocument]


def test_what_is_kept_aside_survives_a_torn_end(tmp_path: Path) -> None:
    minutes = uuid4()
    assert notes_aside.kept(tmp_path, minutes) == []
    notes_aside.keep(tmp_path, minutes, [b"one", b""])
    notes_aside.keep(tmp_path, minutes, [b"two"])
    file = tmp_path / notes_aside.FOLDER / f"{minutes.hex}.updates"
    whole = file.read_bytes()
    assert notes_aside.kept(tmp_path, minutes) == [b"one", b"", b"two"]
    for cut in range(1, 7):
        file.write_bytes(whole[:-cut])
        assert notes_aside.kept(tmp_path, minutes) == [b"one", b""]
    assert notes_aside.waiting(tmp_path) == [minutes]
    notes_aside.forget(tmp_path, minutes)
    notes_aside.forget(tmp_path, minutes)
    assert notes_aside.waiting(tmp_path) == []


def test_open_notes_show_what_others_write(workspace: Workspace, opened: Open) -> None:
    meeting, item = _meeting(workspace)
    colleague = Workspace(workspace._database, workspace.secrets, workspace.now)
    ours, theirs = opened(workspace, meeting), opened(colleague, meeting)
    theirs.edit(item, 0, 0, "Theirs. ")
    theirs.flush()
    commands.join_others(workspace, frozenset({ours.minutes_id}))
    assert ours.item_text(item) == "Theirs. "
    assert ours.unsaved == 0, "what is in the database already is not written again"
    ours.edit(item, 8, 0, "Ours.")
    ours.flush()
    commands.join_others(colleague)
    assert theirs.item_text(item) == "Theirs. Ours."
    commands.join_others(workspace, frozenset({uuid4()}))


@pytest.mark.full
def test_minutes_are_written_on_without_the_database(
    postgres_database: Callable[[], str], tmp_path: Path, opened: Open
) -> None:
    url, secrets = postgres_database(), MemorySecrets()
    with Workspace.open(tmp_path, url=url, secrets=secrets) as desk:
        meeting, item = _meeting(desk)
        notes = open_notes(desk, meeting)
        notes.edit(item, 0, 0, "Before. ")
        notes.close()
        commands.refresh_copy(desk)
    copy = Workspace.open_copy(tmp_path, secrets=secrets)
    assert copy is not None
    with copy:
        notes = open_notes(copy, meeting)
        notes.edit(item, 8, 0, "On the train. ")
        notes.close()
        assert commands.join_aside(copy).joined == ()
    copy = Workspace.open_copy(tmp_path, secrets=secrets)
    assert copy is not None
    with copy:
        notes = open_notes(copy, meeting)
        assert notes.item_text(item) == "Before. On the train. "
        notes.close()
    with Workspace.open(tmp_path / "other", url=url, secrets=secrets) as other:
        notes = open_notes(other, meeting)
        notes.edit(item, 0, 0, "At the desk. ")
        notes.close()
    with Workspace.open(tmp_path, url=url, secrets=secrets) as desk:
        joined = commands.join_aside(desk)
        assert joined.joined == ("Board",)
        assert notes_aside.waiting(tmp_path) == []
        notes = opened(desk, meeting)
        assert notes.item_text(item) == "At the desk. Before. On the train. "
        assert [hit.kind for hit in queries.search(desk, "train")] == [Kind.MINUTES]
        assert commands.join_aside(desk).joined == ()
        notes.close()


@pytest.mark.full
def test_a_connection_that_drops_while_writing_loses_no_letter(
    postgres_database: Callable[[], str],
    tmp_path: Path,
    opened: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Workspace.open(tmp_path, url=postgres_database(), secrets=MemorySecrets()) as desk:
        meeting, item = _meeting(desk)
        notes = opened(desk, meeting)
        write = notes_store._write

        def away(*_: object) -> None:
            raise EnvironmentFailure("database_unreachable", "No answer.")

        monkeypatch.setattr(notes_store, "_write", away)
        notes.edit(item, 0, 0, "While it was away.")
        notes.flush()
        assert notes_aside.waiting(tmp_path) == [notes.minutes_id]
        monkeypatch.setattr(notes_store, "_write", write)
        assert commands.join_aside(desk).joined == ("Board",)
        notes.close()
        again = opened(desk, meeting)
        assert again.item_text(item) == "While it was away."
        again.close()


@pytest.mark.full
def test_what_was_accepted_meanwhile_is_left_alone(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    with Workspace.open(tmp_path, url=postgres_database(), secrets=MemorySecrets()) as desk:
        meeting, _ = _meeting(desk)
        notes = open_notes(desk, meeting)
        notes.close()
        with desk.change("Accept") as unit:
            unit.get(Minutes, notes.minutes_id).state = MinutesState.ACCEPTED
        notes_aside.keep(tmp_path, notes.minutes_id, [b"\x00\x00"])
        notes_aside.keep(tmp_path, uuid4(), [b"\x00\x00"])
        joined = commands.join_aside(desk)
        assert joined.joined == ()
        assert sorted(joined.left) == ["", "Board"]
        assert len(notes_aside.waiting(tmp_path)) == 2
