"""What is kept of one person, and forgetting it (Regulation (EU) 2016/679, articles 15, 17, 20).

Found by the references of the schema: every row that names the person, and what hangs on rows that
are of one person alone (an invitation, a voter, a reader). Forgetting takes names, addresses and
words away and keeps what the project is accountable for: that somebody was there, voted, owned an
action. What circulated or accepted minutes say stays: they are a record of the consortium, and
their trail shows that they were not changed; `mentions` says where a person is named in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import Vote
from projectdesk.errors import DomainError
from projectdesk.services import audit, personal_words
from projectdesk.services.outbox import EMPTIED, EMPTIED_INCOMING, MailState
from projectdesk.services.procedure_trail import tell_shut
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema, search
from projectdesk.store.mapping import TABLES
from projectdesk.store.record import to_json

ERASED: Final = "Erased person"
_GIVEN, _FAMILY = ERASED.split()
_OWN: Final = ("invitation", "date_voter", "minutes_reader", "busy_source", "vote_seat")
"""Records of one person alone: what hangs on them is that person's, too."""
_WORDS: Final[Mapping[str, Mapping[str, object]]] = {
    "invitation": {"comment": "", "revoked": True},
    "date_voter": {"comment": "", "revoked": True},
    "minutes_reader": {"comment": "", "revoked": True},
    "attendance": {"name": ERASED},
    "companion": {"name": ""},
    "action_note": {"text": ""},
    "attendance_correction": {"reason": ""},
    "effort_statement": {"comment": ""},
    "vote_seat": {"comment": "", "revoked": True},
}
"""What rows of a person are left with."""
_HANGING: Final = (
    (schema.connection_check, schema.connection_check.c.invitation_id, "invitation"),
    (schema.busy_time, schema.busy_time.c.source_id, "busy_source"),
)
"""What hangs on records of one person without a reference."""
_BESIDE: Final = (
    schema.outgoing_mail,
    schema.incoming_mail,
    schema.told_invitee,
    schema.minutes_author,
)
"""Tables that name a person without a reference: what was sent outlives what it was about."""


@dataclass(frozen=True)
class Erased:
    """What forgetting did. rows: how many by table. mentions: minutes that name the person.

    named: how many other records say the name in their text, by kind. recordings: folders of those
    that show or list the person. backups: that still hold it, until newer ones take their place.
    """

    name: str
    rows: Mapping[str, int]
    mentions: tuple[str, ...]
    backups: int
    named: Mapping[str, int] = field(default_factory=dict)
    recordings: tuple[str, ...] = ()


