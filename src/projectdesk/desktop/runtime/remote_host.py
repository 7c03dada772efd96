"""A server that meetings are held on: found by its address, opened by its API key.

Nothing is started here. A server that does not answer is asked again by who needs it; what was to
be sent is sent then (`hosting`).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_process import other_version
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.signalling import VERSION
from projectdesk.signalling.control import HostFacts

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_log = logging.getLogger(__name__)
Failed = Callable[[ProjectDeskError], None]


def server_folder(data: Path, url: str) -> Path:
    """Return where this computer keeps what it gave a server (`handed_out`)."""
    return data / "hosts" / hashlib.sha256(url.encode()).hexdigest()[:16]


class RemoteHost(QObject):
    """Finds a server.

    started: the address, each time it was found. always: it runs whether we ask or not, so that
    answers of guests are collected from the start on.
    """

    started = Signal(object)
    always = True

    def __init__(
        self, data: Path, url: str, session: Session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = server_folder(data, url)
        self.url = url
        self._session = session
        self._stopped = False
        self.address: HostAddress | None = None

    def ensure(self, then: Callable[[HostAddress], None], failed: Failed) -> None:
        """Call `then` with the server's address if it answers our key, else `failed`."""
        url = self.url

        def key(workspace: Workspace) -> str | None:
            from projectdesk.services.meeting_hosts import key_name

            return workspace.secrets.read(key_name(url))

        self._session.ask(key, lambda known: self._with_key(known, then, failed), failed)

    def stop(self) -> None:
        """Answer nobody any more."""
        self._stopped = True

    def _with_key(
        self, key: str | None, then: Callable[[HostAddress], None], failed: Failed
    ) -> None:
        if self._stopped:
            return
        if key is None:
            failed(_no_key(self.url))
            return
        client = HostClient(HostAddress(self.url, key, self.url), self)

        def good(facts: HostFacts) -> None:
            client.deleteLater()
            if self._stopped:
                return
            if abs(facts.protocol - VERSION) > 1:
                failed(other_version(facts))
                return
            address = HostAddress(self.url, key, facts.public_url)
            self.address = address
            self.started.emit(address)
            then(address)

        def bad(error: ProjectDeskError) -> None:
            client.deleteLater()
            _log.info("no server at %s: %s", self.url, error.code)
            if not self._stopped:
                failed(_not_reached(self.url, error))

        client.ask("GET", "/api/v1/host", HostFacts, good, bad)


def _no_key(url: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        "host_key_missing",
        "This computer has no API key for {server}. Enter one in Settings, Meeting hosts.",
        server=_shown(url),
    )


def _not_reached(url: str, error: ProjectDeskError) -> ProjectDeskError:
    if not isinstance(error, EnvironmentFailure):
        refused = {"key_unknown", "key_refused", "key_missing"}
        if error.code not in refused:
            return error
        return EnvironmentFailure(
            "host_key_refused",
            "{server} does not know this computer's API key (any more). Enter another one in "
            "Settings, Meeting hosts.",
            server=_shown(url),
        )
    return EnvironmentFailure(
        "server_unreachable",
        "{server} does not answer ({reason}). Nothing is lost: what is to be sent there is sent "
        "as soon as it does.",
        server=_shown(url),
        reason=str(error.facts.get("reason", error.code)),
    )


def _shown(url: str) -> str:
    return urlsplit(url).netloc or url
