"""Importing a project file: what it would add and change, and whose edits win."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.import_dialog import ImportDialog, choose_files
from projectdesk.desktop.presenters.project_file import ProjectFileRun
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import ImportReport

Done = Callable[[ImportReport], None]


class ProjectFileDialog(ImportDialog):
    """The import of a project file."""

    def __init__(self, parent: QWidget | None, session: Session, path: Path, done: Done) -> None:
        run = ProjectFileRun(path)
        super().__init__(parent, session, say("Import {file}", file=path.name), run, done)
        self.takes_file = QCheckBox(say("Where both sides changed a field, take the file’s"))
        self.takes_file.setToolTip(
            say("Else what is here stays, and each such field is listed under Warnings.")
        )
        self.takes_file.toggled.connect(lambda on: self._choose(run, on))
        self.body.addWidget(self.takes_file)

    def _choose(self, run: ProjectFileRun, takes_file: bool) -> None:
        run.takes_file = takes_file
        self.presenter.preview()


def ask_project_file(parent: QWidget, session: Session, done: Done) -> None:
    """Ask for a project file and show what its import would do; `done` gets the report."""

    def show(files: list[Path]) -> None:
        ProjectFileDialog(parent, session, files[0], done).open()

    kinds = say("Project files (*.projectdesk)") + ";;" + say("All files (*)")
    choose_files(parent, say("Open project file"), kinds, show, many=False)
