"""When mail of open actions goes out, and of which projects: a setting of the data.

Nothing goes out of a project before somebody turned it on: by hand, or by giving actions by mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import DomainError
from projectdesk.services.action_keys import FOLLOW_UP_KEY
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace

MOST_DAYS: Final = 90
MOST_REMINDERS: Final = 5


@dataclass(frozen=True)
class FollowUpSettings:
    """When mail goes out, and of which projects, each since a day."""

    rules: FollowUp = field(default_factory=FollowUp)
    projects: Mapping[UUID, date] = field(default_factory=dict)

    def rules_of(self, project_id: UUID) -> FollowUp | None:
        """Return when mail of a project's actions goes out, None = none does."""
        since = self.projects.get(project_id)
        return None if since is None else replace(self.rules, since=since)


class _Kept(msgspec.Struct, frozen=True):
    """As the setting holds it."""

    before: tuple[int, ...] = (3,)
    after: tuple[int, ...] = (1, 7)
    escalate_after: int | None = 14
    weekday: int | None = 0
    projects: dict[str, date] = {}


def follow_up(workspace: Workspace) -> FollowUpSettings:
    """Return when mail of open actions goes out."""
    with workspace.read() as session:
        return read_follow_up(session)


def read_follow_up(session: Session) -> FollowUpSettings:
    """Return when mail goes out, in a transaction; the defaults where the setting says nonsense."""
    try:
        found = msgspec.json.decode(kept(session, FOLLOW_UP_KEY) or "{}", type=_Kept)
        projects = {UUID(each): since for each, since in found.projects.items()}
    except (msgspec.MsgspecError, ValueError):
        return FollowUpSettings()
    rules = FollowUp(found.before, found.after, found.escalate_after, found.weekday)
    return FollowUpSettings(rules, projects)


def set_follow_up(workspace: Workspace, settings: FollowUpSettings) -> None:
    """Keep when mail of open actions goes out.

    Raises:
        DomainError: `bad_days`, a number of days is none from 0 to 90, or there are too many;
            `bad_weekday`.
    """
    rules = settings.rules
    check_rules(rules)
    with workspace.change("Change when mail of actions goes out", undoable=False) as unit:
        _keep(unit, replace(settings, rules=replace(rules, since=None)))


def check_rules(rules: FollowUp) -> None:
    """Refuse days that make no sense.

    Raises:
        DomainError: `bad_days`, `bad_weekday`.
    """
    days = (*rules.before, *rules.after)
    if rules.escalate_after is not None:
        days = (*days, rules.escalate_after)
    few = max(len(rules.before), len(rules.after)) <= MOST_REMINDERS
    if not few or any(not 0 <= each <= MOST_DAYS for each in days):
        raise DomainError("bad_days", "Expected at most five numbers of days, each from 0 to 90.")
    if rules.weekday is not None and not 0 <= rules.weekday <= 6:
        raise DomainError("bad_weekday", "A weekday is 0 (Monday) to 6 (Sunday).")


def turn_on(workspace: Workspace, project_id: UUID, *, on: bool = True) -> None:
    """Let mail of a project's open actions go out by itself from today on, or no more."""
    with workspace.change("Change when mail of actions goes out", undoable=False) as unit:
        settings = read_follow_up(unit.session)
        projects = dict(settings.projects)
        if not on:
            projects.pop(project_id, None)
        else:
            projects.setdefault(project_id, unit.now.date())
        _keep(unit, replace(settings, projects=projects))


def turn_on_in(unit: Unit, project_id: UUID) -> None:
    """Let mail of a project's open actions go out by itself, in the unit that mails of it."""
    settings = read_follow_up(unit.session)
    if project_id not in settings.projects:
        projects = {**settings.projects, project_id: unit.now.date()}
        _keep(unit, replace(settings, projects=projects))


def _keep(unit: Unit, settings: FollowUpSettings) -> None:
    rules = settings.rules
    text = msgspec.json.encode(
        _Kept(
            before=rules.before,
            after=rules.after,
            escalate_after=rules.escalate_after,
            weekday=rules.weekday,
            projects={each.hex: since for each, since in settings.projects.items()},
        )
    ).decode()
    keep(unit.session, FOLLOW_UP_KEY, text)
