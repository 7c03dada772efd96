"""The import dialog: files, what they would add and change, then progress."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count, say_worded
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.words import word
from projectdesk.desktop.presenters.importing import (
    ImportPresenter,
    PeopleRun,
    Run,
    export_people,
)
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Tabs
from projectdesk.desktop.widgets.layout import column, plain, row, text
from projectdesk.desktop.widgets.progress import ProgressPanel
from projectdesk.services.rows import ImportReport, PlannedChange, Warning_

_SHOWN_CHANGES = 2000
_REFUSAL_WIDTH = 520


def _change_columns() -> list[Column[tuple[int, PlannedChange]]]:
    return [
        Column(
            say("What"),
            lambda r: say("New") if r[1].what == "added" else say("Changed"),
            width=104,
            tone=lambda r: Tone.SUCCESS if r[1].what == "added" else Tone.WARNING,
        ),
        Column(say("Kind"), lambda r: word(r[1].kind), width=130, muted=True),
        Column(say("Name"), lambda r: r[1].title, stretch=3, strong=True),
        Column(
            say("Fields"),
            lambda r: "; ".join(
                f"{name}: {before or '–'} → {after or '–'}" for name, before, after in r[1].fields
            ),
            stretch=4,
            muted=True,
            tip=lambda r: "\n".join(f"{n}: {b or '–'} → {a or '–'}" for n, b, a in r[1].fields),
        ),
    ]


def _odd(row: tuple[int, Warning_]) -> str:
    return say_worded(row[1].text)


def _warning_columns() -> list[Column[tuple[int, Warning_]]]:
    return [
        Column(say("File"), lambda r: Path(r[1].file).name, width=170, muted=True),
        Column(
            say("Row"),
            lambda r: str(r[1].row or "–"),
            sort=lambda r: r[1].row,
            width=72,
            right=True,
        ),
        Column(say("Column"), lambda r: r[1].column, width=140, muted=True),
        Column(say("What is odd"), _odd, tip=_odd),
    ]


class ImportDialog(Dialog):
    """Shows what an import would do, and does it."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        title: str,
        run: Run,
        done: Callable[[ImportReport], None],
    ) -> None:
        """Read the files at once and show the preview.

        Args:
            parent: the window it belongs to.
            session: the outside.
            title: what is imported.
            run: the import.
            done: called when it is imported.
        """
        super().__init__(parent, title, say("Nothing is changed until you import."), width=820)
        self.resize(860, 600)
        self._done = done
        self.presenter = ImportPresenter(session, self, run)
        self.progress = ProgressPanel()
        self.progress.cancelled.connect(self.presenter.cancel)
        self.changes: DataTable[tuple[int, PlannedChange]] = DataTable(
            _change_columns(),
            lambda r: r[0],
            EmptyState(
                "circle-check",
                say("Nothing to change"),
                say("Everything in these files is here already."),
            ),
        )
        self.changes.setAccessibleName(say("Changes"))
        self.warnings: DataTable[tuple[int, Warning_]] = DataTable(
            _warning_columns(),
            lambda r: r[0],
            EmptyState("circle-check", say("Nothing odd"), say("The files read without warnings.")),
        )
        self.warnings.setAccessibleName(say("Warnings"))
        self._summary = text("", "strong")
        self.tabs = Tabs(
            [
                (say("Changes"), self.changes),
                (say("Warnings"), self.warnings),
                *self.more_tabs(),
            ],
            margin=0,
        )
        preview = column(self._summary, self.tabs, spacing=SPACE_M)
        preview.setStretch(1, 1)
        self._refusal = text("", "", wrap=True)
        self._refusal.setFixedWidth(_REFUSAL_WIDTH)
        self._refusal.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._stack = QStackedWidget()
        for page in (
            plain(column(None, self.progress, None)),
            plain(preview),
            plain(self._refused()),
        ):
            self._stack.addWidget(page)
        self.add(self._stack)
        self.body.setStretch(0, 1)
        self.close_button = self.add_button(say("Cancel"), "", self.reject)
        self.go = self.add_button(say("Import"), "primary", self.start_import, default=True)
        self.finished.connect(self.presenter.close)
        self.presenter.preview()

    def _refused(self) -> QVBoxLayout:
        """Return what is shown in the place of a preview when the files cannot be taken."""
        return column(
            None,
            row(None, Icon("triangle-alert", Tone.DANGER, 36), None),
            row(None, text(say("This cannot be imported"), "heading"), None),
            row(None, self._refusal, None),
            None,
            spacing=SPACE_M,
        )

    def show_warnings(self) -> None:
        """Show what is odd in the files instead of what they change."""
        self.tabs.show_tab(1)

    def more_tabs(self) -> list[tuple[str, QWidget]]:
        """Return what else there is to look at before an import."""
        return []

    def start_import(self) -> None:
        """Import what the preview shows."""
        self.presenter.go()

    # --- what the presenter calls

    def show_busy(self, words: str) -> None:
        """Show that something is being done."""
        self.progress.start(words)
        self._stack.setCurrentIndex(0)
        self.go.setEnabled(False)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.progress.advance(done, total)

    def show_preview(self, report: ImportReport) -> None:
        """Show what would be added and changed."""
        shown = list(enumerate(report.preview[:_SHOWN_CHANGES]))
        self.changes.show_rows(shown)
        self.warnings.show_rows(list(enumerate(report.warnings)))
        counts = [
            say_count(report.projects, "{count} project", "{count} projects"),
            say_count(report.organisations, "{count} organisation", "{count} organisations"),
            say_count(report.partners, "{count} partner", "{count} partners"),
        ]
        read = (report.projects, report.organisations, report.partners)
        what = ", ".join(words for words, count in zip(counts, read, strict=True) if count)
        self._summary.setText(
            (f"{what}: " if what else "")
            + say(
                "{added} new, {updated} changed, {unchanged} unchanged.",
                added=report.added,
                updated=report.updated,
                unchanged=report.unchanged,
            )
        )
        self.tabs.set_label(0, say("Changes ({count})", count=report.added + report.updated))
        self.tabs.set_label(1, say("Warnings ({count})", count=len(report.warnings)))
        self._stack.setCurrentIndex(1)
        self.close_button.setText(say("Cancel"))  # it says "Close" after a refusal
        self.go.setEnabled(report.added + report.updated > 0)

    def show_refusal(self, words: str) -> None:
        """Say why the files cannot be taken."""
        self._refusal.setText(words)
        self._stack.setCurrentIndex(2)
        self.go.setEnabled(False)
        self.close_button.setText(say("Close"))

    def finish(self, report: ImportReport) -> None:
        """It is imported."""
        self.accept()
        self._done(report)


