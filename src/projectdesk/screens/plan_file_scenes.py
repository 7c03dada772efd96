"""Work plans from and to files, pictured: the preview, what is odd, what a format cannot hold."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.plan_files import PlanFiles
from projectdesk.desktop.routes import Place
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.commands import PlanFormat


def _files(stage: Stage) -> tuple[PlanFiles, UUID]:
    project = queries.projects(stage.workspace)[0].id
    stage.go(Place.PROJECT, project, "plan")
    stage.settle()
    page = cast(ProjectPage, stage.workbench.page(Place.PROJECT))
    return page.plan_desk.files, project


def _from_project(stage: Stage, project: UUID) -> Path:
    """Return a file of Microsoft Project in which somebody changed a little."""
    file = stage.workspace.data / "work plan 2027.xml"
    commands.export_work_plan(stage.workspace, project, file, PlanFormat.MSPDI)
    text = file.read_text("utf-8")
    text = text.replace("T1.2 Quality, risk and gender plan", "T1.2 Quality, risk and ethics")
    text = text.replace("MS1 Project under way", "MS11 Second winter begins")
    file.write_text(text.replace(">UMV<", ">A. Example<"), "utf-8")
    return file


def preview(stage: Stage) -> None:
    """What a file of Microsoft Project would add and change."""
    files, project = _files(stage)
    files.show_import(_from_project(stage, project))


def warnings(stage: Stage) -> None:
    """What was odd in it."""
    files, project = _files(stage)
    dialog = files.show_import(_from_project(stage, project))
    stage.settle()
    if dialog is not None:
        dialog.show_warnings()


def losses(stage: Stage) -> None:
    """What a format cannot hold, before the file is written."""
    files, _ = _files(stage)
    files.ask_export(PlanFormat.MSPDI)
