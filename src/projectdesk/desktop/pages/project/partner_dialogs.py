"""Dialogs in which a consortium changes: who joins, leaves, is replaced, coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats, ordering
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.dialogs import Lines
from projectdesk.desktop.pages.organisation_finder import OrganisationFinder
from projectdesk.desktop.presenters.consortium import (
    KEEP,
    NEW,
    NOBODY,
    ConsortiumPresenter,
    day_before,
)
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, plain, row, scrolled, show_if, text
from projectdesk.domain.rules import consortium
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import PartnerRow, PersonRow

if TYPE_CHECKING:
    from projectdesk.services.consortium_rows import HoldingRow

_WIDTH = 640
_LIST_HEIGHT = 236
_LINE_HEIGHT = 43
_CHOICE_WIDTH = 210


def _blank(name: str, label: str, entry: Entry = Entry.TEXT, **more: Any) -> Field[Any]:
    first = more.pop("first", None)
    return Field(name, label, lambda _: first, entry, **more)


def _organisation_lines() -> Lines:
    return [
        _blank("legal_name", say("Legal name of the organisation")),
        [
            _blank("short_name", say("Short name"), hint="DTU"),
            _blank("country", say("Country"), hint="DK"),
            _blank("pic", say("PIC"), hint="999999999"),
        ],
    ]


def called(partner: PartnerRow) -> str:
    """Return what a partner is called in a list to choose from."""
    name = partner.short_name or partner.legal_name
    return f"{partner.number}  {name}" if partner.number is not None else name


class HandOver(QWidget):
    """What a partner holds, a line each, with a choice of who takes it over."""

    def __init__(
        self, partner: UUID, first: object, takers: Callable[[], Sequence[Option]]
    ) -> None:
        """Make an empty list.

        Args:
            partner: who goes; what others hold for it is said to be theirs.
            first: what is chosen until the person chooses (KEEP, NEW).
            takers: the partners that can take something over.
        """
        super().__init__()
        self._partner = partner
        self._first = first
        self._takers = takers
        self._chosen: dict[UUID, object] = {}
        self.choices: dict[UUID, ChoiceEditor] = {}
        self._lines = column(spacing=SPACE_S)
        self._heading = text(say("What it still leads and owns"), "strong")
        self.everything = ChoiceEditor(self._options_for_all)
        self.everything.setAccessibleName(say("Hand over everything"))
        self.everything.setFixedWidth(_CHOICE_WIDTH)
        self.everything.committed.connect(self._give_all)
        self._nothing = text(say("It holds nothing that is open on that day."), "muted")
        self._head = plain(row(self._heading, None, self.everything))
        self._area = scrolled(plain(self._lines))
        self.setLayout(column(self._head, self._nothing, self._area, spacing=SPACE_S))
        self.show_holdings(())

    def chosen(self) -> dict[UUID, object]:
        """Return what is chosen for each thing held."""
        return {record: choice.value() for record, choice in self.choices.items()}

    def show_holdings(self, rows: Sequence[HoldingRow]) -> None:
        """Show what is held; a choice made before stays."""
        self._chosen |= self.chosen()
        while (taken := self._lines.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.choices = {}
        for held in rows:
            self._lines.addWidget(self._line(held))
        self._lines.addStretch(1)
        show_if(self._nothing, not rows)
        show_if(self.everything, len(rows) > 1)
        show_if(self._area, bool(rows))
        self._area.setFixedHeight(min(_LIST_HEIGHT, len(rows) * _LINE_HEIGHT + SPACE_S))

    def _line(self, held: HoldingRow) -> QWidget:
        words = f"{held.label}  {held.title}" if held.label else held.title
        choice = ChoiceEditor(self._options)
        choice.setAccessibleName(words)
        choice.setFixedWidth(_CHOICE_WIDTH)
        choice.set_value(self._chosen.get(held.id, self._first))
        self.choices[held.id] = choice
        about = word(held.kind)
        if held.holder_id != self._partner:
            about = formats.joined((about, held.holder))
        what = column(Elided(words), Elided(about, "caption"), spacing=0)
        line = row(what, choice, spacing=SPACE_S)
        line.setStretch(0, 1)
        return plain(line)

    def _options(self) -> list[Option]:
        new = [Option(NEW, say("The new partner"))] if self._first == NEW else []
        fixed = [Option(KEEP, say("Keep as it is")), Option(NOBODY, say("Nobody yet"))]
        return [*new, *fixed, *self._takers()]

    def _options_for_all(self) -> list[Option]:
        return [Option(None, say("All of it to …")), *self._options()]

    def _give_all(self) -> None:
        chosen = self.everything.value()
        if chosen is not None:
            for choice in self.choices.values():
                choice.set_value(chosen)


class _HandOverDialog(Dialog):
    """A day, and what is handed over on it."""

    day_field = "active_to"

    def __init__(
        self,
        parent: QWidget,
        presenter: ConsortiumPresenter,
        partner: PartnerRow,
        others: Sequence[PartnerRow],
        words: tuple[str, str, str],
        lines: Lines,
        first: object,
    ) -> None:
        title, sentence, action = words
        super().__init__(parent, title, sentence, width=_WIDTH)
        self._presenter = presenter
        self._partner = partner
        self._closed = False  # an answer may come after the dialog went
        self.finished.connect(self._close)
        self.form = Form(lines)
        self.form.show_row(None)
        going = {partner.id, *(each.id for each in others if each.parent_id == partner.id)}
        takers = [Option(each.id, called(each)) for each in others if each.id not in going]
        self.hand_over = HandOver(partner.id, first, lambda: takers)
        self.add(self.form, self.hand_over)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(action, "primary", self.submit, default=True)
        self.form.entered.connect(self._on_entered)
        self._ask(self.form.rows[self.day_field].value())

    def last_day(self, day: date) -> date:
        """Return the last day of who goes, for the day in the form."""
        return day

    def _close(self) -> None:
        self._closed = True

    def _on_entered(self, name: str, value: object) -> None:
        if name == self.day_field and isinstance(value, date):
            self._ask(value)

    def _ask(self, day: date) -> None:
        self._presenter.ask_holdings(self._partner.id, self.last_day(day), self._show_holdings)

    def _show_holdings(self, rows: Sequence[HoldingRow]) -> None:
        if not self._closed:
            self.hand_over.show_holdings(rows)
            self.grow()

    def submit(self) -> None:
        """Take the values, if they are values."""
        values = self.form.values()
        if values is None:
            return
        for name in (self.day_field, "legal_name"):
            if name in values and values[name] in (None, ""):
                self.form.show_problem(name, say("This is needed."))
                self.form.rows[name].editor.setFocus()
                return
        self.show_problem("")
        self.action.setEnabled(False)
        self.run(values)

    def run(self, values: dict[str, Any]) -> None:
        """Do it."""
        raise NotImplementedError

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why not, beside the field where it is known."""
        self.action.setEnabled(True)
        field = error.facts.get("field")
        if not (isinstance(field, str) and self.form.show_problem(field, say_error(error))):
            self.show_problem(say_error(error))


