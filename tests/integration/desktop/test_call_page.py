"""The embedded call page shows its host and grants its host alone (security.md, QtWebEngine)."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEnginePermission, QWebEngineProfile
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage
from projectdesk.desktop.call.page import CallPage

pytestmark = pytest.mark.browser
HOST = "https://meet.example.org/r/k3jq8w2xza#token"
_Type = QWebEnginePermission.PermissionType
_LINK = QWebEnginePage.NavigationType.NavigationTypeLinkClicked


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    return opened


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[CallPage]:
    stage.prepare()
    made = CallPage(HOST)
    yield made
    page = made._page
    with qtbot.waitSignal(page.destroyed):
        made.close_page()
    made.deleteLater()


def ask(page: Any, kind: _Type, origin: str) -> str:
    """Let a site ask for something; return what the page answered."""
    said: list[str] = []
    page._on_permission(
        SimpleNamespace(
            permissionType=lambda: kind,
            origin=lambda: QUrl(origin),
            grant=lambda: said.append("granted"),
            deny=lambda: said.append("denied"),
        )
    )
    (answer,) = said
    return answer


def test_the_hosts_pages_load_and_other_links_open_in_the_systems_browser(
    shown: CallPage, outside: list[str]
) -> None:
    page = shown._page
    assert page.acceptNavigationRequest(QUrl("https://meet.example.org/d/a"), _LINK, True)
    assert outside == []
    for link in (
        "https://example.org/",
        "http://meet.example.org/",
        "https://meet.example.org:81/",
    ):
        assert not page.acceptNavigationRequest(QUrl(link), _LINK, True)
    assert outside == [
        "https://example.org/",
        "http://meet.example.org/",
        "https://meet.example.org:81/",
    ]


def test_no_link_starts_a_program_or_reads_a_file(shown: CallPage, outside: list[str]) -> None:
    for link in (
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ms-word:ofe|u|x",
        "data:text/html,x",
    ):
        assert not shown._page.acceptNavigationRequest(QUrl(link), _LINK, True)
    assert outside == []


def test_a_frame_of_another_site_is_not_shown_and_opens_nothing(
    shown: CallPage, outside: list[str]
) -> None:
    assert not shown._page.acceptNavigationRequest(QUrl("https://example.org/"), _LINK, False)
    assert outside == []


def test_camera_microphone_and_screen_are_the_hosts_alone(shown: CallPage) -> None:
    for kind in (_Type.MediaAudioCapture, _Type.MediaVideoCapture, _Type.DesktopVideoCapture):
        assert ask(shown._page, kind, "https://meet.example.org/") == "granted"
        for other in ("https://example.org/", "http://meet.example.org/", "https://evil.org:443/"):
            assert ask(shown._page, kind, other) == "denied"
    for kind in (_Type.Geolocation, _Type.ClipboardReadWrite, _Type.Notifications):
        assert ask(shown._page, kind, "https://meet.example.org/") == "denied"


def test_the_host_alone_may_fill_the_screen(shown: CallPage) -> None:
    filled: list[bool] = []
    shown.filled.connect(filled.append)

    def want(origin: str, on: bool) -> str:
        said: list[str] = []
        request: Any = SimpleNamespace(
            origin=lambda: QUrl(origin),
            toggleOn=lambda: on,
            accept=lambda: said.append("accepted"),
            reject=lambda: said.append("rejected"),
        )
        shown._on_full_screen(request)
        return said[0]

    assert want("https://meet.example.org/r/k3jq8w2xza", on=True) == "accepted"
    assert want("https://meet.example.org/r/k3jq8w2xza", on=False) == "accepted"
    assert want("https://elsewhere.example.org/", on=True) == "rejected"
    assert filled == [True, False]


def test_nothing_of_a_call_is_kept(shown: CallPage) -> None:
    assert shown._profile.isOffTheRecord()
    assert shown._profile.httpCacheType() == QWebEngineProfile.HttpCacheType.NoCache
    policy = shown._profile.persistentCookiesPolicy()
    assert policy == QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
