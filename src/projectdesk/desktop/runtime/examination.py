"""What `projectdesk doctor` finds here, asked in a process of its own.

Some of its checks load parts that may end the process, and some wait for a network: none of it may
hold the window up.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, Signal

from projectdesk.desktop import language
from projectdesk.desktop.language import say
from projectdesk.desktop.models.finding_words import Finding
from projectdesk.desktop.runtime.host_process import program

_log = logging.getLogger(__name__)
_END_MS: Final = 2_000
_WORST_EXIT: Final = 1
"""What `doctor` exits with where something needed is missing; more is a refusal."""


def _console_program() -> list[str]:
    """Return how `projectdesk` is started where its answer can be read (Windows has two)."""
    words = program()
    beside = Path(words[0]).with_name("projectdesk.exe")
    return [str(beside)] if len(words) == 1 and sys.platform == "win32" else words


class Examination(QObject):
    """Starts `doctor` and reads what it says."""

    found = Signal(object)
    """A tuple of `Finding`."""
    saved = Signal(str)
    """The path of the support bundle that was asked for."""
    failed = Signal(str)

    def __init__(
        self, data: Path, parent: QObject | None = None, words: list[str] | None = None
    ) -> None:
        """Make it.

        Args:
            data: the data folder.
            parent: owner.
            words: the program that is started; None = this one.
        """
        super().__init__(parent)
        self._data = data
        self._words = words or _console_program()
        self._bundle: Path | None = None
        self._process: QProcess | None = None

    @property
    def busy(self) -> bool:
        """Whether it examines."""
        return self._process is not None

    def start(self, bundle: Path | None = None) -> None:
        """Examine this computer; with `bundle`, write a support bundle too. No-op while busy."""
        if self._process is not None:
            return
        self._bundle = bundle
        options = ["doctor", "--json", "--data", str(self._data)]
        options += ["--language", language.current()]
        options += [] if bundle is None else ["--bundle", str(bundle)]
        process = QProcess(self)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(self._words[0], [*self._words[1:], *options])

    def stop(self) -> None:
        """End it, if it runs. Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_END_MS)
            process.deleteLater()

    def _on_finished(self, code: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        said = bytes(process.readAllStandardOutput().data())
        wrong = bytes(process.readAllStandardError().data()).decode("utf-8", "replace")
        process.deleteLater()
        try:
            if code > _WORST_EXIT:
                raise ValueError(_last_line(wrong))
            findings = _read(said)
        except (ValueError, KeyError, TypeError) as error:
            _log.warning("doctor ended with %s: %s", code, error)
            self.failed.emit(say("The examination failed: {reason}", reason=error))
            return
        self.found.emit(findings)
        if self._bundle is not None:
            self.saved.emit(str(self._bundle))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._process.deleteLater()
            self._process = None
            self.failed.emit(say("The examination failed: {reason}", reason=reason))


def _read(said: bytes) -> tuple[Finding, ...]:
    checks = json.loads(said)["checks"]
    return tuple(
        Finding(str(one["name"]), bool(one["ok"]), str(one["text"]), bool(one["needed"]))
        for one in checks
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
