"""Which host stands behind `Meeting.host`: this computer's, its network's, or a server's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from projectdesk.desktop.runtime.host_process import LocalHost
from projectdesk.desktop.runtime.hosting import Hosting
from projectdesk.desktop.runtime.hosts import MakesHosting
from projectdesk.desktop.runtime.remote_host import RemoteHost
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER


def places(data: Path, session: Session) -> MakesHosting:
    """Return what makes the hosting of each place.

    Args:
        data: the data folder.
        session: the open data.
    """

    def make(host: str, parent: QObject) -> Hosting:
        if host == THIS_COMPUTER:
            hosting = Hosting(LocalHost(data, session, parent), session, parent)
        elif host == LAN:
            # Loaded with the first such meeting: it makes certificates.
            from projectdesk.desktop.runtime.lan_host import LanHost

            hosting = Hosting(LanHost(data, session, parent), session, parent, LAN)
        else:
            remote = RemoteHost(data, host, session, parent)
            hosting = Hosting(remote, session, parent, host)
        return hosting

    return make
