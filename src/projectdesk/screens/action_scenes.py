"""Scenes of actions: the register grouped, one in detail, dialogs, the desk and the mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from projectdesk.desktop.models import action_words
from projectdesk.desktop.pages import action_dialogs
from projectdesk.desktop.pages.action_pane import ActionsPane
from projectdesk.desktop.pages.actions import ActionsPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.minutes import ActionStatus
from projectdesk.screens.stage import Stage
from projectdesk.services import queries
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.action_settings import follow_up
from projectdesk.services.commands import actions as commands


def grouped(by: str, filter_: str = "open") -> Callable[[Stage], None]:
    """Return what shows the register grouped."""

    def show(stage: Stage) -> None:
        pane = _pane(stage, filter_)
        pane.restore(filter_, by)
        stage.settle()

    return show


def detail(label: str) -> Callable[[Stage], None]:
    """Return what shows one action beside the register."""

    def show(stage: Stage) -> None:
        pane = _pane(stage, "all")
        row = _row(stage, label)
        if row is not None:
            pane.select(row.id)
        stage.settle()

    return show


def proposal(stage: Stage) -> None:
    """Show a done action that proposes a step of its deliverable."""
    row = _row(stage, "A20")
    if row is None:
        return
    # Another action of the same deliverable is open before that.
    other = _row(stage, "A10")
    if other is not None and row.status is ActionStatus.OPEN:
        commands.close_action(stage.workspace, [other.id], "All 51 sources are named.")
        commands.close_action(stage.workspace, [row.id], "Handed in an hour before the deadline.")
    pane = _pane(stage, "all")
    pane.select(row.id)
    stage.settle()


def postpone(stage: Stage) -> None:
    """Show how an action gets another date."""
    pane = _pane(stage, "late")
    for row in pane.table.shown()[:1]:
        action_dialogs.ask_postpone(pane.window(), [row], pane.presenter.postpone)


def give(stage: Stage) -> None:
    """Show who gets how many actions by mail."""
    pane = _pane(stage, "open")
    rows = pane.table.shown()
    action_dialogs.GiveDialog(pane.window(), rows, pane.presenter.give).open()


def by_itself(stage: Stage) -> None:
    """Show when mail of open actions goes out by itself."""
    pane = _pane(stage, "open")
    settings = follow_up(stage.workspace)
    projects = [
        (row.id, row.acronym, settings.projects.get(row.id))
        for row in queries.projects(stage.workspace)
    ]
    action_dialogs.FollowUpDialog(pane.window(), settings.rules, projects, lambda *_: None).open()


def _pane(stage: Stage, filter_: str) -> ActionsPane:
    stage.go(Place.ACTIONS, None, filter_)
    pane = cast(ActionsPage, stage.workbench.page(Place.ACTIONS)).todo
    pane.restore(filter_, action_words.NONE)
    stage.settle()
    return pane


def _row(stage: Stage, label: str) -> ActionRow | None:
    """Return an action of the sample; data without it (a heavy one) has none."""
    rows = queries.actions(stage.workspace)
    return next((row for row in rows if row.label == label), None)
