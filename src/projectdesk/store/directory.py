"""The directory of organisations: how its entries are found and ranked, and how it is filled.

`words` of an entry has a line each for short name, legal name, city, PIC and country. A line is
folded, has letters and digits only, and two spaces before every word, so that trigrams also know
where a word begins: space, space and `a` is a word that begins with `a`. So one letter is found by
the same index as ten.

SQLite looks words up in the FTS5 table `directory_text`; PostgreSQL through pg_trgm where the
server has it, else by reading the table. Entries have no history: they are other people's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from projectdesk.domain.country_names import english_name
from projectdesk.store.folding import fold
from projectdesk.store.schema import directory_entry

CANDIDATES = 300
"""Entries that are ranked for one answer. Those in most projects have the lowest ids, so what is
left out of a word that 50,000 entries have is the least active."""

_BEGINS = "  "
_WORD = re.compile(r"\w+")
_TRIGRAM = 3
_CHUNK = 1000


# --- words ----------------------------------------------------------------------------------------


def words_of(short_name: str, legal_name: str, city: str, pic: str, country: str) -> str:
    """Return what an entry is found by (see the module); country: an ISO code."""
    lines = [_line(words_in(text)) for text in (short_name, legal_name, city, pic)]
    named = _line([f"@{country.casefold()}", *words_in(english_name(country))])
    return "\n".join([*lines, named])


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _WORD.findall(fold(text))


def _line(words: Iterable[str]) -> str:
    return "".join(f"{_BEGINS}{word}" for word in words)


def rank(entry: str, words: Sequence[str]) -> int:
    """Return how well an entry's words answer those that were typed, 0 = best."""
    short, legal, _, pic, *_ = entry.split("\n")
    whole = _line(words)
    if pic == f"{_BEGINS}{''.join(words)}":
        return 0
    if whole in {short, legal}:
        return 1 if whole == short else 2
    if short.startswith(whole):
        return 3
    if legal.startswith(whole):
        return 4
    begins = [f"{_BEGINS}{word}" for word in words]
    if all(each in short or each in legal for each in begins):
        return 5
    return 6 if all(each in entry for each in begins) else 7


# --- finding --------------------------------------------------------------------------------------


def find(session: Session, text: str, country: str, limit: int) -> Sequence[Row[Any]]:
    """Return entries that hold every word of `text`, best first.

    The PIC itself comes first, then the name itself, names that begin so, names with words that
    begin so, and the rest; of equals those in most projects.

    Args:
        session: of a query.
        text: as typed; case, accents and signs do not matter. "" = all.
        country: ISO code; "" = all.
        limit: how many at most.
    """
    c = directory_entry.c
    words = words_in(text)
    if not words:
        every = select(directory_entry).order_by(c.id).limit(limit)
        return session.execute(every.where(c.country == country) if country else every).all()
    found = _candidates(session, words, country, limit)
    best = sorted(found, key=lambda each: (rank(found[each], words), each))[:limit]
    rows = {row.id: row for row in session.execute(select(directory_entry).where(c.id.in_(best)))}
    return [rows[each] for each in best if each in rows]


def _candidates(session: Session, words: Sequence[str], country: str, limit: int) -> dict[int, str]:
    """Return ids and words of entries to rank: as few questions as give enough good ones."""
    begins = [f"{_BEGINS}{word}" for word in words]
    there = [f"{_BEGINS}@{country.casefold()}"] if country else []
    inside = [word if len(word) >= _TRIGRAM else f"{_BEGINS}{word}" for word in words]
    found: dict[int, str] = {}
    # A name that is exactly this may lie behind hundreds that hold it among other words.
    for phrases in ([f"{_line(words)}\n"], begins, inside):
        if phrases is inside and (len(found) >= limit or inside == begins):
            break
        found |= _holding(session, [*phrases, *there])
    return found


def _holding(session: Session, phrases: Sequence[str]) -> dict[int, str]:
    """Return the first entries that hold every phrase of three characters or more."""
    c = directory_entry.c
    if session.get_bind().dialect.name == "sqlite":
        # A quoted string is a phrase to FTS5: nothing in it is an operator.
        match = " AND ".join('"' + phrase.replace('"', '""') + '"' for phrase in phrases)
        matching = sql(
            "SELECT id, words FROM directory_entry WHERE id IN (SELECT rowid FROM directory_text"
            " WHERE directory_text MATCH :match ORDER BY rowid LIMIT :most)"
        )
        rows = session.execute(matching, {"match": match, "most": CANDIDATES})
    else:
        holding = (c.words.contains(phrase, autoescape=True) for phrase in phrases)
        rows = session.execute(
            select(c.id, c.words).where(*holding).order_by(c.id).limit(CANDIDATES)
        )
    return {row[0]: row[1] for row in rows}


def counts(session: Session) -> dict[str, int]:
    """Return how many entries each country has."""
    c = directory_entry.c
    query = select(c.country, func.count()).group_by(c.country)
    return {row[0]: row[1] for row in session.execute(query)}


# --- filling --------------------------------------------------------------------------------------


def replace(connection: Connection, entries: Sequence[Mapping[str, Any]], tick: Any = None) -> None:
    """Put entries in the place of those with the same PIC; others stay, behind them.

    The index is made anew: call it once for all entries of an import.

    Args:
        connection: of a change.
        entries: the columns of `directory_entry` without id; each PIC once.
        tick: called with how many are written, every thousand; what it raises ends the work.
    """
    c = directory_entry.c
    highest = connection.scalar(select(func.max(c.id))) or 0
    pics = [entry["pic"] for entry in entries]
    for start in range(0, len(pics), _CHUNK):
        connection.execute(delete(directory_entry).where(c.pic.in_(pics[start : start + _CHUNK])))
    # Beyond every id there is and will be, so that no two meet on the way.
    beyond = max(highest, len(entries))
    connection.execute(update(directory_entry).values(id=c.id + beyond))
    for start in range(0, len(entries), _CHUNK):
        chunk = entries[start : start + _CHUNK]
        connection.execute(
            insert(directory_entry),
            [{"id": start + index, **entry} for index, entry in enumerate(chunk, start=1)],
        )
        if tick is not None:
            tick(start + len(chunk))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO directory_text(directory_text) VALUES ('rebuild')")


def stored(session: Session, columns: Sequence[str]) -> Iterable[Row[Any]]:
    """Yield the named columns of every entry."""
    query = select(*(directory_entry.c[name] for name in columns))
    return session.execute(query.execution_options(yield_per=_CHUNK))


def entry_of(session: Session, pic: str) -> Row[Any] | None:
    """Return the entry with a PIC."""
    return session.execute(
        select(directory_entry).where(directory_entry.c.pic == pic)
    ).one_or_none()
