"""PAC files: fetched without a proxy, run in a process of their own, which is ended if it hangs.

The process (`projectdesk pac`) has QJSEngine and no data of ours. It is told the script once, then
an address a line, and answers a line each. A script sees of an address its scheme and host only, as
in browsers: paths can hold what is secret.
"""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from queue import Empty, Queue
from typing import Any, Final

from projectdesk.errors import EnvironmentFailure

MOST_BYTES: Final = 1 << 20
FETCH_S: Final = 10.0
ANSWER_S: Final = 5.0
"""For one answer, with what the script looks up meanwhile."""
START_S: Final = 20.0
"""For the first answer: the process starts."""
_log = logging.getLogger(__name__)


def program() -> list[str]:
    """Return how the process is started, from the source tree and from a bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "pac"]
    return [sys.executable, "-m", "projectdesk", "pac"]


def fetch_script(address: str) -> str:
    """Return the script at an address; never through a proxy.

    Raises:
        EnvironmentFailure: `proxy_script_unreachable`, `proxy_script_wrong` (no text, too large).
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + FETCH_S
    try:
        with opener.open(address, timeout=FETCH_S) as answer:
            content = b""
            while piece := answer.read1(1 << 16):
                content += piece
                if len(content) > MOST_BYTES:
                    raise script_wrong(address, "it is larger than 1 MB")
                if time.monotonic() > deadline:
                    raise TimeoutError("it takes too long")
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
        raise script_unreachable(address, reason) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def script_unreachable(address: str, reason: str) -> EnvironmentFailure:
    """Return that the file cannot be fetched."""
    return EnvironmentFailure(
        "proxy_script_unreachable",
        "The file that says which proxy to take, {address}, cannot be fetched ({reason}). Nothing "
        "is reached beyond this network until it can. Look at the network, then at Settings, "
        "Network.",
        address=address,
        reason=reason,
    )


def script_wrong(address: str, reason: str) -> EnvironmentFailure:
    """Return that the file does not tell a way."""
    return EnvironmentFailure(
        "proxy_script_wrong",
        "The file that says which proxy to take, {address}, does not work: {reason}. Please tell "
        "who runs your network.",
        address=address,
        reason=reason,
    )


class PacRunner:
    """Runs one script; thread-safe. The process starts with the first question."""

    def __init__(
        self, script: str, address: str, words: Callable[[], Sequence[str]] = program
    ) -> None:
        """Make it.

        Args:
            script: the text of the PAC file.
            address: where it came from, to be named in errors.
            words: how the process is started.
        """
        self._script = script
        self._address = address
        self._words = words
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._lines: Queue[str] = Queue()
        self._reader: threading.Thread | None = None

    def find(self, url: str, host: str) -> str:
        """Return what `FindProxyForURL(url, host)` answers.

        Raises:
            EnvironmentFailure: `proxy_script_wrong`; it fails, hangs or answers no text.
        """
        with self._lock:
            patience = ANSWER_S
            if self._process is None:
                self._begin()
                patience = START_S
            said = self._ask({"url": url, "host": host}, patience)
        if "error" in said:
            raise script_wrong(self._address, str(said["error"])[:200])
        return str(said.get("answer", ""))

    def close(self) -> None:
        """End the process. Idempotent."""
        with self._lock:
            self._end()

    def _begin(self) -> None:
        # Only what it prints is read: its standard error would fill a pipe that nobody empties.
        self._process = subprocess.Popen(
            list(self._words()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._lines = Queue()
        lines, out = self._lines, self._process.stdout

        def read() -> None:
            with contextlib.suppress(ValueError, OSError):
                for line in out or ():
                    lines.put(line)
            lines.put("")

        self._reader = threading.Thread(target=read, name="pac", daemon=True)
        self._reader.start()
        self._say({"script": self._script})

    def _say(self, what: dict[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):  # it ended: its answer will not come
            process.stdin.write(json.dumps(what) + "\n")
            process.stdin.flush()

    def _ask(self, what: dict[str, Any], patience: float) -> dict[str, Any]:
        self._say(what)
        try:
            line = self._lines.get(timeout=patience)
            said = json.loads(line)
        except Empty:
            self._end()
            raise script_wrong(self._address, "it does not come to an end") from None
        except ValueError:
            self._end()
            raise script_wrong(self._address, "the process that runs it ended") from None
        return said if isinstance(said, dict) else {}

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._reader is not None:
            self._reader.join(1)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
