"""A file of the chat is saved from the embedded call page."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage
from projectdesk.desktop.call.page import CallPage

pytestmark = [pytest.mark.browser, pytest.mark.full]
CONTENT = b"%PDF plan"


class Files(http.server.BaseHTTPRequestHandler):
    """A page, and below it an attachment."""

    def do_GET(self) -> None:
        is_file = self.path.endswith("/api/files/1")
        body = CONTENT if is_file else b"<title>call</title>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/octet-stream" if is_file else "text/html")
        if is_file:
            self.send_header("Content-Disposition", 'attachment; filename="Plan.pdf"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/r/room"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_goes_to_the_downloads(
    qtbot: QtBot, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.prepare()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path))
    page = CallPage(address)
    with qtbot.waitSignal(page.loaded, timeout=30_000):
        page.open()
    save = """(() => { const link = document.createElement("a");
      link.href = "/r/room/api/files/1"; link.download = "Plan.pdf"; link.click(); })()"""
    with qtbot.waitSignal(page.saved, timeout=30_000) as saved:
        page.evaluate(save, lambda _result: None)
    assert Path(saved.args[0]) == tmp_path / "Plan.pdf"
    assert (tmp_path / "Plan.pdf").read_bytes() == CONTENT
    held = page._page
    with qtbot.waitSignal(held.destroyed):
        page.close_page()
    page.deleteLater()
