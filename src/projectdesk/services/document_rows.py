"""Rows of documents: what is attached to a project and to the things in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class AttachedRow:
    """One document.

    owner_kind, owner_id: what it is attached to. owner: what that is called ("WP3 Sensors").
    size: bytes. here: its content can be opened. from_call: put into a chat, not by hand.
    """

    id: UUID
    version: int
    project_id: UUID
    owner_kind: Kind
    owner_id: UUID
    owner: str
    name: str
    note: str
    size: int
    sha256: str
    shared_by: str
    shared_at: datetime
    here: bool
    from_call: bool


@dataclass(frozen=True)
class OwnerRow:
    """Something that documents can be attached to. label: short ("WP3"), title: what it is."""

    kind: Kind
    id: UUID
    label: str
    title: str
