"""A whole desktop in a process of its own, to be typed into and killed: `python ... DATA`."""

from __future__ import annotations

import json
import queue
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from projectdesk.demo import stage
from projectdesk.demo.lines import Order, answer
from projectdesk.desktop.application import Application, prepare
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.draft_file import FILE
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form, Inspector
from projectdesk.desktop.workbench import Workbench

_HOUR = 3600.0


class Typist:
    """Carries out orders on a running desktop."""

    def __init__(self, application: Application, data: Path) -> None:
        self._application = application
        self._data = data
        stage.wait(lambda: self._page() is not None, "a page to be shown", 60)

    @property
    def _workbench(self) -> Workbench | None:
        return self._application.workbench

    def _page(self) -> tuple[Route, Page] | None:
        return None if self._workbench is None else self._workbench.where()

    def carry_out(self, order: Order) -> Order:
        """Do what an order says and return what the window shows."""
        match order["do"]:
            case "go":
                assert self._workbench is not None
                select = UUID(order["select"]) if order.get("select") else None
                self._workbench.go(Route(Place(order["place"]), None, order["tab"], select))
            case "type":
                self._type(order["field"], order["words"])
            case "kept":
                wanted = json.dumps(order["words"])
                stage.wait(lambda: wanted in self._kept(), "what is typed to be kept", 10)
            case "read":
                pass
            case other:
                raise ValueError(f"unknown order {other!r}")
        return self._facts()

    def _kept(self) -> str:
        try:
            return (self._data / FILE).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _type(self, name: str, words: str) -> None:
        stage.wait(lambda: name in self._fields(), f"the field {name}", 30)
        editor = self._form()[name].editor
        editor.setFocus()
        stage.wait(editor.hasFocus, "the field to have the focus", 10)
        QTest.keyClicks(editor, words)

    def _form(self) -> dict[str, Any]:
        """Return the fields of the dialog that is open, else of the inspector that is seen."""
        dialog = QApplication.activeModalWidget()
        found = self._page()
        if isinstance(dialog, Dialog):
            forms = dialog.findChildren(Form)
        else:
            page = found[1] if found else None
            seen = page.findChildren(Inspector) if page else []
            forms = [each.form for each in seen if each.isVisible()]
        return {name: row for form in forms for name, row in form.rows.items()}

    def _fields(self) -> dict[str, str]:
        return {
            name: row.editor.text()
            for name, row in self._form().items()
            if hasattr(row.editor, "text")
        }

    def _facts(self) -> dict[str, Any]:
        found = self._page()
        dialog = QApplication.activeModalWidget()
        return {
            "place": found[0].place.value if found else "",
            "fields": self._fields(),
            "dialog": type(dialog).__name__ if dialog else "",
            "kept": self._kept(),
        }


def main(data: Path) -> int:
    """Serve orders until standard input ends or says quit."""
    prepare()
    qt = QApplication([sys.argv[0]])
    application = Application(qt, data)
    application.start()
    typist = Typist(application, data)
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put('{"do": "quit"}')

    threading.Thread(target=read, daemon=True).start()
    answer(dict)
    while True:
        stage.wait(lambda: not lines.empty(), "an order", _HOUR)
        order = json.loads(lines.get())
        if order["do"] == "quit":
            application.shell.close()
            return 0
        answer(partial(typist.carry_out, order))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
