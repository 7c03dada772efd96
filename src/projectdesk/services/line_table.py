"""The table `typed_line`: what each line and its record said when they were last in step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.line_steps import Agreed, Tie
from projectdesk.domain.rules.typed_lines import LineKind, ParsedLine
from projectdesk.store import schema

_IDS = ("person_id", "partner_id", "deliverable_id", "milestone_id")


def agreed_of(session: Session, meeting_id: UUID) -> list[Agreed]:
    """Return what is kept of a meeting's lines, of all revisions of its minutes."""
    line, minutes = schema.typed_line.c, schema.minutes.c
    rows = session.execute(
        select(schema.typed_line)
        .join(schema.minutes, minutes.id == line.minutes_id)
        .where(minutes.meeting_id == meeting_id)
        .order_by(line.record_id)
    )
    return [read(row) for row in rows]


def read(row: Any) -> Agreed:
    """Return a row of the table as it was written.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not one that `write` makes.
    """
    kept: Mapping[str, Any] = json.loads(row.agreed)
    kind = LineKind(row.kind)
    return Agreed(
        row.record_id,
        row.minutes_id,
        row.agenda_item_id,
        kind,
        Tie(kept["tie"]),
        kept["mark"],
        row.line,
        _said(kind, kept["line"]),
        _said(kind, kept["record"]),
        kept["version"],
        kept["touched"],
        frozenset(kept["unread"]),
    )


def write(session: Session, agreed: Agreed) -> None:
    """Keep what a line and its record say now."""
    forget(session, agreed.record_id)
    kept = {
        "tie": agreed.tie.value,
        "mark": agreed.mark,
        "line": _plain(agreed.line),
        "record": _plain(agreed.record),
        "version": agreed.version,
        "touched": agreed.touched,
        "unread": sorted(agreed.unread),
    }
    session.execute(
        insert(schema.typed_line).values(
            record_id=agreed.record_id,
            minutes_id=agreed.minutes_id,
            agenda_item_id=agreed.item_id,
            kind=agreed.kind.value,
            line=agreed.words,
            agreed=json.dumps(kept, ensure_ascii=False, sort_keys=True),
        )
    )


def forget(session: Session, record_id: UUID) -> None:
    """Forget the line of a record."""
    session.execute(delete(schema.typed_line).where(schema.typed_line.c.record_id == record_id))


def _plain(said: ParsedLine) -> dict[str, Any]:
    plain: dict[str, Any] = {"text": said.text}
    plain |= {name: value.hex for name in _IDS if (value := getattr(said, name))}
    if said.work_package_ids:
        plain["work_package_ids"] = [each.hex for each in said.work_package_ids]
    if said.due_on:
        plain["due_on"] = said.due_on.isoformat()
    return plain


def _said(kind: LineKind, plain: Mapping[str, Any]) -> ParsedLine:
    values: dict[str, Any] = {name: UUID(plain[name]) for name in _IDS if name in plain}
    packages = tuple(UUID(each) for each in plain.get("work_package_ids", ()))
    due = date.fromisoformat(plain["due_on"]) if "due_on" in plain else None
    return ParsedLine(kind, plain["text"], work_package_ids=packages, due_on=due, **values)
