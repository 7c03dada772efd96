"""The partners of a project."""

from __future__ import annotations

from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option, Target
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.consortium import OrganisationType, PartnerRole
from projectdesk.services import queries
from projectdesk.services.rows import Kind, PartnerRow


def _organisation(row: PartnerRow) -> Target:
    return Target(Kind.ORGANISATION, row.organisation_id, row.organisation_version)


def _yes_no() -> tuple[Option, ...]:
    return (Option(None, say("Not known")), Option(True, say("Yes")), Option(False, say("No")))


def partner_name(row: PartnerRow) -> str:
    """Return what a partner is called: short name, else legal name."""
    return row.short_name or row.legal_name


def partner_columns() -> list[Column[PartnerRow]]:
    """Return the columns of the list of partners."""
    return [
        Column(
            say("No."),
            lambda r: "" if r.number is None else str(r.number),
            sort=lambda r: (r.number or r.parent_number or 9999, r.position),
            width=58,
            muted=True,
        ),
        Column(say("Partner"), partner_name, width=150, strong=True),
        Column(say("Legal name"), lambda r: r.legal_name, stretch=3),
        Column(
            say("Country"),
            lambda r: r.country,
            width=84,
            tip=lambda r: formats.country(r.country),
            optional=True,
        ),
        Column(say("Role"), lambda r: word(r.role), width=156, tone=lambda r: tone(r.role)),
        Column(
            say("EU contribution"),
            lambda r: formats.money(r.contribution),
            sort=lambda r: r.contribution,
            width=140,
            right=True,
        ),
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


def partner_fields() -> list[Field[PartnerRow] | list[Field[PartnerRow]]]:
    """Return the fields of a partner and of its organisation."""
    return [
        Field("role", say("Role"), lambda r: r.role, Entry.CHOICE, lambda: options(PartnerRole)),
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
        Field("legal_name", say("Legal name"), lambda r: r.legal_name, target=_organisation),
        [
            Field("pic", say("PIC"), lambda r: r.pic, target=_organisation),
            Field("country", say("Country"), lambda r: r.country, target=_organisation),
        ],
        Field("city", say("City"), lambda r: r.city, target=_organisation),
        Field(
            "type",
            say("Kind"),
            lambda r: r.type,
            Entry.CHOICE,
            lambda: options(OrganisationType),
            target=_organisation,
        ),
        Field(
            "sme",
            say("Small or medium enterprise"),
            lambda r: r.sme,
            Entry.CHOICE,
            _yes_no,
            target=_organisation,
        ),
    ]


def _partner_subtitle(row: PartnerRow) -> str:
    place = ", ".join(part for part in (row.city, formats.country(row.country)) if part)
    people = say_count(row.people, "{count} person", "{count} people")
    return "  ·  ".join(part for part in (row.legal_name, place, people) if part)


class PartnersPane(RecordsPane[PartnerRow]):
    """The consortium."""

    def __init__(self, session: Session) -> None:
        self.add = button(say("Add partner"), "primary", "plus")
        empty = EmptyState(
            "building-2",
            say("No partners yet"),
            say("Add the organisations of the consortium, or import the project from CORDIS."),
            say("Add partner"),
        )
        super().__init__(
            partner_columns(),
            empty,
            lines=partner_fields(),
            title=partner_name,
            subtitle=_partner_subtitle,
            delete_words=say("Remove from project"),
            right=[self.add],
            placeholder=say("Filter partners"),
        )
        self.presenter: RecordsPresenter[PartnerRow] = RecordsPresenter(
            session,
            self,
            Kind.PARTNER,
            lambda _: (),
            frozenset({Kind.ORGANISATION, Kind.MEMBERSHIP, Kind.PERSON}),
        )
        wire(self, self.presenter, Kind.PARTNER)
        self.delete_asked.connect(self._delete)
        self.table.set_actions(
            [
                RowAction(
                    say("Remove from project"),
                    "trash-2",
                    lambda rows: self._delete(rows[0]),
                    "Del",
                    danger=True,
                )
            ]
        )

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.presenter.close()

    def open_project(self, project: UUID) -> None:
        """Show the partners of `project`."""
        self.table.clear_selection()
        self.presenter.set_query(lambda ws: queries.partners(ws, project))

    def _delete(self, row: PartnerRow) -> None:
        self.presenter.delete(row, partner_name(row))
