"""The people of a project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, ordering
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, Target, by_name
from projectdesk.desktop.models.functions import FUNCTIONS
from projectdesk.desktop.pages.import_dialog import ask_export_people, import_people
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.pages.person_calendars import PersonCalendars
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services import queries
from projectdesk.services.rows import Kind, PersonRow

_DAY: Final = 24 * 60
"""Minutes of a day."""


def _membership(row: PersonRow) -> Target | None:
    if row.membership_id is None or row.membership_version is None:
        return None
    return Target(Kind.MEMBERSHIP, row.membership_id, row.membership_version)


def person_columns(choices: Choices | None) -> list[Column[PersonRow]]:
    """Return the columns of a list of people: of all, or with `choices` of a project's."""
    fields = by_name(person_fields(choices))
    columns: list[Column[PersonRow]] = [
        Column(say("Name"), lambda r: r.name, strong=True, stretch=2, sort=lambda r: r.family_name)
    ]
    if choices is None:
        columns.append(Column(say("Organisation"), lambda r: r.organisation, stretch=2))
    else:
        columns += [
            Column(
                say("Partner"),
                lambda r: r.partner or say("External"),
                width=140,
                field=fields["partner_id"],
            ),
            Column(
                say("Function"),
                lambda r: r.function,
                stretch=2,
                optional=True,
                field=fields["function"],
            ),
        ]
    return [
        *columns,
        Column(say("E-mail"), lambda r: r.email, stretch=2, muted=True, field=fields["email"]),
        Column(say("Phone"), lambda r: r.phone, width=140, field=fields["phone"], spare=True),
        Column(say("Country"), lambda r: r.country, width=84, optional=True),
        Column(
            say("Given name"),
            lambda r: r.given_name,
            width=130,
            field=fields["given_name"],
            spare=True,
        ),
        Column(
            say("Family name"),
            lambda r: r.family_name,
            width=130,
            field=fields["family_name"],
            spare=True,
        ),
        Column(
            say("Time zone"),
            lambda r: formats.city(r.zone),
            width=130,
            muted=True,
            tip=lambda r: r.zone,
            optional=True,
            field=fields["zone"],
        ),
        Column(
            say("Languages"),
            lambda r: ", ".join(r.languages),
            width=110,
            field=fields["languages"],
            spare=True,
        ),
        *(_clock_column(fields[name]) for name in ("work_from", "work_to")),
        Column(
            fields["country"].label,
            lambda r: r.own_country,
            width=150,
            field=fields["country"],
            spare=True,
        ),
        Column(say("Region"), lambda r: r.region, width=84, field=fields["region"], spare=True),
    ]


def _clock_column(field: Field[PersonRow]) -> Column[PersonRow]:
    return Column(
        field.label,
        lambda r: f"{field.value(r):%H:%M}",
        width=112,
        field=field,
        spare=True,
    )


@dataclass(frozen=True)
class _ClockField(Field[PersonRow]):
    """A time of day that is kept as minutes since midnight; 0:00 as the end is midnight after."""

    def kept(self, value: object) -> dict[str, object]:
        if not isinstance(value, time):
            return {self.name: value}
        minutes = value.hour * 60 + value.minute
        return {self.name: minutes or (_DAY if self.ends else 0)}


@dataclass(frozen=True)
class _TagsField(Field[PersonRow]):
    """Several short words in one line, parted by commas."""

    def kept(self, value: object) -> dict[str, object]:
        words = str(value).replace(";", ",").split(",")
        return {self.name: [word.strip() for word in words if word.strip()]}


