"""What is kept of a person is found, given out and forgotten; the project's record stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from projectdesk.domain.minutes import Action, ActionNote, AttendanceInterval
from projectdesk.domain.talk import Document, Poll
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, personal_data, queries
from projectdesk.services.rows import InvitationRow, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

NAME, EMAIL = "Xiomara Quintanilla-Zúñiga", "xiomara@quintanilla.example"
ELSEWHERE = {"minutes_version", "minutes_update"}
"""Records of the consortium, which stay."""


@dataclass
class Known:
    workspace: Workspace
    person: UUID
    invitation: InvitationRow


@pytest.fixture
def known(any_workspace: Workspace) -> Known:
    """Somebody of the sample project who was invited, came, was mailed and commented."""
    workspace = any_workspace
    project = commands.open_sample(workspace)
    meeting = next(row for row in queries.meetings(workspace) if row.ended_at is None)
    invited = next(
        row for row in queries.invitations(workspace, meeting.id) if row.partner_id is not None
    )
    person = next(row for row in queries.people(workspace, project) if row.id == invited.person_id)
    given, family = NAME.split()
    values = {"given_name": given, "family_name": family, "email": EMAIL, "phone": "+34 600 123"}
    commands.set_fields(workspace, Kind.PERSON, person.id, person.version, values)
    with workspace.change("Comes", undoable=False) as unit:
        unit.add(
            AttendanceInterval(
                meeting_id=meeting.id, invitation_id=invited.id, name=NAME, joined_at=unit.now
            )
        )
        session, mails, told = unit.session, schema.outgoing_mail, schema.told_invitee
        row = schema.invitation.c
        session.execute(
            update(schema.invitation).where(row.id == invited.id).values(comment=f"From {NAME}")
        )
        session.execute(
            insert(mails).values(
                id=invited.id, message_id="<1@x.org>", purpose="invitation",
                person_id=person.id, author="a@x.org", recipient=f"{NAME} <{EMAIL}>",
                subject=f"To {NAME}", content=f"Dear {NAME}".encode(), state="queued",
                due_at=unit.now + timedelta(days=9), made_at=unit.now,
            )
        )  # fmt: skip
        session.execute(
            insert(told).values(
                meeting_id=meeting.id, person_id=person.id, invitation_id=invited.id,
                address=EMAIL, facts="{}", sent_at=unit.now,
            )
        )  # fmt: skip
    return Known(workspace, person.id, invited)


def everything(workspace: Workspace) -> dict[str, list[str]]:
    """Return all rows that the database holds, as texts by table."""
    with workspace.read() as session:
        return {
            table.name: [str(dict(row)) for row in session.execute(select(table)).mappings()]
            for table in schema.metadata.sorted_tables
        }


def naming(workspace: Workspace) -> set[str]:
    words = (NAME, EMAIL, "Xiomara", "600 123")
    found = everything(workspace).items()
    return {name for name, rows in found if any(word in row for row in rows for word in words)}


@pytest.mark.full
def test_all_that_names_a_person_is_given_out(known: Known) -> None:
    found = personal_data.export_person(known.workspace, known.person)
    assert {"person", "membership", "invitation", "attendance", "outgoing_mail"} <= found.keys()
    assert {"told_invitee", "history"} <= found.keys()
    text = json.dumps(found, ensure_ascii=False)
    for word in (NAME, EMAIL, "+34 600 123", f"Dear {NAME}"):
        assert word in text
    other = next(row for row in queries.people(known.workspace) if row.id != known.person)
    assert other.name not in text


def test_a_person_is_forgotten_everywhere_and_the_record_stays(known: Known) -> None:
    workspace = known.workspace
    assert {"person", "attendance", "history", "outgoing_mail"} <= naming(workspace)
    before = {name: len(rows) for name, rows in everything(workspace).items()}
    done = personal_data.erase_person(workspace, known.person)
    assert done.name == NAME
    assert naming(workspace) - ELSEWHERE == set()
    after = {name: len(rows) for name, rows in everything(workspace).items()}
    assert {name for name in after if after[name] < before[name]} <= {
        "told_invitee", "busy_time", "busy_source", "search_entry", "connection_check",
    }  # fmt: skip
    row = next(
        each
        for each in queries.invitations(workspace, known.invitation.meeting_id)
        if each.id == known.invitation.id
    )
    assert (row.name, row.revoked) == (personal_data.ERASED, True)
    with workspace.read() as session:
        assert session.scalar(select(schema.outgoing_mail.c.state)) == "cancelled"


@pytest.mark.full
def test_nobody_erases_themselves_or_nobody(known: Known) -> None:
    commands.set_me(known.workspace, {"given_name": "Ida", "family_name": "Holm"})
    me = queries.me(known.workspace)
    assert me is not None
    with pytest.raises(DomainError) as caught:
        personal_data.erase_person(known.workspace, me.id)
    assert caught.value.code == "erase_me"
    with pytest.raises(NotFound):
        personal_data.erase_person(known.workspace, known.invitation.id)
    with pytest.raises(DomainError):
        personal_data.export_person(known.workspace, known.invitation.id)


@pytest.mark.full
def test_what_names_a_person_by_words_is_given_out_and_forgotten(known: Known) -> None:
    workspace, meeting = known.workspace, known.invitation.meeting_id
    project = queries.meeting(workspace, meeting).project_id
    text = "I do it, but later."
    with workspace.change("Words", undoable=False) as unit:
        action = Action(project_id=project, meeting_id=meeting, text="Send the report")
        now = unit.now
        unit.add(
            action,
            ActionNote(action_id=action.id, text=text, person_id=known.person, made_at=now),
            Document(
                project_id=project, meeting_id=meeting, name="map.png", size=1, sha256="0" * 64,
                shared_by=NAME, shared_at=now,
            ),
            Poll(
                meeting_id=meeting, number=1, question="Go?", options=("Yes", "No"),
                opened_at=now, closed_at=now, counts=(1, 0), names=(NAME, ""),
            ),
        )  # fmt: skip
    commands.create(
        workspace,
        Kind.AGENDA_ITEM,
        {"meeting_id": meeting, "title": "WP3", "presenter_text": f"{NAME}, chair"},
    )
    commands.create(workspace, Kind.ACTION, {"project_id": project, "text": f"{NAME} decides"})
    folder = workspace.data / "recordings" / meeting.hex / "one"
    folder.mkdir(parents=True)
    (folder / "consents.json").write_text(json.dumps({"consents": [{"name": NAME}]}))
    typed = [{"key": "a", "text": f"About {NAME}"}, {"key": "b", "text": "Nobody"}]
    (workspace.data / "half-typed.json").write_text(json.dumps(typed))

    found = personal_data.export_person(workspace, known.person)
    assert {"action_note", "document", "poll", "agenda_item", "recordings"} <= found.keys()
    done = personal_data.erase_person(workspace, known.person)
    assert naming(workspace) - ELSEWHERE == {"action", "search_entry"}
    assert done.named == {"action": 1}
    assert len(done.recordings) == 1
    assert json.loads((workspace.data / "half-typed.json").read_text()) == typed[1:]
    with workspace.read() as session:
        note, document = schema.action_note.c, schema.document.c
        told = session.scalar(select(note.text).where(note.person_id == known.person))
        shared = session.scalar(select(document.shared_by).where(document.name == "map.png"))
        assert (told, shared) == ("", personal_data.ERASED)
        item = schema.agenda_item.c
        said = session.scalars(select(item.presenter_text).where(item.title == "WP3")).one()
    assert said == f"{personal_data.ERASED}, chair"


def test_a_longer_name_that_begins_alike_is_left_alone(any_workspace: Workspace) -> None:
    workspace = any_workspace
    commands.open_sample(workspace)
    values = {"given_name": "Ana", "family_name": "Li", "email": "ana@li.example"}
    person, _ = commands.create(workspace, Kind.PERSON, values)
    meeting = queries.meetings(workspace)[0].id
    items = {}
    for text in ("Ana Li, chair", "Ana Lind"):
        item = {"meeting_id": meeting, "title": "WP3", "presenter_text": text}
        items[text], _ = commands.create(workspace, Kind.AGENDA_ITEM, item)
    with workspace.change("Words", undoable=False) as unit:
        unit.add(
            Poll(
                meeting_id=meeting, number=1, question="Go?", options=("Yes", "No"),
                opened_at=unit.now, closed_at=unit.now, counts=(2, 0), names=("Ana Lind", "Ana Li"),
            ),
        )  # fmt: skip
    personal_data.erase_person(workspace, person)
    mine, other = items.values()
    said, kept = _presented(workspace, mine)
    assert said == f"{personal_data.ERASED}, chair"
    assert "presenter_text" in kept
    assert "Ana Li" not in str(kept)
    said, kept = _presented(workspace, other)
    assert (said, kept["presenter_text"]) == ("Ana Lind", "Ana Lind")
    with workspace.read() as session:
        names = session.scalar(select(schema.poll.c.names))
    assert list(names) == ["Ana Lind", personal_data.ERASED]


def _presented(workspace: Workspace, item: UUID) -> tuple[str, dict[str, object]]:
    """Return who presents an item, and what the history says: it outlives a name as a field."""
    row, history = schema.agenda_item.c, schema.history.c
    with workspace.read() as session:
        said = session.scalars(select(row.presenter_text).where(row.id == item)).one()
        told = session.scalars(select(history.after).where(history.record_id == item)).one()
    return said, told or {}
