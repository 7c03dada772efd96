"""Frozen rows of the consortium in time: what a partner holds, mailing lists, the world view."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class HoldingRow:
    """Something open that a partner leads, owns or sits in, and that somebody must take over.

    kind: of the record. label: "WP3", "D3.2", "A12"; "" for a seat. title: what it is called.
    holder_id, holder: the partner, which may be an affiliated entity of the one asked about.
    """

    kind: Kind
    id: UUID
    version: int
    label: str
    title: str
    holder_id: UUID
    holder: str
