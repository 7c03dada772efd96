"""Who wrote with which replica of a minutes' document: the answer to who wrote what.

Every character of a Yjs text has the id of the replica that typed it; here is whose that was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select

from projectdesk.errors import ProjectDeskError
from projectdesk.services.mine import is_me
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.writing import Author
from projectdesk.store import schema

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NoteAuthor:
    """Who wrote with a replica. person_id: None = nobody of the directory, or not known."""

    replica: int
    name: str
    person_id: UUID | None


@dataclass(frozen=True)
class WrittenStretch:
    """Words of an item's notes that one person wrote. author: name, "" = not known."""

    author: str
    person_id: UUID | None
    text: str


def who_wrote(workspace: Workspace, meeting_id: UUID) -> dict[UUID, list[WrittenStretch]]:
    """Return who wrote what of a meeting's newest minutes, in order, by agenda item.

    Items without notes are left out.
    """
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    minutes, update = schema.minutes.c, schema.minutes_update.c
    newest = (
        select(minutes.id)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision.desc())
        .limit(1)
    )
    with workspace.read() as session:
        minutes_id = session.scalar(newest)
        if minutes_id is None:
            return {}
        updates = session.scalars(
            select(update.update).where(update.minutes_id == minutes_id).order_by(update.seq)
        ).all()
    text, known = MinutesText.from_state(updates), authors(workspace, minutes_id)
    return {
        item: _stretches(words, text.authors(item), known) for item, words in text.texts().items()
    }


def _stretches(
    words: str, written: Sequence[tuple[int, int, int]], known: Mapping[int, NoteAuthor]
) -> list[WrittenStretch]:
    """Return the stretches of a text; what one person wrote with several replicas is one.

    written: (start, length, replica) in UTF-16 units, in order.
    """
    units = words.encode("utf-16-le")
    found: list[WrittenStretch] = []
    for start, length, replica in written:
        said = units[2 * start : 2 * (start + length)].decode("utf-16-le")
        author = known.get(replica, NoteAuthor(replica, "", None))
        made = WrittenStretch(author.name, author.person_id, said)
        if found and replace(found[-1], text=said) == made:
            made = replace(made, text=found.pop().text + said)
        found.append(made)
    return found


def authors(workspace: Workspace, minutes_id: UUID) -> dict[int, NoteAuthor]:
    """Return who wrote in minutes, by replica."""
    column = schema.minutes_author.c
    with workspace.read() as session:
        rows = session.execute(
            select(column.client, column.name, column.person_id).where(
                column.minutes_id == minutes_id
            )
        ).all()
    return {row.client: NoteAuthor(row.client, row.name, row.person_id) for row in rows}


def sign(workspace: Workspace, minutes_id: UUID, signed: Sequence[Author]) -> None:
    """Keep who wrote as a host says it; who is known stays.

    Raises:
        EnvironmentFailure: the database cannot be written; nothing was.
    """
    known = authors(workspace, minutes_id)
    new = [author for author in signed if author.replica not in known]
    if not new:
        return
    people = _people(workspace, (author.participant for author in new))
    rows = [
        NoteAuthor(author.replica, author.name, people.get(author.participant)) for author in new
    ]
    _keep(workspace, minutes_id, rows)


def sign_here(workspace: Workspace, minutes_id: UUID, replica: int) -> bool:
    """Keep that this desktop's person wrote with a replica; False = it could not be kept now."""
    if workspace.copied_at is not None:
        return False
    person = schema.person.c
    with workspace.read() as session:
        mine = session.execute(
            select(person.id, person.given_name, person.family_name).where(is_me(session)).limit(1)
        ).first()
    name = f"{mine.given_name} {mine.family_name}".strip() if mine is not None else ""
    try:
        if replica not in authors(workspace, minutes_id):
            row = NoteAuthor(replica, name, mine.id if mine is not None else None)
            _keep(workspace, minutes_id, [row])
    except ProjectDeskError as error:
        log.info("who writes the notes is not kept yet: %s", error.code)
        return False
    return True


def _keep(workspace: Workspace, minutes_id: UUID, rows: Iterable[NoteAuthor]) -> None:
    with workspace.change("Who wrote the notes", undoable=False) as unit:
        unit.session.execute(
            insert(schema.minutes_author),
            [
                {
                    "minutes_id": minutes_id,
                    "client": row.replica,
                    "name": row.name,
                    "person_id": row.person_id,
                    "since": unit.now,
                }
                for row in rows
            ],
        )


def _people(workspace: Workspace, participants: Iterable[str]) -> dict[str, UUID]:
    """Return the person of each invitation (32 hex digits) that there is."""
    wanted = []
    for participant in participants:
        try:
            wanted.append(UUID(hex=participant))
        except ValueError:
            continue  # a console that nobody is invited at
    invitation = schema.invitation.c
    with workspace.read() as session:
        rows = session.execute(
            select(invitation.id, invitation.person_id).where(invitation.id.in_(wanted))
        ).all()
    return {row.id.hex: row.person_id for row in rows}