def _clock(minutes: int) -> time:
    return time(minutes % _DAY // 60, minutes % 60)


def person_fields(choices: Choices | None) -> list[Field[PersonRow] | list[Field[PersonRow]]]:
    """Return the fields of a person; with `choices`, of their part in the project first."""
    fields: list[Field[PersonRow] | list[Field[PersonRow]]] = [
        [
            Field("given_name", say("Given name"), lambda r: r.given_name),
            Field("family_name", say("Family name"), lambda r: r.family_name),
        ],
        Field("email", say("E-mail"), lambda r: r.email),
    ]
    if choices is not None:
        fields += [
            Field(
                "partner_id",
                say("For partner"),
                lambda r: r.partner_id,
                Entry.CHOICE,
                lambda: [Option(None, say("External")), *choices.partners()[1:]],
                target=_membership,
            ),
            Field(
                "function",
                say("Function"),
                lambda r: r.function,
                target=_membership,
                hint=say("Scientific lead"),
                suggestions=FUNCTIONS,
            ),
        ]
    return [
        *fields,
        [
            Field("phone", say("Phone"), lambda r: r.phone),
            _TagsField(
                "languages", say("Languages"), lambda r: ", ".join(r.languages), hint="en, pt"
            ),
        ],
        Field("zone", say("Time zone"), lambda r: r.zone, Entry.ZONE),
        [
            _ClockField("work_from", say("Works from"), lambda r: _clock(r.work_from), Entry.TIME),
            _ClockField(
                "work_to", say("Works until"), lambda r: _clock(r.work_to), Entry.TIME, ends=True
            ),
        ],
        [
            Field("country", say("Holidays of country"), lambda r: r.own_country, hint="DE"),
            Field("region", say("Region"), lambda r: r.region, hint="BY"),
        ],
    ]


def people_buttons(
    session: Session, project: Callable[[], UUID | None] = lambda: None
) -> list[QPushButton]:
    """Return the buttons that take people out of an address book and write them to one.

    Args:
        session: the outside.
        project: asked for the project whose people they are, None = everybody.
    """
    importing = button(say("Import people"), "", "file-down")
    importing.clicked.connect(lambda: import_people(importing.window(), session, project()))
    exporting = button(say("Export people"), "", "file-up")
    exporting.clicked.connect(lambda: ask_export_people(exporting.window(), session, project()))
    return [importing, exporting]


def person_subtitle(row: PersonRow) -> str:
    """Return the line under a person's name."""
    where = row.partner or row.organisation
    return formats.joined(
        part for part in (row.function, where, formats.country(row.country)) if part
    )


class PeoplePane(RecordsPane[PersonRow]):
    """The people of a project."""

    def __init__(self, session: Session, choices: Choices) -> None:
        self._project: UUID | None = None
        self.add = button(say("Add person"), "primary", "user-plus")
        empty = EmptyState(
            "users",
            say("No people yet"),
            say("Add who works on the project: they are invited to meetings by name and e-mail."),
            say("Add person"),
        )
        self.calendars = PersonCalendars(session)
        super().__init__(
            person_columns(choices),
            empty,
            lines=person_fields(choices),
            title=lambda r: r.name or r.email,
            subtitle=person_subtitle,
            delete_words=say("Remove from project"),
            right=[*people_buttons(session, lambda: self._project), self.add],
            extra=[self.calendars],
            placeholder=say("Filter people"),
            label=say("People"),
        )
        self.presenter: RecordsPresenter[PersonRow] = RecordsPresenter(
            session,
            self,
            Kind.PERSON,
            lambda _: (),
            frozenset({Kind.MEMBERSHIP, Kind.PARTNER, Kind.ORGANISATION}),
        )
        wire(self, self.presenter, Kind.PERSON)
        self.table.current_changed.connect(
            lambda row: self.calendars.presenter.open(None if row is None else row.id)
        )
        self.delete_asked.connect(self._remove)
        self.table.set_actions(
            [
                RowAction(
                    say("Remove from project"),
                    "trash-2",
                    self._remove_all,
                    "Del",
                    many=True,
                    when=lambda row: row.membership_id is not None,
                    danger=True,
                )
            ]
        )

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.presenter.close()
        self.calendars.let_go()

    def show_rows(self, rows: Sequence[PersonRow]) -> None:
        """Show all by name."""
        super().show_rows(ordering.people(rows))

    def open_project(self, project: UUID) -> None:
        """Show the people of `project`."""
        self._project = project
        self.table.clear_selection()
        self.presenter.set_query(lambda ws: queries.people(ws, project))

    def _remove_all(self, rows: list[PersonRow]) -> None:
        if len(rows) == 1:
            self._remove(rows[0])
            return
        targets = [target for row in rows if (target := _membership(row)) is not None]
        records = [(target.id, target.version) for target in targets]
        self.presenter.delete_others(Kind.MEMBERSHIP, records, [row.name for row in rows])

    def _remove(self, row: PersonRow) -> None:
        target = _membership(row)
        if target is not None:
            self.presenter.delete_other(target.kind, target.id, target.version, row.name)
