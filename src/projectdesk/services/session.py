"""One change: a transaction that writes its own history, search index and `Changes`.

Every command is written as

    with workspace.change("Change title of WP3") as unit:
        package = unit.get(WorkPackage, id)
        package.title = "Pilots"
        unit.session.add(Task(...))
    return unit.changes                      # after the block: the commit has happened

What the rule is:

- Entities are loaded, added, changed and deleted through `unit.session` (or `unit.add`, `unit.get`,
  `unit.delete`). A list field is replaced, never changed in place. Rows written by Core statements
  have no history: tables beside the records (text updates, cursors) are written so, and
  `unit.touch` says which record they belong to.
- Leaving the block normally flushes, raises `version` of each changed entity by one, writes what
  the trail of circulated minutes is told (`outcome_trail`), the history and the search index,
  commits, and only then tells the subscribers of the workspace. Leaving it by an exception rolls
  everything back. Database errors come out as errors of `projectdesk.errors`.
- References are checked at the commit: rows may be added in any order.
- A `Decision`, `Action` or `Vote` added with number 0 gets the next number of its project.
- `undoable=False`: what was collected, sent or circulated; it has history but no undo.
- `bulk=True`: for thousands of rows. History keeps one row that counts them, there is no undo.
  Rows may go past the entities (`services.importing.fast_lane`); `unit.note_rows` counts them.
- Units do not nest: a command that needs another one's work calls a function that takes the unit.

Queries use `with workspace.read() as session`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, Partner, Project
from projectdesk.domain.effort import EffortStatement, ReportingPeriod
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Action, Decision, Minutes
from projectdesk.domain.preparation import DatePoll, DateVoter
from projectdesk.domain.voting import Vote
from projectdesk.domain.workplan import WorkPackage
from projectdesk.errors import Conflict, NotFound
from projectdesk.services.fixed_documents import check_voted
from projectdesk.services.freezing import check_freezing
from projectdesk.services.numbers import reserve
from projectdesk.services.outcome_trail import note_outcome
from projectdesk.services.parents import PARENTS
from projectdesk.services.procedure_trail import note_procedures
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.touched import Step, Touched, history_row, original
from projectdesk.store import schema, search
from projectdesk.store.failures import failure_of
from projectdesk.store.mapping import TABLES, kind_of
from projectdesk.store.record import Json

EntityT = TypeVar("EntityT")

_OWNERS = (
    WorkPackage,
    Meeting,
    Body,
    Partner,
    ReportingPeriod,
    DatePoll,
    Decision,
    Action,
    Vote,
)
"""Those of `PARENTS` that name their project."""


@dataclass
class _Tally:
    kinds: set[Kind] = field(default_factory=set)
    ids: set[UUID] = field(default_factory=set)
    project_ids: set[UUID] = field(default_factory=set)
    rows: int = 0


class UnitSession(Session):
    """A session that tells its unit before each flush."""


@event.listens_for(UnitSession, "before_flush")
def _before_flush(session: Session, _context: object, _instances: object) -> None:
    unit = session.info.get("unit")
    if isinstance(unit, Unit):
        unit.note_pending()


@event.listens_for(UnitSession, "loaded_as_persistent")
def _loaded(session: Session, entity: object) -> None:
    unit = session.info.get("unit")
    if isinstance(unit, Unit) and not unit.bulk:
        unit.keep(entity)


class Unit:
    """One change in the making. session: where entities are loaded, added and deleted.

    Args:
        session: a fresh session that will be committed once.
        label: what is done, in words.
        now: UTC, the moment of the change.
        bulk: history is one summary row.
        undoable: whether the person may take it back.
    """

    def __init__(
        self,
        session: Session,
        label: str,
        now: datetime,
        *,
        bulk: bool = False,
        undoable: bool = True,
    ) -> None:
        self.session = session
        self.label = label
        self.now = now
        self.bulk = bulk
        self._kept: list[object] = []
        self.undoable = undoable and not bulk
        self.change_id = new_id()
        self.traced: set[tuple[UUID, str, UUID | None]] = set()
        self.trails: dict[UUID, Kind] = {}
        self.steps: list[Step] = []
        self._touched: dict[int, Touched] = {}
        self._projects: dict[UUID, UUID] = {}
        self._tally = _Tally()
        self._changes: Changes | None = None
        session.info["unit"] = self

    # --- what commands use --------------------------------------------------------------------

    @property
    def changes(self) -> Changes:
        """Return what was changed; only after the block.

        Raises:
            RuntimeError: the change is not committed yet.
        """
        if self._changes is None:
            raise RuntimeError("a unit knows its changes after its block, not inside")
        return self._changes

    def add(self, *entities: object) -> None:
        """Add new entities."""
        self.session.add_all(entities)

    def get(self, entity: type[EntityT], record_id: UUID, version: int | None = None) -> EntityT:
        """Return an entity.

        Args:
            entity: its class.
            record_id: its id.
            version: the version that was seen; None = whatever it is.

        Raises:
            NotFound: it does not exist (any more).
            Conflict: it was changed since; fact `version` is what it is now.
        """
        found = self.session.get(entity, record_id)
        if found is None:
            noun = kind_of(entity).replace("_", " ")
            raise NotFound("not_found", "This {noun} does not exist any more.", noun=noun)
        current: int = found.version  # type: ignore[attr-defined]
        if version is not None and current != version:
            raise Conflict(
                "moved_on",
                "Somebody else changed this meanwhile: nothing was changed. Look again.",
                version=current,
            )
        return found

    def delete(self, entity: object) -> None:
        """Delete one entity; its dependents are the caller's affair."""
        self.session.delete(entity)

    def touch(self, kind: Kind, record_id: UUID, project_id: UUID | None = None) -> None:
        """Say that something of a record changed which is not in its own row (text, cursor)."""
        self._tally.kinds.add(kind)
        self._tally.ids.add(record_id)
        if project_id is not None:
            self._tally.project_ids.add(project_id)

    def note_rows(
        self, kind: Kind, ids: Sequence[UUID], project_ids: Iterable[UUID | None]
    ) -> None:
        """Count new records that a bulk lane wrote itself, their search entries included.

        Args:
            kind: of all of them.
            ids: of the records.
            project_ids: of the projects they are in.

        Raises:
            RuntimeError: not a bulk unit; history would miss these records.
        """
        if not self.bulk:
            raise RuntimeError("rows past the entities have no history: use a bulk unit")
        self._tally.kinds.add(kind)
        self._tally.ids.update(ids)
        self._tally.project_ids.update(each for each in project_ids if each is not None)
        self._tally.rows += len(ids)

    # --- what the session and the workspace use -----------------------------------------------

    def keep(self, entity: object) -> None:
        """Hold what was loaded until the change is made.

        A session forgets what nobody holds: it would read a deliverable's work package once for its
        project, once more for its check and a third time for its history.
        """
        self._kept.append(entity)

    def note_pending(self) -> None:
        """Keep what the pending entities were, number them, and raise their versions."""
        session = self.session
        check_freezing(session)
        check_voted(session)
        # A session finds neither what is not yet there nor what is about to go.
        for entity in (*session.new, *session.deleted):
            if isinstance(entity, _OWNERS):
                self._projects[entity.id] = entity.project_id
        for entity in (*session.new, *session.deleted):
            if isinstance(entity, EffortStatement) and entity.period_id in self._projects:
                self._projects[entity.id] = self._projects[entity.period_id]
            elif isinstance(entity, DateVoter) and entity.date_poll_id in self._projects:
                self._projects[entity.id] = self._projects[entity.date_poll_id]
            elif isinstance(entity, Minutes) and entity.meeting_id in self._projects:
                self._projects[entity.id] = self._projects[entity.meeting_id]
        for entity in list(session.new):
            if isinstance(entity, Decision | Action | Vote) and entity.number == 0:
                entity.number = self._next_number(entity)
            if id(entity) not in self._touched:
                self._note(entity, None, 0)
        for entity in list(session.dirty):
            if id(entity) not in self._touched and session.is_modified(entity):
                before, version = original(entity), entity.version
                self._note(entity, before, version)
                entity.version = version + 1
        for entity in list(session.deleted):
            touched = self._touched.get(id(entity))
            if touched is None:
                touched = self._note(entity, original(entity), entity.version)
            touched.deleted = True

    def finish(self, who: str) -> None:
        """Write trail, history and search index of all that was touched. The commit follows."""
        self.session.flush()
        if self.bulk:
            self._sum_up(who)
        else:
            note_outcome(self, list(self._touched.values()))
            note_procedures(self, list(self._touched.values()), who)
            self._write_history(who)
        self._refresh_search()

    def pending(self) -> Changes:
        """Return what the unit is about to change, as others are told of it."""
        return self._settled()

    def committed(self) -> Changes:
        """Settle what the unit changed; after the commit."""
        self._changes = self._settled()
        return self._changes

    def _settled(self) -> Changes:
        tally = self._tally
        return Changes(
            kinds=frozenset(tally.kinds),
            ids=frozenset(tally.ids),
            project_ids=frozenset(tally.project_ids),
            label=self.label if tally.ids else "",
            change_id=self.change_id if self.steps and self.undoable else None,
        )

    # --- inside -------------------------------------------------------------------------------

    def _note(self, entity: Any, before: dict[str, Json] | None, version: int) -> Touched:
        kind = Kind(kind_of(entity))
        project_id = self._project_of(entity)
        touched = Touched(entity, kind, project_id, before, version)
        self._touched[id(entity)] = touched
        self.touch(kind, entity.id, project_id)
        return touched

    def _project_of(self, entity: Any) -> UUID | None:
        if isinstance(entity, Project):
            return entity.id
        direct: UUID | None = getattr(entity, "project_id", None)
        if direct is not None:
            return direct
        for name, parent in PARENTS.items():
            reference: UUID | None = getattr(entity, name, None)
            if reference is None:
                continue
            if reference not in self._projects:
                found = self.session.get(parent, reference)
                if found is None:
                    return None  # the reference dangles: the commit will say so
                project_id = self._project_of(found)
                if project_id is None:
                    return None
                self._projects[reference] = project_id
            return self._projects[reference]
        return None

    def _next_number(self, entity: Decision | Action | Vote) -> int:
        table = TABLES[type(entity)]
        reserve(self.session, entity.project_id)
        stored = self.session.connection().scalar(
            select(func.max(table.c.number)).where(table.c.project_id == entity.project_id)
        )
        pending = [
            other.number
            for other in self.session.new
            if type(other) is type(entity) and other.project_id == entity.project_id
        ]
        return 1 + max(stored or 0, *pending, 0)

    def _write_history(self, who: str) -> None:
        rows: list[dict[str, Any]] = []
        for touched in self._touched.values():
            row = history_row(touched)
            if row is None:
                continue
            self.steps.append(
                Step(touched.entity.id, int(row["version_before"]), int(row["version_after"]))
            )
            rows.append(
                row
                | {
                    "change_id": self.change_id,
                    "seq": len(rows),
                    "at": self.now,
                    "who": who,
                    "label": self.label,
                }
            )
        if rows:
            self.session.connection().execute(insert(schema.history), rows)

    def _sum_up(self, who: str) -> None:
        total = self._tally.rows + len(self._touched)
        if total == 0:
            return
        projects = self._tally.project_ids
        self.session.connection().execute(
            insert(schema.history),
            [
                {
                    "change_id": self.change_id,
                    "seq": 0,
                    "at": self.now,
                    "who": who,
                    "label": self.label,
                    "kind": next(iter(self._tally.kinds)).value
                    if len(self._tally.kinds) == 1
                    else "",
                    "record_id": None,
                    "project_id": next(iter(projects)) if len(projects) == 1 else None,
                    "operation": "bulk",
                    "before": None,
                    "after": {"records": total},
                    "version_before": 0,
                    "version_after": 0,
                }
            ],
        )

    def _refresh_search(self) -> None:
        gone, added, changed = [], [], []
        for touched in self._touched.values():
            words = (
                None
                if touched.deleted
                else search.words_of(
                    type(touched.entity), touched.entity, touched.kind.value, touched.project_id
                )
            )
            if words is None:
                gone.append((touched.kind.value, touched.entity.id))
            elif touched.before is None and touched.version_before == 0:
                added.append(words)
            else:
                changed.append(words)
        search.remove(self.session, gone)
        search.add(self.session, added)
        search.put(self.session, changed)


@contextmanager
def explained() -> Iterator[None]:
    """Turn database errors into errors of the tree; what is a bug stays what it is."""
    try:
        yield
    except SQLAlchemyError as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error
