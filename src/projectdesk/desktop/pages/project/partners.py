"""The partners of a project, and how they change while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QMenu

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, Target, by_name
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.consortium import ConsortiumPresenter
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.consortium import OrganisationType, PartnerRole
from projectdesk.domain.rules import consortium
from projectdesk.services import queries
from projectdesk.services.rows import Kind, PartnerRow


def _organisation(row: PartnerRow) -> Target:
    return Target(Kind.ORGANISATION, row.organisation_id, row.organisation_version)


def _yes_no() -> tuple[Option, ...]:
    return (Option(None, say("Not known")), Option(True, say("Yes")), Option(False, say("No")))


def partner_name(row: PartnerRow) -> str:
    """Return what a partner is called: short name, else legal name."""
    return row.short_name or row.legal_name


def _indented(row: PartnerRow) -> str:
    """Return a partner's name, moved in below the beneficiary that it belongs to."""
    return f"\u2003{partner_name(row)}" if row.parent_id is not None else partner_name(row)


def period(row: PartnerRow) -> str:
    """Return when a partner takes part, "" for the whole project."""
    since, until = formats.day(row.active_from), formats.day(row.active_to)
    if since and until:
        return f"{since} – {until}"
    if since:
        return say("from {day}", day=since)
    return say("until {day}", day=until) if until else ""


def _relations(row: PartnerRow) -> list[str]:
    """Return what a partner has to do with others, in words."""
    found = []
    if row.parent:
        found.append(say("belongs to {name}", name=row.parent))
    if row.replaces:
        found.append(say("replaces {name}", name=row.replaces))
    if row.replaced_by:
        found.append(say("replaced by {name}", name=row.replaced_by))
    if row.coordinator_from and row.role is PartnerRole.COORDINATOR:
        found.append(say("coordinates from {day}", day=formats.day(row.coordinator_from)))
    elif row.coordinator_to:
        found.append(say("coordinated until {day}", day=formats.day(row.coordinator_to)))
    return found


def partner_columns(fields: Mapping[str, Field[PartnerRow]]) -> list[Column[PartnerRow]]:
    """Return the columns of the list of partners.

    Args:
        fields: what can be edited of a partner, by name; cells are edited by the same fields.
    """
    return [
        Column(
            say("No."),
            lambda r: "" if r.number is None else str(r.number),
            sort=lambda r: (r.number or r.parent_number or 9999, r.position),
            width=58,
            muted=True,
            field=fields["number"],
        ),
        Column(
            say("Partner"),
            _indented,
            sort=partner_name,
            width=150,
            strong=True,
            field=fields["short_name"],
            tip=lambda r: formats.joined(_relations(r)),
        ),
        Column(say("Legal name"), lambda r: r.legal_name, stretch=3, field=fields["legal_name"]),
        Column(
            say("Country"),
            lambda r: r.country,
            width=84,
            tip=lambda r: formats.country(r.country),
            optional=True,
            field=fields["country"],
        ),
        Column(
            say("Role"),
            lambda r: word(r.role),
            width=156,
            tone=lambda r: tone(r.role),
            field=fields["role"],
        ),
        Column(
            say("Period"),
            period,
            sort=lambda r: r.active_from or date.min,
            width=180,
            muted=True,
            optional=True,
        ),
        Column(
            say("EU contribution"),
            lambda r: formats.money(r.contribution),
            sort=lambda r: r.contribution,
            width=140,
            right=True,
            field=fields["contribution"],
        ),
        Column(
            say("Total cost"),
            lambda r: formats.money(r.total_cost),
            sort=lambda r: r.total_cost,
            width=140,
            right=True,
            field=fields["total_cost"],
            spare=True,
        ),
        Column(
            say("Active from"),
            lambda r: formats.day(r.active_from),
            sort=lambda r: r.active_from or date.min,
            width=120,
            field=fields["active_from"],
            spare=True,
        ),
        Column(
            say("Active to"),
            lambda r: formats.day(r.active_to),
            sort=lambda r: r.active_to or date.max,
            width=120,
            field=fields["active_to"],
            spare=True,
        ),
        Column(say("PIC"), lambda r: r.pic, width=110, field=fields["pic"], spare=True),
        Column(say("City"), lambda r: r.city, width=130, field=fields["city"], spare=True),
        Column(
            say("People"),
            lambda r: str(r.people) if r.people else "–",
            sort=lambda r: r.people,
            width=76,
            right=True,
            muted=True,
            optional=True,
        ),
    ]


