"""Says that the database turned out to be damaged while the desktop runs.

May import: widgets, runtime.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.errors import ProjectDeskError


def tell_damaged(
    parent: QWidget,
    session: Session,
    error: ProjectDeskError,
    restore: Callable[[Path], object],
) -> None:
    """Offer the newest backup that is whole; where there is none, only say it.

    Args:
        parent: the window.
        session: for notices.
        error: `database_corrupt`, with the fact `newest_backup`.
        restore: puts a backup in the place of the data.
    """
    newest = error.facts.get("newest_backup")
    if not newest:
        session.tell(Notice(say_error(error), error=True))
        return
    backup = Path(str(newest))
    confirm(
        parent,
        say("Your data is damaged"),
        say(
            "A part of the database cannot be read. The newest backup that is whole is {file}; "
            "what was changed after it would be lost. The damaged file is kept beside it.",
            file=backup.name,
        ),
        say("Restore the newest backup"),
        lambda: restore(backup),
    )
