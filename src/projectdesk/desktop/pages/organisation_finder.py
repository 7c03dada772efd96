"""Finding an organisation among our own and in the directory: picking one fills a form's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.presenters.partner_choice import PartnerChoicePresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.editors import TextEditor
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text
from projectdesk.desktop.widgets.pick_list import ROW, Pick, PickList
from projectdesk.services.directory_rows import DirectoryRow, DirectoryState

_AFTER_TYPING_MS: Final = 60
_LINES: Final = 4
_FILLED: Final = ("legal_name", "short_name", "country", "pic")
_TELLING: Final = ("legal_name", "country", "pic")
"""Fields that say which organisation it is: typed over, it is no longer the picked one."""


class OrganisationFinder(QWidget):
    """Looks for an organisation as one types. `close_presenters` when the dialog is over."""

    picked = Signal()
    """The fields of the form are filled."""
    grown = Signal()
    """It needs another height."""
    import_asked = Signal()
    """The directory is empty, and shall be filled."""

    def __init__(self, session: Session, form: Form, *, fills: bool = True) -> None:
        """Make it.

        Args:
            session: the outside.
            form: has the fields `legal_name`, `short_name`, `country` and `pic`.
            fills: offer to fill the directory while it is empty.
        """
        super().__init__()
        self._form, self._fills = form, fills
        self._chosen: DirectoryRow | None = None
        self.search = TextEditor()
        self.search.setPlaceholderText(say("Name, part of a name, city or PIC"))
        self.search.setAccessibleName(say("Find an organisation"))
        self._countries: list[Option] = [Option("", say("All countries"))]
        self.country = ChoiceEditor(lambda: self._countries)
        self.country.setAccessibleName(say("Country of the organisation"))
        self.country.set_value("")
        self.country.setFixedWidth(170)
        self.found = PickList(self.search, say("Organisations found"))
        self.found.hide()
        self._hint = text("", "caption", wrap=True)
        self._fill = button(say("Import directory…"), "quiet", "file-down", self.import_asked.emit)
        top = row(self.search, self.country, spacing=SPACE_S)
        top.setStretch(0, 1)
        hint = row(self._hint, self._fill, spacing=SPACE_M)
        hint.setStretch(0, 1)
        label = text(say("Find an organisation"), "label")
        label.setBuddy(self.search)
        self.setLayout(column(label, top, self.found, hint, spacing=SPACE_S))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_TYPING_MS)
        self._timer.timeout.connect(self._look)
        self.search.textChanged.connect(self._timer.start)
        self.country.committed.connect(self._look)
        self.found.picked.connect(self.pick)
        self.presenter = PartnerChoicePresenter(session, self)
        self.presenter.activate()

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.presenter.close()

    def chosen(self, values: Mapping[str, Any]) -> DirectoryRow | None:
        """Return what was picked; None when none was, or the fields say another organisation."""
        found = self._chosen
        if found and any(getattr(found, name) != (values[name] or "") for name in _TELLING):
            return None
        return found

    # --- what the presenter calls

    def show_state(self, state: DirectoryState) -> None:
        """Offer the countries of the directory, or to fill it."""
        codes = [code for code, _ in state.countries]
        named = (Option(code, formats.country(code)) for code in codes)
        self._countries[1:] = in_order(named, lambda option: option.label)
        self.country.load()
        show_if(self._fill, self._fills and not state.entries)
        if state.entries:
            words = say(
                "Looks in your own organisations and in the directory of {count}.",
                count=formats.whole(state.entries),
            )
        else:
            words = say("The directory is empty: only your own organisations are found.")
        self._hint.setText(words)

    def show_found(self, typed: str, rows: Sequence[DirectoryRow]) -> None:
        """Show the organisations that were found."""
        self.found.show_picks([_pick(each) for each in rows])
        self.found.setFixedHeight(min(len(rows), _LINES) * ROW + 12)
        show_if(self.found, bool(rows))
        if typed and not rows:
            self._hint.setText(say("Nothing found: type the organisation below."))
        elif typed:
            self._hint.setText(say("Arrow keys choose, Enter takes it over."))
        self.grown.emit()

    def pick(self, chosen: DirectoryRow) -> None:
        """Take an organisation over into the fields."""
        self._chosen = chosen
        for name in _FILLED:
            self._form.rows[name].editor.set_value(getattr(chosen, name))
            self._form.rows[name].show_problem("")
        self.found.hide()
        self._timer.stop()
        tag = say("It is here already.") if chosen.organisation_id else say("From the directory.")
        self._hint.setText(formats.joined((_pick(chosen).subtitle, tag)))
        self.picked.emit()

    def _look(self) -> None:
        self.presenter.type(self.search.text(), self.country.value() or "")


def _pick(row_: DirectoryRow) -> Pick:
    place = ", ".join(part for part in (row_.city, formats.country(row_.country)) if part)
    pic = f"PIC {row_.pic}" if row_.pic else ""
    tag = say("Directory")
    if row_.organisation_id is not None:
        tag = say_count(row_.projects, "Here, in {count} project", "Here, in {count} projects")
    subtitle = formats.joined(part for part in (row_.short_name, place, pic) if part)
    return Pick(row_.legal_name, subtitle, tag, row_)
