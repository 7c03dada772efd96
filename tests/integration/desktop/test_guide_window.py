"""The window of the user guide shows pages from the disk, at their parts, and nothing else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

pytestmark = pytest.mark.full

PAGE = (
    '<title>{title}</title><body style="height:5000px">'
    '<h2 id="part" style="margin-top:3000px">Part</h2></body>'
)


def test_a_page_is_shown_at_its_part_and_others_go_to_the_browser(qtbot, tmp_path, monkeypatch):
    from projectdesk.desktop.guide_window import GuideWindow

    outside: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", outside.append)
    for name in ("index", "invite"):
        (tmp_path / f"{name}.html").write_text(PAGE.format(title=name), encoding="utf-8")
    window = GuideWindow(tmp_path)
    window.show()
    window.show_part(tmp_path / "invite.html", "part")
    qtbot.waitUntil(lambda: window.view.title() == "invite", timeout=60_000)
    qtbot.waitUntil(lambda: window.page.scrollPosition().y() > 1000, timeout=30_000)
    window.show_part(tmp_path / "index.html", "")
    qtbot.waitUntil(lambda: window.view.title() == "index", timeout=30_000)
    window.view.setUrl(QUrl("https://example.org/"))
    qtbot.waitUntil(lambda: bool(outside), timeout=30_000)
    assert outside == [QUrl("https://example.org/")]
    window.view.setUrl(QUrl.fromLocalFile("/etc/hostname"))
    with qtbot.waitSignal(window.destroyed, timeout=30_000):
        window.close()
    assert len(outside) == 1
