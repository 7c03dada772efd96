"""The consortium's logo: a picture among the project's own documents that is called so."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.mail.invitation_page import LOGO
from projectdesk.mail.message import InlineImage
from projectdesk.services.document_store import document_path
from projectdesk.store import schema

LARGEST: Final = 200_000
"""Octets: every mail carries it."""
_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
"""By their first octets: what every mail program shows; SVG is shown by few."""


def find_logo(session: Session, data: Path, project_id: UUID) -> InlineImage | None:
    """Return the newest picture of a project with "logo" in its name, None = there is none."""
    document = schema.document.c
    attached = (
        "meeting_id", "agenda_item_id", "work_package_id", "deliverable_id", "partner_id", "vote_id"
    )  # fmt: skip
    query = (
        select(document.name, document.sha256)
        .where(
            document.project_id == project_id,
            document.size <= LARGEST,
            document.stored.is_(True),
            *(document[name].is_(None) for name in attached),
        )
        .order_by(document.shared_at.desc(), document.id)
    )
    for row in session.execute(query):
        path = document_path(data, row.sha256) if "logo" in row.name.casefold() else None
        picture = _picture(path) if path is not None else None
        if picture is not None:
            return picture
    return None


def _picture(path: Path) -> InlineImage | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    for first, media_type in _PICTURES:
        if content.startswith(first):
            return InlineImage(LOGO, content, media_type)
    return None
