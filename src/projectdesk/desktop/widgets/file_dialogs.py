"""Asking for a file that is to be written, or a folder, beside what goes on in the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from projectdesk.desktop.language import say


def ask_new_file(
    parent: QWidget,
    offered: str,
    take: Callable[[Path], object],
    *,
    title: str = "",
    filters: Sequence[str] = (),
) -> QFileDialog:
    """Ask where a file is to be written; `take` gets the answer.

    Args:
        parent: the window.
        offered: a name with its ending, which is added where a person leaves it out.
        take: called once, unless the person thinks better of it.
        title: "" = "Save as".
        filters: the kinds of files, as `QFileDialog.setNameFilters` takes them.
    """
    dialog = QFileDialog(parent, title or say("Save as"), str(_documents() / offered))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if filters:
        dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(Path(offered).suffix.lstrip("."))
    dialog.filterSelected.connect(lambda kind: _end_as(dialog, kind))
    return _open(dialog, take)


def ask_files(parent: QWidget, title: str, take: Callable[[list[Path]], object]) -> QFileDialog:
    """Ask for files that are there; `take` gets them unless the person thinks better of it."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: take([Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, title: str, take: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder; `take` gets it unless the person thinks better of it."""
    dialog = QFileDialog(parent, title, str(_documents()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _open(dialog, take)


def file_name(words: str, ending: str) -> str:
    """Return words as the name of a file that every system takes."""
    safe = "".join(c if c.isalnum() or c in "-_ " else " " for c in words)
    return f"{' '.join(safe.split())}.{ending}"


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def _end_as(dialog: QFileDialog, kind: str) -> None:
    """Let a name without an ending get that of the chosen kind, "JSON (*.json)"."""
    ending = kind.rpartition("*.")[2].rstrip(")")
    if ending.isalnum():
        dialog.setDefaultSuffix(ending)


def _open(dialog: QFileDialog, take: Callable[[Path], object]) -> QFileDialog:
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
