"""What was written in a call reaches the meeting's records and its minutes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from projectdesk.errors import EnvironmentFailure, RemoteProtocolError
from projectdesk.services import commands, queries
from projectdesk.services.commands.collect import collect
from projectdesk.services.commands.documents import export_document
from projectdesk.services.documents.meetings import minutes_content
from projectdesk.services.rows import Kind
from projectdesk.signalling import journal
from tests.unit.meetings.test_collect import Script, at


def closed(script: Script, minute: float, **changes: object) -> None:
    """Add the end of a poll."""
    fields = {
        "poll": 1,
        "question": "When?",
        "options": ["Monday", "Friday"],
        "multiple": False,
        "opened_at": at(minute - 1),
        "voted": 3,
        "counts": [2, 1],
        "names": None,
        "item": None,
        "by": "x",
    }
    script.add(minute, journal.PollClosed(**{**fields, **changes}))


def test_a_poll_is_kept_with_its_agenda_item(workspace, kick_off) -> None:
    script = Script(workspace, kick_off)
    script.opened(0)
    closed(script, 5, item=script.items[1], names=[["Ana", "Ben"], ["Cem"]])
    closed(script, 6, item="gone", poll=2, question="Where?")
    changes = collect(workspace, script.batch())
    assert Kind.POLL in changes.kinds
    first, second = queries.polls(workspace, kick_off)
    assert (first.agenda_item_id.hex, first.question) == (script.items[1], "When?")
    assert (first.options, first.counts) == (("Monday", "Friday"), (2, 1))
    assert (first.names, first.voted) == ((("Ana", "Ben"), ("Cem",)), 3)
    assert first.closed_at == at(5)
    assert (second.agenda_item_id, second.names) == (None, ())


def test_a_poll_counts_once_however_often_it_is_collected(workspace, kick_off) -> None:
    script = Script(workspace, kick_off)
    closed(script, 5)
    script.collect()
    collect(workspace, script.batch(epoch=2))
    assert len(queries.polls(workspace, kick_off)) == 1


def test_the_minutes_tell_of_a_poll_below_its_item(workspace, kick_off, tmp_path: Path) -> None:
    script = Script(workspace, kick_off)
    script.opened(0)
    closed(script, 5, item=script.items[0])
    closed(script, 6, poll=2, question="Where?", counts=[0, 3])
    script.collect()
    content = minutes_content(workspace, kick_off)
    assert [poll.question for poll in content.items[0].outcome.polls] == ["When?"]
    assert [poll.question for poll in content.beside.polls] == ["Where?"]
    text = export_document(workspace, kick_off, "minutes", "md", tmp_path / "m.md").read_text()
    item, beside = (
        text.index("Poll: When? Monday: 2, Friday: 1 (3 voted)"),
        text.index("Poll: Where?"),
    )
    assert text.index(content.items[0].title) < item < text.index(content.items[1].title) < beside


CONTENT = b"%PDF plan"
SHA = hashlib.sha256(CONTENT).hexdigest()


def shared(script: Script, minute: float, **changes: object) -> None:
    """Add a file that somebody put into the chat."""
    fields = {
        "file": f"{int(minute):032x}",
        "name": "Plan ü.pdf",
        "size": len(CONTENT),
        "sha256": SHA,
        "by": "x",
        "by_name": "Ana",
    }
    script.add(minute, journal.FileShared(**{**fields, **changes}))


def fetched(folder: Path, content: bytes = CONTENT) -> Path:
    path = folder / "fetched.part"
    path.write_bytes(content)
    return path


def test_a_file_of_the_chat_is_noted_fetched_and_kept_by_its_hash(
    workspace, kick_off, tmp_path: Path
) -> None:
    script = Script(workspace, kick_off)
    shared(script, 1)
    shared(script, 2, name="Same.pdf")
    shared(script, 3, sha256="../../evil")
    shared(script, 4, file="../x")
    changes = collect(workspace, script.batch())
    assert Kind.DOCUMENT in changes.kinds
    first, second = queries.pending_documents(workspace)
    assert (first.room, first.file) == (script.room, f"{1:032x}")
    commands.keep_document(workspace, first.id, fetched(tmp_path))
    commands.keep_document(workspace, second.id, fetched(tmp_path))
    rows = queries.documents(workspace, kick_off)
    assert [(row.name, row.stored, row.shared_by) for row in rows] == [
        ("Plan ü.pdf", True, "Ana"),
        ("Same.pdf", True, "Ana"),
    ]
    assert queries.pending_documents(workspace) == []
    kept = [path for path in (workspace.data / "documents").rglob("*") if path.is_file()]
    assert kept == [commands.document_path(workspace.data, SHA)]
    out = commands.save_document(workspace, SHA, tmp_path / "out.pdf")
    assert out.read_bytes() == CONTENT


def test_what_came_damaged_is_not_kept(workspace, kick_off, tmp_path: Path) -> None:
    script = Script(workspace, kick_off)
    shared(script, 1)
    script.collect()
    [wanted] = queries.pending_documents(workspace)
    with pytest.raises(RemoteProtocolError) as caught:
        commands.keep_document(workspace, wanted.id, fetched(tmp_path, b"other"))
    assert caught.value.code == "document_damaged"
    assert not queries.documents(workspace, kick_off)[0].stored
    assert commands.document_path(workspace.data, SHA) is None
    with pytest.raises(EnvironmentFailure) as missing:
        commands.save_document(workspace, SHA, tmp_path / "out.pdf")
    assert missing.value.code == "document_missing"
    assert not (tmp_path / "out.pdf").exists()


def test_a_meeting_that_is_deleted_takes_its_files_and_polls_and_undo_brings_them_back(
    workspace, kick_off
) -> None:
    script = Script(workspace, kick_off)
    shared(script, 1)
    closed(script, 2)
    script.collect()
    version = queries.meeting(workspace, kick_off).version
    commands.delete(workspace, Kind.MEETING, kick_off, version)
    assert queries.documents(workspace, kick_off) == []
    assert queries.polls(workspace, kick_off) == []
    commands.undo(workspace)
    assert len(queries.documents(workspace, kick_off)) == 1
    assert queries.polls(workspace, kick_off)[0].counts == (2, 1)


def caption(
    script: Script, minute: float, number: int, text: str, *, corrects: bool = False
) -> None:
    """Add a phrase of captions."""
    fact = journal.CaptionWritten(
        number=number, language="de", text=text, by="x", corrects=corrects
    )
    script.add(minute, fact)


def test_captions_are_kept_as_they_were_corrected(workspace, kick_off) -> None:
    script = Script(workspace, kick_off)
    caption(script, 1, 1, "Guten Tag")
    caption(script, 2, 2, "Wir beginen")
    caption(script, 3, 2, "Wir beginnen", corrects=True)
    caption(script, 4, 3, "weg")
    script.collect()
    caption(script, 5, 3, "", corrects=True)
    caption(script, 6, 9, "was not kept before", corrects=True)
    script.collect()
    rows = queries.captions(workspace, kick_off)
    assert [(row.number, row.text) for row in rows] == [
        (1, "Guten Tag"),
        (2, "Wir beginnen"),
        (9, "was not kept before"),
    ]
    assert rows[1].written_at == at(2)
