"""What the scenes of the directory and of doubles need: an export, an address book, a double."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from projectdesk.bench.invented import write_organisations
from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.directory_import import directory_import
from projectdesk.desktop.pages.import_dialog import PeopleImportDialog
from projectdesk.desktop.pages.partner_dialog import PartnerDialog
from projectdesk.desktop.presenters.importing import PeopleRun
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

_ORGANISATIONS = 400


def _export(folder: Path) -> Path:
    return write_organisations(folder / "organization.csv", _ORGANISATIONS, 2 * _ORGANISATIONS)


def fill(workspace: Workspace) -> None:
    """Fill the directory."""
    commands.import_directory(workspace, [_export(workspace.data)])


def type_partner(stage: Stage) -> None:
    """Look for the organisation of a new partner."""
    stage.settle()
    for dialog in _dialogs(PartnerDialog):
        dialog.finder.presenter.load()
        dialog.search.setText("univ")
        dialog.finder.presenter.type("univ", "")


def preview_import(stage: Stage, page: DirectoryPage) -> None:
    """Preview the import of the directory."""
    directory_import(page, page.session, [_export(stage.workspace.data)], lambda: None).open()


def preview_people(stage: Stage, page: DirectoryPage) -> None:
    """Preview an address book with somebody who is here already."""
    known = [row for row in queries.people(stage.workspace) if row.email and row.phone][:2]
    known = known or queries.people(stage.workspace)[:2]
    lines = ["First name;Last name;E-mail;Phone;Company"]
    for number, row in enumerate(known):
        address = row.email if number == 0 else "private@home.example"
        lines.append(f"{row.given_name} M.;{row.family_name};{address};+45 70 10 20 3{number};")
        if number:
            lines[-1] = f"{row.family_name};{row.given_name};{address};+45 70 10 20 30;"
    lines.append("Marta;Lindqvist;marta@new.example;+46 8 123 45;")
    file = stage.workspace.data / "contacts.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    dialog = PeopleImportDialog(page, page.session, PeopleRun(file, None), lambda _report: None)
    dialog.open()
    stage.settle()
    dialog.tabs.show_tab(2)
    dialog.doubles.list.setFocus()


def add_double(workspace: Workspace) -> None:
    """Add somebody who is here already, spelled otherwise."""
    row = next(row for row in queries.people(workspace) if row.email and not row.is_me)
    commands.create(
        workspace,
        Kind.PERSON,
        {
            "given_name": row.given_name.upper(),
            "family_name": row.family_name,
            "email": "private@home.example",
            "phone": "+45 70 10 20 30",
            "organisation_id": row.organisation_id,
        },
    )


def _dialogs(kind: type[PartnerDialog]) -> list[PartnerDialog]:
    shown: list[QWidget] = QApplication.topLevelWidgets()
    return [widget for widget in shown if isinstance(widget, kind) and widget.isVisible()]
