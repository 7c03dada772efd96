"""A Janus of our own, started for a measurement or a test and ended after it.

It has its own folder of settings and listens on loopback only; the machine's own Janus, if one
runs, is not touched. Its media go over the machine's first address that is not loopback: Janus
leaves loopback out, and no setting changes that.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from projectdesk.bench.priority import NICENESS
from projectdesk.errors import DomainError
from projectdesk.media.embedded.limits import MAX_PARTICIPANTS
from projectdesk.media.embedded.udp import list_addresses
from projectdesk.media.janus.settings import JanusSettings

_LOOPBACK = "127.0.0.1"
_START_S = 20.0
_END_S = 5.0
_UNUSED_PLUGINS = (
    "audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming",
    "textroom", "videocall", "voicemail",
)  # fmt: skip
_UNUSED_TRANSPORTS = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")


class JanusProcess:
    """A running Janus; use it as a context manager."""

    def __init__(self, *, event_loops: int | None = None, like: JanusProcess | None = None) -> None:
        """Start it and wait until it listens.

        Args:
            event_loops: threads for media; None is Janus' default, one per peer connection.
            like: another node that opens with the same secrets.

        Raises:
            DomainError: `janus_missing`, `janus_not_started`.
        """
        program = shutil.which("janus")
        if program is None:
            raise DomainError("janus_missing", "There is no Janus here: apt-get install janus.")
        self.port = _free_port()
        self.admin_key: str = like.admin_key if like else secrets.token_urlsafe(16)
        self.api_secret: str = like.api_secret if like else secrets.token_urlsafe(16)
        self._folder = tempfile.TemporaryDirectory(prefix="projectdesk-janus-")
        self._write_settings(Path(self._folder.name), event_loops)
        command = [program, "-F", self._folder.name]
        nice = shutil.which("nice")
        if nice is not None:  # it goes on without a word of ours where it may not
            command = [nice, "-n", str(NICENESS), *command]
        self._log = (Path(self._folder.name) / "log").open("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT
        )
        try:
            self._wait()
        except DomainError:
            self.end()
            raise

    def __enter__(self) -> JanusProcess:
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it listens for the Janus API."""
        return f"ws://{_LOOPBACK}:{self.port}"

    def settings(
        self, *others: JanusProcess, max_participants: int = MAX_PARTICIPANTS
    ) -> JanusSettings:
        """Return what a back end needs to use it, and `others` that open alike."""
        nodes = tuple(one.url for one in (self, *others))
        return JanusSettings(
            nodes, self.admin_key, self.api_secret, max_participants=max_participants
        )

    def cpu_seconds(self) -> float:
        """Return the processor time of all its threads so far, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = (int(text) for text in fields.split()[11:13])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it without a word, as a crash does."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End it and remove its folder. Idempotent."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()
        self._folder.cleanup()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_S
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((_LOOPBACK, self.port)):
                return
            time.sleep(0.05)
        self._log.seek(0)
        lines = self._log.read().splitlines()[-3:]
        raise DomainError(
            "janus_not_started", "Janus did not start: {reason}", reason=" / ".join(lines)
        )

    def _write_settings(self, folder: Path, event_loops: int | None) -> None:
        loops = "" if event_loops is None else f"event_loops = {event_loops}\n"
        plugins = ",".join(f"libjanus_{name}.so" for name in _UNUSED_PLUGINS)
        transports = ",".join(f"libjanus_{name}.so" for name in _UNUSED_TRANSPORTS)
        files = {
            "janus": f"""
general: {{ debug_level = 2
debug_colors = false
api_secret = "{self.api_secret}"
{loops}}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
""",
            "janus.transport.websockets": f"""
general: {{ json = "compact"
ws = true
ws_ip = "{_LOOPBACK}"
ws_port = {self.port}
wss = false }}
""",
            "janus.plugin.videoroom": f"""
general: {{ admin_key = "{self.admin_key}" }}
""",
        }
        for name, text in files.items():
            (folder / f"{name}.jcfg").write_text(text, encoding="utf-8")


def media_address() -> str:
    """Return the machine's first IPv4 address that is not loopback: where Janus' media are.

    Raises:
        DomainError: `janus_without_address` if the machine has no other address.
    """
    for text in list_addresses():
        address = ipaddress.ip_address(text)
        if address.version == 4 and not address.is_loopback:
            return text
    raise DomainError(
        "janus_without_address",
        "This machine has no IPv4 address but loopback, which Janus leaves out.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
