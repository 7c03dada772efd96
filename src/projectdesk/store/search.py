"""The search index: one row per record that has words, kept in step by the unit of work.

SQLite finds three characters and more through FTS5 trigrams; PostgreSQL through pg_trgm where the
server has it. Shorter words are looked for at the beginning of the title or of a word in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, insert, literal_column, or_, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, Organisation, Partner, Person, Project
from projectdesk.domain.meetings import AgendaItem, Meeting
from projectdesk.domain.minutes import Action, Decision
from projectdesk.domain.talk import Document
from projectdesk.domain.workplan import Deliverable, Milestone, Risk, Task, WorkPackage
from projectdesk.store.folding import fold
from projectdesk.store.schema import search_entry

TRIGRAM = 3
CHUNK = 500
"""Rows per statement: below SQLite's limit of parameters."""


@dataclass(frozen=True)
class Words:
    """What a record is found by. title: shown and ranked first; body: the rest."""

    kind: str
    record_id: UUID
    project_id: UUID | None
    title: str
    body: str = ""


@dataclass(frozen=True)
class Found:
    """One row that a search found."""

    kind: str
    record_id: UUID
    project_id: UUID | None
    title: str
    body: str


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


_WORDS: dict[type[Any], Callable[[Any], tuple[str, str]]] = {
    Project: lambda p: (
        f"{p.acronym} {p.title}".strip(),
        _joined(p.grant_number, p.call, " ".join(p.topics), p.objective),
    ),
    Organisation: lambda o: (
        o.legal_name,
        _joined(o.short_name, o.pic, o.vat_number, o.city, o.country),
    ),
    Partner: lambda p: (p.short_name, ""),
    Person: lambda p: (
        f"{p.given_name} {p.family_name}".strip() or p.email,
        _joined(p.email, p.phone),
    ),
    Body: lambda b: (b.name, ""),
    WorkPackage: lambda w: (f"WP{w.number} {w.title}", _joined(w.objectives, w.description)),
    Task: lambda t: (t.title, t.description),
    Deliverable: lambda d: (d.title, d.description),
    Milestone: lambda m: (f"MS{m.number} {m.title}", m.means_of_verification),
    Risk: lambda r: (f"R{r.number} {r.title}", r.mitigation),
    Document: lambda d: (d.name, d.note),
    Meeting: lambda m: (m.title, m.place),
    AgendaItem: lambda i: (i.title, i.description),
    Decision: lambda d: (d.text, ""),
    Action: lambda a: (a.text, ""),
}


def words_of(entity: type[Any], record: Any, kind: str, project_id: UUID | None) -> Words | None:
    """Return what a record is found by, or None if it is not searched for.

    Args:
        entity: its class.
        record: the entity, or anything with its fields.
        kind: its kind.
        project_id: its project, if it is in one.
    """
    describe = _WORDS.get(entity)
    if describe is None:
        return None
    title, body = describe(record)
    return Words(kind, record.id, project_id, title, body) if title else None


def put(session: Session, words: Iterable[Words]) -> None:
    """Index these words, in place of what was indexed for the same records and kinds."""
    chunk: list[Words] = []
    for each in words:
        chunk.append(each)
        if len(chunk) == CHUNK:
            _put(session, chunk)
            chunk = []
    if chunk:
        _put(session, chunk)


def _put(session: Session, words: Sequence[Words]) -> None:
    remove(session, [(each.kind, each.record_id) for each in words])
    add(session, words)


def add(session: Session, words: Sequence[Words]) -> None:
    """Index the words of records that are new for certain."""
    if not words:
        return
    session.connection().execute(
        insert(search_entry),
        [
            {
                "kind": each.kind,
                "record_id": each.record_id,
                "project_id": each.project_id,
                "title": each.title,
                "body": each.body,
                "title_folded": fold(each.title),
                "body_folded": fold(each.body),
            }
            for each in words
        ],
    )


def remove(session: Session, records: Iterable[tuple[str, UUID]]) -> None:
    """Take records out of the index; (kind, id) each. Unknown ones are ignored."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, record_id in records:
        by_kind.setdefault(kind, []).append(record_id)
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), CHUNK):
            session.connection().execute(
                delete(search_entry).where(
                    search_entry.c.kind == kind,
                    search_entry.c.record_id.in_(ids[start : start + CHUNK]),
                )
            )


def find(session: Session, text: str, limit: int, *, kind: str | None = None) -> list[Found]:
    """Return what holds every word of `text`.

    Titles that begin with it come first, then titles that hold it, then the rest.

    Args:
        session: of a query.
        text: as typed.
        limit: how many at most.
        kind: only records of this kind.
    """
    query = fold(text)
    words = query.split()
    if not words:
        return []
    sqlite = session.get_bind().dialect.name == "sqlite"
    c = search_entry.c
    rank = case(
        (c.title_folded.startswith(query, autoescape=True), 0),
        (c.title_folded.contains(f" {query}", autoescape=True), 1),
        (c.title_folded.contains(query, autoescape=True), 2),
        else_=3,
    )
    statement = (
        select(c.kind, c.record_id, c.project_id, c.title, c.body)
        .where(*(_condition(word) for word in words if not sqlite or len(word) < TRIGRAM))
        .order_by(rank, func.length(c.title_folded), c.title_folded, c.id)
        .limit(limit)
    )
    if kind is not None:
        statement = statement.where(c.kind == kind)
    long = [word for word in words if len(word) >= TRIGRAM]
    if sqlite and long:
        # A quoted string is a phrase to FTS5: nothing in it is an operator.
        phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        matches = sql("SELECT rowid FROM search_text WHERE search_text MATCH :phrase").bindparams(
            phrase=phrase
        )
        statement = statement.where(c.id.in_(matches.columns(literal_column("rowid"))))
    return [Found(*row) for row in session.execute(statement)]


def _condition(word: str) -> ColumnElement[bool]:
    c = search_entry.c
    if len(word) < TRIGRAM:
        return or_(
            c.title_folded.startswith(word, autoescape=True),
            c.title_folded.contains(f" {word}", autoescape=True),
        )
    return or_(
        c.title_folded.contains(word, autoescape=True),
        c.body_folded.contains(word, autoescape=True),
    )
