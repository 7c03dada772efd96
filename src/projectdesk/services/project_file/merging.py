"""A project out of a file into a database that may have it already (docs/adr/0058).

Two copies of a project part at the last change that both know. Since then each side changed fields.
What only the file's side changed is taken; what only this side changed stays; where both changed
the same field differently, `prefer` decides and it is said. What one side deleted goes, unless the
other changed it since. The history of the file's side is taken over, so that the next file from
there is compared with what was known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, tuple_

from projectdesk.domain.meetings import MeetingState
from projectdesk.errors import DomainError
from projectdesk.exchange.project_file import HistoryLine, ProjectFile, damaged
from projectdesk.services import dependents
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.tally import Tally
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.project_file.collecting import SHARED, Ids, chunks, ids_of_project
from projectdesk.services.project_file.values import BadValue, read_fields
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES, TABLES
from projectdesk.store.record import to_json
from projectdesk.worded import Worded, worded

Prefer = Literal["mine", "file"]

LABEL: Final = f"{IMPORT_LABEL}project file "
"""How the label of such an import begins: its own changes are nobody's edits."""
_UNDONE: Final = f"Undo: {LABEL}"
_REDONE: Final = f"Redo: {LABEL}"

_HINTS: Final = {Kind.ORGANISATION: "pic", Kind.PERSON: "email"}
_NUMBERED: Final = (Kind.DECISION, Kind.ACTION)
"""Kinds whose numbers are printed and quoted: the database keeps them unique in a project."""
_OPERATIONS: Final = {"insert", "update", "delete"}


@dataclass
class _Past:
    """What one side did to a record that the other side does not know.

    fields: that it changed. accepted: changed fields that gave way to the other side's later.
    """

    fields: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    deleted: bool = False

    def take(self, label: str, operation: str, after: Mapping[str, Any] | None) -> None:
        """Take in one change, the older before the newer."""
        named = set(after or ())
        if label.startswith((LABEL, _REDONE)):
            gave_way = self.fields & named
            self.fields -= gave_way
            self.accepted |= gave_way
        elif label.startswith(_UNDONE):
            back = self.accepted & named
            self.accepted -= back
            self.fields |= back
        elif operation == "delete":
            self.deleted = True
        else:
            self.deleted = False
            self.fields |= named


@dataclass
class _Incoming:
    """A record of the file, read and checked. id: as it is (or will be) here."""

    kind: Kind
    row: int
    id: UUID
    version: int
    values: dict[str, Any]


