"""Scenes of Help."""

from __future__ import annotations

from typing import cast

from projectdesk.desktop.models.finding_words import Finding
from projectdesk.desktop.pages.help import HelpPage
from projectdesk.desktop.routes import Place
from projectdesk.screens.stage import Stage

_FOUND = (
    Finding("program", True, "ProjectDesk 0.1.0, Python 3.12.7, Windows 11 AMD64"),
    Finding("data folder", True, "C:\\Users\\helena\\ProjectDesk, 212.4 GB free (0.5 GB wanted)"),
    Finding("SQLite", True, "3.46.1"),
    Finding("keyring", True, "Windows Credential Locker", needed=False),
    Finding("QtWebEngine", True, "Chromium 134.0 (QWebEngineView)", needed=False),
    Finding("media", False, "libvpx could not be loaded; calls cannot be hosted on this computer"),
    Finding(
        "mail",
        False,
        "smtp.saltmark.example:587 does not answer (timed out); see Settings, Mail",
        needed=False,
    ),
)


def findings(stage: Stage) -> None:
    """Show what was found on a computer, without looking at this one."""
    page = cast(HelpPage, stage.workbench.page(Place.HELP))
    page.examined = True
    stage.go(Place.HELP)
    page.show_findings(_FOUND)
