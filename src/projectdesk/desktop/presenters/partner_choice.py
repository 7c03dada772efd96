"""Finding the organisation of a new partner, and adding it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.directory_rows import DirectoryRow, DirectoryState

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_MOST = 40
_OF_PARTNER = ("short_name", "role", "active_from", "contribution")


class PartnerChoiceView(Protocol):
    """Where organisations are looked for."""

    def show_found(self, text: str, rows: Sequence[DirectoryRow]) -> None:
        """Show what was found for `text`."""

    def show_state(self, state: DirectoryState) -> None:
        """Show how much there is to find."""


class PartnerChoicePresenter(Presenter):
    """Looks for organisations as one types; an answer to what is no longer typed is dropped."""

    def __init__(self, session: Session, view: PartnerChoiceView) -> None:
        super().__init__(session)
        self._view = view
        self._typed = ("", "")

    def load(self) -> None:
        """Ask how much the directory holds."""
        self.ask(queries.directory_state, self._view.show_state)

    def type(self, text: str, country: str) -> None:
        """Look for `text`, in one country or ("") in all."""
        self._typed = wanted = (text.strip(), country)

        def then(rows: Sequence[DirectoryRow]) -> None:
            if wanted == self._typed:
                self._view.show_found(wanted[0], rows)

        if not wanted[0]:
            self._view.show_found("", ())
            return
        self.ask(
            lambda ws: queries.choosable_organisations(ws, wanted[0], country or None, _MOST), then
        )

    def add(
        self,
        project: UUID,
        chosen: DirectoryRow | None,
        values: Mapping[str, Any],
        then: Callable[[UUID], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Add a partner to a project, as one change.

        Args:
            project: the project it joins.
            chosen: the organisation that was picked; None = what was typed, and an organisation
                with the same PIC or exact name is used again.
            values: of the form.
            then: gets the partner's id.
            failed: gets a refusal.
        """
        partner = {name: values[name] for name in _OF_PARTNER if name in values}

        def work(workspace: Workspace) -> UUID:
            if chosen is not None and chosen.organisation_id is None:
                found, _ = commands.add_partner_from_directory(
                    workspace, project, chosen.pic, partner
                )
            else:
                known = chosen.organisation_id if chosen else known_organisation(workspace, values)
                found, _ = commands.add_partner(
                    workspace, project, known or organisation_fields(values), partner
                )
            return found

        self.ask(work, then, failed)


def known_organisation(workspace: Workspace, values: Mapping[str, Any]) -> UUID | None:
    """Return our organisation with the PIC or exact name that was typed."""
    pic, name = values.get("pic") or "", values["legal_name"]
    for found in queries.organisations(workspace, pic or name):
        if (pic and found.pic == pic) or found.legal_name.casefold() == name.casefold():
            return found.id
    return None


def organisation_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed of an organisation."""
    return {key: values[key] for key in ("legal_name", "short_name", "country", "pic")}
