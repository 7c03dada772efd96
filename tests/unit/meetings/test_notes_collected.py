"""Minutes that a host kept while no console was there, and who wrote in them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from projectdesk.errors import DomainError
from projectdesk.services import commands, notes_authors, queries
from projectdesk.services.notes import open_notes
from projectdesk.services.notes_collected import take_kept
from projectdesk.services.queries.meetings import agenda, notes
from projectdesk.signalling.writing import Author, KeptMinutes
from projectdesk.text.minutes import MinutesText

on_sqlite = pytest.mark.parametrize("workspace", ["sqlite"], indirect=True)


@pytest.fixture
def item(workspace, kick_off) -> UUID:
    return agenda(workspace, kick_off)[0].id


@pytest.fixture
def room(workspace, kick_off) -> str:
    return queries.meeting(workspace, kick_off).room


def kept(text: MinutesText, document: str = "", *authors: Author) -> KeptMinutes:
    return KeptMinutes(document=document, update=text.state(), authors=list(authors))


@on_sqlite
def test_what_guests_wrote_merges_with_ours_once_and_with_names(workspace, kick_off, item, room):
    ours = open_notes(workspace, kick_off)
    ours.edit(item, 0, 0, "Ours. ")
    ours.close()
    guest = MinutesText()
    guest.edit(item, 0, 0, "Träger 🚀. ")
    invited = queries.invitations(workspace, kick_off)[0]
    author = Author(replica=guest.replica, participant=invited.id.hex, name=invited.name)
    for _ in range(2):
        assert take_kept(workspace, room, kept(guest, "", author))
    text = notes(workspace, kick_off)[item]
    assert sorted(text.split(". ")) == ["", "Ours", "Träger 🚀"]
    opened = open_notes(workspace, kick_off)
    names = notes_authors.authors(workspace, opened.minutes_id)
    assert names[guest.replica].name == invited.name
    assert names[guest.replica].person_id == invited.person_id
    assert {replica for _, _, replica in opened.authors(item)} <= names.keys()
    opened.close()


@on_sqlite
def test_who_wrote_what_is_told_item_by_item(workspace, kick_off, item, room):
    assert notes_authors.who_wrote(workspace, kick_off) == {}
    open_notes(workspace, kick_off).close()
    commands.set_me(workspace, {"given_name": "Nele", "family_name": "Test"})
    guest = MinutesText()
    guest.edit(item, 0, 0, "Träger 🚀. ")
    *_, invited = queries.invitations(workspace, kick_off)
    author = Author(replica=guest.replica, participant=invited.id.hex, name=invited.name)
    take_kept(workspace, room, kept(guest, "", author))
    for words in ("Ours", " too."):  # each time with another replica
        ours = open_notes(workspace, kick_off)
        ours.edit(item, len(ours.item_text(item).encode("utf-16-le")) // 2, 0, words)
        ours.close()
    written = notes_authors.who_wrote(workspace, kick_off)
    assert [(each.author, each.text) for each in written[item]] == [
        (invited.name, "Träger 🚀. "),
        ("Nele Test", "Ours too."),
    ]
    assert written[item][0].person_id == invited.person_id
    assert "".join(each.text for each in written[item]) == notes(workspace, kick_off)[item]


@on_sqlite
def test_what_has_no_draft_to_go_to_changes_nothing(workspace, kick_off, item, room):
    ours = open_notes(workspace, kick_off)
    ours.edit(item, 0, 0, "Ours")
    minutes = ours.minutes_id
    ours.close()
    guest = MinutesText()
    guest.edit(item, 0, 0, "Late")
    assert not take_kept(workspace, room, kept(guest, uuid4().hex))
    assert not take_kept(workspace, "nosuchroom", kept(guest))
    assert not take_kept(workspace, room, KeptMinutes(document="", update=b"", authors=[]))
    with pytest.raises(DomainError) as refused:
        take_kept(workspace, room, KeptMinutes(document=minutes.hex, update=b"\x01", authors=[]))
    assert refused.value.code == "bad_update"
    assert notes(workspace, kick_off) == {item: "Ours"}
