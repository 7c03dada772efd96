"""What members vote on, in the page of a written procedure; files can be dropped on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.files_at_hand import OpenedCopies, show_target, sorted_drop
from projectdesk.desktop.presenters.voted_documents import VotedDocumentsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_files, ask_new_file
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text
from projectdesk.domain.voting import VoteState
from projectdesk.services.document_rows import AttachedRow
from projectdesk.services.procedure_rows import VotedDocument, VotingDetail

_HEADER = 38
_MOST_ROWS = 3
"""Rows that are shown without scrolling: the votes below are what the page is for."""


class VotedDocuments(QWidget):
    """The documents of the chosen procedure."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._copies = OpenedCopies(self, self._say_why)
        self._draft = False
        self.presenter = VotedDocumentsPresenter(session, self._say_why)
        self.add = button(say("Attach"), "", "paperclip")
        self.add.setProperty("menu", "true")
        self.add.setMenu(self._menu())
        self._about = text("", "muted", wrap=True)
        self._trouble = text("", "error", wrap=True)
        self.table: DataTable[VotedDocument] = DataTable(
            [
                Column(say("What is voted on"), lambda d: d.name, stretch=3, strong=True,
                       tip=lambda d: d.note or d.name),
                Column(say("Size"), lambda d: formats.size(d.size), sort=lambda d: d.size,
                       width=96, right=True, muted=True),
                Column(say("Check value"), lambda d: d.sha256[:16], width=160, muted=True,
                       optional=True, tip=lambda d: f"SHA-256 {d.sha256}"),
            ],
            lambda d: d.id,
            EmptyState("paperclip", say("No documents yet"), ""),
            name="voted-documents",
        )  # fmt: skip
        self.table.setAccessibleName(say("What is voted on"))
        self.table.opened.connect(self.open_document)
        self.table.set_actions(
            [
                RowAction(say("Open|verb"), "external-link", lambda r: self.open_document(r[0])),
                RowAction(say("Save as"), "download", lambda rows: self._save(rows[0])),
                RowAction(say("Take off"), "x", self.presenter.take_off, "Del", many=True,
                          danger=True, when=lambda _: self._draft),
            ]
        )  # fmt: skip
        head = row(self._about, self.add, spacing=SPACE_M)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.table, self._trouble, spacing=SPACE_S))
        self.setAcceptDrops(True)
        self._trouble.hide()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        files = menu.addAction(say("Files…"))
        set_icon(files, "paperclip", Tone.MUTED)
        files.triggered.connect(self.choose_files)
        existing = menu.addAction(say("Documents of the project…"))
        set_icon(existing, "folder-kanban", Tone.MUTED)
        existing.triggered.connect(self.ask_existing)
        return menu

    # --- what the page calls

    def show_procedure(self, found: VotingDetail | None) -> None:
        """Show the documents of a procedure; hidden where there are none to come."""
        self.presenter.found = found
        self._draft = found is not None and found.vote.state is VoteState.DRAFT
        rows = found.documents if found is not None else ()
        self.table.show_rows(rows)
        show_if(self.table, bool(rows))
        self.table.setFixedHeight(_HEADER + min(max(len(rows), 1), _MOST_ROWS) * ROW_HEIGHT)
        show_if(self.add, self._draft)
        self._about.setText(self._words(bool(rows)))
        self._say_why("")
        show_if(self, bool(rows) or self._draft)

    def close_presenters(self) -> None:
        """Let the presenter go, and the copies that were opened."""
        self.presenter.close()
        self._copies.close()

    def _words(self, some: bool) -> str:
        if not self._draft:
            return say("As they were when it was opened: they do not change any more.")
        if some:
            return say("Fixed when the procedure is opened; members fetch them by their links.")
        return say("Drop the documents here that members vote on, or attach them.")

    def _say_why(self, words: str) -> None:
        self._trouble.setText(words)
        show_if(self._trouble, bool(words))

    # --- attach

    def choose_files(self) -> None:
        """Let the person choose files to attach."""
        ask_files(self.window(), say("Attach file"), self.presenter.attach)

    def ask_existing(self) -> None:
        """Ask which documents of the project are voted on."""
        self.presenter.ask_existing(self.offer_existing)

    def offer_existing(self, rows: Sequence[AttachedRow]) -> FormDialog | None:
        """Let the person choose among documents of the project."""
        if not rows:
            self._say_why(say("The project has no other documents: attach files."))
            return None

        def run(made: FormDialog, values: Values) -> None:
            made.close_done()
            self.presenter.attach_existing(values["documents"])

        dialog = FormDialog(
            self.window(),
            say("What is voted on"),
            say("Where they are attached now they stay."),
            [
                Field(
                    "documents",
                    say("Documents of the project"),
                    lambda _: (),
                    Entry.CHOICES,
                    options=lambda: [
                        Option(
                            each.id, f"{each.name}  –  {each.owner}" if each.owner else each.name
                        )
                        for each in rows
                    ],
                )
            ],
            say("Attach"),
            run,
            required=("documents",),
        )
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._draft and sorted_drop(event.mimeData())[0]:
            event.acceptProposedAction()
            show_target(True, self.table, self._about)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        show_target(False, self.table, self._about)

    def dropEvent(self, event: QDropEvent) -> None:
        show_target(False, self.table, self._about)
        files, left_out = sorted_drop(event.mimeData())
        if self._draft and files:
            event.acceptProposedAction()
            self.presenter.attach(files, left_out)

    # --- open and save

    def open_document(self, shown: VotedDocument) -> None:
        """Open a read-only copy with the system's application."""
        self._copies.open(shown.name, partial(self.presenter.open_copy, shown))

    def _save(self, shown: VotedDocument) -> None:
        ask_new_file(self.window(), shown.name, lambda path: self.presenter.save_as(shown, path))


def _called(row: AttachedRow) -> str:
    return f"{row.name}  –  {row.owner}" if row.owner else row.name