class LeaveDialog(_HandOverDialog):
    """A partner leaves."""

    def __init__(
        self,
        parent: QWidget,
        presenter: ConsortiumPresenter,
        partner: PartnerRow,
        others: Sequence[PartnerRow],
        today: date,
    ) -> None:
        name = partner.short_name or partner.legal_name
        words = (
            say("{name} leaves the project", name=name),
            say("It stays in the list with its period, and everything it did stays its own."),
            say("Let it leave"),
        )
        first = partner.active_to or today
        lines: Lines = [_blank("active_to", say("Its last day"), Entry.DATE, first=first)]
        super().__init__(parent, presenter, partner, others, words, lines, KEEP)

    def run(self, values: dict[str, Any]) -> None:
        """Let it leave."""
        self._presenter.leave(
            self._partner, values["active_to"], self.hand_over.chosen(), self.accept, self.refuse
        )


class ReplaceDialog(_HandOverDialog):
    """A new organisation takes a partner's place."""

    day_field = "active_from"

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        presenter: ConsortiumPresenter,
        partner: PartnerRow,
        others: Sequence[PartnerRow],
        today: date,
        done: Callable[[UUID], None],
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            session: the outside, to look for organisations.
            presenter: replaces.
            partner: who goes.
            others: who takes part.
            today: the date where the person is.
            done: gets the new partner's id.
        """
        self._done = done
        name = partner.short_name or partner.legal_name
        words = (
            say("Replace {name}", name=name),
            say("The new partner has the same role; {name} stays with its period.", name=name),
            say("Replace"),
        )
        lines: Lines = [
            *_organisation_lines(),
            [
                _blank("active_from", say("First day of the new partner"), Entry.DATE, first=today),
                _blank("contribution", say("Its EU contribution, €"), Entry.MONEY),
                _blank("number", say("Number"), Entry.NUMBER, minimum=1, hint=say("next free")),
            ],
        ]
        super().__init__(parent, presenter, partner, others, words, lines, NEW)
        self.finder = OrganisationFinder(session, self.form, fills=False)
        self.finder.grown.connect(self.grow)
        self.finder.picked.connect(self.adjustSize)
        self.finished.connect(self.finder.close_presenters)
        self.body.insertWidget(0, self.finder)
        self.people: dict[UUID, QCheckBox] = {}
        self._people = column(spacing=SPACE_XS)
        self.add(self._people)
        presenter.ask_people(partner.project_id, partner.id, self._show_people)

    def last_day(self, day: date) -> date:
        """Return the day before the new partner's first."""
        return day_before(day)

    def _show_people(self, rows: Sequence[PersonRow]) -> None:
        if self._closed or not rows:
            return
        self._people.addWidget(text(say("People who go with it"), "strong"))
        for person in ordering.people(rows):
            if person.membership_id is not None:
                words = f"{person.name}, {person.function}" if person.function else person.name
                made = QCheckBox(words)
                self.people[person.membership_id] = made
                self._people.addWidget(made)
        self.grow()

    def run(self, values: dict[str, Any]) -> None:
        """Replace it."""
        going = [membership for membership, box in self.people.items() if box.isChecked()]

        def done(partner: UUID) -> None:
            self.accept()
            self._done(partner)

        self._presenter.replace(
            self._partner,
            values,
            self.hand_over.chosen(),
            going,
            done,
            self.refuse,
            self.finder.chosen(values),
        )


