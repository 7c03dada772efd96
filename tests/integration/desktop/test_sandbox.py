"""QtWebEngine keeps its sandbox in the product; only tests that run as root switch it off."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("sandboxed_page.py")


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>the call</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


# Full: somebody who is not root must be able to read the checkout.
@pytest.mark.full
def test_the_call_page_runs_in_chromiums_sandbox_for_who_is_not_root(address: str) -> None:
    off = {"QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_CHROMIUM_FLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in off}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    made = subprocess.run(
        [sys.executable, str(PROGRAM), address],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert made.stdout, made.stderr[-2000:]
    found = json.loads(made.stdout.splitlines()[-1])
    assert found["result"] == "the call"
    assert found["user"] != 0
    assert found["seccomp"] == 2, "the renderer runs without a filter"
