"""A host for the local network: this computer's own, reached by its private address over TLS.

It is a host of its own beside the one for this computer, with its own folder and port, and it runs
only while a meeting of that kind needs it: nothing listens in the network unasked. Its certificate
comes from this computer's own authority (`secrets.authority`), which the desktop trusts here and
nowhere else; guests' browsers do not know it and say so.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.host_process import HostRecord, LocalHost, lan_folder
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.authority import authority, is_private
from projectdesk.secrets.files import write_private
from projectdesk.services.meeting_hosts import LAN, key_name
from projectdesk.services.workspace import Workspace

_log = logging.getLogger(__name__)
KEY_NAME = key_name(LAN)


def private_addresses() -> list[str]:
    """Return this computer's private IPv4 addresses, those of cables and radio first.

    Addresses of virtual networks (containers, machines inside this one) come last.
    """
    flags = QNetworkInterface.InterfaceFlag
    kinds = QNetworkInterface.InterfaceType
    found: list[tuple[bool, str]] = []
    for interface in QNetworkInterface.allInterfaces():
        on = interface.flags()
        if not (on & flags.IsUp and on & flags.IsRunning) or on & flags.IsLoopBack:
            continue
        real = interface.type() in {kinds.Ethernet, kinds.Wifi}
        virtual = interface.name().startswith(("docker", "veth", "virbr", "br-", "vmnet"))
        for entry in interface.addressEntries():
            address = entry.ip()
            four = address.protocol() == QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
            if four and is_private(address.toString()):
                found.append((not real or virtual, address.toString()))
    return [address for _, address in sorted(found, key=lambda one: one[0])]


class LanHost(LocalHost):
    """Finds or starts the host for the local network."""

    key_name = KEY_NAME

    def __init__(
        self,
        data: Path,
        session: Session,
        parent: QObject | None = None,
        options: Sequence[str] = (),
        addresses: Sequence[str] | None = None,
    ) -> None:
        """Make it; nothing is started.

        Args:
            data: the data folder.
            session: the open data.
            parent: owner.
            options: more of `projectdesk serve`.
            addresses: to choose from; None = this computer's.
        """
        super().__init__(data, session, parent, options)
        self.folder = lan_folder(data)
        self._given = addresses
        self._authority = ""
        self._at = ""

    def prepare(self, workspace: Workspace) -> Sequence[str]:
        """Make a certificate for this computer's address in the network (on a worker).

        Raises:
            EnvironmentFailure: `no_local_network`; the key store's or the folder's own.
        """
        addresses = private_addresses() if self._given is None else self._given
        if not addresses:
            raise EnvironmentFailure(
                "no_local_network",
                "This computer is in no local network. Hold the meeting on this computer or on a "
                "server.",
            )
        own = authority(workspace.secrets, socket.gethostname(), workspace.now())
        certificate = own.certify([addresses[0]], workspace.now())
        chain, key = self.folder / "lan.pem", self.folder / "lan.key"
        write_private(chain, certificate.chain)
        write_private(key, certificate.key)
        self._authority, self._at = own.certificate, addresses[0]
        files = ["--certificate", str(chain), "--private-key", str(key)]
        return [*self._options, "--bind", self._at, "--interfaces", self._at, *files]

    def address_of(self, record: HostRecord, key: str) -> HostAddress:
        """Return where the host is, trusted by this computer's own authority."""
        return replace(super().address_of(record, key), authority=self._authority)

    def fits(self, record: HostRecord) -> bool:
        """Tell whether the host listens at this computer's address of today."""
        return urlsplit(record.url).hostname == self._at
