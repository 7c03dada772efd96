"""A player in a process of its own: orders in, answers out (`lines`), never blocking this one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess

from projectdesk.demo import stage

_END_MS = 10_000
_START_S = 60
_PATIENCE_S = 90
"""Longer than an order waits for anything (a host: 60 s): its own words say what failed."""

Answer = dict[str, Any]


class Actor(QObject):
    """A process that carries out orders."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        """Start it.

        Args:
            command: program and arguments; it talks by `demo.lines`.
            parent: owner.
        """
        super().__init__(parent)
        self._greetings: list[Answer] = []
        self._waiting: list[Callable[[Answer], None]] = [self._greetings.append]
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._process.start(command[0], list(command[1:]))

    @property
    def runs(self) -> bool:
        """True until its process ended."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def carry_out(self, **order: object) -> Answer:
        """Send an order and let the application live until it is carried out.

        Raises:
            stage.DemoFailed: it was not, with what the player said.
        """
        answers = self.begin(**order)
        stage.wait(lambda: answers, f"a player to {order['do']}", _PATIENCE_S)
        if not answers[0].get("ok"):
            raise stage.DemoFailed(f"{order['do']}: {answers[0].get('text')}")
        return answers[0]

    def begin(self, **order: object) -> Sequence[Answer]:
        """Send an order; its answer comes into what is returned.

        Raises:
            stage.DemoFailed: there is nobody to carry it out.
        """
        stage.wait(lambda: self._greetings, "a player to be there", _START_S)
        if not self.runs:
            raise stage.DemoFailed(f"{order['do']}: the player's process ended")
        answers: list[Answer] = []
        self._waiting.append(answers.append)
        self._process.write((json.dumps(order) + "\n").encode("utf-8"))
        return answers

    def kill(self) -> None:
        """End the process at once, without a word to it."""
        self._process.kill()
        self._process.waitForFinished(_END_MS)

    def end(self) -> None:
        """Send the player home. Idempotent."""
        if self.runs:
            self._process.write(b'{"do": "quit"}\n')
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(_END_MS):
                self.kill()
        self.deleteLater()

    def _on_output(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            self._waiting.pop(0)(json.loads(line))

    def _on_finished(self) -> None:
        """Answer who still waits: nothing more comes."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one({"ok": False, "text": "the player's process ended"})
