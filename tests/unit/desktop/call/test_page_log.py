"""What the embedded page says reaches the log by its place, never by its words."""

from __future__ import annotations

import pytest
from PySide6.QtWebEngineCore import QWebEnginePage

from projectdesk.desktop.call.page import _OnlyHost

_Level = QWebEnginePage.JavaScriptConsoleMessageLevel


def test_the_log_has_the_place_and_not_the_words(caplog: pytest.LogCaptureFixture) -> None:
    say = _OnlyHost.javaScriptConsoleMessage
    page = _OnlyHost.__new__(_OnlyHost)  # without a web view: only its own code is asked
    say(page, _Level.WarningMessageLevel, "a=ice-pwd:secret", 89, "http://h/static/subscriber.js#t")
    assert "/static/subscriber.js:89" in caplog.text
    assert "secret" not in caplog.text
    say(page, _Level.InfoMessageLevel, "hello", 1, "http://h/static/call.js")
    assert "call.js" not in caplog.text
