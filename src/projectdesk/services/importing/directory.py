"""Takes organisations of CORDIS into the directory that partners are chosen from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from projectdesk.exchange.cordis import OrganisationRecord
from projectdesk.services.importing.fields import Fields, in_words, organisation_fields
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.store import directory


class DirectoryImport:
    """One import: `compare` counts what differs, `write` puts it in the place of what was there."""

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally
        self._differing = False

    def compare(self, records: Sequence[OrganisationRecord]) -> None:
        """Count the organisations that are new, changed and unchanged."""
        if not records:
            return
        names = list(_fields(records[0]))
        wanted = {record.pic for record in records}
        known = {
            entry.pic: tuple(entry)
            for entry in directory.stored(self._session, names)
            if entry.pic in wanted
        }
        for record in records:
            before = known.get(record.pic)
            if before is None:
                self._differing = True
                self._tally.count_added(Kind.ORGANISATION, partial(_title, record))
                continue
            after = _fields(record).items()
            moved = [
                (name.replace("_", " "), in_words(old), in_words(new))
                for old, (name, new) in zip(before, after, strict=True)
                if old != new
            ]
            self._differing |= bool(moved)
            self._tally.count_kept(Kind.ORGANISATION, _title(record), moved)

    def write(self, records: Sequence[OrganisationRecord], tick: Callable[[int], None]) -> None:
        """Write the organisations if any of them differs."""
        if self._differing:
            entries = [_fields(record) | {"words": _words(record)} for record in records]
            directory.replace(self._session.connection(), entries, tick)


def _fields(record: OrganisationRecord) -> Fields:
    """Return the columns of an entry that come from the file."""
    return organisation_fields(record) | {"type": record.type.value}


def _words(record: OrganisationRecord) -> str:
    return directory.words_of(
        record.short_name, record.legal_name, record.city, record.pic, record.country
    )


def _title(record: OrganisationRecord) -> str:
    return f"{record.legal_name} ({record.pic})"
