"""Where meetings are held: the servers of the settings, and what may be chosen for a meeting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.runtime.host_check import HostFound
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import meeting_hosts
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER, MeetingHosts, Server

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
NONE_KNOWN = MeetingHosts((), THIS_COMPUTER)


class HostsView(Protocol):
    """Where servers are shown."""

    def show_hosts(self, hosts: MeetingHosts) -> None:
        """Show the servers, and where new meetings are held."""


class HostsPresenter:
    """Presents the servers of the settings.

    changed: called with the address of a server that was added, changed or forgotten.
    """

    def __init__(self, session: Session, view: HostsView, changed: Callable[[str], None]) -> None:
        self._session = session
        self._view = view
        self._changed = changed

    def load(self) -> None:
        """Ask for the servers."""
        self._session.ask(meeting_hosts.meeting_hosts, self._view.show_hosts)

    def key_of(self, url: str, then: Callable[[str], None], failed: Failed) -> None:
        """Give the key of a server, "" without one."""
        name = meeting_hosts.key_name(url)
        self._session.ask(lambda ws: ws.secrets.read(name) or "", then, failed)

    def keep(self, url: str, name: str, key: str, then: Callable[[], None], failed: Failed) -> None:
        """Add a server or change it."""

        def kept(address: str) -> None:
            then()
            self._changed(address)
            self.load()

        self._session.ask(lambda ws: meeting_hosts.keep_server(ws, url, name, key), kept, failed)

    def forget(self, server: Server) -> None:
        """Forget a server and its key."""

        def done(_: object) -> None:
            self._changed(server.url)
            self.load()

        self._session.ask(lambda ws: meeting_hosts.forget_server(ws, server.url), done)

    def choose_default(self, host: str) -> None:
        """Say where new meetings are held."""
        self._session.ask(
            lambda ws: meeting_hosts.set_default_host(ws, host), lambda _: self.load()
        )

    def save_authority(self, out: Path) -> None:
        """Write the certificate of this computer's own authority, for guests in the network."""

        def work(workspace: Workspace, _: LongWork) -> str:
            import socket

            from projectdesk.secrets.authority import authority

            own = authority(workspace.secrets, socket.gethostname(), workspace.now())
            out.write_text(own.certificate, encoding="ascii")
            return own.fingerprint

        def done(fingerprint: str) -> None:
            self._session.tell(
                Notice(
                    say(
                        "Saved {file}. Who trusts it can compare its SHA-256: {digits}",
                        file=out.name,
                        digits=fingerprint,
                    )
                )
            )

        self._session.ask_long(work, done)


def host_options(hosts: MeetingHosts, present: str = THIS_COMPUTER) -> Sequence[Option]:
    """Return where a meeting can be held.

    Args:
        hosts: the servers that are known.
        present: where it is held now; offered too when its server is not known here.
    """
    here = (THIS_COMPUTER, LAN) if hosts.here else ()
    options = [
        *(Option(place, host_name(place, hosts)) for place in here),
        *(Option(server.url, server.name) for server in hosts.servers),
    ]
    if present not in {option.value for option in options}:
        options.append(Option(present, host_name(present, hosts)))
    return options


def host_name(host: str, hosts: MeetingHosts = NONE_KNOWN) -> str:
    """Return what a place is called."""
    if host == THIS_COMPUTER:
        return say("This computer")
    if host == LAN:
        return say("Local network")
    known = {server.url: server.name for server in hosts.servers}
    return known.get(host) or urlsplit(host).netloc or host


def host_meaning(host: str, hosts: MeetingHosts) -> str:
    """Return what a place means for guests."""
    if host == THIS_COMPUTER:
        return say(
            "Only browsers on this computer reach it: to try things out and to rehearse. For "
            "guests elsewhere choose a server."
        )
    if host == LAN:
        return say(
            "Guests in the same network reach it while this computer is on. Their browsers do not "
            "know its certificate and warn: guests go on past the warning, or trust the "
            "certificate that you save in Settings, Meeting hosts."
        )
    server = next((one for one in hosts.servers if one.url == host), None)
    if server is None or not server.has_key:
        return say(
            "This computer has no API key for {server}: add it in Settings, Meeting hosts. Until "
            "then it can neither be changed nor started from here.",
            server=host_name(host, hosts),
        )
    return say(
        "Guests anywhere reach it. It goes on while this computer is off; answers, attendance and "
        "times are collected when it is on."
    )


def found_words(found: HostFound, url: str, now: datetime) -> tuple[str, bool]:
    """Return what to say of a server that answered, and whether all is well."""
    facts = found.facts
    if not found.speaks_ours:
        words = say(
            "The server has version {version}, which does not fit this desktop. Update the older "
            "of the two.",
            version=facts.version,
        )
        return words, False
    lines = [say("Connected: ProjectDesk {version}.", version=facts.version)]
    if found.certificate is not None:
        lines.append(
            say(
                "Certificate of {subject} by {issuer}, valid until {date}.",
                subject=found.certificate.subject or urlsplit(url).netloc,
                issuer=found.certificate.issuer,
                date=found.certificate.ends_at.date().isoformat(),
            )
        )
    if found.ends_soon(now):
        lines.append(say("The certificate ends soon: tell the server's administrator."))
    if found.clocks_differ:
        lines.append(say("Its clock and this computer's differ: set the wrong one."))
    if facts.public_url != url:
        lines.append(say("Links point to {url}.", url=facts.public_url))
    return "\n".join(lines), True
