"""What of mail is looked at while the desktop starts: it loads none of what speaks to servers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

ACCOUNT_FILE: Final = "mail.json"
"""File of the data folder: the mail account of this computer."""
_REFUSED, _UNCERTAIN = "refused", "uncertain"


def has_account(data: Path) -> bool:
    """Tell whether a mail account is set up on this computer."""
    return (data / ACCOUNT_FILE).exists()


def troubled(workspace: Workspace) -> tuple[int, int]:
    """Return how many mails were refused, and of how many nobody knows whether they arrived."""
    mail = schema.outgoing_mail.c
    query = (
        select(mail.state, func.count())
        .where(mail.state.in_((_REFUSED, _UNCERTAIN)))
        .group_by(mail.state)
    )
    with workspace.read() as session:
        found = {str(state): int(count) for state, count in session.execute(query)}
    return found.get(_REFUSED, 0), found.get(_UNCERTAIN, 0)
