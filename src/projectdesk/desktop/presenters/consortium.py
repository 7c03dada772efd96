"""A consortium that changes: join, leave, replace, coordinate, number anew; each one change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Changes, PartnerRow, PersonRow

if TYPE_CHECKING:
    from projectdesk.services.consortium_rows import HoldingRow
    from projectdesk.services.directory_rows import DirectoryRow
    from projectdesk.services.workspace import Workspace

KEEP: Final = "keep"
NOBODY: Final = "nobody"
NEW: Final = "new"
"""What can be chosen for something held, beside a partner's id."""

Failed = Callable[[ProjectDeskError], None]
Chosen = Mapping[UUID, object]
"""What was chosen for each thing held: KEEP, NOBODY, NEW or the id of a partner."""

_ORGANISATION: Final = ("legal_name", "short_name", "country", "pic")


def new_partner(values: Mapping[str, Any]) -> commands.NewPartner:
    """Return who comes, out of the fields of a form."""
    more = {
        name: values[name]
        for name in ("role", "number", "contribution", "parent_id")
        if values.get(name) is not None
    }
    organisation = {name: values.get(name) for name in _ORGANISATION}
    return commands.NewPartner(organisation, short_name=values.get("short_name") or "", **more)


class ConsortiumPresenter(Presenter):
    """Does what the dialogs of the consortium ask; says what was done, with Undo."""

    def ask_holdings(
        self, partner: UUID, last_day: date, then: Callable[[Sequence[HoldingRow]], None]
    ) -> None:
        """Ask what a partner holds after its last day."""
        self.ask(lambda ws: queries.holdings(ws, partner, last_day), then)

    def ask_people(
        self, project: UUID, partner: UUID, then: Callable[[Sequence[PersonRow]], None]
    ) -> None:
        """Ask for the people of a partner."""

        def work(workspace: Workspace) -> list[PersonRow]:
            return [row for row in queries.people(workspace, project) if row.partner_id == partner]

        self.ask(work, then)

    def leave(
        self,
        row: PartnerRow,
        last_day: date,
        chosen: Chosen,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Let a partner leave and hand over what was chosen."""
        takers = _takers(chosen)
        words = say("{name} leaves after {day}.", name=_name(row), day=formats.day(last_day))
        self._run(
            lambda ws: commands.leave_consortium(ws, row.id, row.version, last_day, takers),
            words,
            done,
            failed,
        )

    def replace(
        self,
        row: PartnerRow,
        values: Mapping[str, Any],
        chosen: Chosen,
        memberships: Collection[UUID],
        done: Callable[[UUID], None],
        failed: Failed,
        found: DirectoryRow | None = None,
    ) -> None:
        """Let a new organisation take a partner's place.

        Args:
            row: who is replaced.
            values: of the form.
            chosen: who takes over what.
            memberships: whose people go with the new one.
            done: gets the new partner's id.
            failed: gets a refusal.
            found: the organisation that was picked; None = what was typed.
        """
        succession = commands.Succession(_takers(chosen), tuple(memberships))

        def work(workspace: Workspace) -> tuple[UUID, Changes]:
            new = new_partner(values)
            if found is not None:
                known = found.organisation_id or commands.directory_fields(workspace, found.pic)
                new = replace(new, organisation=known)
            return commands.replace_partner(
                workspace, row.id, row.version, new, values["active_from"], succession
            )

        def then(result: tuple[UUID, Changes]) -> None:
            self._tell(result[1], say("{name} is replaced.", name=_name(row)))
            done(result[0])

        self.ask(work, then, failed)

    def coordinate(
        self,
        row: PartnerRow,
        first_day: date,
        swap_numbers: bool,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Make a partner the coordinator."""
        words = say("{name} is the coordinator now.", name=_name(row))
        self._run(
            lambda ws: commands.change_coordinator(
                ws, row.id, row.version, first_day, swap_numbers=swap_numbers
            ),
            words,
            done,
            failed,
        )

    def renumber(
        self, project: UUID, order: Sequence[UUID], done: Callable[[], None], failed: Failed
    ) -> None:
        """Number the partners anew in an order."""
        words = say("The partners have new numbers.")
        self._run(lambda ws: commands.renumber_partners(ws, project, order), words, done, failed)

    def _run(
        self,
        work: Callable[[Workspace], Changes],
        words: str,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        def then(changes: Changes) -> None:
            self._tell(changes, words)
            done()

        self.ask(work, then, failed)

    def _tell(self, changes: Changes, words: str) -> None:
        if changes:
            self._session.tell(Notice(words, undo=changes.change_id))


def _name(row: PartnerRow) -> str:
    return row.short_name or row.legal_name


def _takers(chosen: Chosen) -> dict[UUID, UUID | None]:
    """Return who takes what as commands want it; what is kept is left out."""
    from projectdesk.services.commands.consortium import NEW as THE_NEW_ONE

    found: dict[UUID, UUID | None] = {}
    for record, taker in chosen.items():
        if isinstance(taker, UUID):
            found[record] = taker
        elif taker == NEW:
            found[record] = THE_NEW_ONE
        elif taker == NOBODY:
            found[record] = None
    return found


def day_before(day: date) -> date:
    """Return the last day of who goes when another begins on `day`."""
    return day - timedelta(days=1)
