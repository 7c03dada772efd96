"""The import of a project file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from projectdesk.desktop.runtime.session import LongWork
from projectdesk.services import commands
from projectdesk.services.rows import ImportReport

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class ProjectFileRun:
    """Imports a project file. takes_file: where both sides changed a field, the file's stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.takes_file = False

    def __call__(self, workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        """Run it, or say what it would do."""
        return commands.import_project_file(
            workspace,
            self.path,
            prefer="file" if self.takes_file else "mine",
            dry_run=dry,
            progress=work.progress,
            cancelled=work.cancelled,
        )
