"""Agenda templates: what each would make of this meeting, before it is made; one's own ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.meeting.agenda_preview import AgendaPreview
from projectdesk.desktop.presenters.agenda import AgendaPresenter
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.file_dialogs import ask_new_file, file_name
from projectdesk.desktop.widgets.layout import column, icon_button, plain, row, show_if, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.agenda_rows import TemplateRow
from projectdesk.services.queries.agenda_drafts import FilledTemplate

_ROW = Qt.ItemDataRole.UserRole


class TemplateDialog(Dialog):
    """Templates at the left, what the chosen one makes at the right."""

    def __init__(self, parent: QWidget, presenter: AgendaPresenter, project: UUID | None) -> None:
        super().__init__(
            parent,
            say("Templates"),
            say("Each fills itself from the plan and the register, as of the day of the meeting."),
            width=940,
        )
        self._presenter = presenter
        self._project = project
        self._shown: str = ""
        self.list = QListWidget()
        self.list.setAccessibleName(say("Templates"))
        self.list.setFixedWidth(240)
        self.list.setSpacing(SPACE_XS)
        self.list.itemSelectionChanged.connect(self._preview)
        self.preview = AgendaPreview(say("Choose a template to see what it makes."))
        self.preview.setMinimumHeight(380)
        self.summary = text("", "muted", wrap=True)
        self.own = icon_button("ellipsis", say("Own templates"))
        self.own.setMenu(QMenu(self.own))
        self.own.setPopupMode(self.own.ToolButtonPopupMode.InstantPopup)
        self.own.menu().aboutToShow.connect(self._fill_menu)
        self.tabled = QCheckBox(say("Open actions as a table"))
        self.tabled.clicked.connect(self._show_as_table)
        right = column(self.summary, self.preview, self.tabled, spacing=SPACE_S)
        right.setStretch(1, 1)
        left = column(self.list, row(None, self.own), spacing=SPACE_S)
        sides = row(plain(left), plain(right), spacing=SPACE_M)
        sides.setStretch(1, 1)
        self.add(sides)
        self.add_button(say("Cancel"), "", self.reject)
        self.replace = self.add_button(say("Replace the agenda"), "", lambda: self._use(True))
        self.append = self.add_button(
            say("Add to the agenda"), "primary", lambda: self._use(False), default=True
        )
        self._enable(False)
        self.load()

    def load(self) -> None:
        """Ask for the templates."""
        self._presenter.ask_templates(self.show_templates)

    def show_templates(self, rows: Sequence[TemplateRow]) -> None:
        """Show the templates, the chosen one stays so."""
        chosen = self._shown
        self.list.clear()
        for template in rows:
            whose = (
                say("Own, {project}", project=template.project or say("all projects"))
                if template.id
                else word(template.type)
            )
            item = QListWidgetItem(f"{template.name}\n{whose}")
            item.setData(_ROW, template)
            self.list.addItem(item)
            if template.key == chosen:
                self.list.setCurrentItem(item)
        if self.chosen is None and self.list.count():
            self.list.setCurrentRow(0)

    @property
    def chosen(self) -> TemplateRow | None:
        """The chosen template."""
        chosen = [item.data(_ROW) for item in self.list.selectedItems()]
        return chosen[0] if chosen else None

    def _preview(self) -> None:
        template = self.chosen
        self._enable(False)
        self._offer_table(template)
        if template is None:
            return
        self._shown = template.key
        self.show_problem("")
        key = template.key

        def show(made: FilledTemplate) -> None:
            if key == self._shown:
                self.show_filled(made)

        self._presenter.ask_filled(key, show, self._refused)

    def show_filled(self, made: FilledTemplate) -> None:
        """Show what the chosen template makes."""
        self.preview.show_plan(made.plan)
        self.summary.setText(
            say(
                "{title}: {count} items, {length}",
                title=made.title,
                count=len(made.plan.items),
                length=formats.minutes(made.plan.planned),
            )
        )
        self._enable(True)

    def _offer_table(self, template: TemplateRow | None) -> None:
        """Say how the template shows open actions; of an own one it can be switched."""
        listed = template is not None and template.tabled is not None
        show_if(self.tabled, listed)
        if template is None or not listed:
            return
        own = template.id is not None
        self.tabled.setChecked(bool(template.tabled))
        self.tabled.setEnabled(own)
        why = "" if own else say("Our templates stay as they are: save one of your own.")
        self.tabled.setToolTip(why)
        self.tabled.setAccessibleDescription(why)

    def _show_as_table(self, on: bool) -> None:
        template = self.chosen
        if template is not None and template.id is not None:
            self._presenter.show_as_table(template, on, self._refused)
            self.load()

    def _enable(self, able: bool) -> None:
        self.append.setEnabled(able)
        self.replace.setEnabled(able)

    def _use(self, replace: bool) -> None:
        template = self.chosen
        if template is None:
            return
        self._enable(False)
        self._presenter.use_template(
            template.key, replace=replace, then=self.accept, failed=self._refused
        )

    def _refused(self, error: ProjectDeskError) -> None:
        self._enable(self.chosen is not None)
        self.show_problem(say_error(error))

    # --- one's own

    def _fill_menu(self) -> None:
        menu = self.own.menu()
        menu.clear()
        template = self.chosen
        own = template is not None and template.id is not None
        for words, icon, run, able in (
            (say("Save this agenda as a template"), "plus", self.ask_save, True),
            (say("Import from a file"), "file-down", self._ask_import, True),
            (say("Export to a file"), "download", self._ask_export, template is not None),
            (say("Rename"), "file-text", self._ask_name, own),
            (say("Edit as text"), "file-text", self.ask_text, own),
            (say("Delete"), "trash-2", self._ask_delete, own),
        ):
            action = menu.addAction(words)
            set_icon(action, icon, Tone.DANGER if icon == "trash-2" else Tone.MUTED)
            action.setEnabled(able)
            action.triggered.connect(lambda _=False, chosen=run: chosen())

    def ask_save(self) -> None:
        """Ask under which name the agenda is saved as a template."""

        def done(dialog: FormDialog, values: Values) -> None:
            def then() -> None:
                dialog.close_done()
                self.load()

            self._presenter.save_as_template(
                str(values["name"]), values["project_id"], then, dialog.refuse
            )

        FormDialog(
            self,
            say("Save this agenda as a template"),
            say(
                "Items that go through the work packages, and lists of deliverables, milestones, "
                "actions and risks are filled anew each time it is used."
            ),
            [
                Field("name", say("Name"), lambda r: r.name),
                Field(
                    "project_id",
                    say("For"),
                    lambda r: r.project_id,
                    Entry.CHOICE,
                    lambda: (
                        Option(None, say("All projects")),
                        Option(self._project, say("This project only")),
                    ),
                ),
            ],
            say("Save"),
            done,
            required=["name"],
            start=SimpleNamespace(name="", project_id=None),
        ).open()

    def _ask_name(self) -> None:
        template = self.chosen
        if template is None:
            return

        def done(dialog: FormDialog, values: Values) -> None:
            self._presenter.rename_template(template, str(values["name"]), dialog.refuse)
            dialog.close_done()
            self.load()

        FormDialog(
            self,
            say("Rename"),
            "",
            [Field("name", say("Name"), lambda r: r.name)],
            say("Rename"),
            done,
            required=["name"],
            start=template,
        ).open()

    def ask_text(self) -> None:
        """Show the text of an own template, to be changed."""
        template = self.chosen
        if template is None or template.id is None:
            return
        dialog = Dialog(
            self,
            template.name,
            say("TOML: [[item]] for each item; each, lists and only_with fill it."),
            width=680,
        )
        editor = QPlainTextEdit(template.content)
        editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        editor.setAccessibleName(say("Text of the template"))
        editor.setTabChangesFocus(True)
        editor.setMinimumHeight(420)
        dialog.add(editor)

        def save() -> None:
            self._presenter.edit_template(
                template, editor.toPlainText(), lambda error: dialog.show_problem(say_error(error))
            )
            self._presenter.ask_templates(closed)

        def closed(rows: Sequence[TemplateRow]) -> None:
            self.show_templates(rows)
            kept = next((row for row in rows if row.key == template.key), None)
            if kept is not None and kept.content.strip() == editor.toPlainText().strip():
                dialog.accept()

        dialog.add_button(say("Cancel"), "", dialog.reject)
        dialog.add_button(say("Save"), "primary", save)
        dialog.open()

    def _ask_delete(self) -> None:
        template = self.chosen
        if template is not None and template.id is not None:
            confirm(
                self,
                say("Delete {what}?", what=template.name),
                say("You can undo it."),
                say("Delete"),
                lambda: self._presenter.delete_template(template, self.load),
            )

    def _ask_import(self) -> None:
        dialog = QFileDialog(self, say("Import from a file"), _documents())
        dialog.setNameFilters([say("Templates (*.toml)"), say("All files (*)")])
        dialog.fileSelected.connect(self.import_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_file(self, path: str) -> None:
        """Take a template in from a file."""
        self._presenter.import_template(Path(path), self.load, self._refused)

    def _ask_export(self) -> None:
        template = self.chosen
        if template is None:
            return
        ask_new_file(
            self,
            file_name(template.name, "toml"),
            lambda path: self._presenter.export_template(template, path, self._refused),
        )


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