class Merge:
    """One file on its way into one unit. `run` does it all."""

    def __init__(
        self,
        unit: Unit,
        file: ProjectFile,
        tally: Tally,
        tick: Callable[[int, int], None],
        prefer: Prefer,
        known_hosts: frozenset[str],
    ) -> None:
        """Prepare.

        Args:
            unit: the change.
            file: open.
            tally: counts, findings, preview.
            tick: called at each record with how many are done and how many there are.
            prefer: whose value stays where both sides changed a field.
            known_hosts: where this computer can hold meetings (`Meeting.host`).
        """
        self._unit, self._session = unit, unit.session
        self._file, self._tally, self._tick = file, tally, tick
        self._prefer = prefer
        self._hosts = known_hosts
        self._project = file.manifest.project.id
        self._is_new = False
        self.renamed: dict[UUID, UUID] = {}
        """Ids of the file that are known here under another one: people and organisations."""
        self._theirs: dict[UUID, _Past] = defaultdict(_Past)
        self._mine: dict[UUID, _Past] = defaultdict(_Past)
        self._lines: list[HistoryLine] = []
        self._open: set[UUID] = set()
        """Records of which something of the file was not taken: the next time it is told again."""

    def run(self) -> None:
        """Bring everything in.

        Raises:
            UnreadableFile: a record cannot be what it says.
            DomainError: `meeting_live`.
        """
        incoming = self._read()
        self._check_whole(incoming)
        here = ids_of_project(self._session, self._project)
        # A project that was deleted, or whose import was taken back, comes back whole.
        self._is_new = self._session.get(ENTITIES[Kind.PROJECT.value], self._project) is None
        self._refuse_live(here)
        self._read_history(incoming, here)
        self._greet(here)
        total = sum(len(each) for each in incoming.values())
        done = 0
        for kind, arriving in incoming.items():
            present = self._present(kind, [each.id for each in arriving])
            for one in arriving:
                self._tick(done, total)
                done += 1
                self._settle(one, present.get(one.id))
            self._session.flush()
        coming = {kind: {each.id for each in arriving} for kind, arriving in incoming.items()}
        self._remove(here, coming)
        self._keep_history()
        self._tally.project_ids.append(self._project)

    # --- reading --------------------------------------------------------------------------------

    def _read(self) -> dict[Kind, list[_Incoming]]:
        found: dict[Kind, list[_Incoming]] = {}
        known = {kind.value for kind in Kind}
        for name in self._file.kinds():
            if name not in known:
                self._note(
                    name,
                    0,
                    "unknown_kind",
                    worded("Records of the kind {name} were passed over.", name=name),
                )
        for kind in (*SHARED, *(each for each in Kind if each not in SHARED)):
            found[kind] = [
                self._incoming(kind, row, record.id, record.version, record.fields)
                for row, record in self._file.records(kind.value)
            ]
            if kind in _HINTS:
                self._recognise(kind, found[kind])
        return found

    def _incoming(
        self, kind: Kind, row: int, identity: UUID, version: int, fields: Mapping[str, Any]
    ) -> _Incoming:
        try:
            values, unknown = read_fields(kind, fields)
        except BadValue as error:
            raise damaged(self._file.name, kind.value, row, str(error)) from error
        if not 1 <= version < 1 << 31:
            raise damaged(self._file.name, kind.value, row, "version: expected 1 or more")
        for name in unknown:
            self._note(
                kind.value,
                row,
                "unknown_field",
                worded("The field {name} was passed over.", name=name),
            )
        for key in TABLES[ENTITIES[kind.value]].foreign_keys:
            name = key.parent.name
            if values[name] in self.renamed:
                values[name] = self.renamed[values[name]]
        if kind is Kind.MEETING and values["host"] not in self._hosts:
            values["host"] = ""
        return _Incoming(kind, row, identity, version, values)

    def _recognise(self, kind: Kind, arriving: list[_Incoming]) -> None:
        """Take who is here under another id for the same: by PIC, by e-mail address."""
        hint = _HINTS[kind]
        table = TABLES[ENTITIES[kind.value]]
        column = table.c[hint]
        ids = [each.id for each in arriving]
        here = set(self._present(kind, ids))
        wanted = [each for each in arriving if each.id not in here and each.values[hint]]
        by_hint: dict[str, UUID] = {}
        for start in range(0, len(wanted), 500):
            texts = [each.values[hint] for each in wanted[start : start + 500]]
            for row in self._session.execute(select(table.c.id, column).where(column.in_(texts))):
                by_hint.setdefault(row[1], row[0])
        for one in wanted:
            known = by_hint.get(one.values[hint])
            if known is not None:
                self.renamed[one.id] = known
                one.id = known

    def _check_whole(self, incoming: Mapping[Kind, list[_Incoming]]) -> None:
        """Refuse a file with a reference to nothing, or of another project than it says."""
        coming = {kind: {each.id for each in arriving} for kind, arriving in incoming.items()}
        if coming[Kind.PROJECT] != {self._project}:
            raise damaged(self._file.name, "project", 0, "expected the manifest's project")
        for kind, arriving in incoming.items():
            if len(coming[kind]) != len(arriving) and kind not in _HINTS:
                raise damaged(self._file.name, kind.value, 0, "an id comes twice")
            for key in TABLES[ENTITIES[kind.value]].foreign_keys:
                self._check_references(
                    arriving, key.parent.name, coming[Kind(key.column.table.name)]
                )

    def _check_references(
        self, arriving: Iterable[_Incoming], name: str, targets: set[UUID]
    ) -> None:
        for one in arriving:
            value = one.values[name]
            if value is not None and value not in targets:
                reason = f"{name} names a record that is not in the file"
                raise damaged(self._file.name, one.kind.value, one.row, reason)

    def _read_history(self, incoming: Mapping[Kind, list[_Incoming]], here: Ids) -> None:
        """Learn what each side changed since both were the same."""
        lines = [line for _, line in self._file.history() if self._is_sound(line)]
        h = schema.history.c
        keys = [(line.change_id, line.seq) for line in lines]
        known: set[tuple[UUID, int]] = set()
        for start in range(0, len(keys), 400):
            part = keys[start : start + 400]
            query = select(h.change_id, h.seq).where(tuple_(h.change_id, h.seq).in_(part))
            known.update((row.change_id, row.seq) for row in self._session.execute(query))
        self._lines = [line for line in lines if (line.change_id, line.seq) not in known]
        for line in self._lines:
            record = self.renamed.get(line.record_id, line.record_id)
            self._theirs[record].take(line.label, line.operation, line.after)
        concerned = {each.id for arriving in incoming.values() for each in arriving}
        concerned.update(each for ids in here.values() for each in ids)
        self._read_mine(concerned, set(keys))

    def _read_mine(self, concerned: set[UUID], common: set[tuple[UUID, int]]) -> None:
        h = schema.history.c
        conditions: list[ColumnElement[bool]] = [
            h.record_id.in_(chunk) for chunk in chunks(sorted(concerned))
        ]
        # What was deleted here is no record any more: only the project tells of it.
        conditions.append((h.project_id == self._project) & (h.operation == "delete"))
        for condition in conditions:
            query = (
                select(h.change_id, h.seq, h.record_id, h.label, h.operation, h.after)
                .where(condition)
                .order_by(h.change_id, h.seq)
            )
            for row in self._session.execute(query):
                if (row.change_id, row.seq) not in common:
                    self._mine[row.record_id].take(row.label, row.operation, row.after)

    def _is_sound(self, line: HistoryLine) -> bool:
        """Return whether a line can be kept; one of a kind that is unknown here cannot."""
        try:
            kind = Kind(line.kind)
            for fields in (line.before, line.after):
                read_fields(kind, fields or {}, whole=False)
        except (ValueError, BadValue):
            self._note(
                "history", 0, "odd_history", worded("A line of the history was passed over.")
            )
            return False
        return line.operation in _OPERATIONS and line.at.tzinfo is not None

    # --- deciding -------------------------------------------------------------------------------

    def _settle(self, one: _Incoming, present: Any) -> None:
        if present is not None:
            self._merge(one, present)
        elif self._is_new or not self._mine[one.id].deleted or self._comes_back(one):
            self._add(one)

    def _comes_back(self, one: _Incoming) -> bool:
        """Decide on what was deleted here and changed in the file; unchanged there, it stays so."""
        changed = bool(self._theirs[one.id].fields)
        back = changed and self._prefer == "file"
        if changed and not back:
            self._open.add(one.id)
        if changed:
            self._note(
                one.kind.value,
                0,
                "deleted_here",
                worded(
                    "{name} was changed in the file and deleted here: {words}.",
                    name=self._called(one),
                    words=worded("it is back") if back else worded("it stays deleted"),
                ),
            )
        else:
            self._note(
                one.kind.value,
                0,
                "stays_deleted",
                worded("{name} was deleted here: it stays deleted.", name=self._called(one)),
            )
        return back

    def _called(self, one: _Incoming) -> str:
        """Return what a record is called that is not here."""
        record = ENTITIES[one.kind.value](id=one.id, **one.values)
        with self._session.no_autoflush:
            name = name_of(self._session, record)
        return name or SPECS[one.kind].noun.capitalize()

    def _add(self, one: _Incoming) -> None:
        entity = ENTITIES[one.kind.value]
        values = dict(one.values)
        if one.kind in _NUMBERED:
            values["number"] = self._free_number(one, values)
        self._unit.add(record := entity(id=one.id, version=one.version, **values))
        self._tally.count_added(one.kind, lambda: name_of(self._session, record))

    def _free_number(self, one: _Incoming, values: Mapping[str, Any]) -> int:
        """Return the record's number, or 0 (the next free one) where it is another's here."""
        table = TABLES[ENTITIES[one.kind.value]]
        taken = self._session.scalar(
            select(table.c.id).where(
                table.c.project_id == values["project_id"],
                table.c.number == values["number"],
                table.c.id != one.id,
            )
        )
        if taken is None:
            return int(values["number"])
        self._note(
            one.kind.value,
            0,
            "number_taken",
            worded(
                "Number {number} is another one here: it gets the next free number.",
                number=values["number"],
            ),
        )
        return 0

    def _merge(self, one: _Incoming, present: Any) -> None:
        mine, theirs = self._mine[one.id].fields, self._theirs[one.id].fields
        moved: list[tuple[str, str, str]] = []
        crossed: list[str] = []
        for name, value in one.values.items():
            current = getattr(present, name)
            if current == value:
                continue
            if name in mine and name in theirs:
                crossed.append(name)
            if self._is_mine(name, mine, theirs):
                continue
            moved.append((name.replace("_", " "), _words(current), _words(value)))
            setattr(present, name, value)
        title = name_of(self._session, present)
        self._tally.count_kept(one.kind, title, moved)
        if crossed and self._prefer == "mine":
            self._open.add(one.id)
        for name in crossed:
            words = (
                worded("yours stays") if self._prefer == "mine" else worded("the file's is taken")
            )
            self._note(
                one.kind.value,
                0,
                "changed_on_both_sides",
                worded(
                    "{title}: {field} was changed in the file and here; {words}.",
                    title=title,
                    field=name.replace("_", " "),
                    words=words,
                ),
            )

    def _is_mine(self, name: str, mine: set[str], theirs: set[str]) -> bool:
        """Return whether this side's value of a field that differs stays."""
        if name in theirs:
            return name in mine and self._prefer == "mine"
        # Only mine, or neither side tells of a change: data of before the history, or in bulk.
        return True

    # --- what was deleted there -------------------------------------------------------------------

    def _remove(self, here: Ids, coming: Mapping[Kind, set[UUID]]) -> None:
        """Delete of what was here what the file's side deleted and this side left as it was."""
        gone: Ids = {}
        for kind, ids in here.items():
            if kind in SHARED:
                continue
            for each in ids - coming.get(kind, set()):
                if not self._theirs[each].deleted:
                    continue
                if self._mine[each].fields:
                    back = self._prefer == "mine"
                    words = worded("it stays") if back else worded("it is deleted")
                    self._note(
                        kind.value,
                        0,
                        "deleted_there",
                        worded(
                            "{name} was deleted in the file and changed here: {words}.",
                            name=self._name(kind, each),
                            words=words,
                        ),
                    )
                    if back:
                        self._open.add(each)
                        continue
                gone.setdefault(kind, set()).add(each)
        for kind, ids in gone.items():
            for each in sorted(ids):
                self._delete(kind, each, gone)

    def _name(self, kind: Kind, record_id: UUID) -> str:
        record = self._session.get(ENTITIES[kind.value], record_id)
        return "" if record is None else name_of(self._session, record)

    def _delete(self, kind: Kind, record_id: UUID, gone: Ids) -> None:
        record = self._session.get(ENTITIES[kind.value], record_id)
        if record is None:
            return  # it went with another one
        plan = dependents.plan_deletion(self._session, kind, record_id)
        if any(ids - gone.get(other, set()) for other, ids in plan.going.items()):
            self._note(
                kind.value,
                0,
                "deleted_there",
                worded(
                    "{name} was deleted in the file and something new hangs on it here: it stays.",
                    name=name_of(self._session, record),
                ),
            )
            return
        title = name_of(self._session, record)
        dependents.carry_out(self._session, plan)
        self._session.flush()
        self._tally.count_kept(kind, title, [("deleted", title, "")])

    # --- the rest -------------------------------------------------------------------------------

    def _present(self, kind: Kind, ids: Iterable[UUID]) -> dict[UUID, Any]:
        entity = ENTITIES[kind.value]
        table = TABLES[entity]
        found: dict[UUID, Any] = {}
        for chunk in chunks(sorted(ids)):
            records = self._session.scalars(select(entity).where(table.c.id.in_(chunk)))
            found.update((each.id, each) for each in records)
        return found

    def _refuse_live(self, here: Ids) -> None:
        meeting = schema.meeting.c
        for chunk in chunks(sorted(here.get(Kind.MEETING, ()))):
            live = select(meeting.title).where(
                meeting.id.in_(chunk), meeting.state == MeetingState.LIVE
            )
            title = self._session.scalar(live.limit(1))
            if title is not None:
                raise DomainError(
                    "meeting_live",
                    "The meeting “{title}” of this project is running. End it first.",
                    title=title,
                )

    def _greet(self, here: Ids) -> None:
        """Say when the project is here already under another id."""
        project = schema.project.c
        if not self._is_new:
            return
        facts = self._file.manifest.project
        other = self._session.scalar(
            select(project.acronym).where(project.acronym == facts.acronym).limit(1)
        )
        if other is not None:
            self._note(
                "project",
                0,
                "same_acronym",
                worded(
                    "Another project {other} is here already: this one is put beside it.",
                    other=other,
                ),
            )

    def _keep_history(self) -> None:
        self._session.flush()
        rows = []
        for line in self._lines:
            record = self.renamed.get(line.record_id, line.record_id)
            if record not in self._open:
                kept = {name: getattr(line, name) for name in line.__struct_fields__}
                rows.append({**kept, "record_id": record})
        if rows:
            self._session.connection().execute(insert(schema.history), rows)

    def _note(self, column: str, row: int, code: str, text: Worded) -> None:
        self._tally.findings.add(self._file.name, row, column, code, text)


def _words(value: object) -> str:
    read = to_json(value)
    if isinstance(read, list):
        return ", ".join(read)
    return "" if read is None else str(read)
