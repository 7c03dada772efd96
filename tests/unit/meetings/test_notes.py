from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.errors import DomainError, EnvironmentFailure, NotFound, ProjectDeskError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import notes_store
from projectdesk.services.notes import NotesDocument, open_notes, settle_notes
from projectdesk.services.queries.meetings import agenda, notes
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema, search
from projectdesk.text.minutes import MinutesText
from tests.unit.meetings.conftest import Clock

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 30

on_sqlite = pytest.mark.parametrize("workspace", ["sqlite"], indirect=True)


@pytest.fixture
def items(workspace, kick_off) -> list[UUID]:
    return [row.id for row in agenda(workspace, kick_off)]


@pytest.fixture
def document(workspace, kick_off) -> Iterator[NotesDocument]:
    opened = open_notes(workspace, kick_off)
    yield opened
    opened.close(abandon=True)


def updates(workspace: Workspace) -> int:
    with workspace.read() as session:
        return session.scalar(select(func.count()).select_from(schema.minutes_update)) or 0


def eventually(holds: Callable[[], bool]) -> float:
    """Wait until something holds; return how many seconds that took."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() - start < PATIENCE_SECONDS
        threading.Event().wait(0.01)
    return time.monotonic() - start


def test_what_is_typed_is_there_when_opened_again(workspace, kick_off, items, document):
    document.edit(items[0], 0, 0, "Welcome 😀")
    document.edit(items[0], 8, 2, "all")
    document.edit(items[1], 0, 0, "Twelve partners")
    document.close()
    expected = {items[0]: "Welcome all", items[1]: "Twelve partners"}
    assert notes(workspace, kick_off) == expected
    again = open_notes(workspace, kick_off)
    assert again.texts() == expected
    assert again.item_text(items[1]) == "Twelve partners"
    again.close()


def test_a_keystroke_is_in_the_database_by_itself_and_soon(workspace, kick_off, items, document):
    document.edit(items[0], 0, 0, "x")
    took = eventually(lambda: notes(workspace, kick_off) == {items[0]: "x"})
    assert took < 1.0
    eventually(lambda: document.unsaved == 0)


def test_keystrokes_are_written_together(workspace, items, document):
    document.flush()
    before: list[Changes] = []
    stop = workspace.subscribe(before.append)
    for place, letter in enumerate("a long sentence, typed fast"):
        document.edit(items[0], place, 0, letter)
    document.flush()
    stop()
    assert len(before) <= 3
    changes = before[0]
    assert changes.kinds == {Kind.MINUTES}
    assert changes.ids == {document.minutes_id}
    assert changes.change_id is None


def test_the_first_opening_makes_the_first_revision(workspace, kick_off, document):
    with workspace.read() as session:
        rows = session.execute(select(schema.minutes)).all()
    assert [(r.meeting_id, r.revision, r.id) for r in rows] == [(kick_off, 1, document.minutes_id)]
    assert notes(workspace, kick_off) == {}


def test_the_newest_revision_is_written(workspace, kick_off, items, document):
    document.edit(items[0], 0, 0, "first")
    document.close()
    with workspace.change("Reopen") as unit:
        unit.add(Minutes(meeting_id=kick_off, revision=2))
    second = open_notes(workspace, kick_off)
    assert second.minutes_id != document.minutes_id
    second.edit(items[0], 0, 0, "second")
    second.close()
    assert notes(workspace, kick_off) == {items[0]: "second"}


def test_accepted_minutes_are_not_written(workspace, kick_off, items, document):
    document.close()
    with workspace.change("Accept") as unit:
        unit.get(Minutes, document.minutes_id).state = MinutesState.ACCEPTED
    accepted = open_notes(workspace, kick_off)
    for change in (lambda: accepted.edit(items[0], 0, 0, "x"), lambda: accepted.apply(b"\0\0")):
        with pytest.raises(DomainError) as caught:
            change()
        assert caught.value.code == "minutes_accepted"
    accepted.close()


def test_circulating_ends_the_writing_in_what_is_open(workspace, kick_off, items, document):
    document.edit(items[0], 0, 0, "first")
    with workspace.change("Circulate") as unit:
        unit.get(Minutes, document.minutes_id).state = MinutesState.CIRCULATED
    settle_notes(workspace, kick_off)
    assert notes(workspace, kick_off) == {items[0]: "first"}
    with pytest.raises(DomainError) as caught:
        document.edit(items[0], 0, 0, "x")
    assert caught.value.code == "minutes_circulated"


def test_a_new_revision_is_opened_while_the_old_one_is_still_shown(
    workspace, kick_off, items, document
):
    document.edit(items[0], 0, 0, "first")
    document.flush()
    with workspace.change("Revise") as unit:
        unit.get(Minutes, document.minutes_id).state = MinutesState.SUPERSEDED
        unit.add(Minutes(meeting_id=kick_off, revision=2))
    second = open_notes(workspace, kick_off)
    assert second.minutes_id != document.minutes_id
    document.close()
    third = open_notes(workspace, kick_off)
    second.edit(items[0], 0, 0, "second")
    assert third.item_text(items[0]) == "second"
    second.close()
    third.close()


def test_all_who_have_it_open_share_one_document(workspace, kick_off, items, document):
    other = open_notes(workspace, kick_off)
    other.edit(items[0], 0, 0, "shared")
    assert document.item_text(items[0]) == "shared"
    other.close()
    other.close()
    with pytest.raises(DomainError) as caught:
        other.edit(items[0], 0, 0, "x")
    assert caught.value.code == "notes_closed"
    document.edit(items[0], 6, 0, "!")
    document.flush()
    assert notes(workspace, kick_off) == {items[0]: "shared!"}


def test_a_meeting_that_is_not_there_has_no_notes(workspace, items):
    with pytest.raises(NotFound):
        open_notes(workspace, items[0])


def test_changes_from_elsewhere_are_merged_and_kept(workspace, kick_off, items, document):
    document.edit(items[0], 0, 0, "here")
    elsewhere = MinutesText.from_state([document.state()])
    heard: list[bytes] = []
    document.listen(heard.append)
    elsewhere.edit(items[0], 4, 0, " and there")
    document.apply(elsewhere.state())
    document.flush()
    assert notes(workspace, kick_off) == {items[0]: "here and there"}
    assert len(heard) == 1


def test_very_many_updates_become_one_when_opened(
    workspace, kick_off, items, document, monkeypatch
):
    monkeypatch.setattr(notes_store, "COMPACT_AFTER", 20)
    for place in range(21):
        document.edit(items[0], place, 0, str(place % 10))
    document.close()
    assert updates(workspace) == 21
    again = open_notes(workspace, kick_off)
    assert updates(workspace) == 1
    again.edit(items[0], 21, 0, "!")
    again.close()
    assert updates(workspace) == 2
    assert notes(workspace, kick_off) == {items[0]: "012345678901234567890!"}


def test_notes_are_found_as_those_of_their_agenda_item(workspace, items, document):
    def found(text: str) -> list[tuple[str, UUID, str]]:
        with workspace.read() as session:
            return [(f.kind, f.record_id, f.title) for f in search.find(session, text, 5)]

    document.edit(items[0], 0, 0, "The hydrophone is calibrated")
    document.edit(items[1], 0, 0, "Another matter")
    document.flush()
    welcome = "Welcome and purpose of the meeting"
    assert found("hydroph") == [("minutes", items[0], welcome)]
    with workspace.change("Explain") as unit:
        unit.get(Minutes, document.minutes_id).reason = "said so"
    assert found("hydroph") == [("minutes", items[0], welcome)]
    document.edit(items[0], 0, 28, "")
    document.flush()
    assert found("hydroph") == []
    assert [record for _, record, _ in found("another matter")] == [items[1]]


def test_threads_type_and_nothing_is_lost(workspace, kick_off, items, document):
    def type_letters(item: UUID) -> None:
        for place in range(200):
            document.edit(item, place, 0, "x")

    threads = [threading.Thread(target=type_letters, args=(item,)) for item in items[:4]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    document.close()
    assert notes(workspace, kick_off) == dict.fromkeys(items[:4], "x" * 200)


# --- trouble --------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(workspace) -> Iterator[threading.Event]:
    """Let SQLite run out of room while the event is set; it says what a full disk says."""
    full = threading.Event()

    def limit(connection, _record, _proxy) -> None:
        pages = 1 if full.is_set() else 1 << 30  # SQLite takes what the file has at least
        connection.execute(f"PRAGMA max_page_count={pages}").fetchall()

    engine = workspace._database.writing
    event.listen(engine.pool, "checkout", limit)
    yield full
    full.clear()
    event.remove(engine.pool, "checkout", limit)


@pytest.mark.full
@on_sqlite
def test_a_full_disk_is_told_and_nothing_is_lost(workspace, kick_off, items, document, full_disk):
    told: list[ProjectDeskError | None] = []
    trouble, relief = threading.Event(), threading.Event()

    def watch(failure: ProjectDeskError | None) -> None:
        told.append(failure)
        (trouble if failure else relief).set()

    stop = document.watch(watch)
    full_disk.set()
    document.edit(items[0], 0, 0, "x" * 100_000)
    assert trouble.wait(PATIENCE_SECONDS)
    document.edit(items[0], 0, 0, "typed meanwhile ")
    with pytest.raises(EnvironmentFailure) as caught:
        document.flush()
    assert caught.value.code == "disk_full"
    with pytest.raises(EnvironmentFailure):
        document.close()
    assert document.unsaved == 2
    full_disk.clear()
    assert relief.wait(PATIENCE_SECONDS), "it tries again by itself"
    eventually(lambda: document.unsaved == 0)
    stop()
    document.close()
    assert notes(workspace, kick_off)[items[0]] == "typed meanwhile " + "x" * 100_000
    assert isinstance(told[0], EnvironmentFailure)
    assert told[-1] is None


@on_sqlite
def test_a_document_can_be_abandoned_with_its_state_kept(
    workspace, kick_off, items, document, full_disk
):
    full_disk.set()
    document.edit(items[0], 0, 0, "y" * 100_000)
    state = document.state()
    document.close(abandon=True)
    full_disk.clear()
    assert notes(workspace, kick_off) == {}
    again = open_notes(workspace, kick_off)
    again.apply(state)
    again.close()
    assert notes(workspace, kick_off) == {items[0]: "y" * 100_000}


@on_sqlite
def test_what_was_typed_a_second_before_a_kill_is_there(workspace, kick_off, items, tmp_path):
    workspace.close()
    data = tmp_path / "data"
    arguments = [str(data), str(kick_off), str(items[0])]
    module = "tests.unit.meetings.typing_process"
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as process:
        assert process.stdout is not None
        typed: list[tuple[int, float]] = []
        for line in process.stdout:
            count, moment = line.split()
            typed.append((int(count), float(moment)))
            if typed[-1][1] - typed[0][1] > 2.0:
                process.kill()  # SIGKILL; TerminateProcess on Windows
                break
        process.stdout.read()
        process.wait()
    killed = typed[-1][1]
    safe = max(count for count, moment in typed if moment <= killed - 1.0)
    assert safe >= 10
    with Workspace.open(data, secrets=MemorySecrets(), now=Clock()) as opened:
        text = notes(opened, kick_off)[items[0]]
    assert len(text) >= safe
    assert text == ("abcdefghij" * (len(text) // 10 + 1))[: len(text)]