class CoordinatorDialog(Dialog):
    """Another partner becomes the coordinator."""

    def __init__(
        self,
        parent: QWidget,
        presenter: ConsortiumPresenter,
        partners: Sequence[PartnerRow],
        today: date,
        chosen: UUID | None = None,
    ) -> None:
        now = consortium.coordinator_on(partners, today)
        sentence = say(
            "The coordinator so far becomes a beneficiary. Until when it coordinated is kept."
        )
        super().__init__(parent, say("Change coordinator"), sentence)
        self._presenter = presenter
        self._partners = {row.id: row for row in partners}
        able = [
            Option(each.id, called(each))
            for each in partners
            if each is not now and each.role not in consortium.NEVER_COORDINATOR
        ]
        first = chosen if any(o.value == chosen for o in able) else None
        self.form = Form(
            [
                _blank(
                    "partner_id",
                    say("New coordinator"),
                    Entry.CHOICE,
                    options=lambda: [Option(None, "–"), *able],
                    first=first,
                ),
                _blank("first_day", say("Coordinates from"), Entry.DATE, first=today),
            ]
        )
        self.form.show_row(None)
        self.swap = QCheckBox(say("Exchange the two participant numbers"))
        note = text(
            say("Numbers stay unless the amendment of the agreement says otherwise."),
            "caption",
            wrap=True,
        )
        self.add(self.form, column(self.swap, note, spacing=SPACE_XS))
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(
            say("Change coordinator"), "primary", self.submit, default=True
        )

    def submit(self) -> None:
        """Take the values, if they are values."""
        values = self.form.values()
        if values is None:
            return
        for name, value in values.items():
            if value is None:
                self.form.show_problem(name, say("This is needed."))
                return
        self.action.setEnabled(False)
        self._presenter.coordinate(
            self._partners[values["partner_id"]],
            values["first_day"],
            self.swap.isChecked(),
            self.accept,
            self.refuse,
        )

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why not, beside the field where it is known."""
        self.action.setEnabled(True)
        field = error.facts.get("field")
        if not (isinstance(field, str) and self.form.show_problem(field, say_error(error))):
            self.show_problem(say_error(error))
