"""What was written in a call reaches the meeting's records and its minutes."""

from __future__ import annotations

from pathlib import Path

from projectdesk.services import queries
from projectdesk.services.commands.collect import collect
from projectdesk.services.commands.documents import export_document, minutes_content
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
    assert [poll.question for poll in content.items[0].polls] == ["When?"]
    assert [poll.question for poll in content.polls] == ["Where?"]
    text = export_document(workspace, kick_off, "minutes", "md", tmp_path / "m.md").read_text()
    item, beside = (
        text.index("Poll: When? Monday: 2, Friday: 1 (3 voted)"),
        text.index("Poll: Where?"),
    )
    assert text.index(content.items[0].title) < item < text.index(content.items[1].title) < beside
