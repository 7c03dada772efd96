"""The search index: one row per record that has words, kept in step by the unit of work.

SQLite finds three characters and more through FTS5 trigrams; PostgreSQL through pg_trgm where the
server has it. Shorter words are looked for at the beginning of the title or of a word in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    TextualSelect,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, Organisation, Partner, Person, Project
from projectdesk.domain.meetings import AgendaItem, Meeting
from projectdesk.domain.minutes import Action, Decision, Information
from projectdesk.domain.preparation import BacklogItem, DatePoll, ReviewQuestion
from projectdesk.domain.talk import Document
from projectdesk.domain.voting import Vote
from projectdesk.domain.workplan import Deliverable, Milestone, Risk, Task, WorkPackage
from projectdesk.store.folding import fold
from projectdesk.store.schema import membership, partner, search_entry

TRIGRAM = 3
CHUNK = 500
"""Rows per statement: below SQLite's limit of parameters."""

CANDIDATES = 8000
"""Entries that are ranked for one answer; a project of 20,000 actions has more only of words that
nobody looks for ("the")."""

_NO_LIMIT = -1
_LAST = "\U0010ffff"
"""Comes after every text, so that what begins with x lies between x and x followed by it."""

_MANY = ("agenda_item", "minutes", "decision", "action")
"""Kinds of which a project has so many that the others would not be seen among them."""


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
    Decision: lambda d: (d.text, d.rule),
    Action: lambda a: (a.text, ""),
    Information: lambda i: (i.text, ""),
    Vote: lambda v: (v.question, _joined(v.description, v.words)),
    DatePoll: lambda p: (p.title, p.description),
    BacklogItem: lambda i: (i.title, i.description),
    ReviewQuestion: lambda q: (f"Q{q.number} {q.text}", q.answer),
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
    if len(words) == 1 and _change(session, words[0]):
        return
    remove(session, [(each.kind, each.record_id) for each in words])
    add(session, words)


def add(session: Session, words: Sequence[Words]) -> None:
    """Index the words of records that are new for certain."""
    if not words:
        return
    session.connection().execute(insert(search_entry), [_values(each) for each in words])


def _values(words: Words) -> dict[str, object]:
    return {
        "kind": words.kind,
        "record_id": words.record_id,
        "project_id": words.project_id,
        "title": words.title,
        "body": words.body,
        "title_folded": fold(words.title),
        "body_folded": fold(words.body),
    }


def _change(session: Session, words: Words) -> bool:
    """Change the words of one record; tell whether it was indexed."""
    changed = session.connection().execute(
        update(search_entry)
        .where(search_entry.c.record_id == words.record_id, search_entry.c.kind == words.kind)
        .values(_values(words))
    )
    return changed.rowcount > 0


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


def find(
    session: Session,
    text: str,
    limit: int,
    *,
    kind: str | None = None,
    project_id: UUID | None = None,
) -> list[Found]:
    """Return what holds every word of `text`.

    Titles that begin with it come first, then titles that hold it, then the rest; of equals what a
    project has few of before what it has many of, and short titles before long ones. Of a word
    that more than `CANDIDATES` records hold, titles that begin with it and the newest records are
    ranked.

    Args:
        session: of a query.
        text: as typed.
        limit: how many at most.
        kind: only records of this kind.
        project_id: only records of this project, its organisations and people included.
    """
    query = fold(text)
    words = query.split()
    if not words:
        return []
    only = _only(kind, project_id)
    if session.get_bind().dialect.name != "sqlite":
        every = _ranked(query).where(*(_condition(word) for word in words), *only)
        return [Found(*row) for row in session.execute(every.limit(limit))]
    # By the index of titles: where these are enough, nothing that could follow is better.
    title = search_entry.c.title_folded
    begins = title.between(query, query + _LAST)
    first = session.execute(_ranked(query).where(begins, *only).limit(limit)).all()
    if len(first) < limit:
        first = session.execute(
            _ranked(query).where(_holding(words, filtered=bool(only)), *only).limit(limit)
        ).all()
    return [Found(*row) for row in first]


def by_ids(session: Session, records: Sequence[tuple[str, UUID]]) -> list[Found]:
    """Return the entries of records, (kind, id) each, in no order; some have none."""
    c = search_entry.c
    found: list[Found] = []
    for start in range(0, len(records), CHUNK):
        wanted = {*records[start : start + CHUNK]}
        query = select(c.kind, c.record_id, c.project_id, c.title, c.body).where(
            c.record_id.in_([record_id for _, record_id in wanted])
        )
        found += [Found(*row) for row in session.execute(query) if (row[0], row[1]) in wanted]
    return found


def _only(kind: str | None, project_id: UUID | None) -> list[ColumnElement[bool]]:
    c = search_entry.c
    only: list[ColumnElement[bool]] = []
    if kind is not None:
        only.append(c.kind == kind)
    if project_id is not None:
        people = select(membership.c.person_id).where(membership.c.project_id == project_id)
        theirs = select(partner.c.organisation_id).where(partner.c.project_id == project_id)
        only.append(
            or_(c.project_id == project_id, c.record_id.in_(people), c.record_id.in_(theirs))
        )
    return only


def _ranked(query: str) -> Select[Any]:
    c = search_entry.c
    rank = case(
        (c.title_folded.startswith(query, autoescape=True), 0),
        (c.title_folded.contains(f" {query}", autoescape=True), 1),
        (c.title_folded.contains(query, autoescape=True), 2),
        else_=3,
    )
    many = case((c.kind.in_(_MANY), 1), else_=0)
    return select(c.kind, c.record_id, c.project_id, c.title, c.body).order_by(
        rank, many, func.length(c.title_folded), c.title_folded, c.id
    )


def _holding(words: Sequence[str], *, filtered: bool) -> ColumnElement[bool]:
    """Return SQLite's condition that an entry holds every word.

    filtered: only some kind or project is wanted, so that all entries must be looked at.
    """
    c = search_entry.c
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    conditions = [_condition(word) for word in short]
    if long:
        conditions.append(c.id.in_(_matching(" AND ".join(map(_quoted, long)), filtered=filtered)))
    elif all(len(word) == TRIGRAM - 1 for word in short):
        # A space and two letters are a trigram too: the beginning of a word, except the first.
        for word in short:
            within = _matching("{title_folded} : " + _quoted(f" {word}"), filtered=True)
            begins = c.title_folded.between(word, word + _LAST)
            conditions.append(or_(begins, c.id.in_(within)))
    return and_(*conditions)


def _quoted(phrase: str) -> str:
    """Return a phrase for FTS5: nothing in a quoted string is an operator."""
    return '"' + phrase.replace('"', '""') + '"'


def _matching(match: str, *, filtered: bool) -> TextualSelect:
    """Return the ids of what FTS5 finds: of everything, or of the newest only."""
    found = sql(
        "SELECT rowid FROM search_text WHERE search_text MATCH :match"
        " ORDER BY rowid DESC LIMIT :most"
    ).bindparams(
        bindparam("match", match, unique=True),
        bindparam("most", _NO_LIMIT if filtered else CANDIDATES, unique=True),
    )
    return found.columns(literal_column("rowid"))


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
