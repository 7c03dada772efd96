"""The members of a body, in its inspector: one line each, unfolded to say who sits there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.body_members import BodyMembersPresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import restyle
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.folded_form import FoldedForm, fold_button
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, row, text
from projectdesk.services.rows import BodyMemberRow

_MOST_VOTES = 1_000_000


class MemberLine(QWidget):
    """One member: the partner, who represents it, and the deputy."""

    entered = Signal(object, str, object)
    remove_asked = Signal(object)

    def __init__(self, shown: BodyMemberRow, choices: Choices) -> None:
        super().__init__()
        self._row = shown
        self._partner = Elided("", "strong")
        self._people = Elided("", "caption")
        partner = shown.partner_id
        self.form = FoldedForm(
            [
                Field(
                    "representative_id",
                    say("Representative"),
                    lambda r: r.representative_id,
                    Entry.CHOICE,
                    lambda: choices.people_first_of(partner),
                ),
                Field(
                    "deputy_id",
                    say("Deputy"),
                    lambda r: r.deputy_id,
                    Entry.CHOICE,
                    lambda: choices.people_first_of(partner),
                ),
                [
                    Field(
                        "weight",
                        say("Votes"),
                        lambda r: r.weight,
                        Entry.NUMBER,
                        maximum=_MOST_VOTES,
                    ),
                    Field(
                        "in_default",
                        say("In default"),
                        lambda r: r.in_default,
                        Entry.CHOICE,
                        lambda: [
                            Option(False, say("No, it votes")),
                            Option(True, say("Yes, no vote")),
                        ],
                    ),
                ],
            ]
        )
        self.form.entered.connect(
            lambda name, value: self.entered.emit(self.form.seen(name) or self._row, name, value)
        )
        self.edit = fold_button(self.form)
        self.drop = icon_button("x", say("Remove"), lambda: self.remove_asked.emit(self._row))
        words = column(self._partner, self._people, spacing=0)
        head = row(words, self.edit, self.drop, spacing=SPACE_XS)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.form, spacing=SPACE_XS))
        self.show_row(shown)

    def show_row(self, shown: BodyMemberRow) -> None:
        """Show the member as it is now."""
        self._row = shown
        number = "" if shown.partner_number is None else f"{shown.partner_number}  "
        self._partner.setText(f"{number}{shown.partner}")
        deputy = say("deputy {name}", name=shown.deputy) if shown.deputy else ""
        named = bool(shown.representative)
        parts = (
            shown.representative or say("no representative named"),
            deputy,
            say_count(shown.weight, "{count} vote", "{count} votes") if shown.weight != 1 else "",
            say("in default, no vote") if shown.in_default else "",
        )
        self._people.setText(formats.joined(parts))
        self._people.setProperty("look", "caption" if named else "error")
        restyle(self._people)
        self.form.show_row(shown)

    @property
    def words(self) -> tuple[str, str]:
        """What the line says: the partner, and its people."""
        return self._partner.text(), self._people.text()


class BodyMembers(Presented, QWidget):
    """The partners that have a seat in a body; more can be added."""

    def __init__(self, session: Session, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self._rows: Sequence[BodyMemberRow] = ()
        self.presenter = self.present(BodyMembersPresenter(session, self))
        self.lines: list[MemberLine] = []
        self._box = column(spacing=SPACE_S)
        self.add = ChoiceEditor(self._absent)
        self.add.setAccessibleName(say("Add member"))
        self.add.committed.connect(self._add_chosen)
        self.add_all = button(say("Add all partners"), "link", "", self._add_all)
        self.setLayout(
            column(
                text(say("Members"), "strong"),
                plain(self._box),
                self.add,
                row(self.add_all, None),
                spacing=SPACE_S,
            )
        )
        choices.on_loaded(self._offer)

    def show_members(self, rows: Sequence[BodyMemberRow]) -> None:
        """Show all members; a line that was there keeps what is unfolded and has the focus."""
        if [r.id for r in rows] == [r.id for r in self._rows]:
            for line, shown in zip(self.lines, rows, strict=True):
                line.show_row(shown)
        else:
            self._build(rows)
        self._rows = rows
        self._offer()

    def _build(self, rows: Sequence[BodyMemberRow]) -> None:
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        for shown in rows:
            line = MemberLine(shown, self._choices)
            line.entered.connect(self.presenter.edit)
            line.remove_asked.connect(self.presenter.remove)
            self._box.addWidget(line)
            self.lines.append(line)

    def _absent(self) -> list[Option]:
        """Return the partners without a seat, under an invitation to choose one."""
        seated = {shown.partner_id for shown in self._rows}
        found = [option for option in self._choices.partners() if option.value is not None]
        return [
            Option(None, say("Add member")),
            *(option for option in found if option.value not in seated),
        ]

    def _offer(self) -> None:
        self.add.set_value(None)
        self.add.load()
        self.add.setEnabled(self.add.count() > 1)
        self.add_all.setEnabled(self.add.count() > 1)

    def _add_chosen(self) -> None:
        chosen = self.add.value()
        self.add.set_value(None)
        if isinstance(chosen, UUID):
            self.presenter.add([chosen])

    def _add_all(self) -> None:
        absent = (option.value for option in self._absent())
        self.presenter.add([value for value in absent if isinstance(value, UUID)])
