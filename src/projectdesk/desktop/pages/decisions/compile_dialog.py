"""The dialog that compiles decisions, actions or minutes of a period into one document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Entry, Option
from projectdesk.desktop.pages.decisions.dialogs import field
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.export_documents import (
    ask_document_file,
    document_names,
    format_names,
)
from projectdesk.services.commands.compiling import COMPILED
from projectdesk.services.documents.registers import Span
from projectdesk.services.rows import ProjectRow

Compile = Callable[[Span, str, str, Path], None]


def ask_compilation(
    parent: QWidget, projects: Sequence[ProjectRow], compile_: Compile
) -> FormDialog | None:
    """Ask what of which project and period becomes one document, then where it is saved."""
    if not projects:
        return None
    acronyms = {row.id: row.acronym for row in projects}
    names = document_names()
    forms = format_names("decisions")

    def run(dialog: FormDialog, values: Values) -> None:
        what, form = str(values["what"]), str(values["form"])
        if form not in format_names(what):
            dialog.form.show_problem("form", say("Minutes are no table."))
            dialog.action.setEnabled(True)
            return
        first, last = values["first"], values["last"]
        if first is not None and last is not None and last < first:
            dialog.form.show_problem("last", say("The period ends before it begins."))
            dialog.action.setEnabled(True)
            return
        span = Span(values["project_id"], None, first, last)
        dialog.close_done()
        ask_document_file(
            parent,
            f"{acronyms[span.project_id]} {names[what]}",
            form,
            lambda out: compile_(span, what, form, out),
        )

    dialog = FormDialog(
        parent,
        say("Compile a period"),
        say("Decisions made, actions due, or the minutes of all meetings held in it, in one "
            "document. No day is no limit."),
        [
            [
                field("project_id", say("Project"), Entry.CHOICE, projects[0].id,
                      options=lambda: [Option(key, name) for key, name in acronyms.items()]),
                field("what", say("What"), Entry.CHOICE, "decisions",
                      options=lambda: [Option(each, names[each]) for each in COMPILED]),
            ],
            [field("first", say("From"), Entry.DATE), field("last", say("To"), Entry.DATE)],
            field("form", say("Format"), Entry.CHOICE, "pdf",
                  options=lambda: [Option(form, name) for form, name in forms.items()]),
        ],
        say("Save as…"),
        run,
        required=["project_id", "what", "form"],
    )  # fmt: skip
    dialog.open()
    return dialog
