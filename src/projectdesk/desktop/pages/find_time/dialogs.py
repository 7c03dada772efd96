"""Who is to come, and what an hour asks: the short answers a slot finder needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, ordering
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.theme.tokens import SPACE_S, Tone
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField
from projectdesk.desktop.widgets.layout import row, text
from projectdesk.domain.rules.pain import USUAL, Weights
from projectdesk.errors import DomainError
from projectdesk.services.rows import PersonRow

_CLOCKS = ("night_from", "night_to")


class Coming(StrEnum):
    """Whether somebody is needed."""

    NEEDED = "needed"
    OPTIONAL = "optional"
    NOT_ASKED = "not_asked"


def coming_words(coming: Coming) -> str:
    """Return whether somebody is needed, in a word."""
    return {
        Coming.NEEDED: say("Needed"),
        Coming.OPTIONAL: say("Optional"),
        Coming.NOT_ASKED: say("Not asked"),
    }[coming]


@dataclass(frozen=True)
class Chosen:
    """One person and whether they are needed."""

    person: PersonRow
    coming: Coming

    @property
    def id(self) -> UUID:
        """The person's."""
        return self.person.id


class PeopleDialog(Dialog):
    """Everybody of the project with what is asked of them."""

    def __init__(
        self,
        parent: QWidget | None,
        people: Sequence[PersonRow],
        coming: Mapping[UUID, Coming],
        run: Callable[[dict[UUID, Coming]], None],
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            people: of the project.
            coming: of those who are asked so far; all others are not.
            run: gets what was chosen, without those who are not asked.
        """
        super().__init__(
            parent,
            say("Who is to come"),
            say(
                "A time is found at which everybody who is needed can come; whoever is optional "
                "counts for less and never stands in the way."
            ),
            width=680,
        )
        self._run = run
        unique = {person.id: person for person in ordering.people(people)}
        self._rows = [
            Chosen(person, coming.get(person.id, Coming.NOT_ASKED)) for person in unique.values()
        ]
        self.filter = FilterField(say("Filter people"))
        self.count = text("", "muted")
        self.table: DataTable[Chosen] = DataTable(
            self._columns(),
            lambda chosen: chosen.id,
            EmptyState("users", say("Nobody yet"), say("Enter people on the project’s page.")),
        )
        self.table.setAccessibleName(say("People"))
        self.table.setMinimumHeight(380)
        self.table.edited.connect(lambda chosen, _, value: self._set([chosen], Coming(value)))
        self.table.edited_many.connect(
            lambda edits, _: self._set_many({each.row.id: Coming(each.value) for each in edits})
        )
        self.table.set_actions([self._action(each) for each in Coming])
        self.filter.textChanged.connect(self.table.set_filter)
        self.filter.left_down.connect(self.table.setFocus)
        self.add(row(self.filter, None, self.count, spacing=SPACE_S), self.table)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(say("Find a time for them"), "primary", self._take)
        self._show()

    def _action(self, coming: Coming) -> RowAction[Chosen]:
        icons = {Coming.NEEDED: "check", Coming.OPTIONAL: "circle-dot", Coming.NOT_ASKED: "minus"}
        return RowAction(
            coming_words(coming), icons[coming], lambda rows: self._set(rows, coming), many=True
        )

    def _columns(self) -> list[Column[Chosen]]:
        coming: Field[Chosen] = Field(
            "coming",
            say("Comes"),
            lambda chosen: chosen.coming,
            Entry.CHOICE,
            options=lambda: [Option(each, coming_words(each)) for each in Coming],
        )
        return [
            Column(say("Name"), lambda c: c.person.name, stretch=3, strong=True),
            Column(say("Partner"), lambda c: c.person.partner, stretch=2),
            Column(
                say("Time zone"),
                lambda c: formats.city(c.person.zone) or say("As the partner’s"),
                stretch=2,
                muted=True,
            ),
            Column(
                say("Comes"),
                lambda c: coming_words(c.coming),
                sort=lambda c: list(Coming).index(c.coming),
                width=140,
                tone=lambda c: {
                    Coming.NEEDED: Tone.ACCENT,
                    Coming.OPTIONAL: Tone.INFO,
                    Coming.NOT_ASKED: Tone.NEUTRAL,
                }[c.coming],
                field=coming,
            ),
        ]

    def _set(self, rows: Sequence[Chosen], coming: Coming) -> None:
        self._set_many({chosen.id: coming for chosen in rows})

    def _set_many(self, coming: Mapping[UUID, Coming]) -> None:
        self._rows = [
            replace(chosen, coming=coming.get(chosen.id, chosen.coming)) for chosen in self._rows
        ]
        self._show()

    def _show(self) -> None:
        self.table.show_rows(self._rows)
        needed = sum(chosen.coming is Coming.NEEDED for chosen in self._rows)
        optional = sum(chosen.coming is Coming.OPTIONAL for chosen in self._rows)
        parts = [say("{count} needed", count=needed)]
        if optional:
            parts.append(say("{count} optional", count=optional))
        self.count.setText(formats.joined(parts))
        self.action.setEnabled(bool(needed))

    def _take(self) -> None:
        chosen: dict[UUID, Coming] = {
            each.id: each.coming for each in self._rows if each.coming is not Coming.NOT_ASKED
        }
        self.accept()
        self._run(chosen)


def weights_dialog(
    parent: QWidget | None,
    weights: Weights,
    run: Callable[[FormDialog, Weights], None],
) -> FormDialog:
    """Return the dialog that changes what an hour asks.

    Args:
        parent: the window it belongs to.
        weights: as they are.
        run: keeps the new ones; calls `close_done` or `refuse`.
    """

    def take(dialog: FormDialog, values: Values) -> None:
        try:
            changed = Weights(**{name: _kept(name, value) for name, value in values.items()})
        except DomainError as error:
            dialog.refuse(error)
        else:
            run(dialog, changed)

    dialog = FormDialog(
        parent,
        say("What an hour asks"),
        say(
            "Points for each hour of a meeting and each person; within working hours it asks "
            "nothing. Everybody who uses these data finds times by them."
        ),
        [
            [
                _points("edge", say("At the edge of work")),
                _points("evening", say("At the edge of night")),
                _points("night", say("Night")),
            ],
            [
                _points("weekend", say("More on a weekend")),
                _points("holiday", say("More on a public holiday")),
            ],
            [
                _clock("night_from", say("Night from")),
                _clock("night_to", say("Night until")),
            ],
            [
                _points("tentative", say("Needed, perhaps busy")),
                _points("absent", say("Optional, busy")),
                _points("optional_percent", say("Optional count, %")),
            ],
        ],
        say("Keep"),
        take,
        required=[each.name for each in fields(Weights)],
        start=weights,
    )

    def usual() -> None:
        dialog.form.show_row(USUAL)

    reset = dialog.add_button(say("The usual ones"), "quiet", usual)
    dialog.buttons.removeWidget(reset)
    dialog.buttons.insertWidget(0, reset)
    return dialog


def _points(name: str, label: str) -> Field[Any]:
    return Field(name, label, lambda w: getattr(w, name), Entry.NUMBER, minimum=0, maximum=100)


def _clock(name: str, label: str) -> Field[Any]:
    def shown(weights: Weights) -> time:
        return time(*divmod(getattr(weights, name), 60))

    return Field(name, label, shown, Entry.TIME)


def _kept(name: str, value: Any) -> Any:
    return value.hour * 60 + value.minute if name in _CLOCKS else value
