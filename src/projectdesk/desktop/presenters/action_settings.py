"""When mail of open actions goes out by itself, and of which projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import ProjectDeskError
from projectdesk.services import queries

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """The settings. projects: id, acronym, since when mail of it goes out (None = it does not)."""

    rules: FollowUp
    projects: tuple[tuple[UUID, str, date | None], ...]


class FollowUpPresenter(Presenter):
    """Asks for the settings when they are wanted, and keeps them."""

    def ask_shown(self, then: Callable[[Shown], None]) -> None:
        """Ask for the settings."""

        def work(workspace: Workspace) -> Shown:
            from projectdesk.services import action_settings

            found = action_settings.follow_up(workspace)
            projects = tuple(
                (row.id, row.acronym, found.projects.get(row.id))
                for row in queries.projects(workspace)
            )
            return Shown(found.rules, projects)

        self.ask(work, then, self.refuse)

    def keep(
        self,
        rules: FollowUp,
        projects: Mapping[UUID, bool],
        done: Callable[[], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Keep the settings."""

        def work(workspace: Workspace) -> None:
            from projectdesk.services import action_settings

            before = action_settings.follow_up(workspace)
            changed = action_settings.FollowUpSettings(rules, before.projects)
            action_settings.set_follow_up(workspace, changed)
            for project, on in projects.items():
                if on != (project in before.projects):
                    action_settings.turn_on(workspace, project, on=on)

        self.ask(work, lambda _: done(), failed)
