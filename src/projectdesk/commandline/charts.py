"""The Gantt chart as a file, drawn by Qt without a window or a display."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.documents.languages import document_language
from projectdesk.services.workspace import Workspace


def export_gantt(
    workspace: Workspace, project_id: UUID, form: str, paper: str, out: Path, language: str = ""
) -> Path:
    """Write the Gantt chart of a project and return the file.

    Args:
        workspace: the open data.
        project_id: whose chart.
        form: "pdf" (PDF/UA-1), "svg" or "png".
        paper: "a4" or "a3", landscape; of a PDF.
        out: the file to write.
        language: BCP 47; "" = that of documents.

    Raises:
        DomainError: `unknown_format`, `unknown_language`, `empty_chart`.
        EnvironmentFailure: `file_not_written`.
    """
    if form not in {"pdf", "svg", "png"}:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of a Gantt chart: expected pdf, svg or png.",
            format=form,
        )
    spoken = document_language(workspace, language)
    plan = queries.gantt(workspace, project_id)
    if not plan.bars and not plan.marks:
        raise DomainError(
            "empty_chart", "{project} has no work plan yet to draw.", project=plan.acronym
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no display is needed, and none asked for
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication(["projectdesk"])
    from projectdesk.desktop.gantt import pictures
    from projectdesk.desktop.language import speaking

    today = workspace.now().date()
    with speaking(application, spoken):
        if form == "pdf":
            pages = pictures.pages(plan, today, paper)
            return commands.write_gantt_pdf(workspace, project_id, pages, paper, out, spoken)
        sheet, style = pictures.whole(plan)
        draw = pictures.svg if form == "svg" else pictures.png
        return commands.write_picture(draw(sheet, style, today), out)
