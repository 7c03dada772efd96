"""Adding a partner: found among our organisations and in the directory, or typed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.organisation_finder import OrganisationFinder
from projectdesk.desktop.runtime.session import Session


class PartnerDialog(dialogs.FormDialog):
    """Looks for an organisation as one types; picking one fills the fields below."""

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        project: UUID,
        done: Callable[[UUID], None],
        import_directory: Callable[[], object],
    ) -> None:
        """Ask for a partner.

        Args:
            parent: the window it belongs to.
            session: the outside.
            project: the project it joins.
            done: called with the partner's id.
            import_directory: asks for the directory's files.
        """
        super().__init__(
            parent,
            say("Add partner"),
            say("An organisation with the same PIC or name is used again."),
            dialogs.new_partner_lines(),
            say("Add partner"),
            lambda _dialog, values: self._add(values),
            required=["legal_name"],
        )
        self.setMinimumWidth(600)
        self._project = project
        self._done = done
        self._import_directory = import_directory
        self.finder = OrganisationFinder(session, self.form)
        self.search, self.country = self.finder.search, self.finder.country
        self.found = self.finder.found
        self.body.insertWidget(0, self.finder)
        self.finder.grown.connect(self.grow)
        self.finder.picked.connect(self._on_picked)
        self.finder.import_asked.connect(self._import)
        self.finished.connect(self.finder.close_presenters)
        self.search.setFocus()

    def _on_picked(self) -> None:
        self.adjustSize()
        self.action.setFocus()

    def _add(self, values: dialogs.Values) -> None:
        def done(partner: UUID) -> None:
            self.close_done()
            self._done(partner)

        chosen = self.finder.chosen(values)
        self.finder.presenter.add(self._project, chosen, values, done, self.refuse)

    def _import(self) -> None:
        self.reject()
        self._import_directory()
