"""Work plans from files and to them: menus, file dialogs, the preview, and what gets lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.import_dialog import ImportDialog, choose_files
from projectdesk.desktop.presenters.importing import TABLES, import_plan
from projectdesk.desktop.presenters.plan_files import PlanExporter, PlanFileRun, loss_in_words
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.layout import text
from projectdesk.services.commands import PlanFormat
from projectdesk.services.rows import Kind, ProjectRow, Warning_


class PlanImportDialog(ImportDialog):
    """The import of a work plan, with the choice from which day its months are counted."""

    def __init__(self, parent: QWidget | None, session: Session, project: UUID, file: Path) -> None:
        run = PlanFileRun(project, file)
        title = say("Import {file}", file=file.name)
        super().__init__(parent, session, title, run, lambda _report: None)
        self.own_start = QCheckBox(say("Count the months from the file’s own start"))
        self.own_start.setToolTip(
            say("For a plan of other years; else the project’s start is the first day of M1.")
        )
        self.own_start.toggled.connect(lambda on: self._choose(run, on))
        self.body.addWidget(self.own_start)
        self.own_start.setVisible(run.has_dates())

    def _choose(self, run: PlanFileRun, on: bool) -> None:
        run.own_start = on
        self.presenter.preview()


class PlanFiles:
    """What can be done with files and the plan of one project."""

    def __init__(
        self,
        session: Session,
        window: Callable[[], QWidget],
        project: Callable[[], ProjectRow | None],
    ) -> None:
        """Take what is needed.

        Args:
            session: the outside.
            window: what dialogs belong to.
            project: the one that is shown, None for none.
        """
        self._session, self._window, self._project = session, window, project
        self._exporter = PlanExporter(session)

    def import_menu(self, kind: Callable[[], Kind], parent: QWidget) -> QMenu:
        """Return the menu of what can be imported; `kind`: what is shown."""
        menu = QMenu(say("Import"), parent)
        _add(menu, say("Work plan…"), "layers", self.ask_import)
        table = _add(menu, say("Only this table…"), "layout-grid", lambda: self.ask_table(kind()))
        menu.aboutToShow.connect(lambda: table.setEnabled(kind() in TABLES))
        _add(menu, say("Published deliverables of CORDIS…"), "package", self.ask_published)
        return menu

    def export_menu(self, kind: Callable[[], Kind], parent: QWidget) -> QMenu:
        """Return the menu of what can be exported; `kind`: what is shown."""
        menu = QMenu(say("Export"), parent)
        for words, form in _formats():
            _add(menu, words, "layers", partial(self.ask_export, form))
        table = _add(
            menu,
            say("Only this table (CSV)…"),
            "layout-grid",
            lambda: self.ask_export_table(kind()),
        )
        menu.aboutToShow.connect(lambda: table.setEnabled(kind() in TABLES))
        menu.addSeparator()
        for words, suffix in (
            (say("Tables of the application (Word)…"), "docx"),
            (say("Tables of the application (Excel)…"), "xlsx"),
            (say("Tables of the application (PDF)…"), "pdf"),
        ):
            _add(menu, words, "file-text", partial(self.ask_application, suffix))
        return menu

    # --- importing

    def ask_import(self) -> None:
        """Ask for the file of a work plan."""
        kinds = say("Work plans (*.xml *.gan *.pod *.xlsx *.ods *.csv *.zip)")
        self._ask_file(say("Import work plan"), kinds, self.show_import)

    def ask_published(self) -> None:
        """Ask for CORDIS' export of published deliverables."""
        kinds = say("Tables (*.csv *.xlsx *.ods)")
        self._ask_file(say("Import published deliverables"), kinds, self.show_import)

    def ask_table(self, kind: Kind) -> None:
        """Ask for the file of one table."""
        kinds = say("Tables (*.csv *.xlsx *.ods)")
        self._ask_file(say("Import table"), kinds, lambda file: self.show_table(kind, file))

    def show_import(self, file: Path) -> ImportDialog | None:
        """Show what the import of a plan would do."""
        project = self._project()
        if project is None:
            return None
        dialog = PlanImportDialog(self._window(), self._session, project.id, file)
        dialog.open()
        return dialog

    def show_table(self, kind: Kind, file: Path) -> ImportDialog | None:
        """Show what the import of one table would do."""
        project = self._project()
        if project is None:
            return None
        dialog = ImportDialog(
            self._window(),
            self._session,
            say("Import {file}", file=file.name),
            import_plan(project.id, kind, file),
            lambda _report: None,
        )
        dialog.open()
        return dialog

    def _ask_file(self, title: str, kinds: str, run: Callable[[Path], object]) -> None:
        names = kinds + ";;" + say("All files (*)")
        choose_files(self._window(), title, names, lambda files: run(files[0]), many=False)

    # --- exporting

    def ask_export(self, form: PlanFormat) -> None:
        """Say what the format cannot hold, if anything; then ask for a file."""
        project = self._project()
        if project is None:
            return

        def then(losses: Sequence[Warning_]) -> None:
            if losses:
                self.show_losses(project, form, losses)
            else:
                self._save(project, form)

        self._exporter.losses(project.id, form, then)

    def show_losses(
        self, project: ProjectRow, form: PlanFormat, losses: Sequence[Warning_]
    ) -> Dialog:
        """List what the file will not have; the person goes on or not."""
        dialog = Dialog(
            self._window(),
            say("Not all of the plan goes into this format"),
            say("The plan here keeps everything. The file will be without this:"),
            width=560,
        )
        lines = dict.fromkeys(loss_in_words(warning) for warning in losses)
        dialog.add(text("\n".join(f"•  {words}" for words in lines), wrap=True))

        def go_on() -> None:
            dialog.accept()
            self._save(project, form)

        dialog.add_button(say("Cancel"), "", dialog.reject)
        dialog.add_button(say("Choose file…"), "primary", go_on, default=True)
        dialog.open()
        return dialog

    def _save(self, project: ProjectRow, form: PlanFormat) -> None:
        suffix = {PlanFormat.MSPDI: "xml", PlanFormat.GAN: "gan"}.get(form, "xlsx")
        self._ask_name(
            say("Export work plan"),
            f"{project.acronym}.{suffix}",
            lambda file: self._exporter.write(project.id, form, file),
        )

    def ask_export_table(self, kind: Kind) -> None:
        """Ask for the file that one table is written to."""
        if (project := self._project()) is not None:
            self._ask_name(
                say("Export table"),
                f"{project.acronym} {TABLES[kind].value.replace('_', ' ')}.csv",
                lambda file: self._exporter.write_table(project.id, kind, file),
            )

    def ask_application(self, suffix: str) -> None:
        """Ask for the file that the tables of the application are written to."""
        if (project := self._project()) is not None:
            self._ask_name(
                say("Export tables of the application"),
                f"{project.acronym} {say('work plan tables')}.{suffix}",
                lambda file: self._exporter.write_application(project.id, file),
            )

    def _ask_name(self, title: str, name: str, run: Callable[[Path], object]) -> None:
        kinds = [f"*{Path(name).suffix}"]
        ask_new_file(self._window(), name, run, title=title, filters=kinds)


def _formats() -> list[tuple[str, PlanFormat]]:
    return [
        (say("Microsoft Project (XML)…"), PlanFormat.MSPDI),
        (say("GanttProject…"), PlanFormat.GAN),
        (say("Excel, all tables…"), PlanFormat.XLSX),
    ]


def _add(menu: QMenu, words: str, icon: str, run: Callable[[], object]) -> QAction:
    made = menu.addAction(words)
    set_icon(made, icon, Tone.MUTED)
    made.triggered.connect(lambda: run())
    return made
