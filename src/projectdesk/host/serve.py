"""The host as a process: `projectdesk serve`, alone or started by a desktop.

`main` runs it; `keys_add`, `keys_list` and `keys_revoke` are `projectdesk serve keys ...`.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, TextIO, TypeVar

from aiohttp import web

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private
from projectdesk.host import running
from projectdesk.host.card import HostCard, remove_card, write_card
from projectdesk.host.certificate import Certificate
from projectdesk.host.host import Host
from projectdesk.host.http.app import make_app
from projectdesk.host.http.metrics_app import check_reach
from projectdesk.host.journal import Connection, keys
from projectdesk.host.journal.database import (
    claimed,
    default_url,
    file_folder,
    open_database,
)
from projectdesk.host.journal.keys import ApiKey
from projectdesk.host.journal.worker import JournalThread
from projectdesk.host.lock import HostLock
from projectdesk.host.nodes import NodeSettings
from projectdesk.host.periods import FILE, PeriodSettings
from projectdesk.host.posting import PostSettings
from projectdesk.host.service_manager import ServiceManager
from projectdesk.host.settings import (
    HostSettings,
    Network,
    checked_public_url,
    origin,
)
from projectdesk.host.turn.configuration import CoturnSettings
from projectdesk.host.turn.coturn import relaying
from projectdesk.host.turn.passes import Relays
from projectdesk.media.janus.settings import JanusSettings
from projectdesk.media.port import MediaBackend
from projectdesk.signalling import VERSION
from projectdesk.signalling.media import VideoCodec

_log = logging.getLogger(__name__)

ROOM_SCREENS = 25
"""Screens that a media server takes at once. The room keeps them to one in each breakout room."""

SERVER_PORT = 8080
"""Port of a server behind a proxy, when none is named."""
SERVER_TLS_PORT = 8443
"""Port of a server that speaks TLS itself, when none is named."""
_SHUTDOWN_S = 5.0
_IN_USE = {errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)}
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """How to run a host.

    Args:
        data: folder of the lock, and of the database unless `journal_url` names another.
        bind: address to listen on.
        port: 0 = any free one; None = 0 for a desktop's host, else 8080, or 8443 with TLS.
        public_url: where links point to; None = http(s)://127.0.0.1:PORT.
        journal_url: `sqlite:///PATH` or `postgresql://...`; None = SQLite in `data`.
        restored: the database was put back from a backup: begin a new epoch.
        media: "embedded" is the product's; settings of Janus nodes, which have their ports and
            addresses themselves; "fake" forwards nothing and is for tests.
        trusted_proxies: networks (CIDR) whose X-Forwarded-For is believed.
        video_codecs: what pictures may be sent in, the best first; of the embedded server.
        udp_ports: inclusive range for media; None = any.
        public_ips: addresses to announce for media instead of the local ones (1:1 NAT).
        interfaces: local addresses for media; empty = all.
        turn: relays that somebody runs, or how to run a coturn of our own; None = no relays.
        certificate, certificate_key: PEM files, when the host speaks TLS itself; read again on
            SIGHUP.
        node: one of several hosts that share the journal; None = alone.
        max_file_megabytes: largest file that this host takes in a chat; 0 = none.
        keep_journal, keep_recordings: days; None = as the desktop says that started it, or usual.
        post: how mail is sent that desktops hand over; None = none is taken.
        metrics: address and port of `/metrics`; None = none.
        metrics_token: what a Prometheus server must carry; needed off loopback.
        started_by_desktop: may be stopped by the API, and ends by itself when idle.
        host_file: where to write `host.json`; None = `data`/host.json for a desktop's host.
        idle_minutes: how long a desktop's host waits without use; 0 = for ever (tray hosting).
    """

    data: Path
    bind: str = "127.0.0.1"
    port: int | None = None
    public_url: str | None = None
    journal_url: str | None = None
    restored: bool = False
    media: Literal["embedded", "fake"] | JanusSettings = "embedded"
    trusted_proxies: Sequence[str] = ()
    video_codecs: Sequence[VideoCodec] = ("vp8",)
    udp_ports: tuple[int, int] | None = None
    public_ips: Sequence[str] = ()
    interfaces: Sequence[str] = ()
    turn: Relays | CoturnSettings | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    node: NodeSettings | None = None
    max_file_megabytes: int = 100
    keep_journal: int | None = None
    keep_recordings: int | None = None
    post: PostSettings | None = field(default=None, repr=False)
    metrics: tuple[str, int] | None = None
    metrics_token: str | None = field(default=None, repr=False)
    started_by_desktop: bool = False
    host_file: Path | None = None
    idle_minutes: float = 10.0


def main(
    options: ServeOptions,
    *,
    backend: MediaBackend | None = None,
    out: TextIO | None = None,
) -> int:
    """Run a host until it is told to end; return the exit code 0.

    The first line on `out` (standard output) is the public URL, once the host listens.

    Raises:
        EnvironmentFailure: `host_running`, `port_in_use`, `address_unusable`,
            `certificate_unusable`, `public_url_invalid`, `public_url_insecure`,
            `coturn_missing`, `coturn_failed`,
            `proxy_invalid`, `folder_unusable`, `metrics_open`, or the journal's own.
    """
    if options.metrics is not None:
        check_reach(options.metrics[0], options.metrics_token)
    make_private(options.data)
    with contextlib.ExitStack() as held:
        held.enter_context(HostLock(options.data))
        engine = open_database(options.journal_url or default_url(options.data))
        held.callback(engine.dispose)
        elsewhere = file_folder(engine)
        if elsewhere is not None and elsewhere != options.data.resolve():
            held.enter_context(HostLock(elsewhere))
        held.enter_context(claimed(engine, options.node.name if options.node else None))
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(options, JournalThread(engine), backend, out or sys.stdout))
    return 0


async def _serve(
    options: ServeOptions, journal: JournalThread, backend: MediaBackend | None, out: TextIO
) -> None:
    try:
        certificate = _certificate(options)
        listening = _listen(options, tls=certificate is not None)
        with contextlib.closing(listening):
            port: int = listening.getsockname()[1]
            settings = _settings(options, port, tls=certificate is not None)
            async with relaying(options.turn, options.data / "turn") as relays:
                settings = replace(settings, relays=relays)
                host = Host(settings, journal, backend or _backend(options), _now)
                with running.records_counted(host):
                    await _run(host, options, listening, certificate, out)
    finally:
        await journal.close()


async def _run(
    host: Host,
    options: ServeOptions,
    listening: socket.socket,
    certificate: Certificate | None,
    out: TextIO,
) -> None:
    runner = web.AppRunner(
        make_app(host),
        access_log=None,  # addresses of meetings are nobody's business; errors are logged
        shutdown_timeout=_SHUTDOWN_S,
    )
    started = asyncio.Event()
    card = _card_path(options)
    manager = ServiceManager()
    tls = certificate.context if certificate is not None else None
    try:
        async with (
            asyncio.TaskGroup() as group,
            running.figures(host, options.metrics, options.metrics_token),
        ):
            life = group.create_task(host.run(started, restored=options.restored))
            await started.wait()
            await runner.setup()
            await web.SockSite(runner, listening, ssl_context=tls).start()
            if card is not None:
                write_card(card, _card(host, listening, tls=tls is not None))
            with running.signals(host, certificate, manager):
                out.write(f"{host.settings.public_url}\n")
                out.flush()
                manager.ready(running.status(host))
                beside = [
                    group.create_task(_end_when_idle(host, options)),
                    group.create_task(manager.keep_alive(lambda: running.status(host))),
                ]
                await life
                for task in beside:
                    task.cancel()
    except* EnvironmentFailure as failures:
        raise _first(failures) from None
    finally:
        await runner.cleanup()
        if card is not None:
            remove_card(card, pid=os.getpid())


def _first(failures: BaseException) -> BaseException:
    while isinstance(failures, BaseExceptionGroup):
        failures = failures.exceptions[0]
    return failures


async def _end_when_idle(host: Host, options: ServeOptions) -> None:
    limit = options.idle_minutes * 60.0
    if not options.started_by_desktop or limit <= 0:
        return
    while (idle := host.idle_seconds()) < limit:  # noqa: ASYNC110 - time itself is waited for
        await asyncio.sleep(max(min(limit - idle, 30.0), 0.05))
    _log.info("nobody has used the host for %.0f minutes; it ends", options.idle_minutes)
    host.stop()


def _now() -> datetime:
    return datetime.now(UTC)


def _certificate(options: ServeOptions) -> Certificate | None:
    if options.certificate is None:
        return None
    return Certificate(options.certificate, options.certificate_key)


def _listen(options: ServeOptions, *, tls: bool) -> socket.socket:
    port = options.port
    if port is None:
        port = SERVER_TLS_PORT if tls else SERVER_PORT
        if options.started_by_desktop:
            port = 0
    try:
        family, _, _, _, address = socket.getaddrinfo(
            options.bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _address_unusable(options.bind) from error
    try:
        if os.name == "posix":  # on Windows it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno in _IN_USE:
            raise EnvironmentFailure(
                "port_in_use",
                "Port {port} of {bind} is in use. Stop the other program, or choose --port.",
                port=port,
                bind=options.bind,
            ) from error
        raise _address_unusable(options.bind) from error
    listening.setblocking(False)
    return listening


def _address_unusable(bind: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        "address_unusable", "This computer cannot listen on {bind}.", bind=bind
    )


def _settings(options: ServeOptions, port: int, *, tls: bool) -> HostSettings:
    scheme = "https" if tls else "http"
    near = _near(options.bind) if tls else "127.0.0.1"
    names = ("127.0.0.1", "localhost", "[::1]", near)
    own = {f"{scheme}://{name}:{port}" for name in names}
    if options.node is not None and options.node.url:
        own.add(origin(options.node.url))
    url = options.public_url or f"{scheme}://{near}:{port}"
    return HostSettings(
        public_url=checked_public_url(url),
        local=options.started_by_desktop,
        trusted_proxies=_networks(options.trusted_proxies),
        own_origins=frozenset(
            own | ({origin(options.node.url)} if options.node and options.node.url else set())
        ),
        node=options.node,
        tls=tls,
        files=options.data / "files",
        recordings=options.data / "recordings",
        max_file_megabytes=options.max_file_megabytes,
        periods=PeriodSettings(
            options.keep_journal,
            options.keep_recordings,
            options.data / FILE if options.started_by_desktop else None,
        ),
        post=options.post,
    )


def _near(address: str) -> str:
    """Return by which address this computer reaches what listens on one, as URLs have it."""
    anywhere = address in {"0.0.0.0", "::", "localhost"}  # noqa: S104 - compared, not bound
    near = "127.0.0.1" if anywhere else address
    return f"[{near}]" if ":" in near else near


def _networks(texts: Sequence[str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise EnvironmentFailure(
            "proxy_invalid", "A trusted proxy is named by its address, like 10.0.0.0/8."
        ) from error


def _backend(options: ServeOptions) -> MediaBackend:
    if options.media == "fake":
        from projectdesk.media.fake import FakeBackend

        return FakeBackend()
    if isinstance(options.media, JanusSettings):
        from projectdesk.media.janus.backend import JanusBackend

        return JanusBackend(replace(options.media, max_screens=ROOM_SCREENS))
    from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings

    return EmbeddedBackend(
        EmbeddedSettings(
            interfaces=tuple(options.interfaces),
            udp_ports=options.udp_ports,
            public_addresses=tuple(options.public_ips),
            announce_private=options.started_by_desktop,
            max_screens=ROOM_SCREENS,
            video_codecs=tuple(options.video_codecs),
        )
    )


def _card_path(options: ServeOptions) -> Path | None:
    if options.host_file is not None:
        return options.host_file
    return options.data / "host.json" if options.started_by_desktop else None


def _card(host: Host, listening: socket.socket, *, tls: bool) -> HostCard:
    address, port = listening.getsockname()[:2]
    shown = _near(address)
    facts = host.facts()
    return HostCard(
        pid=os.getpid(),
        started_at=facts.now,
        port=port,
        protocol=VERSION,
        url=f"{'https' if tls else 'http'}://{shown}:{port}",
        public_url=facts.public_url,
        journal=facts.journal,
    )


# --- keys -----------------------------------------------------------------------------------------


def keys_add(place: Path | str, name: str, *, renew: bool = False, team: str | None = None) -> str:
    """Make an API key and return it; it is shown this once and stored as a hash.

    Args:
        place: a host's data folder, or the URL of its journal.
        name: who will use it.
        renew: give the key of this name, if there is one, another secret: it keeps its rooms.
        team: whose rooms a new key shares; None = it has its own only.
    """

    def make(connection: Connection) -> str:
        if renew:
            return keys.renew(connection, name, _now())
        return keys.add(connection, name, _now(), team)

    return _with_journal(place, make)


def keys_list(place: Path | str) -> list[ApiKey]:
    """Return the keys of a host, without their secrets."""
    return _with_journal(place, keys.list_all)


def keys_revoke(place: Path | str, name_or_id: str) -> int:
    """Revoke the keys of a name, or the key of an id; return how many.

    Raises:
        NotFound: `key_unknown`.
    """
    return _with_journal(place, lambda connection: keys.revoke(connection, name_or_id, _now()))


def keys_mail(place: Path | str, name_or_id: str, domains: Sequence[str]) -> int:
    """Say of which domains the keys of a name hand mail over; return how many keys they are.

    Raises:
        NotFound: `key_unknown`.
        DomainError: `bad_domain`.
    """
    return _with_journal(
        place, lambda connection: keys.set_mail_domains(connection, name_or_id, domains)
    )


def _with_journal(place: Path | str, step: Callable[[Connection], _T]) -> _T:
    if isinstance(place, Path):
        make_private(place)
        place = default_url(place)
    engine = open_database(place)
    try:
        with engine.begin() as connection:
            return step(connection)
    finally:
        engine.dispose()
