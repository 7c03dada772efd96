"""Organisations and people of all projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, ordering
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, by_name
from projectdesk.desktop.models.words import options, word
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.directory_import import ask_directory_import
from projectdesk.desktop.pages.duplicates import DuplicatesDialog
from projectdesk.desktop.pages.memberships import Memberships
from projectdesk.desktop.pages.page import Page, wire
from projectdesk.desktop.pages.person_calendars import PersonCalendars
from projectdesk.desktop.pages.project.people import (
    people_buttons,
    person_columns,
    person_fields,
    person_subtitle,
)
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.routes import Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import PageHeader, Tabs
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.consortium import OrganisationType
from projectdesk.services import queries
from projectdesk.services.rows import Kind, OrganisationRow, PersonRow

_MOST = 200


def _organisation_columns(
    fields: Mapping[str, Field[OrganisationRow]],
) -> list[Column[OrganisationRow]]:
    """Return the columns of organisations.

    Args:
        fields: what can be edited of one, by name; cells are edited by the same fields.
    """

    def spare(name: str, width: int) -> Column[OrganisationRow]:
        field = fields[name]
        return Column(
            field.label, lambda r: str(field.value(r)), width=width, field=field, spare=True
        )

    return [
        Column(
            say("Name"),
            lambda r: r.legal_name,
            stretch=3,
            strong=True,
            field=fields["legal_name"],
        ),
        Column(
            say("Short name"),
            lambda r: r.short_name,
            width=130,
            optional=True,
            field=fields["short_name"],
        ),
        Column(
            say("Country"),
            lambda r: r.country,
            width=84,
            tip=lambda r: formats.country(r.country),
            field=fields["country"],
        ),
        Column(
            say("City"),
            lambda r: r.city,
            width=150,
            muted=True,
            optional=True,
            field=fields["city"],
        ),
        Column(
            say("PIC"), lambda r: r.pic, width=116, muted=True, optional=True, field=fields["pic"]
        ),
        Column(
            say("Kind"),
            lambda r: word(r.type),
            width=190,
            muted=True,
            optional=True,
            field=fields["type"],
        ),
        Column(
            say("Projects"),
            lambda r: str(r.projects),
            sort=lambda r: r.projects,
            width=92,
            right=True,
            muted=True,
            optional=True,
        ),
        *(
            spare(name, width)
            for name, width in (
                ("street", 190),
                ("post_code", 110),
                ("vat_number", 130),
                ("website", 190),
            )
        ),
    ]


def _organisation_fields() -> list[Field[OrganisationRow] | list[Field[OrganisationRow]]]:
    yes_no = (Option(None, say("Not known")), Option(True, say("Yes")), Option(False, say("No")))
    return [
        Field("legal_name", say("Legal name"), lambda r: r.legal_name),
        [
            Field("short_name", say("Short name"), lambda r: r.short_name),
            Field("pic", say("PIC"), lambda r: r.pic),
        ],
        [
            Field("country", say("Country"), lambda r: r.country),
            Field("city", say("City"), lambda r: r.city),
        ],
        Field("street", say("Street"), lambda r: r.street),
        [
            Field("post_code", say("Post code"), lambda r: r.post_code),
            Field("vat_number", say("VAT number"), lambda r: r.vat_number),
        ],
        [
            Field(
                "type",
                say("Kind"),
                lambda r: r.type,
                Entry.CHOICE,
                lambda: options(OrganisationType),
            ),
            Field("sme", say("SME"), lambda r: r.sme, Entry.CHOICE, lambda: yes_no),
        ],
        Field("website", say("Web site"), lambda r: r.website),
    ]


class OrganisationsPane(RecordsPane[OrganisationRow]):
    """Organisations, searched in the database as one types."""

    def __init__(self, session: Session) -> None:
        self.add = button(say("Add organisation"), "primary", "plus", self._ask)
        self.doubles = button(say("Find duplicates…"), "", "copy")
        self.doubles.clicked.connect(
            lambda: DuplicatesDialog(self.window(), session, Kind.ORGANISATION).open()
        )
        self.fill = button(say("Import directory…"), "", "file-down")
        self.fill.setToolTip(
            say("Fill the directory that partners are chosen from, with a CORDIS organisation file")
        )
        self.fill.clicked.connect(
            lambda: ask_directory_import(self.window(), session, lambda: None)
        )
        empty = EmptyState(
            "building-2",
            say("No organisations found"),
            say("Organisations come with the projects they take part in; you can also add one."),
            say("Add organisation"),
        )
        lines = _organisation_fields()
        super().__init__(
            _organisation_columns(by_name(lines)),
            empty,
            lines=lines,
            title=lambda r: r.legal_name,
            subtitle=lambda r: ", ".join(p for p in (r.city, formats.country(r.country)) if p),
            delete_words=say("Delete"),
            right=[self.doubles, self.fill, self.add],
            placeholder=say("Search organisations"),
            label=say("Organisations"),
        )
        self.presenter: RecordsPresenter[OrganisationRow] = RecordsPresenter(
            session, self, Kind.ORGANISATION, queries.organisations, frozenset({Kind.PARTNER})
        )
        wire(self, self.presenter, Kind.ORGANISATION)
        # The list holds the first 200 matches: the database searches, not the table.
        self.filter.textChanged.disconnect(self.table.set_filter)
        self.filter.textChanged.connect(self._search)
        self.table.empty_acted.connect(self._ask)
        self.delete_asked.connect(lambda row: self.presenter.delete(row, row.legal_name))
        self.table.set_actions(
            [
                RowAction(
                    say("Delete"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.legal_name),
                    "Del",
                    many=True,
                    danger=True,
                )
            ]
        )

    def show_rows(self, rows: Sequence[OrganisationRow]) -> None:
        """Show all by name; what is searched for comes the best first."""
        searched = bool(self.filter.text().strip())
        super().show_rows(rows if searched else ordering.in_order(rows, lambda row: row.legal_name))

    def _search(self, words: str) -> None:
        self.presenter.set_query(lambda ws: queries.organisations(ws, words, _MOST))

    def _ask(self) -> None:
        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            def done(made: object) -> None:
                dialog.close_done()
                self.select(made)

            self.presenter.create(values, done, dialog.refuse)

        lines = dialogs.new_partner_lines()[:2]
        dialogs.FormDialog(
            self.window(),
            say("Add organisation"),
            "",
            lines,
            say("Add organisation"),
            run,
            required=["legal_name"],
        ).open()


class EveryonePane(RecordsPane[PersonRow]):
    """All people."""

    def __init__(self, session: Session) -> None:
        self.doubles = button(say("Find duplicates…"), "", "copy")
        self.doubles.clicked.connect(
            lambda: DuplicatesDialog(self.window(), session, Kind.PERSON).open()
        )
        empty = EmptyState(
            "users",
            say("No people yet"),
            say("Add people in a project, under People; they all show here."),
        )
        self.memberships = Memberships(session)
        self.calendars = PersonCalendars(session)
        super().__init__(
            person_columns(None),
            empty,
            lines=person_fields(None),
            title=lambda r: r.name or r.email,
            subtitle=person_subtitle,
            delete_words=say("Delete"),
            right=[self.doubles, *people_buttons(session)],
            extra=[self.memberships, self.calendars],
            placeholder=say("Filter people"),
            label=say("People"),
        )
        self.presenter: RecordsPresenter[PersonRow] = RecordsPresenter(
            session, self, Kind.PERSON, queries.people, frozenset({Kind.ORGANISATION})
        )
        wire(self, self.presenter, Kind.PERSON)
        self.table.current_changed.connect(self._open_person)
        self.delete_asked.connect(lambda row: self.presenter.delete(row, row.name))
        self.table.set_actions(
            [
                RowAction(
                    say("Delete"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.name),
                    "Del",
                    many=True,
                    danger=True,
                )
            ]
        )

    def show_rows(self, rows: Sequence[PersonRow]) -> None:
        """Show all by name."""
        super().show_rows(ordering.people(rows))

    def _open_person(self, row: PersonRow | None) -> None:
        person = None if row is None else row.id
        self.memberships.presenter.open(person)
        self.calendars.presenter.open(person)


class DirectoryPage(Page):
    """Everybody and every organisation."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.organisations = OrganisationsPane(session)
        self.people = EveryonePane(session)
        header = PageHeader(
            say("Directory"), say("Organisations and people of all projects, in one place.")
        )
        self.tabs = Tabs([(say("Organisations"), self.organisations), (say("People"), self.people)])
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self, route: Route) -> None:
        """Show the tab and the record that `route` names."""
        if route.tab == Kind.PERSON:
            self.tabs.show_tab(1)
        elif route.tab:
            self.tabs.show_tab(0)
        if route.select is not None:
            pane = self.people if route.tab == Kind.PERSON else self.organisations
            pane.select(route.select)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.organisations.presenter.close()
        self.people.presenter.close()
        self.people.memberships.close_presenters()
        self.people.calendars.let_go()
