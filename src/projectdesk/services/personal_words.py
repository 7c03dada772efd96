"""Where a person is named by words, not by a reference: found for them, and forgotten.

A file of a chat says who shared it, a poll who chose what, an item who presents it, a mail to whom
it went, the history what a record said before. What people wrote about each other in minutes,
decisions and actions is the consortium's record and stays; `naming` counts it.

The database finds where the letters of a name stand; whether they are the name, and not a part of
another one ("Ana Li" in "Ana Lind"), is decided here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    bindparam,
    cast,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from projectdesk.services import recordings
from projectdesk.services.history_upkeep import empty_rows
from projectdesk.services.outbox import EMPTIED, EMPTIED_INCOMING, MailState
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
_TOLD: Final[tuple[Column[Any], ...]] = (schema.audit_text.c.text, schema.typed_line.c.line)
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

    def in_text(self, text: str) -> bool:
        """Tell whether a text names the person: the whole name, or the whole address."""
        return any(pattern.search(text) for pattern in self._patterns)

    def without(self, text: str, instead: str) -> str:
        """Return a text with another name in the place of the person's."""
        return _whole(self.name).sub(lambda _: instead, text) if self.name else text

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        address = rf"(?<![\w.+-]){re.escape(self.email)}(?![\w-]|\.\w)"
        found = (
            _whole(self.name) if self.name else None,
            re.compile(address, re.IGNORECASE) if self.email else None,
        )
        return tuple(pattern for pattern in found if pattern is not None)

    def near_column(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a text has the letters of the person's name or address."""
        return or_(*(column.contains(each, autoescape=True) for each in self.all))

    def near_json(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the same condition for JSON, whichever way letters are escaped."""
        spelt = {json.dumps(each)[1:-1] for each in self.all} | set(self.all)
        text = cast(type_coerce(column, schema.history.c.after.type), String)
        return or_(*(text.contains(each, autoescape=True) for each in sorted(spelt)))


def rows_naming(session: Session, words: Words) -> dict[str, list[Mapping[Any, Any]]]:
    """Return the rows that name a person by words, by table."""
    found: dict[str, list[Mapping[Any, Any]]] = {}
    if not words.name:
        return found
    for column in (*_NAMED, *_TOLD):
        query = select(column.table).where(words.near_column(column))
        rows = session.execute(query).mappings()
        _take(found, column.table, (row for row in rows if words.in_text(row[column])))
    names = schema.poll.c.names
    rows = session.execute(select(schema.poll).where(words.near_json(names))).mappings()
    _take(found, schema.poll, (row for row in rows if _in_json(words, row[names])))
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
        count = _rewrite(session, column, words, instead)
        counts[_table(column).name] = counts.get(_table(column).name, 0) + count
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
    folded = Words(fold(words.name), "")
    query = (
        select(entry.kind, entry.title_folded, entry.body_folded)
        .where(
            entry.kind != Kind.PERSON.value,
            or_(folded.near_column(entry.title_folded), folded.near_column(entry.body_folded)),
        )
        .order_by(entry.kind)
    )
    texts = session.execute(query)
    return dict(
        Counter(kind for kind, *said in texts if any(folded.in_text(each) for each in said))
    )


def recordings_naming(data: Path, words: Words) -> list[str]:
    """Return the folders of recordings, below the data folder, that show or list a person."""
    if not words.name:
        return []
    named = Words(words.name, "")
    return [
        folder.relative_to(data).as_posix()
        for folder in recordings.folders(data)
        if any(_in_json(named, _json(folder / name)) for name in _RECORDED)
    ]


def forget_typed(data: Path, words: Words) -> int:
    """Take texts that name a person out of what a desktop keeps until it is saved."""
    file = data / _TYPED
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        left = [one for one in kept if not words.in_text(str(one["text"]))]
        if len(left) < len(kept):
            file.write_text(json.dumps(left), encoding="utf-8")
        return len(kept) - len(left)
    except (OSError, ValueError, TypeError, KeyError):
        return 0


# --- inside ---------------------------------------------------------------------------------------


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _in_json(words: Words, value: Any) -> bool:
    return any(words.in_text(text) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """Give all texts of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _table(column: ColumnElement[Any]) -> Table:
    table = getattr(column, "table", None)
    assert isinstance(table, Table)  # noqa: S101 - of the schema
    return table


def _take(
    found: dict[str, list[Mapping[Any, Any]]], table: Any, rows: Iterable[Mapping[Any, Any]]
) -> None:
    taken = list(rows)
    if taken:
        found.setdefault(table.name, []).extend(taken)


def _rewrite(
    session: Session, column: Column[Any], words: Words, instead: str, *where: ColumnElement[bool]
) -> int:
    """Put another name in the place of the person's in a column; return in how many rows."""
    table = _table(column)
    keys = list(table.primary_key)
    near = column.contains(words.name, autoescape=True)
    rows = session.execute(select(*keys, column).where(near, *where)).all()
    changed = [
        {"text": text, **{f"key_{key.name}": value for key, value in zip(keys, row, strict=False)}}
        for row in rows
        if (text := words.without(row[-1], instead)) != row[-1]
    ]
    if changed:
        at = (key == bindparam(f"key_{key.name}") for key in keys)
        written = update(table).where(*at).values({column: bindparam("text")})
        session.connection().execute(written, changed)
    return len(changed)


def _forget_polls(session: Session, words: Words, instead: str) -> int:
    poll = schema.poll
    near = select(poll.c.id, poll.c.names).where(words.near_json(poll.c.names))
    rows = [row for row in session.execute(near) if _in_json(words, row.names)]
    for row in rows:
        names = [words.without(each, instead) for each in row.names]
        session.execute(update(poll).where(poll.c.id == row.id).values(names=names))
    return len(rows)


def _forget_values(session: Session, words: Words) -> int:
    """Take values that name the person out of the history of all records."""
    h = schema.history.c
    near = select(schema.history).where(or_(words.near_json(h.before), words.near_json(h.after)))
    rows = [
        row for row in session.execute(near) if _in_json(words, [row.before, row.after, row.label])
    ]
    empty_rows(session, rows)
    return len(rows)


def _forget_search(session: Session, words: Words, instead: str) -> None:
    """Let nobody find records by the name that they do not hold any more."""
    entry = schema.search_entry.c
    mine = entry.kind.in_(sorted({column.table.name for column in _NAMED}))
    folded = Words(fold(words.name), "")
    for column in (entry.body, entry.title):
        _rewrite(session, column, words, instead, mine)
    for column in (entry.body_folded, entry.title_folded):
        _rewrite(session, column, folded, fold(instead), mine)


def _forget_addresses(session: Session, words: Words) -> dict[str, int]:
    """Empty mail that went to the address, or came from it, whomever it is noted for."""
    if not words.email:
        return {}
    out, come = schema.outgoing_mail, schema.incoming_mail
    sent: Any = session.execute(
        update(out)
        .where(
            out.c.recipient.contains(words.email, autoescape=True),
            out.c.state.not_in([MailState.QUEUED.value, MailState.SENDING.value]),
        )
        .values(**EMPTIED)
    )
    got: Any = session.execute(
        update(come)
        .where(come.c.sender.contains(words.email, autoescape=True))
        .values(**EMPTIED_INCOMING)
    )
    return {out.name: int(sent.rowcount), come.name: int(got.rowcount)}


def _json(path: Path) -> Any:
    """Return what a file says; its text where that is no JSON, "" where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    try:
        return json.loads(text)
    except ValueError:
        return text
