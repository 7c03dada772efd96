"""Scenes of Help."""

from __future__ import annotations

from typing import cast

from projectdesk.desktop import language
from projectdesk.desktop.models.finding_words import Finding
from projectdesk.desktop.pages.help import HelpPage
from projectdesk.desktop.routes import Place
from projectdesk.doctor import Say, said_in
from projectdesk.screens.stage import Stage


def _found(say: Say) -> tuple[Finding, ...]:
    folder = say("free", folder="C:\\Users\\helena\\ProjectDesk", free="212.4", wanted=0.5)
    silent = say("probe_failed", reason="libvpx", otherwise=say("otherwise_calls"))
    mail = say("mail_silent", server="smtp.saltmark.example:587", reason="timed out")
    return (
        Finding("program", True, "ProjectDesk 0.1.0, Python 3.12.7, Windows 11 AMD64"),
        Finding("data folder", True, folder),
        Finding("SQLite", True, "3.46.1"),
        Finding("keyring", True, "Windows Credential Locker", needed=False),
        Finding("QtWebEngine", True, "Chromium 134.0 (QWebEngineView)", needed=False),
        Finding("media", False, silent),
        Finding("mail", False, mail, needed=False),
    )


def findings(stage: Stage) -> None:
    """Show what was found on a computer, without looking at this one."""
    page = cast(HelpPage, stage.workbench.page(Place.HELP))
    page.examined = True
    stage.go(Place.HELP)
    page.show_findings(_found(said_in(language.current())))
