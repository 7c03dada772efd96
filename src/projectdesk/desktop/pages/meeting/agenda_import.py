"""Take an agenda out of Markdown or pasted text: what was read is shown before it is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from projectdesk.desktop.language import say, say_count, say_error, say_worded
from projectdesk.desktop.pages.meeting.agenda_preview import AgendaPreview
from projectdesk.desktop.presenters.agenda import AgendaPresenter
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, plain, row, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.queries.agenda_drafts import ImportedAgenda

_PAUSE_MS = 250
"""How long nobody types before the text is read."""
_SHOWN_FINDINGS = 6


class AgendaImportDialog(Dialog):
    """The text at the left, the agenda that it is at the right."""

    def __init__(self, parent: QWidget, presenter: AgendaPresenter) -> None:
        super().__init__(
            parent,
            say("Import an agenda"),
            say(
                "Paste an agenda out of a mail or document, or open a file. Times, lengths, names, "
                "headings, days and breaks are recognised."
            ),
            width=980,
        )
        self._presenter = presenter
        self._name = ""
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(say("Text of the agenda"))
        self.text.setPlaceholderText(
            say("09:30 Welcome (15 min) – Ida Holm\n09:45 WP1 – Ana Sousa\n10:30 Coffee")
        )
        self.text.setTabChangesFocus(True)
        self.text.setMinimumSize(360, 380)
        self.preview = AgendaPreview(say("What is recognised shows here."))
        self.findings = text("", "muted", wrap=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.read)
        self.text.textChanged.connect(self._timer.start)
        left = column(
            self.text,
            row(button(say("Open a file"), "", "file-down", self._choose), None),
            spacing=SPACE_S,
        )
        right = column(self.preview, self.findings, spacing=SPACE_S)
        right.setStretch(0, 1)
        sides = row(plain(left), plain(right), spacing=SPACE_M)
        sides.setStretch(0, 2)
        sides.setStretch(1, 3)
        self.add(sides)
        self.add_button(say("Cancel"), "", self.reject)
        self.replace = self.add_button(say("Replace the agenda"), "", lambda: self._take(True))
        self.append = self.add_button(
            say("Add to the agenda"), "primary", lambda: self._take(False), default=True
        )
        self._enable(False)

    def read(self) -> None:
        """Read what the text holds and show it."""
        words = self.text.toPlainText()
        self._enable(False)
        if not words.strip():
            self.findings.setText("")
            self.preview.show_rows([])
            return

        def show(read: ImportedAgenda) -> None:
            if words == self.text.toPlainText():
                self.show_read(read)

        self._presenter.ask_read(words, self._name, show, self._unreadable)

    def show_read(self, read: ImportedAgenda) -> None:
        """Show what was recognised, and what was odd."""
        self.show_problem("")
        self.preview.show_plan(read.plan)
        lines = [
            say("Line {row}: {text}", row=finding.row, text=say_worded(finding.text))
            for finding in read.findings[:_SHOWN_FINDINGS]
        ]
        more = len(read.findings) - _SHOWN_FINDINGS
        if more > 0:
            lines.append(say_count(more, "and {count} more", "and {count} more"))
        self.findings.setText("\n".join(lines))
        self._enable(True)

    def open_file(self, path: str) -> None:
        """Read a file into the text."""
        file = Path(path)
        try:
            words = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self.show_problem(say("{file} is no text that can be read.", file=file.name))
            return
        self._name = file.name
        self.text.setPlainText(words)

    def _choose(self) -> None:
        dialog = QFileDialog(self, say("Open a file"))
        dialog.setNameFilters([say("Text (*.md *.txt)"), say("All files (*)")])
        dialog.fileSelected.connect(self.open_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, replace: bool) -> None:
        self._enable(False)
        self._presenter.import_text(
            self.text.toPlainText(),
            self._name,
            replace=replace,
            then=self.accept,
            failed=self._refused,
        )

    def _unreadable(self, error: ProjectDeskError) -> None:
        self.preview.show_rows([])
        self.findings.setText(say_error(error))

    def _refused(self, error: ProjectDeskError) -> None:
        self._enable(True)
        self.show_problem(say_error(error))

    def _enable(self, able: bool) -> None:
        self.append.setEnabled(able)
        self.replace.setEnabled(able)
