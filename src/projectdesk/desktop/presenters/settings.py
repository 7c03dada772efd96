"""Who one is, and the backups of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]


def save_me(
    session: Session, values: Mapping[str, object], then: Callable[[], None], failed: Failed
) -> None:
    """Say who uses this desktop."""
    session.ask(lambda ws: commands.set_me(ws, values), lambda _: then(), failed)


def back_up_now(session: Session) -> None:
    """Make a backup and say where it is."""

    def work(workspace: Workspace, _: LongWork) -> Path:
        return commands.back_up(workspace)

    session.ask_long(
        work, lambda path: session.tell(Notice(say("Backed up as {file}.", file=path.name)))
    )


def open_sample(session: Session, then: Callable[[UUID], None], failed: Failed) -> None:
    """Put the sample project into the data."""

    def work(workspace: Workspace, _: LongWork) -> UUID:
        return commands.open_sample(workspace)

    session.ask_long(work, then, failed)
