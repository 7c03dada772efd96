"""Pictures of documents and of the project file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project_file_dialog import ProjectFileDialog
from projectdesk.desktop.routes import Place
from projectdesk.errors import DomainError
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

_FILES = (
    ("Grant agreement SAMPLE-2026-01.pdf", Kind.PROJECT, 2_413_118),
    ("Consortium agreement, signed.pdf", Kind.PROJECT, 1_180_004),
    ("Sensor specification v3.docx", Kind.WORK_PACKAGE, 312_440),
    ("Data management plan.docx", Kind.DELIVERABLE, 188_201),
    ("Kick-off slides.pptx", Kind.MEETING, 6_204_911),
)


def documents(stage: Stage) -> None:
    """Show documents attached to a project and to things in it."""
    project = queries.projects(stage.workspace)[0].id
    owners = queries.document_owners(stage.workspace, project)
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, size in _FILES:
            owner = next(each for each in owners if each.kind is kind)
            path = Path(folder) / name
            path.write_bytes(name.encode() + bytes(size))
            try:
                commands.attach_documents(stage.workspace, kind, owner.id, [path])
            except DomainError:
                continue  # it is attached from an earlier picture
    stage.go(Place.PROJECT, project, "documents")
    stage.settle()
    pane = cast(ProjectPage, stage.workbench.page(Place.PROJECT)).documents
    pane.table.select(pane.table.shown()[2].id)


def no_documents(stage: Stage) -> None:
    """Show the place where documents go."""
    stage.go(Place.PROJECT, queries.projects(stage.workspace)[0].id, "documents")


def project_file(stage: Stage) -> None:
    """Show what a project file that comes back would change."""
    workspace = stage.workspace
    project = queries.projects(workspace)[0]
    package, other = queries.work_packages(workspace, project.id)[1:3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{project.acronym}.projectdesk"
        titles = {"title": f"{package.title}, second year"}
        commands.set_fields(workspace, Kind.WORK_PACKAGE, package.id, package.version, titles)
        commands.set_fields(
            workspace,
            Kind.WORK_PACKAGE,
            other.id,
            other.version,
            {"end_month": other.end_month - 1},
        )
        commands.export_project_file(workspace, project.id, path)
        commands.undo(workspace)
        commands.undo(workspace)
        stage.go(Place.PROJECT, project.id, "overview")
        dialog = ProjectFileDialog(stage.shell, stage.session, path, lambda _: None)
        dialog.takes_file.setChecked(True)
        dialog.open()
        stage.settle()