def _belongs(row: PartnerRow) -> Target | None:
    """Return where the choice of a beneficiary goes; None for who stands on its own."""
    if row.role in consortium.BENEFITING:
        return None
    return Target(Kind.PARTNER, row.id, row.version)


def _of_organisation(name: str, label: str) -> Field[PartnerRow]:
    return Field(name, label, lambda r: getattr(r, name), target=_organisation)


def partner_fields(
    parents: Callable[[], Sequence[Option]],
) -> list[Field[PartnerRow] | list[Field[PartnerRow]]]:
    """Return the fields of a partner and of its organisation.

    Args:
        parents: the partners that one can belong to.
    """
    return [
        Field("role", say("Role"), lambda r: r.role, Entry.CHOICE, lambda: options(PartnerRole)),
        Field(
            "parent_id",
            say("Belongs to"),
            lambda r: r.parent_id,
            Entry.CHOICE,
            parents,
            target=_belongs,
        ),
        [
            Field("number", say("Number"), lambda r: r.number, Entry.NUMBER, minimum=1),
            Field("short_name", say("Short name"), lambda r: r.short_name),
        ],
        [
            Field("contribution", say("EU contribution, €"), lambda r: r.contribution, Entry.MONEY),
            Field("total_cost", say("Total cost, €"), lambda r: r.total_cost, Entry.MONEY),
        ],
        [
            Field("active_from", say("Active from"), lambda r: r.active_from, Entry.DATE),
            Field("active_to", say("Active to"), lambda r: r.active_to, Entry.DATE),
        ],
        _of_organisation("legal_name", say("Legal name")),
        [
            _of_organisation("pic", say("PIC")),
            _of_organisation("vat_number", say("VAT number")),
        ],
        _of_organisation("street", say("Street")),
        [
            _of_organisation("post_code", say("Post code")),
            _of_organisation("city", say("City")),
        ],
        [
            _of_organisation("country", say("Country")),
            _of_organisation("nuts_code", say("NUTS code")),
        ],
        _of_organisation("website", say("Web site")),
        [
            Field(
                "type",
                say("Kind"),
                lambda r: r.type,
                Entry.CHOICE,
                lambda: options(OrganisationType),
                target=_organisation,
            ),
            Field("sme", say("SME"), lambda r: r.sme, Entry.CHOICE, _yes_no, target=_organisation),
        ],
    ]


def _partner_subtitle(row: PartnerRow) -> str:
    place = ", ".join(part for part in (row.city, formats.country(row.country)) if part)
    people = say_count(row.people, "{count} person", "{count} people")
    parts = (row.legal_name, place, people, period(row), *_relations(row))
    return formats.joined(parts)