def export_person(workspace: Workspace, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return all rows that are of a person, by table, as JSON can hold them.

    Raises:
        NotFound: no such person.
    """
    with workspace.read() as session:
        found = _of_person(session, person_id)
        rows = {table.name: _plain_rows(session, table, ids) for table, ids in found.items()}
        for table in _BESIDE:
            query = select(table).where(table.c.person_id == person_id)
            rows[table.name] = [_plain(row) for row in session.execute(query).mappings()]
        words = _words(session, person_id)
        rows["history"] = _history(session, found, words.name)
        for name, more in personal_words.rows_naming(session, words).items():
            rows.setdefault(name, [])
            rows[name] += [each for row in more if (each := _plain(row)) not in rows[name]]
        for table, key, own in _HANGING:
            ids = found.get(schema.metadata.tables[own], [])
            query = select(table).where(key.in_(ids))
            rows[table.name] = [_plain(row) for row in session.execute(query).mappings()]
        rows["recordings"] = [
            {"folder": each} for each in personal_words.recordings_naming(workspace.data, words)
        ]
    if not rows["person"]:
        raise DomainError("no_such_person", "There is no such person (any more).")
    return {name: each for name, each in rows.items() if each}


def erase_person(workspace: Workspace, person_id: UUID) -> Erased:
    """Forget a person: names, addresses, words, mails, calendars. It cannot be undone.

    Raises:
        NotFound: no such person.
        DomainError: `erase_me`, it is the person of this desktop.
    """
    with workspace.change("Erase what is known of a person", undoable=False, in_turn=True) as unit:
        session = unit.session
        person = unit.get(Person, person_id)
        if workspace.is_mine(person):
            raise DomainError(
                "erase_me",
                "This is you: what you do here is kept under your name. Let a colleague erase it, "
                "or delete the data folder.",
            )
        name, addresses = person.name, {person.email} - {""}
        words = personal_words.Words(name, person.email)
        session.expunge(person)  # its change must not be written into the history
        found = _of_person(session, person_id)
        _tell_shut(unit, found)
        counts = _forget_rows(session, found)
        counts |= _forget_beside(session, person_id)
        counts["history"] = _forget_history(session, found, name)
        for table_name, count in personal_words.forget_words(session, words, ERASED).items():
            counts[table_name] = counts.get(table_name, 0) + count
        counts["audit_text"] = _forget_trail(session, {name, *addresses} - {""})
        search.remove(session, [(Kind.PERSON.value, person_id)])
        for table, ids in found.items():
            _touch(unit, table, ids)
        mentions = _mentions(session, name)
        named = personal_words.naming(session, words)
    counts["half_typed"] = personal_words.forget_typed(workspace.data, words)
    backups = len(list((workspace.data / "backups").glob("*")))
    recordings = personal_words.recordings_naming(workspace.data, words)
    rows = {k: v for k, v in counts.items() if v}
    return Erased(name, rows, mentions, backups, named, tuple(recordings))


# --- finding --------------------------------------------------------------------------------------


def _of_person(session: Session, person_id: UUID) -> dict[Table, list[UUID]]:
    """Return the ids of all rows of a person, by table."""
    found: dict[Table, list[UUID]] = {schema.person: [person_id]}
    for table in TABLES.values():
        _join(found, table, _naming(session, table, "person", [person_id]))
    for own in _OWN:
        owner = schema.metadata.tables[own]
        for table in TABLES.values():
            _join(found, table, _naming(session, table, own, found.get(owner, [])))
    return found


def _join(found: dict[Table, list[UUID]], table: Table, ids: Iterable[UUID]) -> None:
    more = [each for each in ids if each not in set(found.get(table, []))]
    if more:
        found.setdefault(table, []).extend(more)


def _naming(session: Session, table: Table, target: str, ids: list[UUID]) -> list[UUID]:
    """Return the ids of a table's rows that name one of `ids` of the table `target`."""
    columns = [
        column
        for column in table.columns
        if any(key.column.table.name == target for key in column.foreign_keys)
    ]
    if not columns or not ids:
        return []
    query = select(table.c.id).where(or_(*(column.in_(ids) for column in columns)))
    return list(session.scalars(query))


def _plain_rows(session: Session, table: Table, ids: list[UUID]) -> list[dict[str, Any]]:
    query = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
    return [_plain(row) for row in session.execute(query).mappings()]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): value.decode("utf-8", "replace") if isinstance(value, bytes) else to_json(value)
        for name, value in row.items()
    }


def _words(session: Session, person_id: UUID) -> personal_words.Words:
    person = session.get(Person, person_id)
    return personal_words.Words(person.name if person else "", person.email if person else "")


def _history(
    session: Session, found: Mapping[Table, list[UUID]], name: str
) -> list[dict[str, Any]]:
    """Return the changes of the person's own records, and those that the person made."""
    c = schema.history.c
    own = [each for table, ids in found.items() if _is_own(table) for each in ids]
    query = select(c.at, c.who, c.label, c.operation, c.before, c.after)
    concerned: ColumnElement[bool] = c.record_id.in_(own)
    if name:
        concerned = or_(concerned, c.who == name)
    rows = session.execute(query.where(concerned).order_by(c.at))
    return [
        {**row._mapping, "at": row.at.isoformat() if isinstance(row.at, datetime) else None}
        for row in rows
    ]


# --- forgetting -----------------------------------------------------------------------------------


def _tell_shut(unit: Unit, found: Mapping[Table, list[UUID]]) -> None:
    """Tell the trails which links are about to be shut, without a name."""
    readers, seats = schema.minutes_reader, schema.vote_seat
    for table, chain in ((readers, readers.c.minutes_id), (seats, seats.c.vote_id)):
        mine = table.c.id.in_(found.get(table, []))
        query = select(table.c.id, chain).where(mine, table.c.revoked.is_(False))
        for own_id, chain_id in unit.session.execute(query).all():
            if table is seats:
                tell_shut(unit, unit.get(Vote, chain_id), own_id, ERASED)
            else:
                audit.append(unit, chain_id, AuditStep.READER_REVOKED, own_id, ERASED)