class PeopleImportDialog(ImportDialog):
    """The import of an address book, with the choice who is taken for the same person."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        run: PeopleRun,
        done: Callable[[ImportReport], None],
    ) -> None:
        from projectdesk.desktop.pages.duplicates import DoublesPane

        self.doubles = DoublesPane()
        self._people = run
        super().__init__(parent, session, say("Import people"), run, done)
        self.doubles.changed.connect(self._choose_again)
        self.merge = QCheckBox(say("People with the same name are the same person"))
        self.merge.toggled.connect(self._choose)
        self.body.addWidget(self.merge)

    def more_tabs(self) -> list[tuple[str, QWidget]]:
        """Return the people who may be here already."""
        return [(self.doubles.title(), self.doubles)]

    def show_preview(self, report: ImportReport) -> None:
        """Show what would be added and changed, and who may be here already."""
        super().show_preview(report)
        self.doubles.show_doubles(report.doubles)
        self.tabs.set_label(2, self.doubles.title())
        self.go.setEnabled(self.go.isEnabled() or bool(report.doubles))

    def start_import(self) -> None:
        """Import by what was chosen."""
        self._people.choices = self.doubles.choices()
        super().start_import()

    def _choose(self, merge: bool) -> None:
        self._people.merge_names = merge
        self._people.choices = self.doubles.choices()
        self.presenter.preview()

    def _choose_again(self) -> None:
        self._people.choices = self.doubles.choices()
        self.presenter.refresh()


def import_people(parent: QWidget, session: Session, project: UUID | None) -> None:
    """Ask for an address book and show what its import would do."""

    def show(files: list[Path]) -> None:
        run = PeopleRun(files[0], project)
        PeopleImportDialog(parent, session, run, lambda _report: None).open()

    kinds = (
        say("Address book (*.vcf *.ldif *.csv *.xlsx *.ods *.zip)") + ";;" + say("All files (*)")
    )
    choose_files(parent, say("Import people"), kinds, show, many=False)


def ask_export_people(parent: QWidget, session: Session, project: UUID | None) -> None:
    """Ask for a file and write people to it."""
    dialog = QFileDialog(parent, say("Export people"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    suffixes = {
        say("vCard (*.vcf)"): "vcf",
        say("CSV (*.csv)"): "csv",
        say("Excel workbook (*.xlsx)"): "xlsx",
    }
    dialog.setNameFilters(list(suffixes))
    dialog.setDefaultSuffix("vcf")
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(suffixes[chosen]))
    dialog.fileSelected.connect(lambda name: export_people(session, project, Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def choose_files(
    parent: QWidget, title: str, kinds: str, run: Callable[[list[Path]], object], *, many: bool
) -> None:
    """Let the person choose files to read; `run` gets them.

    Args:
        parent: the window it belongs to.
        title: of the file dialog.
        kinds: Qt's name filter, e.g. "CORDIS (*.xml *.csv)".
        run: called with the files.
        many: more than one.
    """
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(
        QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile
    )
    dialog.setNameFilter(kinds)
    dialog.filesSelected.connect(lambda names: run([Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
