"""Filling the directory of organisations from CORDIS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.import_dialog import ImportDialog, choose_files
from projectdesk.desktop.presenters.importing import import_directory
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import ImportReport


def ask_directory_import(parent: QWidget, session: Session, done: Callable[[], object]) -> None:
    """Ask for organisation files of CORDIS and show what their import would change.

    Args:
        parent: the window it belongs to.
        session: the outside.
        done: called when they are imported.
    """

    def show(files: list[Path]) -> None:
        directory_import(parent, session, files, done).open()

    kinds = say("CORDIS organisations (*.csv *.xlsx *.json *.zip)") + ";;" + say("All files (*)")
    choose_files(parent, say("Import directory from CORDIS"), kinds, show, many=True)


def directory_import(
    parent: QWidget, session: Session, files: list[Path], done: Callable[[], object]
) -> ImportDialog:
    """Return the dialog that imports organisation files into the directory."""
    title = say("Import directory from CORDIS")

    def finished(_report: ImportReport) -> None:
        done()

    return ImportDialog(parent, session, title, import_directory(files), finished)