def _forget_rows(session: Session, found: Mapping[Table, list[UUID]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, ids in found.items():
        values = _WORDS.get(table.name)
        if table is schema.person:
            values = _nobody()
        if values is None:
            continue
        changed = update(table).where(table.c.id.in_(ids))
        session.execute(changed.values(version=table.c.version + 1, **values))
        counts[table.name] = len(ids)
    for table, key, own in _HANGING:
        gone = delete(table).where(key.in_(found.get(schema.metadata.tables[own], [])))
        counts[table.name] = _count(session.execute(gone))
    sources = found.get(schema.busy_source, [])
    session.execute(delete(schema.busy_source).where(schema.busy_source.c.id.in_(sources)))
    return counts


def _nobody() -> dict[str, object]:
    texts = ("email", "phone", "country", "region", "zone")
    return {
        **dict.fromkeys(texts, ""),
        "given_name": _GIVEN,
        "family_name": _FAMILY,
        "languages": [],
        "organisation_id": None,
    }


def _forget_beside(session: Session, person_id: UUID) -> dict[str, int]:
    mails, told, authors = schema.outgoing_mail, schema.told_invitee, schema.minutes_author
    waiting = mails.c.state.in_([MailState.QUEUED.value, MailState.REFUSED.value])
    mine = mails.c.person_id == person_id
    stopped = update(mails).where(mine, waiting).values(state=MailState.CANCELLED.value)
    session.execute(stopped)
    emptied = update(mails).where(mine).values(**EMPTIED)
    incoming = schema.incoming_mail
    read = update(incoming).where(incoming.c.person_id == person_id)
    forgotten = delete(told).where(told.c.person_id == person_id)
    unnamed = update(authors).where(authors.c.person_id == person_id)
    return {
        mails.name: _count(session.execute(emptied)),
        incoming.name: _count(session.execute(read.values(**EMPTIED_INCOMING))),
        told.name: _count(session.execute(forgotten)),
        authors.name: _count(session.execute(unnamed.values(name=ERASED, person_id=None))),
    }


def _forget_history(session: Session, found: Mapping[Table, list[UUID]], name: str) -> int:
    """Take the values of the person's rows out of the history; that there were changes stays."""
    history = schema.history
    count = 0
    for table, ids in found.items():
        if _is_own(table):
            kept = update(history).where(history.c.record_id.in_(ids), history.c.kind == table.name)
            count += _count(session.execute(kept.values(before=None, after=None, label="")))
    if name:
        said = update(history).where(history.c.who == name)
        count += _count(session.execute(said.values(who=ERASED)))
        labelled = update(history).where(history.c.label.contains(name, autoescape=True))
        count += _count(session.execute(labelled.values(label="")))
    return count


def _forget_trail(session: Session, words: set[str]) -> int:
    """Erase what trails say of the person, with its salt: the chains stay whole (decisions 15)."""
    text = schema.audit_text
    if not words:
        return 0
    named = or_(*(text.c.text.contains(word, autoescape=True) for word in words))
    return _count(session.execute(delete(text).where(named)))


def _mentions(session: Session, name: str) -> tuple[str, ...]:
    """Return the titles of meetings whose kept minutes name the person."""
    if not name:
        return ()
    version, minutes, meeting = schema.minutes_version, schema.minutes, schema.meeting
    query = (
        select(meeting.c.title)
        .distinct()
        .join_from(version, minutes, minutes.c.id == version.c.minutes_id)
        .join(meeting, meeting.c.id == minutes.c.meeting_id)
        .where(version.c.content.contains(name, autoescape=True))
        .order_by(meeting.c.title)
    )
    return tuple(session.scalars(query))


def _touch(unit: Unit, table: Table, ids: Iterable[UUID]) -> None:
    for each in ids:
        unit.touch(Kind(table.name), each)


def _is_own(table: Table) -> bool:
    """Tell whether a table's rows say something of one person, so that values are forgotten."""
    return table is schema.person or table.name in _WORDS or table is schema.busy_source


def _count(result: Any) -> int:
    return int(result.rowcount)
