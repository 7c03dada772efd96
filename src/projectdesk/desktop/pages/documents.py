"""Documents of a project or a meeting: attached by drop, opened with the system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, by_name
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.files_at_hand import OpenedCopies, show_target, sorted_drop
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.documents import DocumentsPresenter
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_files, ask_new_file
from projectdesk.desktop.widgets.layout import button
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services.document_rows import AttachedRow, OwnerRow
from projectdesk.services.rows import Kind


class DocumentsPane(RecordsPane[AttachedRow]):
    """Documents. Files that are dropped on it are attached to what it shows."""

    def __init__(self, session: Session) -> None:
        self.add = button(say("Attach file"), "primary", "paperclip")
        empty = EmptyState(
            "paperclip",
            say("No documents yet"),
            say("Drop files here: they are kept with the project, each once, and found by name."),
            say("Attach file"),
        )
        lines: list[Field[AttachedRow]] = [
            Field("name", say("Name"), lambda r: r.name),
            Field("note", say("Note"), lambda r: r.note, Entry.LONG_TEXT),
        ]
        super().__init__(
            _columns(by_name(lines)),
            empty,
            lines=lines,
            title=lambda r: r.name,
            subtitle=lambda r: formats.joined(
                part for part in (r.owner, formats.size(r.size)) if part
            ),
            delete_words=say("Delete document"),
            right=[self.add],
            placeholder=say("Filter documents"),
            label=say("Documents"),
        )
        self.setAcceptDrops(True)
        self.presenter = DocumentsPresenter(session, self)
        self._copies = OpenedCopies(self, self.presenter.say_problem)
        wire(self, self.presenter, Kind.DOCUMENT)
        self.add.clicked.connect(self.choose_files)
        self.table.empty_acted.connect(self.choose_files)
        self.table.opened.connect(self.open_document)
        self.delete_asked.connect(lambda row: self.presenter.delete(row, row.name))
        self.table.set_actions(
            [
                RowAction(
                    say("Open|verb"),
                    "external-link",
                    lambda rows: self.open_document(rows[0]),
                    when=lambda r: r.here,
                ),
                RowAction(
                    say("Save as"),
                    "download",
                    lambda rows: self._save(rows[0]),
                    when=lambda r: r.here,
                ),
                RowAction(say("Attach to"), "link", lambda rows: self._ask_owner(rows[0])),
                RowAction(
                    say("Delete document"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.name),
                    "Del",
                    many=True,
                    danger=True,
                ),
            ]
        )

    def open_project(self, project: UUID) -> None:
        """Show the documents of a project."""
        self.presenter.open(project)

    def open_meeting(self, meeting: UUID) -> None:
        """Show the documents of a meeting and of its agenda items."""
        self.presenter.open_meeting(meeting)

    def close_presenters(self) -> None:
        """Let the presenter go, and the copies that were opened."""
        self.presenter.close()
        self._copies.close()

    # --- attach

    def choose_files(self) -> None:
        """Let the person choose files to attach."""
        ask_files(self.window(), say("Attach file"), self.presenter.attach)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if sorted_drop(event.mimeData())[0]:
            event.acceptProposedAction()
            show_target(True, self.table)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        show_target(False, self.table)

    def dropEvent(self, event: QDropEvent) -> None:
        show_target(False, self.table)
        files, left_out = sorted_drop(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.presenter.attach(files, left_out=left_out)

    # --- open, save, attach to something else

    def open_document(self, row: AttachedRow) -> None:
        """Open a read-only copy with the system's application."""
        if not row.here:
            self.presenter.say_problem(
                say("The content of {name} is not on this computer.", name=row.name)
            )
        else:
            self._copies.open(row.name, partial(self.presenter.open_copy, row))

    def _save(self, row: AttachedRow) -> None:
        ask_new_file(self.window(), row.name, lambda path: self.presenter.save_as(row, path))

    def _ask_owner(self, row: AttachedRow) -> None:
        def ask(owners: Sequence[OwnerRow]) -> None:
            owner_dialog(self, row, owners, lambda kind, to: self.presenter.move(row, kind, to))

        self.presenter.ask_owners(ask)


def owner_dialog(
    pane: DocumentsPane,
    row: AttachedRow,
    owners: Sequence[OwnerRow],
    run: Callable[[Kind, UUID], None],
) -> dialogs.FormDialog:
    """Ask what a document is to be attached to; `run` gets it."""
    options = [
        Option((each.kind, each.id), "  ".join(p for p in (each.label, each.title) if p))
        for each in owners
    ]

    def done(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
        dialog.close_done()
        run(*values["owner"])

    dialog = dialogs.FormDialog(
        pane.window(),
        say("Attach {name} to", name=row.name),
        "",
        [
            Field(
                "owner",
                say("Attached to"),
                lambda _: (row.owner_kind, row.owner_id),
                Entry.CHOICE,
                options=lambda: options,
            )
        ],
        say("Attach"),
        done,
        required=["owner"],
        start=row,
    )
    dialog.open()
    return dialog


def _columns(fields: Mapping[str, Field[AttachedRow]]) -> list[Column[AttachedRow]]:
    zone = system_zone()
    return [
        Column(
            say("Name"),
            lambda r: r.name,
            stretch=3,
            strong=True,
            tip=lambda r: r.note or r.name,
            field=fields["name"],
        ),
        Column(
            say("Attached to"),
            lambda r: r.owner,
            stretch=2,
            sort=lambda r: (r.owner_kind.value, r.owner),
            tip=lambda r: f"{word(r.owner_kind)}: {r.owner}",
        ),
        Column(
            say("Size"),
            lambda r: formats.size(r.size),
            sort=lambda r: r.size,
            width=96,
            right=True,
            muted=True,
        ),
        Column(say("Added by"), lambda r: r.shared_by, width=150, optional=True),
        Column(
            say("Added on"),
            lambda r: formats.moment(r.shared_at, zone),
            sort=lambda r: r.shared_at,
            width=170,
            muted=True,
            optional=True,
        ),
        Column(
            say("Content"),
            lambda r: say("Here") if r.here else say("Elsewhere"),
            width=110,
            tone=lambda r: Tone.SUCCESS if r.here else Tone.NEUTRAL,
            optional=True,
        ),
        Column(say("Note"), lambda r: r.note, stretch=2, field=fields["note"], spare=True),
    ]
