"""Two people changed one record: what each saw, wrote and now finds, field by field.

The history knows who set which field and what it held before; so it is known for each field whether
somebody else touched it since the version that this person saw. Fields that only one side touched
merge by themselves; the others are a person's choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from projectdesk.errors import NotFound
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.queries.history import title_of, value_words
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.record import Json, columns_of, from_json, to_json


@dataclass(frozen=True)
class ConflictField:
    """One field that this person changed and that holds something else now.

    base, theirs, mine: what was seen, what it holds now, what this person wrote; typed as in the
    domain, and in words. base_known: False where a bulk change (an import) left no history. who,
    at: of the newest change by somebody else; "" and None where nobody touched it. clash: both
    touched it, so that a person has to choose.
    """

    name: str
    base: object
    theirs: object
    mine: object
    base_words: str
    theirs_words: str
    mine_words: str
    base_known: bool
    who: str
    at: datetime | None
    clash: bool


@dataclass(frozen=True)
class ConflictView:
    """A record that was saved by somebody else since this person saw it.

    title: what it is called. version: what it is now, 0 when it was deleted. who, at: of the newest
    change (or of the deletion). own: the newest change was made at this desktop. fields: what this
    person changed and is not so yet. also: names of the fields that others changed and this person
    did not. deletion: the change that deleted it, None while it is there.
    """

    kind: Kind
    record_id: UUID
    title: str
    version: int
    who: str
    at: datetime | None
    own: bool
    fields: tuple[ConflictField, ...]
    also: tuple[str, ...] = ()
    deletion: UUID | None = None

    @property
    def clashes(self) -> tuple[ConflictField, ...]:
        """The fields that a person has to choose for."""
        return tuple(field for field in self.fields if field.clash)

    @property
    def deleted(self) -> bool:
        """True when the record is not there any more."""
        return self.version == 0


def conflict(
    workspace: Workspace, kind: Kind, record_id: UUID, version: int, values: Mapping[str, object]
) -> ConflictView:
    """Return how an edit stands to what others saved meanwhile.

    Args:
        workspace: the open database.
        kind: the record's kind.
        record_id: which record.
        version: the version that was seen.
        values: what was to be saved, by the names of the domain's dataclass.

    Raises:
        NotFound: the record does not exist, and nothing is known of it any more.
        DomainError: a field cannot hold its value (fact `field`).
    """
    rules = SPECS[kind].fields
    mine = {
        name: to_json(rules[name](value, name) if name in rules else value)
        for name, value in values.items()
    }
    with workspace.read() as session:
        record = session.get(SPECS[kind].entity, record_id)
        since = _since(session, record_id, version)
        if record is None:
            return _deleted(workspace, session, kind, record_id, mine, since)
        known = _is_whole(since, version, record.version)
        now = {name: to_json(getattr(record, name)) for name in mine}
        others = [row for row in since if not workspace.made(row.change_id)]
        fields = tuple(
            _field(session, kind, name, now[name], mine[name], others, known)
            for name in mine
            if now[name] != mine[name]
        )
        touched = {name for row in since for name in (row.after or ())}
        last = since[-1] if since else None
        return ConflictView(
            kind=kind,
            record_id=record_id,
            title=name_of(session, record),
            version=record.version,
            who=last.who if last else "",
            at=last.at if last else None,
            own=last is not None and workspace.made(last.change_id),
            fields=fields,
            also=tuple(sorted(touched - mine.keys())),
        )


def _since(session: Session, record_id: UUID, version: int) -> Sequence[Row[Any]]:
    """Return what the history has of a record after a version, in order."""
    h = schema.history.c
    return session.execute(
        select(schema.history)
        .where(h.record_id == record_id, h.version_before >= version)
        .order_by(h.version_before)
    ).all()


def _is_whole(since: Sequence[Row[Any]], version: int, now: int) -> bool:
    """Return whether the history leads from one version to the other without a gap."""
    for row in since:
        if row.version_before != version:
            return False
        version = row.version_after
    return version == now


def _field(
    session: Session,
    kind: Kind,
    name: str,
    now: Json,
    mine: Json,
    since: Sequence[Row[Any]],
    known: bool,
) -> ConflictField:
    touching = [row for row in since if name in (row.after or ())]
    last = touching[-1] if touching else None
    base = touching[0].before[name] if touching else now
    column = columns_of(SPECS[kind].entity)[name].type

    def words(value: Json) -> str:
        return value_words(session, kind, name, value)

    return ConflictField(
        name=name,
        base=from_json(column, base),
        theirs=from_json(column, now),
        mine=from_json(column, mine),
        base_words=words(base) if known else "",
        theirs_words=words(now),
        mine_words=words(mine),
        base_known=known,
        who=last.who if last else "",
        at=last.at if last else None,
        clash=not known or (last is not None and base != now),
    )


def _deleted(
    workspace: Workspace,
    session: Session,
    kind: Kind,
    record_id: UUID,
    mine: Mapping[str, Json],
    since: Sequence[Row[Any]],
) -> ConflictView:
    gone = next((row for row in reversed(since) if row.operation == "delete"), None)
    if gone is None:
        noun = SPECS[kind].noun
        raise NotFound("not_found", "This {noun} does not exist any more.", noun=noun)
    fields = tuple(
        _field(session, kind, name, gone.before[name], value, (), known=True)
        for name, value in mine.items()
    )
    return ConflictView(
        kind=kind,
        record_id=record_id,
        title=title_of(gone.before) or SPECS[kind].noun,
        version=0,
        who=gone.who,
        at=gone.at,
        own=workspace.made(gone.change_id),
        fields=fields,
        deletion=gone.change_id,
    )
