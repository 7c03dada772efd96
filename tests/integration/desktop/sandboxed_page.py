"""Run by `test_sandbox.py`: the call page's view as a person runs it, not as root.

Arguments: the address of a page. Prints one JSON object: what the page's script gave, the user's id
and the renderer's seccomp mode (proc(5): 2 = filtered).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWebEngineWidgets import QWebEngineView

from projectdesk.desktop import application
from projectdesk.desktop.call.page import CallPage


def become_somebody() -> None:
    """Leave root, whom Chromium's sandbox refuses; people do not work as root."""
    if os.geteuid() != 0:
        return
    import pwd

    home = tempfile.mkdtemp()
    Path(home).chmod(0o777)
    somebody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(somebody.pw_gid)
    os.setuid(somebody.pw_uid)
    os.environ.update(HOME=home, XDG_RUNTIME_DIR=home, XDG_CACHE_HOME=home)
    os.chdir(home)


def seccomp_of(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("Seccomp:")[1].split()[0])


def main(address: str) -> None:
    from PySide6.QtWidgets import QApplication

    become_somebody()
    application.prepare()
    qt = QApplication([sys.argv[0]])
    page = CallPage(address)

    def told(result: object) -> None:
        renderer = page.findChild(QWebEngineView).page().renderProcessPid()
        found = {"result": result, "user": os.getuid(), "seccomp": seccomp_of(renderer)}
        print(json.dumps(found), flush=True)
        page.close_page()
        QTimer.singleShot(0, qt.quit)

    page.loaded.connect(lambda _ok: page.evaluate("document.title", told))
    page.open()
    QTimer.singleShot(30_000, qt.quit)
    qt.exec()


if __name__ == "__main__":
    main(sys.argv[1])
