"""A held meeting with minutes, and what tests of their life do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from projectdesk.domain.consortium import Body, BodyKind, BodyMember
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import (
    MinutesReader,
)
from projectdesk.services import (
    commands,
    minutes_desks,
    minutes_mail,
)
from projectdesk.services import notes as live_notes
from projectdesk.services.circulation_rows import CirculationOrder
from projectdesk.services.commands import minutes_life as life
from projectdesk.services.commands.collect import collect
from projectdesk.services.queries import agenda
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import journal
from projectdesk.signalling.outcome import (
    ItemObjection,
    MinutesAnswer,
)
from tests.unit.meetings.conftest import Consortium

PUBLIC = "https://meet.example.org"
JOURNAL = uuid4().hex
UNSENT = CirculationOrder(PUBLIC, host=PUBLIC, send=False)


@pytest.fixture(autouse=True)
def plain_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents have their own tests; here a PDF is a few bytes with the head in them."""
    monkeypatch.setattr(
        minutes_mail,
        "minutes_pdf",
        lambda _, minutes, bound=None: f"%PDF {minutes.audit_head}".encode(),
    )


@pytest.fixture
def assembly(workspace: Workspace, consortium: Consortium, plan: Callable[..., UUID]) -> UUID:
    """A held meeting of a body of UNI and LAB; FIRM and GHOST have no seat."""
    body = Body(project_id=consortium.project, name="Board", kind=BodyKind.EXECUTIVE_BOARD)
    meeting = plan()
    with workspace.change("Hold it") as unit:
        unit.add(
            body,
            BodyMember(
                body_id=body.id,
                partner_id=consortium.partners["UNI"],
                representative_id=consortium.people["Maya"],
            ),
            BodyMember(
                body_id=body.id,
                partner_id=consortium.partners["LAB"],
                representative_id=consortium.people["Rui"],
                deputy_id=consortium.people["Inês"],
            ),
        )
        unit.session.flush()
        held = unit.get(Meeting, meeting)
        held.body_id = body.id
        held.state = MeetingState.HELD
        held.ended_at = unit.now
    return meeting


@pytest.fixture
def written(workspace: Workspace, assembly: UUID) -> UUID:
    """The same with a text on its first item."""
    document = live_notes.open_notes(workspace, assembly)
    document.edit(agenda(workspace, assembly)[0].id, 0, 0, "The budget is moved.")
    document.close()
    return assembly


def decide(workspace: Workspace, meeting: UUID, item: UUID | None = None) -> UUID:
    with workspace.read() as session:
        project = session.get_one(Meeting, meeting).project_id
    values = {
        "project_id": project,
        "meeting_id": meeting,
        "agenda_item_id": item,
        "text": "Move 20 kEUR.",
        "made_at": workspace.now(),
    }
    return commands.create(workspace, Kind.DECISION, values)[0]


def circulated(workspace: Workspace, meeting: UUID) -> dict[str, MinutesReader]:
    """Circulate, and return the readers by given name."""
    life.circulate_minutes(workspace, meeting, UNSENT)
    return readers(workspace, meeting)


def readers(workspace: Workspace, meeting: UUID) -> dict[str, MinutesReader]:
    found = minutes_life(workspace, meeting)
    with workspace.read() as session:
        return {
            row.name.split()[0]: session.get_one(MinutesReader, row.id) for row in found.readers
        }


def answer(
    workspace: Workspace, reader: MinutesReader, *said: tuple[UUID | None, str], **changes
) -> journal.JournalEntry:
    """Return an answer of a reader as an entry of the journal, received now."""
    given = MinutesAnswer(
        objections=[
            ItemObjection(item=item.hex if item is not None else "", text=text)
            for item, text in said
        ],
        **{name: value for name, value in changes.items() if name in {"vetoes", "comment"}},
    )
    fact = journal.DeskAnswered(desk=reader.desk, subject=reader.id.hex, answer=given)
    at = changes.get("at") or workspace.now()
    return journal.JournalEntry(
        id=uuid4().hex, seq=changes.get("seq", 1), at=at, room="", fact=fact
    )


def gather(workspace: Workspace, *entries: journal.JournalEntry, until: datetime | None = None):
    batch = journal.JournalBatch(
        journal=JOURNAL,
        epoch=1,
        entries=list(entries),
        collected_until=until or workspace.now(),
        last=max((each.seq for each in entries), default=0),
    )
    collect(workspace, batch)


def hosted(workspace: Workspace, meeting: UUID) -> None:
    newest = minutes_life(workspace, meeting).newest
    assert newest is not None
    minutes_desks.keep_journal(workspace, newest.id, JOURNAL)


def pass_window(workspace: Workspace, clock, meeting: UUID) -> None:
    """Let the window end, and the host be heard past it."""
    until = minutes_life(workspace, meeting).until
    assert until is not None
    clock.now = until + timedelta(hours=1)
    hosted(workspace, meeting)
    gather(workspace)
