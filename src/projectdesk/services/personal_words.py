"""Where a person is named by words, not by a reference: found for them, and forgotten.

A file of a chat says who shared it, a poll who chose what, an item who presents it, a mail to whom
it went, the history what a record said before. What people wrote about each other in minutes,
decisions and actions is the consortium's record and stays; `naming` counts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    cast,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from projectdesk.services.rows import Kind
from projectdesk.store import schema
from projectdesk.store.folding import fold

_NAMED: Final[tuple[Column[Any], ...]] = (
    schema.document.c.shared_by,
    schema.minutes_version.c.made_by,
    schema.review_question.c.asked_by,
    schema.agenda_item.c.presenter_text,
    schema.backlog_item.c.presenter_text,
)
"""Columns that hold the name of somebody."""
_TOLD: Final[tuple[tuple[Table, Column[Any]], ...]] = (
    (schema.audit_text, schema.audit_text.c.text),
    (schema.typed_line, schema.typed_line.c.line),
)
"""What says something of a person in words that are not theirs alone."""
_TYPED: Final = "half-typed.json"
"""File of a desktop (`desktop.runtime.draft_file`)."""
_RECORDED: Final = ("manifest.json", "consents.json")


@dataclass(frozen=True)
class Words:
    """By what a person is named. name: as it is written out. email: "" = not known."""

    name: str
    email: str

    @property
    def all(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(each for each in (self.name, self.email) if each)

    def in_column(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a text names the person."""
        return or_(*(column.contains(each, autoescape=True) for each in self.all))

    def in_json(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that JSON names the person, whichever way letters are escaped."""
        spelt = {json.dumps(each)[1:-1] for each in self.all} | set(self.all)
        text = cast(type_coerce(column, schema.history.c.after.type), String)
        return or_(*(text.contains(each, autoescape=True) for each in sorted(spelt)))


def rows_naming(session: Session, words: Words) -> dict[str, list[Mapping[Any, Any]]]:
    """Return the rows that name a person by words, by table."""
    found: dict[str, list[Mapping[Any, Any]]] = {}
    if not words.name:
        return found
    for column in _NAMED:
        query = select(column.table).where(column.contains(words.name, autoescape=True))
        _take(found, column.table.name, session.execute(query).mappings())
    for table, column in _TOLD:
        query = select(table).where(words.in_column(column))
        _take(found, table.name, session.execute(query).mappings())
    query = select(schema.poll).where(words.in_json(schema.poll.c.names))
    _take(found, schema.poll.name, session.execute(query).mappings())
    return found


def forget_words(session: Session, words: Words, instead: str) -> dict[str, int]:
    """Put another name in the place of a person's; return how many rows by table.

    Args:
        session: of a unit.
        words: of the person.
        instead: the name from now on.
    """
    if not words.name:
        return _forget_addresses(session, words)
    counts: dict[str, int] = {}
    for column in _NAMED:
        table = column.table
        assert isinstance(table, Table)  # noqa: S101 - of the schema
        changed = update(table).where(column.contains(words.name, autoescape=True))
        done: Any = session.execute(
            changed.values({column: func.replace(column, words.name, instead)})
        )
        counts[table.name] = counts.get(table.name, 0) + int(done.rowcount)
    counts[schema.poll.name] = _forget_polls(session, words, instead)
    counts["history_values"] = _forget_values(session, words)
    _forget_search(session, words, instead)
    for name, count in _forget_addresses(session, words).items():
        counts[name] = counts.get(name, 0) + count
    return counts


def naming(session: Session, words: Words) -> dict[str, int]:
    """Return how many records still name a person in what they say, by kind."""
    entry = schema.search_entry.c
    if not words.name:
        return {}
    folded = fold(words.name)
    query = (
        select(entry.kind, func.count())
        .where(
            entry.kind != Kind.PERSON.value,
            or_(
                entry.title_folded.contains(folded, autoescape=True),
                entry.body_folded.contains(folded, autoescape=True),
            ),
        )
        .group_by(entry.kind)
        .order_by(entry.kind)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def recordings_naming(data: Path, words: Words) -> list[str]:
    """Return the folders of recordings, below the data folder, that show or list a person."""
    if not words.name:
        return []
    found = []
    spelt = {words.name, json.dumps(words.name)[1:-1]}
    for folder in sorted((data / "recordings").glob("*/*")):
        texts = [_text(folder / name) for name in _RECORDED]
        if any(each in text for text in texts for each in spelt):
            found.append(folder.relative_to(data).as_posix())
    return found


def forget_typed(data: Path, words: Words) -> int:
    """Take texts that name a person out of what a desktop keeps until it is saved."""
    file = data / _TYPED
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        left = [one for one in kept if not any(each in str(one["text"]) for each in words.all)]
        if len(left) < len(kept):
            file.write_text(json.dumps(left), encoding="utf-8")
        return len(kept) - len(left)
    except (OSError, ValueError, TypeError, KeyError):
        return 0


# --- inside ---------------------------------------------------------------------------------------


def _take(
    found: dict[str, list[Mapping[Any, Any]]], name: str, rows: Iterable[Mapping[Any, Any]]
) -> None:
    taken = list(rows)
    if taken:
        found.setdefault(name, []).extend(taken)


def _forget_polls(session: Session, words: Words, instead: str) -> int:
    poll = schema.poll
    rows = session.execute(select(poll.c.id, poll.c.names).where(words.in_json(poll.c.names))).all()
    for row in rows:
        names = [each.replace(words.name, instead) for each in row.names]
        session.execute(update(poll).where(poll.c.id == row.id).values(names=names))
    return len(rows)


def _forget_values(session: Session, words: Words) -> int:
    """Take values that name the person out of the history of all records."""
    h = schema.history
    named = or_(words.in_json(h.c.before), words.in_json(h.c.after))
    done: Any = session.execute(update(h).where(named).values(before=None, after=None, label=""))
    return int(done.rowcount)


def _forget_search(session: Session, words: Words, instead: str) -> None:
    """Let nobody find records by the name that they do not hold any more."""
    entry = schema.search_entry.c
    kinds = {column.table.name for column in _NAMED}
    for body, said, other in (
        (entry.body, words.name, instead),
        (entry.body_folded, fold(words.name), fold(instead)),
        (entry.title, words.name, instead),
        (entry.title_folded, fold(words.name), fold(instead)),
    ):
        changed = update(schema.search_entry).where(
            entry.kind.in_(sorted(kinds)), body.contains(said, autoescape=True)
        )
        session.execute(changed.values({body: func.replace(body, said, other)}))


def _forget_addresses(session: Session, words: Words) -> dict[str, int]:
    """Empty mail that went to the address, or came from it, whomever it is noted for."""
    if not words.email:
        return {}
    out, come = schema.outgoing_mail, schema.incoming_mail
    sent: Any = session.execute(
        update(out)
        .where(
            out.c.recipient.contains(words.email, autoescape=True),
            out.c.state.not_in(["queued", "sending"]),
        )
        .values(recipient="", subject="", content=b"", reply="")
    )
    got: Any = session.execute(
        update(come)
        .where(come.c.sender.contains(words.email, autoescape=True))
        .values(sender="", subject="", detail="")
    )
    return {out.name: int(sent.rowcount), come.name: int(got.rowcount)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