class PartnersPane(RecordsPane[PartnerRow]):
    """The consortium."""

    def __init__(self, session: Session, today: Callable[[], date] = date.today) -> None:
        self._session = session
        self._project: UUID | None = None
        self._today = today
        self.add = button(say("Add partner"), "primary", "plus")
        self.more = button(say("Change|partner"), "", "refresh-cw")
        self.who = Segments([(False, say("All")), (True, say("Active today"))])
        empty = EmptyState(
            "building-2",
            say("No partners yet"),
            say("Add the organisations of the consortium, or import the project from CORDIS."),
            say("Add partner"),
        )
        lines = partner_fields(self._parents)
        super().__init__(
            partner_columns(by_name(lines)),
            empty,
            lines=lines,
            title=partner_name,
            subtitle=_partner_subtitle,
            delete_words=say("Remove from project"),
            left=[self.who],
            right=[self.more, self.add],
            placeholder=say("Filter partners"),
            label=say("Partners"),
        )
        self.changes = ConsortiumPresenter(session)
        self.presenter: RecordsPresenter[PartnerRow] = RecordsPresenter(
            session,
            self,
            Kind.PARTNER,
            lambda _: (),
            frozenset({Kind.ORGANISATION, Kind.MEMBERSHIP, Kind.PERSON}),
        )
        wire(self, self.presenter, Kind.PARTNER)
        self.delete_asked.connect(self._delete)
        self.who.chosen.connect(lambda _: self._ask_again())
        self.more.setMenu(self._menu())
        self.table.set_actions(
            [
                RowAction(say("Partner leaves…"), "log-out", lambda rows: self.leave(rows[0])),
                RowAction(
                    say("Replace partner…"), "refresh-cw", lambda rows: self.replace(rows[0])
                ),
                RowAction(
                    say("Make it the coordinator…"),
                    "flag",
                    lambda rows: self.ask_coordinator(rows[0].id),
                    when=lambda r: r.role is not PartnerRole.COORDINATOR,
                ),
                RowAction(
                    say("Remove from project"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, partner_name),
                    "Del",
                    many=True,
                    danger=True,
                ),
            ]
        )

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.presenter.close()
        self.changes.close()

    def open_project(self, project: UUID) -> None:
        """Show the partners of `project`."""
        self._project = project
        self.table.clear_selection()
        self._ask_again()

    def _ask_again(self) -> None:
        project = self._project
        if project is not None:
            on = self._today() if self.who.value else None
            self.presenter.set_query(lambda ws: queries.partners(ws, project, on))

    def _parents(self) -> list[Option]:
        able = [row for row in self.table.rows if row.role in consortium.BENEFITING]
        return [Option(None, "–"), *(Option(row.id, partner_name(row)) for row in able)]

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, run in (
            (say("Partner leaves…"), partial(self._with_current, self.leave)),
            (say("Replace partner…"), partial(self._with_current, self.replace)),
            (say("Change coordinator…"), self.ask_coordinator),
            (say("Renumber partners…"), self.ask_numbers),
        ):
            menu.addAction(words).triggered.connect(lambda _=False, chosen=run: chosen())
        return menu

    # --- what changes the consortium

    def _with_current(self, run: Callable[[PartnerRow], None]) -> None:
        row = self.table.current()
        if row is None:
            self.presenter.say_problem(say("Select the partner first."))
        else:
            run(row)

    def _others(self, then: Callable[[list[PartnerRow]], object]) -> None:
        """Ask for all partners, as the list may show those of today only."""
        project = self._project

        def deliver(rows: list[PartnerRow]) -> None:
            then(rows)

        if project is not None:
            self.changes.ask(lambda ws: queries.partners(ws, project), deliver)

    def leave(self, row: PartnerRow) -> None:
        """Ask when a partner leaves, and who takes over what."""
        from projectdesk.desktop.pages.project.partner_dialogs import LeaveDialog

        today = self._today()
        self._others(
            lambda every: LeaveDialog(
                self.window(), self.changes, row, consortium.active_on(every, today), today
            ).open()
        )

    def replace(self, row: PartnerRow) -> None:
        """Ask who takes a partner's place, and what with it."""
        from projectdesk.desktop.pages.project.partner_dialogs import ReplaceDialog

        today = self._today()
        self._others(
            lambda every: ReplaceDialog(
                self.window(),
                self._session,
                self.changes,
                row,
                consortium.active_on(every, today),
                today,
                self.select,
            ).open()
        )

    def ask_coordinator(self, chosen: UUID | None = None) -> None:
        """Ask who coordinates from now on."""
        from projectdesk.desktop.pages.project.partner_dialogs import CoordinatorDialog

        today = self._today()
        self._others(
            lambda every: CoordinatorDialog(
                self.window(), self.changes, consortium.active_on(every, today), today, chosen
            ).open()
        )

    def ask_numbers(self) -> None:
        """Ask for the order that numbers follow."""
        from projectdesk.desktop.pages.project.renumber_dialog import RenumberDialog

        project = self._project
        if project is not None:
            self._others(
                lambda every: RenumberDialog(self.window(), self.changes, project, every).open()
            )

    def _delete(self, row: PartnerRow) -> None:
        self.presenter.delete(row, partner_name(row))
