"""What stands beside minutes and is no record: versions, who wrote, typed lines, the trail.

Written procedures have a trail as well. A colleague who gets a project has to see what was
circulated and be able to check the trails, so these rows travel with the records. They only grow:
what is here stays, what the file has more is added. Where a trail went on in both places, this one
goes on with the file's steps behind it: each tells when it happened, and no link that was printed
is lost. Of a procedure it is then told once more what counts here, where that is not the last step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.voting import Vote
from projectdesk.exchange.project_file import ProjectFile, ProjectFileWriter, damaged_beside
from projectdesk.services import audit, line_table
from projectdesk.services.importing.tally import Tally
from projectdesk.services.labels import name_of
from projectdesk.services.minutes_versions import read_content
from projectdesk.services.procedure_trail import tell_what_counts
from projectdesk.services.project_file.collecting import chunks
from projectdesk.services.project_file.values import BadValue, read_row
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES
from projectdesk.store.record import to_json
from projectdesk.worded import Worded, worded

_TABLES: Final = (
    schema.minutes_version,
    schema.minutes_author,
    schema.typed_line,
    schema.audit_entry,
    schema.audit_text,
)

_TRAILS: Final = (schema.audit_entry, schema.audit_text)
"""Those of them that procedures have too."""

_Rows = list[dict[str, Any]]


def write(
    session: Session,
    minutes_ids: Sequence[UUID],
    vote_ids: Sequence[UUID],
    file: ProjectFileWriter,
) -> None:
    """Write what stands beside these minutes and votes."""
    for table in _TABLES:
        ids = [*minutes_ids, *vote_ids] if table in _TRAILS else minutes_ids
        file.beside(table.name, _written(session, table, ids))


def take(unit: Unit, file: ProjectFile, renamed: Mapping[UUID, UUID], tally: Tally) -> None:
    """Add what the file has more beside minutes that are here.

    Args:
        unit: the change; the file's records are in it.
        file: open.
        renamed: ids of people that are known here under another one.
        tally: where it is said that a trail parted or does not hold.

    Raises:
        UnreadableFile: a row cannot be what it says; the change is to be given up.
    """
    _Arrival(unit, file, renamed, tally).run()


def _written(
    session: Session, table: Table, minutes_ids: Sequence[UUID]
) -> Iterator[dict[str, Any]]:
    for chunk in chunks(sorted(minutes_ids)):
        query = select(table).where(table.c.minutes_id.in_(chunk))
        for row in session.execute(query.order_by(*table.primary_key.columns)):
            yield {name: to_json(value) for name, value in row._mapping.items()}


class _Arrival:
    """One file's rows on their way in."""

    def __init__(
        self, unit: Unit, file: ProjectFile, renamed: Mapping[UUID, UUID], tally: Tally
    ) -> None:
        self._unit, self._session = unit, unit.session
        self._file, self._renamed, self._tally = file, renamed, tally

    def run(self) -> None:
        """Take everything."""
        self._add(schema.minutes_version)
        self._add(schema.minutes_author)
        self._take_lines()
        self._take_trails()

    # --- rows that are only added -----------------------------------------------------------------

    def _add(self, table: Table) -> None:
        """Add the rows that are not here by their key."""
        for minutes_id, rows in self._read(table).items():
            here = self._keys(table, minutes_id)
            more = [row for row in rows if _key(table, row) not in here]
            for row in more:
                if "person_id" in row:
                    row["person_id"] = self._renamed.get(row["person_id"], row["person_id"])
            self._insert(table, more)

    def _take_lines(self) -> None:
        """Add the typed lines of records that are here and have none; a line has one record."""
        table = schema.typed_line
        for rows in self._read(table).values():
            for row in rows:
                record = self._session.get(ENTITIES[row["kind"]], row["record_id"])
                known = select(table.c.record_id).where(table.c.record_id == row["record_id"])
                if record is not None and self._session.scalar(known) is None:
                    for theirs, mine in self._renamed.items():
                        row["agreed"] = row["agreed"].replace(theirs.hex, mine.hex)
                    self._insert(table, [row])

    # --- trails -----------------------------------------------------------------------------------

    def _take_trails(self) -> None:
        entries, texts = self._read(schema.audit_entry), self._read(schema.audit_text)
        for chain_id, theirs in entries.items():
            theirs.sort(key=lambda row: row["seq"])
            said = {row["seq"]: row for row in texts.get(chain_id, ())}
            self._take_trail(chain_id, theirs, said)

    def _take_trail(
        self, chain_id: UUID, theirs: _Rows, said: Mapping[int, dict[str, Any]]
    ) -> None:
        broken = audit.broken_at(theirs, list(said.values()))
        mine = audit.hashes(self._session, chain_id)
        if broken is not None:
            self._note(
                chain_id, "trail_broken", worded("does not hold at step {seq}", seq=broken.seq)
            )
        if mine == [row["hash"] for row in theirs[: len(mine)]]:
            more = theirs[len(mine) :]
            self._insert(schema.audit_entry, more)
            self._insert(schema.audit_text, [said[r["seq"]] for r in more if r["seq"] in said])
            self._told(chain_id, more)
        elif broken is None and not set(mine) >= {row["hash"] for row in theirs}:
            self._append(chain_id, theirs, said)

    def _append(self, chain_id: UUID, theirs: _Rows, said: Mapping[int, dict[str, Any]]) -> None:
        """Let this trail go on with what only the file's tells."""
        known = audit.told(self._session, chain_id)
        more = [row for row in theirs if (row["step"], row["subject_id"], row["at"]) not in known]
        for row in more:
            text = said[row["seq"]]["text"] if row["seq"] in said else ""
            step, subject = row["step"], row["subject_id"]
            audit.append(self._unit, chain_id, step, subject, text, row["at"])
        vote = self._session.get(Vote, chain_id)
        if vote is not None:
            tell_what_counts(self._unit, vote)
        if more:
            self._note(
                chain_id, "trail_parted", worded("went on in both places: it goes on with both")
            )

    def _told(self, chain_id: UUID, rows: _Rows) -> None:
        """Let the change know what the trail tells, and its end be kept."""
        self._unit.traced.update((chain_id, row["step"], row["subject_id"]) for row in rows)
        kind = self._kind(chain_id) if rows else None
        if kind is not None:
            self._unit.trails[chain_id] = kind

    # --- inside -----------------------------------------------------------------------------------

    def _read(self, table: Table) -> dict[UUID, _Rows]:
        """Return the file's rows by minutes that are here.

        Raises:
            UnreadableFile: one cannot be what it says, or comes twice.
        """
        found: dict[UUID, _Rows] = defaultdict(list)
        seen: set[tuple[Any, ...]] = set()
        for number, fields in self._file.beside(table.name):
            try:
                row = read_row(table, fields)
                _check(table, row)
            except _BAD as error:
                raise damaged_beside(self._file.name, table.name, number, str(error)) from error
            if (key := _key(table, row)) in seen:
                raise damaged_beside(self._file.name, table.name, number, "it comes twice")
            seen.add(key)
            found[row["minutes_id"]].append(row)
        kinds = {Kind.MINUTES, Kind.VOTE} if table in _TRAILS else {Kind.MINUTES}
        return {each: rows for each, rows in found.items() if self._kind(each) in kinds}

    def _kind(self, chain_id: UUID) -> Kind | None:
        """Return what an id is of here; None = of nothing that has a trail."""
        for kind in (Kind.MINUTES, Kind.VOTE):
            if self._session.get(ENTITIES[kind.value], chain_id) is not None:
                return kind
        return None

    def _keys(self, table: Table, minutes_id: UUID) -> set[tuple[Any, ...]]:
        query = select(*table.primary_key.columns).where(table.c.minutes_id == minutes_id)
        return {tuple(row) for row in self._session.execute(query)}

    def _insert(self, table: Table, rows: _Rows) -> None:
        if rows:
            self._session.connection().execute(insert(table), rows)

    def _note(self, chain_id: UUID, code: str, words: Worded) -> None:
        kind = self._kind(chain_id) or Kind.MINUTES
        whose = self._session.get_one(ENTITIES[kind.value], chain_id)
        text = worded(
            "{name}: the file's trail {words}.",
            name=name_of(self._session, whose),
            words=words,
        )
        self._tally.findings.add(self._file.name, 0, kind.value, code, text)


_BAD: Final = (
    BadValue,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    msgspec.DecodeError,
    msgspec.ValidationError,
)
"""What reading a stranger's row can meet."""


def _check(table: Table, row: Mapping[str, Any]) -> None:
    """Refuse what could not be read when it is shown."""
    if table is schema.minutes_version:
        read_content(row["content"])
    elif table is schema.typed_line:
        line_table.read(SimpleNamespace(**row))
    for name in ("seq", "number"):
        if name in row and not 1 <= row[name] < 1 << 31:
            raise BadValue(f"{name}: expected 1 or more")


def _key(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)
