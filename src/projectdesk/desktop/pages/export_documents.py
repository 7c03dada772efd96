"""The menus that write documents: of a meeting, and the registers of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.widgets.file_dialogs import ask_new_file, file_name
from projectdesk.desktop.widgets.layout import button
from projectdesk.services import commands, queries
from projectdesk.services.documents.languages import (
    choose_document_language,
    document_language,
    document_languages,
)
from projectdesk.services.documents.registers import Span
from projectdesk.services.rows import MeetingRow, ProjectRow

_TABLES: Final = ("attendance", "decisions", "actions")
"""Documents that are also written as CSV (`commands.documents.TABLES`)."""
Chosen = Callable[[str, str], None]
"""(which document, in which format)."""


def document_names() -> Mapping[str, str]:
    """Return what the documents of a meeting are called, in the order of the menu."""
    return {
        "agenda": say("Agenda"),
        "minutes": say("Minutes"),
        "attendance": say("Attendance list"),
        "decisions": say("Decisions"),
        "actions": say("Actions"),
        "review-report": say("Review report"),
    }


def format_names(what: str) -> Mapping[str, str]:
    """Return the formats of a document by their ending."""
    formats = {
        "pdf": "PDF",
        "docx": "Word (DOCX)",
        "md": "Markdown",
        "html": say("Web page (HTML)"),
    }
    return {**formats, "csv": say("Table (CSV)")} if what in _TABLES else formats


def add_documents(menu: QMenu, chosen: Chosen) -> dict[str, QMenu]:
    """Add a menu for each document of a meeting with its formats, and return them."""
    made = {}
    annexes = {
        "agenda": say("End with the open actions"),
        "minutes": say("End with the audit trail"),
    }
    for what, name in document_names().items():
        made[what] = menu.addMenu(name)
        set_icon(made[what].menuAction(), "file-text", Tone.MUTED)
        _add_formats(made[what], what, chosen)
        if what in annexes:
            made[what].addSeparator()
            made[what].addAction(annexes[what]).setCheckable(True)
    return made


def annex_chosen(menu: QMenu) -> bool:
    """Return whether a document of `add_documents` is to end with its annex."""
    return any(each.isCheckable() and each.isChecked() for each in menu.actions())


def _add_formats(menu: QMenu, what: str, chosen: Chosen) -> None:
    for form, name in format_names(what).items():
        action = menu.addAction(name)
        action.triggered.connect(lambda _=False, f=form: chosen(what, f))


class LanguageMenu(QMenu):
    """In which language documents are written; what is chosen is kept with the data."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(say("Language of documents"), parent)
        self._session = session
        set_icon(self.menuAction(), "languages", Tone.MUTED)
        self._group = QActionGroup(self)
        for language, name in document_languages().items():
            action = self.addAction(name)
            action.setCheckable(True)
            action.setData(language)
            self._group.addAction(action)
        self._group.triggered.connect(lambda action: self._choose(str(action.data())))
        self.aboutToShow.connect(self._ask)

    def _ask(self) -> None:
        self._session.ask(document_language, self._show)

    def _show(self, language: str) -> None:
        for action in self._group.actions():
            action.setChecked(action.data() == language)

    def _choose(self, language: str) -> None:
        self._session.ask(lambda ws: choose_document_language(ws, language))


def ask_document_file(
    parent: QWidget, name: str, form: str, write: Callable[[Path], object]
) -> None:
    """Ask where to save a document, then write it. name: offered, without its ending."""
    ask_new_file(parent, file_name(name, form), write)


def offered_name(row: MeetingRow, what: str) -> str:
    """Return how the file of a meeting's document may be called."""
    return f"{row.local_start:%Y-%m-%d} {row.project} {row.title} {document_names()[what]}"


class RegisterExport(QPushButton):
    """A button that writes the register of the project that is shown, or of the only one."""

    def __init__(self, session: Session, what: str) -> None:
        """Make it. what: "decisions" or "actions"."""
        super().__init__(say("Export"))
        self._session = session
        self._what = what
        self._project: UUID | None = None
        like = button("x", "", "download")
        set_icon(self, "download", Tone.TEXT, air=True)
        self.setIconSize(like.iconSize())
        self.setMinimumHeight(like.minimumHeight())
        self.setCursor(like.cursor())
        self.setProperty("menu", "true")
        menu = QMenu(self)
        _add_formats(menu, what, self.ask)
        menu.addSeparator()
        menu.addMenu(LanguageMenu(self, session))
        self.setMenu(menu)

    def set_project(self, project: UUID | None) -> None:
        """Say which project is shown; None = all."""
        self._project = project

    def ask(self, what: str, form: str) -> None:
        """Ask where to save the register; of several projects it is one of one that is chosen."""

        def then(rows: Sequence[ProjectRow]) -> None:
            shown = [row for row in rows if self._project in {None, row.id}]
            if len(shown) != 1:
                words = say("Choose a project first: a register is of one.")
                self._session.tell(Notice(words, error=True))
                return
            (row,) = shown
            name = f"{row.acronym} {document_names()[what]}"
            ask_document_file(
                self.window(), name, form, lambda path: self.write(row.id, form, path)
            )

        self._session.ask(queries.projects, then)

    def write(self, project: UUID, form: str, out: Path) -> None:
        """Write the register of a project, and say so."""
        what = self._what
        self._session.tell(Notice(say("Writing {file}…", file=out.name)))
        self._session.ask_long(
            lambda ws, _: commands.export_register(ws, Span(project), what, form, out),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
        )
