"""The work plan pictured: its tree, risks, what is late, what is wrong, and what moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.plan_boxes import LinksBox
from projectdesk.desktop.pages.project.plan_dialogs import StartDialog
from projectdesk.desktop.routes import Place
from projectdesk.screens.stage import Stage
from projectdesk.services import queries
from projectdesk.services.rows import Kind


def _project(stage: Stage) -> UUID:
    return queries.projects(stage.workspace)[0].id


def _page(stage: Stage, tab: str) -> ProjectPage:
    stage.go(Place.PROJECT, _project(stage), tab)
    return cast(ProjectPage, stage.workbench.page(Place.PROJECT))


def tree(stage: Stage) -> None:
    """The tree, with a task that waits for others."""
    page = _page(stage, "tree")
    links = queries.dependencies(stage.workspace, _project(stage))
    if links:
        page.tree.select(links[-1].after_id)


def tree_deliverable(stage: Stage) -> None:
    """The tree in dates, with a deliverable whose draft is late."""
    page = _page(stage, "tree")
    page.tree.unit.chosen.emit("calendar")
    stage.settle()
    rows = queries.deliverables(stage.workspace, _project(stage))
    if rows:
        page.tree.select(next((row.id for row in rows if row.label == "D3.1"), rows[0].id))
    stage.settle()


def months_again(stage: Stage) -> None:
    """Show months again after a picture in dates."""
    _page(stage, "tree").tree.unit.chosen.emit("months")
    stage.settle()


def waits_for(stage: Stage) -> None:
    """The dialog that lets a task wait for another."""
    tree(stage)
    stage.settle()
    page = cast(ProjectPage, stage.workbench.page(Place.PROJECT))
    for box in page.tree.findChildren(LinksBox):
        if box.isVisible():
            box.add.click()


def dependencies(stage: Stage) -> None:
    """What waits for what."""
    months_again(stage)
    _page(stage, "dependencies")


def risks(stage: Stage) -> None:
    """The risks with their matrix."""
    months_again(stage)
    pane = _page(stage, "risks").risks.pane
    if len(pane.table.rows) > 1:
        pane.table.select(pane.table.shown()[1].id)


def late(stage: Stage) -> None:
    """What is late and due."""
    _page(stage, "late")


def late_reminders(stage: Stage) -> None:
    """When reminders of the plan go out by themselves."""
    _page(stage, "late").late.ask_settings()
    stage.settle()


def check(stage: Stage) -> None:
    """What is wrong with the plan."""
    _page(stage, "check")


def dialog(name: str) -> Callable[[Stage], None]:
    """Return the scene of a dialog that moves or renumbers the plan."""

    def show(stage: Stage) -> None:
        desk = _page(stage, "tree").plan_desk
        match name:
            case "shift":
                desk.ask_shift(queries.work_packages(stage.workspace, _project(stage))[2])
            case "waiting":
                desk.ask_waiting()
            case "renumber":
                desk.ask_renumber(Kind.TASK)
            case _:
                start = cast(StartDialog, desk.ask_start())
                start.form.rows["months"].editor.set_value(date(2025, 12, 1))
                start.ask()

    return show
